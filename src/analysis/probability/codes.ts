/** Titles of what the analysis of probabilities reports. A code is never reused. */
export const probabilityCodes = {
  DS3501: 'A longest chain that the adversary can outrun',
  DS3502: 'More nodes that are available less',
  DS3503: 'Two availabilities that differ',
  DS3504: 'A mean time without the other',
  DS3505: 'A fault budget that is mostly exceeded',
} as const satisfies Record<string, string>;
