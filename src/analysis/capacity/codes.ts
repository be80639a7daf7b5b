/** Codes of what the capacity checks report, with their titles. A code is never reused. */
export const capacityCodes = {
  DS3605: 'More members than it scales to',
} as const satisfies Record<string, string>;
