/** Titles of what is reported about thresholds, properties and expectations once the system is known. A code is never reused. */
export const systemLintCodes = {
  DS3801: 'An expectation that cannot fail',
  DS3802: 'An expectation that can never hold',
  DS3803: 'A threshold that two groups of this deployment reach',
  DS3804: 'A threshold that faulty members keep from being reached',
  DS3805: 'An eventuality that waits for members that stay down',
  DS3806: 'A kept call that a crash leaves open',
} as const satisfies Record<string, string>;
