import type { Finding } from '../../base/finding.ts';
import { counted } from '../../base/units.ts';
import type { Deployment, NodeGroup, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { evaluateRequirement } from '../evaluate-requirement.ts';
import { Facts } from '../facts.ts';
import type { Candidate } from '../mend-candidates.ts';
import { memberBudget, toleranceOf, withBudget } from '../tolerance.ts';
import { deploymentName } from '../words.ts';
import { deploymentAvailability } from './deployment.ts';
import { downtimeText, shareText } from './downtime.ts';
import { type Chance, saysUptime } from './uptimes.ts';

/** Steps for one question about a tried system. */
const trialLimit = 200_000;

/** A downtime that is shorter by less than this factor is not worth a hint. */
const worthTelling = 0.99;

/**
 * DS3502: a group of members with which the deployment is available less than with one node fewer, and survives no more
 * crashes. A majority of 2m is available less than one of 2m − 1 at any availability of the nodes between 0 and 1.
 */
export function fewerNodes({ system, trials, effort, shouldStop }: SystemUnderCheck): Finding[] {
  return system.deployments.flatMap((deployment) => {
    if (!saysUptime(system, deployment.members)) return [];
    const inside = new Set(deployment.members);
    const groups = system.groups.filter(
      (group) => inside.has(group.first) && group.sizeIsLiteral && group.size > 1 && group.size % 2 === 0,
    );
    if (groups.length === 0) return [];
    const facts = new Facts(system, deployment, system.faultModels[0] ?? null, { effort, shouldStop });
    const now = deploymentAvailability(facts);
    if (now?.kind !== 'known' || now.chance.down === 0) return [];
    const borne = crashesBorne(system, deployment);
    if (borne === null) return [];
    return groups.flatMap((group) => {
      let with1Fewer: Chance | null = null;
      const improves = (tried: System): boolean => {
        const there = tried.deployments[deployment.index];
        if (there === undefined) return false;
        const chance = chanceOf(tried, there);
        if (chance === null || !(chance.down < now.chance.down * worthTelling)) return false;
        if ((crashesBorne(tried, there) ?? -1) < borne || !keepsAll(system, tried)) return false;
        if (there.members.length < deployment.members.length) with1Fewer = chance;
        return true;
      };
      const fixes = trials.find(
        [resized(group, group.size - 1), resized(group, group.size + 1)].map((candidates) => ({ candidates, monotone: false })),
        improves,
      );
      const better = with1Fewer as Chance | null;
      if (better === null || group.sizeSpan === null) return [];
      const crashes = borne === 0 ? 'no crash' : `any ${counted(borne, 'crash', 'crashes')}`;
      return [
        {
          code: 'DS3502',
          severity: 'hint' as const,
          span: group.sizeSpan,
          message: `${deploymentName(system, deployment)} is available more with ${counted(group.size - 1, 'node')} in \`${group.name}\` than with ${group.size}: ${shareText(better)} instead of ${shareText(now.chance)}, down ${downtimeText(better)} instead of ${downtimeText(now.chance)} a year.`,
          why: `One node more is one more to wait for, and with either number it survives ${crashes}. A majority of 2m nodes is available less than one of 2m − 1 whatever the nodes' availability. A further copy of the data is another matter, and may be reason enough.`,
          source: 'Barbara & Garcia-Molina 1987; Howard 2015, adding machines can decrease availability',
          help: `${fixes.map(({ title }, i) => (i === 0 ? title : title.charAt(0).toLowerCase() + title.slice(1))).join(', or ')}.`,
          labels: [{ span: deployment.nameSpan, message: 'runs here' }],
          fixes,
          numbers: { availability: now.chance.up, with_one_fewer: better.up, crashes: borne },
        },
      ];
    });
  });
}

function* resized(group: NodeGroup, size: number): Generator<Candidate> {
  if (group.sizeSpan === null) return;
  yield {
    title: `${size < group.size ? 'Lower' : 'Raise'} \`${group.name}\` from ${group.size} to ${counted(size, 'node')}`,
    edits: [{ span: group.sizeSpan, text: String(size) }],
    cost: 1,
    weakens: false,
    key: `size ${group.name} ${size}`,
    overrides: { groupSizes: { [group.name]: size } },
  };
}

function chanceOf(system: System, deployment: Deployment): Chance | null {
  const found = deploymentAvailability(new Facts(system, deployment, system.faultModels[0] ?? null, { limit: trialLimit }));
  return found?.kind === 'known' ? found.chance : null;
}

/** How many members may crash, whichever they are, nothing else failing; null where requirements fail with none. */
function crashesBorne(system: System, deployment: Deployment): number | null {
  const requirements = system.protocols[deployment.protocol]?.requirements ?? [];
  const tolerance = toleranceOf({
    system,
    deployment,
    requirements,
    most: deployment.members.length,
    modelWith: (count) => withBudget(null, deployment, memberBudget(deployment, 'crash', count)),
    options: { limit: trialLimit },
  });
  return tolerance?.exact === true ? tolerance.tolerated : null;
}

/** Whether every requirement that holds in a system holds in a changed one. */
function keepsAll(before: System, after: System): boolean {
  const models = before.faultModels.length > 0 ? before.faultModels.map((_, i) => i) : [-1];
  return after.deployments.every((deployment, index) => {
    const was = before.deployments[index];
    const requirements = after.protocols[deployment.protocol]?.requirements ?? [];
    return models.every((model) => {
      const factsAfter = new Facts(after, deployment, after.faultModels[model] ?? null, { limit: trialLimit });
      const factsBefore = was && new Facts(before, was, before.faultModels[model] ?? null, { limit: trialLimit });
      return requirements.every(
        (requirement) =>
          evaluateRequirement(requirement, factsAfter).holds === true ||
          (factsBefore !== undefined && evaluateRequirement(requirement, factsBefore).holds !== true),
      );
    });
  });
}
