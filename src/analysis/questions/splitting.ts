import { listed } from '../../base/units.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/**
 * `splitting(Q)`: the fewest nodes of a federated system whose lying lets two quorums share nobody honest, with those nodes
 * deleted from all slices (Mazières 2015). Fault budgets do not matter here: that is `intersect`.
 */
export function splitting(asked: Asked): Answer {
  const quorum = quorumAt(asked, 0);
  if (quorum?.kind !== 'slices') throw new BadArgument('`splitting` is asked of federated slices', 0);
  const { nodes, size } = asked.facts.splitting(quorum);
  if (nodes === null) return { value: size };
  const name = asked.texts[0] ?? '';
  const remarks = [
    nodes.length === 0
      ? `The quorums of \`${name}\` are split already.`
      : `If ${listed(nodeNames(asked.facts.system, nodes), 8)} ${nodes.length === 1 ? 'lies' : 'lie'}, two quorums of \`${name}\` need not agree.`,
  ];
  return { value: nodes.length, remarks };
}
