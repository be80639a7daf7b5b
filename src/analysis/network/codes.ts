/** Codes of what the checks of the network report, with their titles. A code is never reused. */
export const networkCodes = {
  DS3301: 'One relay whose loss cuts members off',
  DS3302: 'Byzantine relays between members',
} as const satisfies Record<string, string>;
