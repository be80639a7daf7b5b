import { compile, type Formula, holds, leaves } from '../formula.ts';
import { honestChance, honestIntersection, honestyOf, saysCompromise } from '../probability/compromise.ts';
import { workOf } from '../probability/deployment.ts';
import { twoAtLeast } from '../probability/safety.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/** `safety_probability(Q)`, `safety_probability(Q1, Q2)`: any two quorums share an honest member. */
export function safetyProbabilityAsked(asked: Asked): Answer {
  const { system } = asked.facts;
  const nodeCount = system.nodes.length;
  const sides = asked.values.map((_, index): Formula => {
    const quorum = quorumAt(asked, index);
    if (quorum === undefined) throw new BadArgument(`\`${asked.texts[index]}\` is no quorum system here`, index);
    const formula = compile(quorum);
    const all = new Uint8Array(nodeCount).fill(1);
    if (!holds(formula, all)) throw new BadArgument(`no quorum of \`${asked.texts[index]}\` can form`, index);
    return formula;
  });
  if (!saysCompromise(system, leaves(...sides))) {
    throw new BadArgument(`no node of \`${asked.texts[0]}\` says its \`compromise\` probability`, 0);
  }
  return { value: honestChance(honestIntersection(twoAtLeast(sides), nodeCount), honestyOf(system), workOf(asked.facts)).up };
}
