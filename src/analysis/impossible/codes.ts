/** Titles of what no protocol, or no system, can do under the assumptions that a file states. A code is never reused. */
export const impossibleCodes = {
  DS3701: 'Guaranteed termination in an asynchronous system',
  DS3702: 'Linearizable and available on both sides of a partition',
  DS3703: 'Too few members, whatever the protocol',
} as const satisfies Record<string, string>;
