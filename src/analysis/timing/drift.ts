import type { System } from '../../model/system.ts';

/** The largest clock drift bound among nodes, as a ratio: 0.01 where a second lasts 0.99 s to 1.01 s. */
export function largestDrift(system: System, nodes: readonly number[]): number {
  return nodes.reduce((most, node) => Math.max(most, system.groups[system.nodes[node]?.group ?? -1]?.attributes.drift ?? 0), 0);
}
