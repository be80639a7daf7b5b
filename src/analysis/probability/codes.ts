/** Titles of what the analysis of probabilities reports. A code is never reused. */
export const probabilityCodes = {
  DS3501: 'A longest chain that the adversary can outrun',
} as const satisfies Record<string, string>;
