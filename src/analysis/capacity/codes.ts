/** Codes of what the capacity checks report, with their titles. A code is never reused. */
export const capacityCodes = {
  DS3601: 'A node with more work than it can do',
  DS3602: 'A node with more work than it can do after an outage',
  DS3603: 'A link with more to carry than it can',
  DS3604: 'Retries that can keep a system overloaded',
  DS3605: 'More members than it scales to',
} as const satisfies Record<string, string>;
