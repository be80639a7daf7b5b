import { type Answer, type Asked, quorumAt } from './answer.ts';

/**
 * `intersect(Q)`, `intersect(Q1, Q2)`: any two quorums share a member that no admissible fault set makes Byzantine. Without
 * quorums nothing can be split, so it holds then; that no quorum can form is a finding of its own.
 */
export function intersect(asked: Asked): Answer {
  const first = quorumAt(asked, 0);
  if (first === undefined) return { value: true };
  const answer = asked.facts.intersect(first, quorumAt(asked, 1) ?? first);
  if (answer.verdict !== 'fails') return { value: true };
  return { value: false, cause: { kind: 'intersect', quorums: asked.texts, split: answer.split } };
}
