/** Codes of what is found in federated slices. Each has a page under docs/checks/; a code is never used again for something else. */
export const codes = {
  overlap: 'DS3201',
  trustedWithoutSlices: 'DS3202',
  zeroThreshold: 'DS3203',
  unsatisfiable: 'DS3204',
  listedTwice: 'DS3205',
  tooDeep: 'DS3206',
  lowThreshold: 'DS3207',
  slicesTwice: 'DS3208',
  notTakingPart: 'DS3209',
} as const;

export const federatedCodes: Readonly<Record<string, string>> = {
  DS3201: 'Unique node lists that overlap too little',
  DS3202: 'A trusted node without slices',
  DS3203: 'Slices with a threshold of zero',
  DS3204: 'Slices that can never be satisfied',
  DS3205: 'A validator that is listed twice',
  DS3206: 'Slices nested deeper than four levels',
  DS3207: 'A low threshold in slices',
  DS3208: 'Two slices entries for one node',
  DS3209: 'Slices of a node that does not take part',
};
