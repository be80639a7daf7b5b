import type { Finding } from '../../base/finding.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { lyingRelays } from './lying-relays.ts';
import { relayLosses } from './relay-loss.ts';

/** DS33xx: what relays between members can do to them, whatever the protocols require. */
export function networkFindings(checked: SystemUnderCheck): Finding[] {
  return [...relayLosses(checked), ...lyingRelays(checked)];
}
