/** Titles of what the lint of protocols reports. A code is never reused. */
export const lintCodes = {
  DS4001: 'A message that nobody handles',
  DS4002: 'A message that nobody sends',
  DS4003: 'An unused message',
  DS4004: 'A timer without a handler',
  DS4005: 'A timer that is never set',
  DS4006: 'An unused timer',
  DS4007: 'State that is never read',
  DS4008: 'State that never changes',
  DS4009: 'A promise lost in a crash',
  DS4010: 'An event that is never emitted',
  DS4011: 'An operation without a handler',
  DS4012: 'A function that is never called',
  DS4013: 'Statements that never run',
  DS4014: 'An unused quorum system, parameter or constant',
  DS4015: 'An operation that is never answered',
  DS4016: 'Timers that stand still after a crash',
} as const satisfies Record<string, string>;
