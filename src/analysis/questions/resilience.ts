import { listed } from '../../base/units.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Asked, quorumAt } from './answer.ts';

/**
 * `resilience(Q)`: the most nodes whose loss, whichever they are, leaves a quorum: one less than the smallest set that
 * meets every quorum (Barbara & Garcia-Molina 1986; Naor & Wool 1998). −1 where there is no quorum to begin with, all the
 * nodes where the empty set is one. Fault budgets and zones do not matter here: that is `available`.
 */
export function resilience(asked: Asked): Answer {
  const quorum = quorumAt(asked, 0);
  if (quorum === undefined) return { value: -1 };
  const { nodes, size } = asked.facts.blocking(quorum);
  if (nodes === null) return { value: size };
  const name = asked.texts[0] ?? '';
  const remarks =
    nodes.length === 0 ? [] : [`Without ${listed(nodeNames(asked.facts.system, nodes), 8)} no quorum of \`${name}\` is left.`];
  return { value: nodes.length - 1, remarks };
}
