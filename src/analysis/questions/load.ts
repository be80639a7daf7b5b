import { mean } from '../../model/distributions.ts';
import { compile, leaves } from '../formula.ts';
import { type Capacities, choiceWords, deployedStrategy } from '../strategy/deployed.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/**
 * `load(Q)`, `load(Read, Write, reads)`: the share of operations that the busiest node takes part in when quorums are
 * chosen with the best probabilities (Naor & Wool 1998); 0..1.
 */
export function load(asked: Asked): Answer {
  const { strategy, share } = best(asked, 'alike');
  const value = strategy.load([{ reads: share, weight: 1 }]);
  return { value, remarks: remarksOf(asked, strategy) };
}

/** `capacity(Q)`, `capacity(Read, Write, reads)`: how many operations a second the members bear under the best strategy. */
export function capacity(asked: Asked): Answer {
  for (const index of [0, 1]) refuseEndlessService(asked, index);
  const { strategy, share } = best(asked, 'cpu');
  const value = strategy.capacity([{ reads: share, weight: 1 }]);
  if (!Number.isFinite(value)) {
    throw new BadArgument(
      'there are quorums of nodes without `cpu`, which can serve any number of operations, so its capacity has no bound',
      0,
    );
  }
  return { value, remarks: remarksOf(asked, strategy) };
}

/** A service time with a tail so heavy that it has no mean leaves no capacity to speak of. */
function refuseEndlessService(asked: Asked, index: number): void {
  const quorum = quorumAt(asked, index);
  const { system } = asked.facts;
  for (const node of quorum === undefined ? [] : leaves(compile(quorum))) {
    const cpu = system.groups[system.nodes[node]?.group ?? -1]?.attributes.cpu;
    if (cpu && !Number.isFinite(mean(cpu))) throw new BadArgument(`the \`cpu\` of ${nodeNames(system, [node])} has no mean`, index);
  }
}

function best(asked: Asked, capacities: Capacities): { readonly strategy: Strategy; readonly share: number } {
  const reads = quorumAt(asked, 0);
  const writes = quorumAt(asked, 1) ?? null;
  const share = writes === null ? 1 : shareAt(asked, 2);
  const strategy = reads === undefined ? null : deployedStrategy(asked.facts, reads, writes, share, capacities).strategy;
  if (strategy === null) throw new BadArgument('there is no quorum to choose: none can form, or the empty set is one', 0);
  return { strategy, share };
}

/** A share of reads, half where it is left out. */
function shareAt({ values }: Asked, index: number): number {
  const value = values[index] ?? 0.5;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    throw new BadArgument('a share of reads lies between 0 and 1, as 90% does', index);
  return value;
}

function remarksOf({ facts, texts }: Asked, { choices, orbits }: Strategy): string[] {
  const words = (of: Strategy['choices']['reads']): string => choiceWords(of, orbits, facts.system);
  if (texts.length < 2) return [`The best strategy asks: ${words(choices.reads)}.`];
  return [`The best strategy asks, to read: ${words(choices.reads)}; to write: ${words(choices.writes)}.`];
}
