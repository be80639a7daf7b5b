import type { Network, System } from '../../model/system.ts';
import type { SystemCode } from '../../model/system-code.ts';
import { type Graph, graphOf } from '../graph.ts';
import type { Candidate } from '../mend-candidates.ts';
import type { Direction } from '../mends.ts';
import type { Link } from './edge-connectivity.ts';

/** Beyond so many members a mesh of them is no small change. */
const mostMeshed = 40;

/**
 * Links that may join the sides of a cut: a few between each two neighbouring sides, a ring of a whole group, every two members.
 * They are written after the last `link`; each is tried before it is offered.
 */
export function linkDirections(
  code: SystemCode,
  system: System,
  members: readonly number[],
  sides: readonly (readonly number[])[],
): Direction[] {
  const at = code.links[code.links.length - 1]?.span;
  if (at === undefined) return [];
  const nameOf = (node: number): string => system.nodes[node]?.name ?? '';
  const candidate = (texts: readonly string[], links: readonly Link[]): Candidate => ({
    title: `Add ${texts.map((text) => `\`${text}\``).join(' and ')}`,
    edits: [{ span: { ...at, start: at.end }, text: texts.map((text) => `\n  ${text}`).join('') }],
    cost: links.length,
    weakens: false,
    key: `link ${texts.join(' ')}`,
    overrides: null,
    change: (expanded) => ({ ...expanded, network: withLinks(expanded.network, links) }),
  });
  const directions: Direction[] = [];
  const few = fewLinks(graphOf(system.network, system.nodes.length), sides);
  if (few.length > 0) {
    const written = (links: readonly Link[]): string[] => links.map(([a, b]) => `link ${nameOf(a)} -- ${nameOf(b)}`);
    directions.push({ candidates: few.map((links) => candidate(written(links), links)), monotone: false });
  }
  const inside = new Set(members);
  const groups = system.groups.filter((group) => inside.has(group.first));
  const [only] = groups;
  const isWhole =
    groups.reduce((sum, group) => sum + group.size, 0) === members.length &&
    groups.every((group) => Array.from({ length: group.size }, (_, i) => group.first + i).every((node) => inside.has(node)));
  if (only === undefined || !isWhole) return directions;
  if (groups.length === 1 && members.length > 3) {
    const ring = members.map((node, i): Link => [node, members[(i + 1) % members.length] as number]);
    directions.push({ candidates: [candidate([`link ring(${only.name})`], ring)], monotone: false });
  }
  if (members.length > 2 && members.length <= mostMeshed) {
    const all = groups.length === 1 ? only.name : `${groups.map((group) => group.name).join(' + ')}`;
    const mesh = members.flatMap((a, i) => members.slice(i + 1).map((b): Link => [a, b]));
    directions.push({ candidates: [candidate([`link mesh(${all})`], mesh)], monotone: false });
  }
  return directions;
}

/** Sides up to which each is joined to the next by a link of its own, and nodes of a side that are tried for it. */
const mostSides = 3;
const mostTried = 3;

/**
 * Few links that lead from side to side, the fewest first: one between each two neighbouring sides, then two. The nodes with
 * the fewest neighbours come first, and none that are linked already.
 */
function fewLinks(graph: Graph, sides: readonly (readonly number[])[]): Link[][] {
  if (graph.complete || sides.length < 2 || sides.length > mostSides) return [];
  const degree = (node: number): number => graph.out[node]?.length ?? 0;
  const ordered = sides.map((side) => [...side].sort((a, b) => degree(a) - degree(b) || a - b));
  const chains: Link[][] = [];
  for (let i = 0; i < mostTried; i++) {
    const heads = ordered.map((side) => side[Math.min(i, side.length - 1)] as number);
    const chain = heads.slice(1).map((node, at): Link => [heads[at] as number, node]);
    if (chain.every(([a, b]) => !graph.out[a]?.includes(b))) chains.push(chain);
  }
  const [first, second] = chains;
  return [...chains, ...(first === undefined || second === undefined ? [] : [[...first, ...second]])];
}

/** The network with links more, of the first one's class: for questions about who is linked, not about times. */
function withLinks(network: Network, links: readonly Link[]): Network {
  const grown = <T extends Int32Array | Uint8Array>(column: T, more: readonly number[]): T =>
    (column instanceof Int32Array ? Int32Array.from([...column, ...more]) : Uint8Array.from([...column, ...more])) as T;
  const none = links.map(() => 0);
  return {
    ...network,
    from: grown(
      network.from,
      links.map(([from]) => from),
    ),
    to: grown(
      network.to,
      links.map(([, to]) => to),
    ),
    directed: grown(network.directed, none),
    linkClass: grown(network.linkClass, none),
  };
}
