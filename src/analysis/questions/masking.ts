import { listed } from '../../base/units.ts';
import { codes } from '../codes.ts';
import type { Split } from '../intersection.ts';
import { faultPhrase, nodeNames } from '../words.ts';
import { type Answer, type Asked, quorumAt, type Told } from './answer.ts';

/**
 * `masking(Q)`, `masking(Q1, Q2)`: for any two quorums and any two admissible sets of Byzantine members, some member of
 * both quorums is in neither set (Malkhi & Reiter 1998, masking quorum systems). The one set holds those who lied when the
 * data was written, the other those who lie now.
 */
export function masking(asked: Asked): Answer {
  const first = quorumAt(asked, 0);
  if (first === undefined) return { value: true };
  const answer = asked.facts.meet([first, quorumAt(asked, 1) ?? first], 2);
  return answer.verdict === 'fails' ? { value: false, cause: { kind: 'told', told: tell(asked, answer.split) } } : { value: true };
}

function tell({ facts, texts }: Asked, split: Split): Told {
  const { system, family } = facts;
  const names = (nodes: readonly number[]): string[] => nodeNames(system, nodes);
  const whose = texts.length < 2 ? `two quorums of \`${texts[0]}\`` : `quorums of ${listed(texts)}`;
  const shared = listed(names(split.shared));
  const strikes = family.manifold(2).strikes(['byzantine']);
  strikes.admits(split.faulty, true);
  const sets = family.deal(2, [], strikes);
  const cover = sets.length < 2 ? 'one admissible set of Byzantine members covers' : 'two admissible sets of Byzantine members cover';
  return {
    code: codes.masking,
    detail: split.shared.length === 0 ? `${whose} need not share a member` : `${whose} may share only ${shared}, which ${cover}`,
    short: split.shared.length === 0 ? 'two quorums share no member' : 'what two quorums share is covered by two sets of liars',
    why:
      'Data without signatures is believed when more members of the quorum report it than may lie at once; so of what a write and a read ' +
      'quorum share, those who may lie, whoever lies, must leave more than may have lied. Readers are taken to ask once and not to listen on.',
    source: 'Malkhi & Reiter 1998, masking quorum systems',
    help: 'Make the quorums larger, or sign the data: then `intersect` is enough.',
    notes: [
      `One quorum: ${listed(names(split.first), 8)}. Another: ${listed(names(split.second), 8)}.`,
      ...(sets.length < 2 ? [] : [`The two sets: ${sets.map((set) => faultPhrase(system, set)).join('; ')}.`]),
    ],
    witness: {
      kind: 'quorums',
      quorums: [names(split.first), names(split.second)],
      shared: names(split.shared),
      byzantine: names(split.faulty),
    },
    quorums: texts,
    ...(sets[0] === undefined ? {} : { faults: { set: sets[0], kinds: ['byzantine'] } }),
  };
}
