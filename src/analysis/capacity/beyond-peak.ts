import type { Finding } from '../../base/finding.ts';
import { counted, formatNumber, formatRatio } from '../../base/units.ts';
import type { NodeGroup, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { evaluateRequirement } from '../evaluate-requirement.ts';
import { Facts } from '../facts.ts';
import type { Candidate } from '../mend-candidates.ts';
import { deploymentName } from '../words.ts';
import { peak, peakMembers, relativeCapacity, scalingOf } from './scaling.ts';

/** DS3605: more members than the number with which a protocol, as it says of itself, does most. */
export function beyondPeak({ system, trials }: SystemUnderCheck): Finding[] {
  return system.deployments.flatMap((deployment) => {
    const scaling = scalingOf(system, deployment);
    const n = deployment.members.length;
    if (scaling === null) return [];
    const best = peakMembers(scaling);
    const now = relativeCapacity(n, scaling);
    const most = relativeCapacity(best, scaling);
    if (!(n > best) || !(now < most)) return [];
    const fixes = trials.find(
      smallerGroups(system, deployment.members).map((candidates) => ({ candidates, monotone: false })),
      (tried) => scalesAndHolds(tried, deployment.index),
    );
    return {
      code: 'DS3605',
      severity: 'warning',
      span: deployment.nameSpan,
      message: `${deploymentName(system, deployment)} has ${counted(n, 'member')} and does most with ${best}: C(${n}) = ${formatNumber(now)}${best === 1 ? '' : ` and C(${best}) = ${formatNumber(most)}`} times what one member does alone.`,
      why: `With a serial share σ of ${formatRatio(scaling.serial)} and a crosstalk κ of ${formatRatio(scaling.crosstalk)}, throughput relative to one member is n / (1 + σ(n − 1) + κn(n − 1)), which falls beyond √((1 − σ)/κ) = ${formatNumber(peak(scaling))} members. This is about throughput only: more members may still be needed to survive faults.`,
      source: 'Gunther 1993, universal scalability law',
      help: fixes[0]
        ? `${fixes[0].title}: every requirement holds with it as it does now.`
        : 'Lower the crosstalk (fewer messages between members), split the work over several deployments, or accept the loss for the sake of the faults that it must survive.',
      labels: [{ span: scaling.span, message: 'the protocol says so here' }],
      fixes,
      numbers: { n, peak: peak(scaling), best, capacity: now, most },
    };
  });
}

/** One node less, two less, … in a group that holds members, where its size is written as a number. */
function smallerGroups(system: System, members: readonly number[]): Iterable<Candidate>[] {
  const inside = new Set(members);
  return system.groups.filter((group) => inside.has(group.first)).map((group) => smaller(group));
}

function* smaller(group: NodeGroup): Generator<Candidate> {
  const { sizeSpan } = group;
  if (sizeSpan === null || !group.sizeIsLiteral) return;
  for (let size = group.size - 1; size >= 1 && size >= group.size - 50; size--) {
    yield {
      title: `Lower \`${group.name}\` from ${group.size} to ${counted(size, 'node')}`,
      edits: [{ span: sizeSpan, text: String(size) }],
      cost: group.size - size,
      weakens: true,
      key: `size ${group.name} ${size}`,
      overrides: { groupSizes: { [group.name]: size } },
    };
  }
}

/** Whether a deployment is within its peak and every requirement of it holds. */
function scalesAndHolds(system: System, index: number): boolean {
  const deployment = system.deployments[index];
  const scaling = deployment && scalingOf(system, deployment);
  if (!scaling || deployment.members.length > peakMembers(scaling)) return false;
  const requirements = system.protocols[deployment.protocol]?.requirements ?? [];
  const models = system.faultModels.length > 0 ? system.faultModels : [null];
  return models.every((model) => {
    const facts = new Facts(system, deployment, model);
    return requirements.every((requirement) => evaluateRequirement(requirement, facts).holds === true);
  });
}
