import { formatNumber, formatRatio } from '../../base/units.ts';
import type { GivenName } from '../../model/code.ts';
import type { Facts } from '../facts.ts';
import { peak, scalingOf } from './scaling.ts';
import { arithmetic, nodeName } from './words.ts';

/** What stands behind `utilisation` and `peak_members` where a clause that names them fails. */
export function loadNotes(used: ReadonlySet<GivenName>, facts: Facts): string[] {
  const notes: string[] = [];
  if (used.has('utilisation')) {
    const load = facts.load();
    const [busiest] = load === null ? [] : facts.membersByLoad(load);
    if (load !== null && busiest !== undefined)
      notes.push(`Busiest is ${nodeName(facts.system, busiest.node)}: ${arithmetic(busiest, load)}.`);
  }
  const scaling = used.has('peak_members') ? scalingOf(facts.system, facts.deployment) : null;
  if (scaling !== null) {
    notes.push(
      `\`peak_members\` is near √((1 − σ)/κ) = ${formatNumber(peak(scaling))} by the protocol's own σ = ${formatRatio(scaling.serial)} and κ = ${formatRatio(scaling.crosstalk)} (Gunther 1993).`,
    );
  }
  return notes;
}
