/** What generated code may name: everything here becomes a constant at its head. */
import * as accomplices from './accomplices.ts';
import * as arithmetic from './arithmetic.ts';
import * as chance from './chance.ts';
import * as data from './data.ts';
import * as failure from './failure.ts';
import { hashText } from './hash.ts';
import * as intMap from './int-map.ts';
import * as list from './list.ts';
import * as maps from './maps.ts';
import * as nodes from './node-set.ts';
import * as quorums from './quorums.ts';
import * as sequences from './sequences.ts';
import * as sets from './sets.ts';
import * as values from './values.ts';

export const library: Readonly<Record<string, unknown>> = {
  ...accomplices,
  ...arithmetic,
  ...chance,
  ...data,
  ...failure,
  hashText,
  ...intMap,
  ...list,
  ...maps,
  ...nodes,
  ...quorums,
  ...sequences,
  ...sets,
  ...values,
};
