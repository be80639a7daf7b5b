import type { Expression, ProtocolCode } from '../../model/code.ts';
import type { Deployment, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { evaluateRequirement } from '../evaluate-requirement.ts';
import { Facts } from '../facts.ts';
import { argumentMends } from '../mend-candidates.ts';
import type { Direction } from '../mends.ts';
import { mentioned, parametersOf } from '../mentions.ts';

/** What is said of timers takes part of a keystroke only. */
export const timerWork = 3_000_000;

/** The parameters that a timer's duration is made of, through constants of the protocol too. */
export function parametersIn(protocol: ProtocolCode, delay: Expression): Set<string> {
  const found = mentioned(delay, 'parameter');
  for (const name of mentioned(delay, 'constant')) {
    const constant = protocol.constants.find((known) => known.name === name);
    if (constant !== undefined) mentioned(constant.value, 'parameter', found);
  }
  return found;
}

/** Other arguments of the run for those parameters. */
export function timerDirections({ code, system }: SystemUnderCheck, deployment: Deployment, parameters: ReadonlySet<string>): Direction[] {
  return deployment.arguments
    .filter(({ name }) => parameters.has(name))
    .map((argument) => ({ candidates: argumentMends(code, system, deployment, argument), monotone: false }));
}

/**
 * Whether a requirement that speaks of one of the parameters fails already, under any fault model: then the protocol has
 * said in its own words that the duration is wrong.
 */
export function alreadyRefused(
  checked: SystemUnderCheck,
  system: System,
  deployment: Deployment,
  parameters: ReadonlySet<string>,
): boolean {
  const protocol = system.protocols[deployment.protocol];
  if (protocol === undefined) return false;
  const { effort, shouldStop } = checked;
  const models = system.faultModels.length > 0 ? system.faultModels : [null];
  return protocol.requirements.some((requirement, index) => {
    const named = parametersOf(protocol, index);
    if (![...named].some((name) => parameters.has(name))) return false;
    return models.some((model) => {
      const { holds } = evaluateRequirement(requirement, new Facts(system, deployment, model, { effort, shouldStop, limit: 500_000 }));
      return holds === false;
    });
  });
}

/** The nodes that run a handler: those of its role, or all members. */
export function roleNodes(deployment: Deployment, role: string | null): readonly number[] {
  return role === null ? deployment.members : (deployment.roles.find(({ name }) => name === role)?.nodes ?? []);
}
