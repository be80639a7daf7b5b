import type { Graph } from '../graph.ts';

/** What flooding costs among the members alone, each passing a message on once to all neighbours but the one it came from. */
export type Flooding =
  | { readonly kind: 'messages'; readonly messages: number; readonly links: number }
  /** Links that go one way: whether the one it came from is a neighbour depends on who is faster. */
  | { readonly kind: 'one-way' }
  /** Some member is reached over nodes that are no members, and those do not flood. */
  | { readonly kind: 'apart'; readonly reached: readonly number[] };

/**
 * 2|E| − n + 1 messages, exactly, whatever the delays: the source sends to all its neighbours, each other member to all
 * but one (for example Lynch 1996). 0 for fewer than two members.
 */
export function flooding(graph: Graph, members: readonly number[]): Flooding {
  const n = members.length;
  if (n < 2) return { kind: 'messages', messages: 0, links: 0 };
  if (graph.complete) return { kind: 'messages', messages: (n - 1) ** 2, links: (n * (n - 1)) / 2 };
  const isMember = new Uint8Array(graph.nodeCount);
  for (const node of members) isMember[node] = 1;
  let ends = 0;
  for (const node of members) {
    for (const to of graph.out[node] ?? []) if (isMember[to]) ends++;
    if (graph.directed && graph.in[node]?.some((from) => isMember[from] && !graph.out[node]?.includes(from))) return { kind: 'one-way' };
  }
  const seen = new Set<number>([members[0] as number]);
  for (const node of seen) for (const to of graph.out[node] ?? []) if (isMember[to]) seen.add(to);
  if (seen.size < n) return { kind: 'apart', reached: [...seen].sort((a, b) => a - b) };
  return { kind: 'messages', messages: ends - n + 1, links: ends / 2 };
}
