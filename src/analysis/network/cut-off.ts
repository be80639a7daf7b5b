import { listed } from '../../base/units.ts';
import { codes } from '../codes.ts';
import type { Facts } from '../facts.ts';
import { unresponsive } from '../fault-sets.ts';
import { NoAnswer, type Told } from '../questions/answer.ts';
import { faultPhrase, hasFaults, nodeNames, zoneNames } from '../words.ts';
import { worstDiameterOf } from './network-facts.ts';
import type { Separation } from './separation.ts';
import { faultsOf } from './worst-diameter.ts';

/** `worst_diameter` where faults can cut members off from each other: it has no value, and the clause fails for this cause. */
export function throwWhereCutOff(facts: Facts): void {
  const worst = worstDiameterOf(facts);
  if (worst.kind === 'cut-off') throw new NoAnswer({ kind: 'told', told: told(worst.separation, facts) });
}

function told(separation: Separation, { system }: Facts): Told {
  const faults = faultsOf(separation);
  const [one, two] = separation.sides as readonly [readonly number[], readonly number[]];
  const names = (nodes: readonly number[]): string => listed(nodeNames(system, nodes), 5);
  return {
    code: codes.connectivity,
    detail: hasFaults(faults)
      ? `with ${faultPhrase(system, faults)} ${names(one)} and ${names(two)} have no path between them, so that \`worst_diameter\` has no value`
      : `${names(one)} and ${names(two)} have no path between them even without faults, so that \`worst_diameter\` has no value`,
    short: hasFaults(faults) ? `not with ${faultPhrase(system, faults)}` : 'some members cannot reach each other',
    why: 'How far apart members can come is bounded only where no admissible faults cut two of them off: more node-disjoint paths than nodes that can fail.',
    source: 'Menger 1927',
    help: 'Add links between these sides, or ask to survive less.',
    notes: [`The members left are apart: ${separation.sides.map(names).join(' | ')}.`],
    witness:
      faults.outages.length === 0
        ? {
            kind: 'cut',
            nodes: nodeNames(
              system,
              separation.struck.map(({ node }) => node),
            ),
            sides: separation.sides.map((side) => nodeNames(system, side)),
          }
        : {
            kind: 'fault-set',
            crashed: nodeNames(system, faults.crashed),
            byzantine: nodeNames(system, faults.byzantine),
            omitting: nodeNames(system, faults.omitting),
            outages: zoneNames(system, faults.outages),
          },
    faults: { set: faults, kinds: unresponsive },
  };
}
