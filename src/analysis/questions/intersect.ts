import { listed } from '../../base/units.ts';
import { codes } from '../codes.ts';
import type { Split } from '../intersection.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Asked, quorumAt, type Told } from './answer.ts';

/**
 * `intersect(Q)`, `intersect(Q1, Q2)`: any two quorums share a member that no admissible fault set makes Byzantine.
 * `intersect(Q1, Q2, Q3)`: any three do, one of each. Without quorums nothing can be split, so it holds then; that no
 * quorum can form is a finding of its own.
 */
export function intersect(asked: Asked): Answer {
  const first = quorumAt(asked, 0);
  if (first === undefined) return { value: true };
  const second = quorumAt(asked, 1) ?? first;
  const third = quorumAt(asked, 2);
  const answer = third === undefined ? asked.facts.intersect(first, second) : asked.facts.meet([first, second, third]);
  if (answer.verdict !== 'fails') return { value: true };
  if (third !== undefined) return { value: false, cause: { kind: 'told', told: tellThree(asked, answer.split) } };
  return { value: false, cause: { kind: 'intersect', quorums: asked.texts, split: answer.split } };
}

function tellThree({ facts, texts }: Asked, split: Split): Told {
  const { first, second, third = [], shared, faulty } = split;
  const names = (nodes: readonly number[]): string[] => nodeNames(facts.system, nodes);
  const whose = `three quorums (of ${listed(texts)})`;
  const set = facts.family.strikes(['byzantine']);
  set.admits(faulty, true);
  return {
    code: codes.threeWay,
    detail:
      shared.length === 0
        ? `${whose} need not share a member`
        : `${whose} may share only ${listed(names(shared))}, which may ${shared.length === 1 ? '' : 'all '}be Byzantine`,
    short: shared.length === 0 ? 'three quorums share no member' : 'three quorums share only members that may be Byzantine',
    why:
      'Whoever recovers asks one quorum and must tell which of two values a fast quorum may have chosen: only a member of all three ' +
      'quorums makes sure that both cannot have been. Of thresholds that is q1 + q2 + q3 > 2n where nobody lies.',
    source: 'Lamport 2006, Fast Paxos',
    help: 'Make the quorums larger: for `n` members and a classic majority a fast quorum needs three quarters.',
    notes: [`The quorums: ${[first, second, third].map((quorum) => listed(names(quorum), 8)).join(' | ')}.`],
    witness: { kind: 'quorums', quorums: [first, second, third].map(names), shared: names(shared), byzantine: names(faulty) },
    quorums: texts,
    ...(faulty.length === 0 ? {} : { faults: { set: facts.family.faultSet([], set), kinds: ['byzantine'] } }),
  };
}
