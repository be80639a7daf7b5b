import { sidesOf } from '../connectivity.ts';
import { type Graph, reach } from '../graph.ts';
import type { Work } from '../work.ts';
import { type Link, sidesWithout } from './edge-connectivity.ts';

export interface Articulation {
  /** Nodes, members or relays, whose loss alone leaves two members without a path. Ascending. */
  readonly points: readonly number[];
  /** Links whose loss alone does. */
  readonly bridges: readonly Link[];
}

/**
 * Articulation points and bridges, as far as they separate members that reach each other now. Linear in nodes and links
 * where all links go both ways (Hopcroft & Tarjan 1973); otherwise every node and link is taken away once, which costs
 * nodes plus links each time. Throws OutOfWork.
 */
export function articulation(graph: Graph, members: readonly number[], work: Work): Articulation {
  if (members.length < 2) return { points: [], bridges: [] };
  // Of a complete graph only two nodes hang on one link.
  if (graph.complete) return { points: [], bridges: graph.nodeCount === 2 ? [[0, 1]] : [] };
  return graph.directed ? byRemoval(graph, members, work) : byLowPoints(graph, members, work);
}

function byLowPoints(graph: Graph, members: readonly number[], work: Work): Articulation {
  const { nodeCount, out } = graph;
  work.spend(nodeCount + out.reduce((sum, targets) => sum + targets.length, 0));
  const points: number[] = [];
  const bridges: Link[] = [];
  /** When a node was visited, counted from 1; the earliest node that its subtree has a link to. */
  const visited = new Int32Array(nodeCount);
  const low = new Int32Array(nodeCount);
  const parent = new Int32Array(nodeCount).fill(-1);
  const nextLink = new Int32Array(nodeCount);
  /** Members in the subtree of a node; members in the parts that fall off when the node goes; how many such parts. */
  const below = new Int32Array(nodeCount);
  const fallen = new Int32Array(nodeCount);
  const parts = new Int32Array(nodeCount);
  const isMember = new Uint8Array(nodeCount);
  for (const node of members) isMember[node] = 1;
  let clock = 0;
  for (let root = 0; root < nodeCount; root++) {
    if (visited[root]) continue;
    const seen: number[] = [];
    const stack = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1] as number;
      if (!visited[node]) {
        visited[node] = low[node] = ++clock;
        below[node] = isMember[node] as number;
        seen.push(node);
      }
      const to = out[node]?.[nextLink[node] as number];
      if (to !== undefined) {
        nextLink[node] = (nextLink[node] as number) + 1;
        if (!visited[to]) {
          parent[to] = node;
          stack.push(to);
        } else if (to !== parent[node]) low[node] = Math.min(low[node] as number, visited[to] as number);
        continue;
      }
      stack.pop();
      const above = parent[node] as number;
      if (above < 0) continue;
      low[above] = Math.min(low[above] as number, low[node] as number);
      below[above] = (below[above] as number) + (below[node] as number);
      if ((low[node] as number) >= (visited[above] as number) && below[node]) {
        fallen[above] = (fallen[above] as number) + (below[node] as number);
        parts[above] = (parts[above] as number) + 1;
      }
    }
    const total = below[root] as number;
    for (const node of seen) {
      const rest = total - (isMember[node] as number) - (fallen[node] as number);
      if ((parts[node] as number) + (rest > 0 ? 1 : 0) >= 2) points.push(node);
      const above = parent[node] as number;
      const hangs = above >= 0 && (low[node] as number) > (visited[above] as number);
      if (hangs && (below[node] as number) > 0 && (below[node] as number) < total)
        bridges.push(above < node ? [above, node] : [node, above]);
    }
  }
  points.sort((a, b) => a - b);
  bridges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { points, bridges };
}

function byRemoval(graph: Graph, members: readonly number[], work: Work): Articulation {
  const { nodeCount } = graph;
  const links = graph.out.flatMap((targets, from) => targets.map((to): Link => [from, to]));
  const whole = sidesOf(graph, members, []);
  /** Whether some that reached each other no longer do. */
  const tears = (sides: readonly (readonly number[])[], gone: number): boolean =>
    sides.length > whole.filter((side) => side.some((node) => node !== gone)).length;
  const points: number[] = [];
  for (let node = 0; node < nodeCount; node++) {
    work.spend(2 * (nodeCount + links.length));
    if (tears(sidesOf(graph, members, [node]), node)) points.push(node);
  }
  const bridges: Link[] = [];
  for (const [from, to] of links) {
    const twoWay = graph.out[to]?.includes(from) ?? false;
    if (twoWay && from > to) continue;
    work.spend(4 * (nodeCount + links.length));
    if (!isBypassed(graph, from, to) && tears(sidesWithout(graph, members, [[from, to]]), -1)) bridges.push([from, to]);
  }
  return { points, bridges };
}

/** Whether a way of two links leads past a link, both ways where the link does: then it is no bridge. Most are settled by it. */
function isBypassed(graph: Graph, from: number, to: number): boolean {
  const around = (a: number, b: number): boolean => graph.out[a]?.some((over) => over !== b && graph.out[over]?.includes(b)) ?? false;
  return around(from, to) && (!graph.out[to]?.includes(from) || around(to, from));
}

/** Whether two members reach each other at all, in both directions. */
export function areConnected(graph: Graph, members: readonly number[]): boolean {
  const [first] = members;
  if (first === undefined || graph.complete) return true;
  const live = new Uint8Array(graph.nodeCount).fill(1);
  const there = reach(graph.out, first, live).seen;
  const back = graph.directed ? reach(graph.in, first, live).seen : there;
  return members.every((node) => there[node] && back[node]);
}
