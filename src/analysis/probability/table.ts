import type { Work } from '../work.ts';
import { causesOf } from './causes.ts';
import { zonesFirst } from './decision-order.ts';
import type { Chance, Uptimes } from './uptimes.ts';

/** So many nodes that can fail are gone through one combination after the other. */
export const mostTabled = 14;

/** What is known of each combination so far: -1 for nothing. Asked again with other probabilities, it need not be looked at again. */
export function noAnswers(nodes: readonly number[]): Int8Array {
  return new Int8Array(1 << nodes.length).fill(-1);
}

/** About what one look at a combination costs, in steps of work. */
const lookCost = 60;

/**
 * The probability of any condition over which nodes are up, by going through every combination of these nodes, each looked at
 * once. Exact, for conditions that are no formula: quorums that must be connected, federated slices. `up` is 1 for nodes
 * that never fail.
 */
export function tableChance(
  nodes: readonly number[],
  up: Uint8Array,
  holds: (up: Uint8Array) => boolean,
  uptimes: Uptimes,
  work: Work,
  answers = noAnswers(nodes),
): Chance {
  const causes = causesOf(uptimes, nodes);
  const variables = zonesFirst(nodes, causes);
  const bit = new Map(nodes.map((node, i) => [node, 1 << i]));
  const present = up.slice();

  const look = (mask: number): boolean => {
    const known = answers[mask] as number;
    if (known >= 0) return known === 1;
    work.spend(lookCost);
    for (const node of nodes) present[node] = (mask & (bit.get(node) as number)) !== 0 ? 1 : 0;
    const answer = holds(present);
    answers[mask] = answer ? 1 : 0;
    return answer;
  };
  const expect = (level: number, mask: number): Chance => {
    const variable = variables[level];
    if (variable === undefined) return look(mask) ? { up: 1, down: 0 } : { up: 0, down: 1 };
    work.spend(1);
    const own = (variable.node >= 0 ? causes.nodes[variable.node] : causes.zones[variable.zone]) as Chance;
    const above = own.up === 0 ? null : expect(level + 1, variable.node >= 0 ? mask | (bit.get(variable.node) as number) : mask);
    const below = own.down === 0 ? null : expect(variable.node >= 0 ? level + 1 : variable.after, mask);
    return {
      up: own.up * (above?.up ?? 0) + own.down * (below?.up ?? 0),
      down: own.up * (above?.down ?? 0) + own.down * (below?.down ?? 0),
    };
  };
  return expect(0, 0);
}
