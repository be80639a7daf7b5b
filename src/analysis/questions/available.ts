import { type Answer, type Asked, quorumAt } from './answer.ts';

/** `available(Q)`: every admissible fault set leaves a quorum whole. */
export function available(asked: Asked): Answer {
  const quorum = quorumAt(asked, 0);
  const name = asked.texts[0] ?? '';
  if (quorum === undefined) return { value: false };
  const answer = asked.facts.available(quorum);
  if (answer.verdict === 'no-quorum') return { value: false, cause: { kind: 'no-quorum', quorum: name } };
  if (answer.verdict === 'fails') return { value: false, cause: { kind: 'available', quorum: name, loss: answer } };
  return { value: true };
}
