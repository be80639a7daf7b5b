import type { Finding } from '../../base/finding.ts';
import { counted } from '../../base/units.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import type { Deployment, FaultModel, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { Facts } from '../facts.ts';
import { waitsForMembers } from '../lint/crashed-members.ts';
import { sizeReached } from '../lint/thresholds.ts';
import { asWritten } from '../print.ts';
import { deploymentName, faultPhrase } from '../words.ts';

/**
 * DS3805: an `eventually` that needs more members than a fault model leaves up: it cannot hold once those that crash for
 * good are down. Faults after which nodes come back do not count: an eventuality's time begins after the last of them.
 */
export function waitsForCrashed({ system, effort, shouldStop }: SystemUnderCheck): Finding[] {
  return system.deployments.flatMap((deployment) => {
    const protocol = system.protocols[deployment.protocol];
    if (protocol === undefined) return [];
    return waitsForMembers(protocol).flatMap((wait) => {
      const { members } = deployment;
      const needed = wait.count
        ? sizeReached({ ...wait.count, beside: 0 }, members.length, deploymentEnvironment(system, deployment))
        : members.length;
      if (needed === null) return [];
      for (const model of system.faultModels) {
        const down = new Facts(system, deployment, forGood(model), { effort, shouldStop }).quantity('faulty');
        if (down === undefined || members.length - down.value >= needed) continue;
        return [finding(wait, needed, down.value, faultPhrase(system, down.faults), system, deployment, model)];
      }
      return [];
    });
  });
}

/** The faults of a model from which nodes do not come back. */
function forGood(model: FaultModel): FaultModel {
  return { ...model, budgets: model.budgets.filter((budget) => (budget.kind === 'crash' || budget.kind === 'outage') && !budget.recovers) };
}

function finding(
  { property, part, domain, count, lost }: ReturnType<typeof waitsForMembers>[number],
  needed: number,
  down: number,
  faults: string,
  system: System,
  deployment: Deployment,
  model: FaultModel,
): Finding {
  const up = deployment.members.length - down;
  return {
    code: 'DS3805',
    severity: 'warning',
    span: deployment.nameSpan,
    message: `\`${property.name}\` needs ${counted(needed, 'member')} of ${deploymentName(system, deployment)}, and under \`${model.name}\` ${up} of them stay up: with ${faults} it ${lost ? 'cannot hold' : 'need not come about'}.`,
    why: `A crashed node stays in \`members\`, and \`crash\` without \`recovers: true\` is for good.${lost ? '' : ' What a node has not done before it goes down it will not do.'}`,
    help: count === null ? 'Ask `correct`: the members that are up and not Byzantine.' : 'Count among `correct`, or ask for fewer.',
    labels: [{ span: part.span, message: `\`${asWritten(part).slice(0, 80)}\`` }],
    fixes: domain ? [{ title: 'Ask `correct` instead of `members`', edits: [{ span: domain.span, text: 'correct' }] }] : [],
    numbers: { needed, up, down },
  };
}
