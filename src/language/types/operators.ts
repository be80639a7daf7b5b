import type { BinaryOperator } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { BANDWIDTH, DURATION, INT, RATE, REAL, SIZE, STRING } from './type.ts';

/**
 * Arithmetic with units, as one table for checker and hovers. Operands have exactly the types of the row. In the fixed
 * units (nanoseconds, per second, bytes, bits per second) some results need a factor: 3 / 1s is 3 / 1e9 as numbers, and
 * 3 per second with `times` 1e9. The checker puts the factors into the code, so that nobody behind it knows of units.
 */
export interface OperatorRow {
  readonly operator: BinaryOperator;
  readonly left: Type;
  readonly right: Type;
  readonly result: Type;
  /** What the left operand is multiplied by first. */
  readonly times: number;
  /** What the result is divided by. */
  readonly over: number;
}

const rows: OperatorRow[] = [];
function row(left: Type, operator: BinaryOperator, right: Type, result: Type, times = 1, over = 1): void {
  rows.push({ operator, left, right, result, times, over });
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
row(RATE, '*', DURATION, REAL, 1, 1e9);
row(DURATION, '*', RATE, REAL, 1, 1e9);
row(SIZE, '/', BANDWIDTH, DURATION, 8e9);
row(SIZE, '/', DURATION, BANDWIDTH, 8e9);
row(BANDWIDTH, '*', DURATION, SIZE, 1, 8e9);
row(DURATION, '*', BANDWIDTH, SIZE, 1, 8e9);
row(SIZE, '*', RATE, BANDWIDTH, 8);
row(RATE, '*', SIZE, BANDWIDTH, 8);
row(BANDWIDTH, '/', RATE, SIZE, 1, 8);
row(BANDWIDTH, '/', SIZE, RATE, 1, 8);

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
