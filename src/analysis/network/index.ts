import type { SystemCheck } from '../checks.ts';
import { lyingRelays } from './lying-relays.ts';
import { relayLosses } from './relay-loss.ts';

/** DS33xx: what relays between members can do to them, whatever the protocols require. */
export const networkChecks: readonly SystemCheck[] = [relayLosses, lyingRelays];
