import type { BinaryOperator } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { BANDWIDTH, DURATION, INT, RATE, REAL, SIZE, STRING } from './type.ts';

/**
 * Arithmetic with units, as one table that checker, hovers and compiler share. Operands have exactly the types of the
 * row. `scale` is what the plain result in the fixed units (nanoseconds, per second, bytes, bits per second) must be
 * multiplied by: 3 / 1s is 3 / 1e9 as numbers, and 3 per second with the scale of 1e9.
 */
export interface OperatorRow {
  readonly operator: BinaryOperator;
  readonly left: Type;
  readonly right: Type;
  readonly result: Type;
  readonly scale: number;
  /** Int / Int: the quotient rounded down. */
  readonly floor: boolean;
}

const rows: OperatorRow[] = [];
function row(left: Type, operator: BinaryOperator, right: Type, result: Type, scale = 1): void {
  rows.push({ operator, left, right, result, scale, floor: operator === '/' && result === INT });
}

for (const operator of ['+', '-', '*', '/', 'mod', '^'] as const) {
  row(INT, operator, INT, INT);
  row(REAL, operator, REAL, REAL);
}
row(STRING, '+', STRING, STRING);
for (const quantity of [DURATION, RATE, SIZE, BANDWIDTH]) {
  row(quantity, '+', quantity, quantity);
  row(quantity, '-', quantity, quantity);
  row(quantity, '/', quantity, REAL);
  for (const number of [INT, REAL]) {
    row(quantity, '*', number, quantity);
    row(number, '*', quantity, quantity);
    row(quantity, '/', number, quantity);
  }
}
row(DURATION, 'mod', DURATION, DURATION);
row(SIZE, 'mod', SIZE, SIZE);
for (const number of [INT, REAL]) {
  row(number, '/', DURATION, RATE, 1e9);
  row(number, '/', RATE, DURATION, 1e9);
}
row(RATE, '*', DURATION, REAL, 1e-9);
row(DURATION, '*', RATE, REAL, 1e-9);
row(SIZE, '/', BANDWIDTH, DURATION, 8e9);
row(SIZE, '/', DURATION, BANDWIDTH, 8e9);
row(BANDWIDTH, '*', DURATION, SIZE, 1e-9 / 8);
row(DURATION, '*', BANDWIDTH, SIZE, 1e-9 / 8);
row(SIZE, '*', RATE, BANDWIDTH, 8);
row(RATE, '*', SIZE, BANDWIDTH, 8);

const table = new Map<string, OperatorRow>(rows.map((each) => [`${each.left.kind}${each.operator}${each.right.kind}`, each]));

export const operatorTable: readonly OperatorRow[] = rows;

/** The row for operands of these types; an Int beside a Real counts as a Real. Null when there is none. */
export function operatorRow(operator: BinaryOperator, left: Type, right: Type): OperatorRow | null {
  const exact = table.get(left.kind + operator + right.kind);
  if (exact) return exact;
  if ((left.kind === 'Int' && right.kind === 'Real') || (left.kind === 'Real' && right.kind === 'Int')) {
    return table.get(`Real${operator}Real`) ?? null;
  }
  return null;
}
