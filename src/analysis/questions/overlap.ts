import { counted, listed } from '../../base/units.ts';
import { compiledFederation } from '../federated/answers.ts';
import { codes } from '../federated/codes.ts';
import { leastOverlap, uniqueNodeLists } from '../federated/unique-node-lists.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/** `overlap(Q)`: unique node lists overlap enough that no two nodes fork, whatever admissible liars say. */
export function overlap(asked: Asked): Answer {
  const { facts } = asked;
  const quorum = quorumAt(asked, 0);
  if (quorum?.kind !== 'slices') throw new BadArgument('`overlap` is asked of federated slices', 0);
  const found = uniqueNodeLists(compiledFederation(quorum, facts.family.nodeCount));
  const names = (nodes: readonly number[]): string[] => nodeNames(facts.system, nodes);
  if ('other' in found) {
    throw new BadArgument(
      `\`overlap\` is about thresholds over lists of nodes, and ${listed(names([found.other]))} needs something else`,
      0,
    );
  }
  const pair = leastOverlap(found.lists, (nodes) => facts.family.maximum(['byzantine'], nodes, facts.work()).value);
  if (pair === null) return { value: true };
  const { first, second, shared, liars, needed } = pair;
  const name = asked.texts[0] ?? '';
  const most = Math.max(first.list.length, second.list.length);
  const whose = `the lists of ${listed(names([first.node, second.node]))}`;
  const liarWords = liars === 0 ? 'none of which may lie' : `${liars} of which may lie`;
  return {
    value: false,
    cause: {
      kind: 'told',
      told: {
        code: codes.overlap,
        detail: `${whose} share ${counted(shared.length, 'validator')}, ${liarWords}, and fork safety needs ${needed} in common`,
        short: `${whose} share ${shared.length} of the ${needed} validators that they need in common`,
        why:
          'Two nodes can fully validate different ledgers unless their lists overlap in more than n_j/2 + n_i − q_i + t_ij validators. ' +
          'With quorums of 80% and as many liars as they tolerate that is more than 90%, not the 20% or 40% that is often told.',
        source: 'Chase & MacBrough 2018 (arXiv:1802.07242)',
        help:
          needed <= Math.min(first.list.length, second.list.length)
            ? 'Give the two more validators in common, raise their quorums, or use one list for all.'
            : `Raise the quorums (of ${first.quorum} and ${second.quorum}, of ${most} at most): lists with these cannot overlap enough.`,
        notes: [
          `${listed(names([first.node]))} waits for ${first.quorum} of ${first.list.length}: ${listed(names(first.list), 12)}.`,
          `${listed(names([second.node]))} waits for ${second.quorum} of ${second.list.length}: ${listed(names(second.list), 12)}.`,
          `${second.list.length}/2 + ${first.list.length} − ${first.quorum} + ${liars} must be less than ${shared.length}.`,
        ],
        witness: { kind: 'nodes', nodes: names([first.node, second.node]) },
        quorums: [name],
        numbers: { shared: shared.length, needed, liars },
      },
    },
  };
}
