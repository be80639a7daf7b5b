import { formatRatio } from '../../base/units.ts';
import { saysCompromise } from '../probability/compromise.ts';
import { shareText } from '../probability/downtime.ts';
import { deploymentSafety } from '../probability/safety.ts';
import type { CardRow, CardSection, CardSubject } from './section.ts';

/**
 * How likely the safety clauses hold when each member may turn Byzantine by itself: nothing where no member says how likely
 * it is to be compromised.
 */
export function safety({ system, deployment, facts }: CardSubject): CardSection | null {
  if (!saysCompromise(system, deployment.members)) return null;
  const found = deploymentSafety(facts);
  if (found === null) return null;
  const frame = { id: 'safety', title: 'Safety under compromise', sources: ['Malkhi & Reiter 1998, dissemination quorum systems'] };
  if (found.kind === 'none') {
    const row: CardRow = { label: 'safety', value: 'not known', notes: found.reasons, data: { safety: null, reasons: found.reasons } };
    return { ...frame, rows: [row], assumptions: [] };
  }
  const { chance } = found;
  const expected = deployment.members.reduce(
    (sum, node) => sum + (system.groups[system.nodes[node]?.group ?? -1]?.attributes.compromise ?? 0),
    0,
  );
  return {
    ...frame,
    rows: [
      {
        label: 'safe',
        value: chance.down === 0 ? 'always' : `${shareText(chance)}, unsafe with probability ${formatRatio(chance.down)}`,
        data: { safety: chance.up, violation: chance.down, expected_byzantine: expected },
      },
    ],
    assumptions: [
      'Members turn Byzantine independently of each other, each with its `compromise` probability; those that say none stay honest. A common cause (the same software, the same operator) makes many Byzantine at once and is not in this number.',
      'Crashes and omissions stay as the fault model says; outages of zones compromise nobody.',
    ],
    headline: `${shareText(chance)} safe`,
  };
}
