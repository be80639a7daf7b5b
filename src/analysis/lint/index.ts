import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { countedMessages } from './counters.ts';
import { brokenByCrash, waitsForEverybody } from './crashed-members.ts';
import { earlyAnswers } from './early-answer.ts';
import { hardCodedThresholds } from './hard-coded.ts';
import { lostPromises } from './lost-promise.ts';
import { unmatchedMessages } from './messages.ts';
import { idleState } from './state.ts';
import { timersLostInCrash, unmatchedTimers } from './timers.ts';
import { overwrittenCalls, unansweredOperations } from './unanswered.ts';
import { unreachableStatements } from './unreachable.ts';
import { silentEvents, uncalledFunctions, unhandledOperations, unusedDeclarations } from './unused.ts';
import { vacuousProperties } from './vacuous.ts';

const checks: readonly ((protocol: ProtocolCode, readByOthers: ReadonlySet<string>) => Finding[])[] = [
  lostPromises,
  earlyAnswers,
  unmatchedMessages,
  unmatchedTimers,
  timersLostInCrash,
  unhandledOperations,
  unansweredOperations,
  overwrittenCalls,
  silentEvents,
  idleState,
  uncalledFunctions,
  unusedDeclarations,
  unreachableStatements,
  hardCodedThresholds,
  countedMessages,
  vacuousProperties,
  waitsForEverybody,
  brokenByCrash,
];

/**
 * DS40xx: what looks forgotten or wrong in a protocol's code, whatever system it runs in. `readByOthers`: state, quorums and
 * parameters that protocols which use it read.
 */
export function lintFindings(protocol: ProtocolCode, readByOthers: ReadonlySet<string> = new Set()): Finding[] {
  return checks.flatMap((check) => check(protocol, readByOthers));
}
