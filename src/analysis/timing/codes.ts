/** Titles of what the checks of timers, calls and clocks report. A code is never reused. */
export const timingCodes = {
  DS3401: 'A timer shorter than the answers that it waits for',
  DS3402: 'A timer that does not outlast the beat it watches',
  DS3403: 'Calls that are given up before they can be answered',
  DS3404: 'A lease that takes clocks to run alike',
  DS3405: 'A caller that gives up before the failover it waits for',
  DS3406: 'Retries that multiply along a chain of calls',
} as const satisfies Record<string, string>;
