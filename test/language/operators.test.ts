import { describe, expect, it } from 'vitest';
import { operatorRow, operatorTable } from '../../src/language/types/operators.ts';
import { BANDWIDTH, DURATION, INT, isQuantity, RATE, REAL, SIZE, typeToString } from '../../src/language/types/type.ts';
import { parseNumber, parseQuantity, units } from '../../src/language/types/units.ts';

/** What a row makes of two plain numbers in the fixed units. */
function compute(operator: '+' | '-' | '*' | '/', left: string, right: string): { value: number; type: string } {
  const read = (text: string) => parseQuantity(text) ?? { value: parseNumber(text).value, type: parseNumber(text).isInt ? INT : REAL };
  const [a, b] = [read(left), read(right)];
  const row = operatorRow(operator, a.type, b.type);
  if (!row) throw new Error(`${left} ${operator} ${right} has no row`);
  const [x, y] = [a.value * row.times, b.value];
  const plain = operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : x / y;
  return { value: plain / row.over, type: typeToString(row.result) };
}

describe('the operator table', () => {
  it('has one row for each operator and operands', () => {
    const keys = operatorTable.map((row) => `${row.left.kind} ${row.operator} ${row.right.kind}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is symmetric in + and *', () => {
    for (const row of operatorTable) {
      if (row.operator !== '+' && row.operator !== '*') continue;
      const mirrored = operatorRow(row.operator, row.right, row.left);
      expect(mirrored && { result: mirrored.result, factor: mirrored.times / mirrored.over }).toEqual({
        result: row.result,
        factor: row.times / row.over,
      });
    }
  });

  it('undoes multiplication by division: a * b = c gives c / b = a', () => {
    for (const row of operatorTable) {
      if (row.operator !== '*' || row.left.kind === 'Int' || row.right.kind === 'Int') continue;
      const back = operatorRow('/', row.result, row.right);
      expect(back?.result, `${row.result.kind} / ${row.right.kind}`).toBe(row.left);
      expect((back!.times / back!.over) * (row.times / row.over)).toBeCloseTo(1);
    }
  });

  it('adds no two quantities of different units', () => {
    const quantities = [DURATION, RATE, SIZE, BANDWIDTH];
    for (const a of quantities) for (const b of [...quantities, INT, REAL]) if (a !== b) expect(operatorRow('+', a, b)).toBeNull();
  });

  it('counts in the fixed units', () => {
    expect(compute('+', '1s', '500ms')).toEqual({ value: 1.5e9, type: 'Duration' });
    expect(compute('/', '3', '1s')).toEqual({ value: 3, type: 'Rate' });
    expect(compute('/', '1', '50/s')).toEqual({ value: 2e7, type: 'Duration' });
    expect(compute('*', '50/s', '10s')).toEqual({ value: 500, type: 'Real' });
    expect(compute('/', '1MB', '8Mbps')).toEqual({ value: 1e9, type: 'Duration' });
    expect(compute('*', '8Mbps', '1s')).toEqual({ value: 1e6, type: 'Size' });
    expect(compute('/', '1MB', '1s')).toEqual({ value: 8e6, type: 'Bandwidth' });
    expect(compute('*', '10KB', '100/s')).toEqual({ value: 8e6, type: 'Bandwidth' });
    expect(compute('/', '2s', '500ms')).toEqual({ value: 4, type: 'Real' });
    expect(compute('*', '2', '1.5')).toEqual({ value: 3, type: 'Real' });
  });
});

describe('literals', () => {
  it('every unit is a quantity', () => {
    for (const [unit, { type }] of units) expect(isQuantity(type), unit).toBe(true);
  });

  it('are exact where their values are', () => {
    expect(parseQuantity('99.9%')).toEqual({ value: 0.999, type: REAL });
    expect(parseQuantity('0.1us')).toEqual({ value: 100, type: DURATION });
    expect(parseQuantity('1.1ms')?.value).toBe(1_100_000);
    expect(parseQuantity('1_000ms')?.value).toBe(1e9);
    expect(parseQuantity('60/min')?.value).toBe(1);
    expect(parseQuantity('64KiB')?.value).toBe(65536);
    expect(parseNumber('1_000')).toEqual({ value: 1000, isInt: true });
    expect(parseNumber('1e3')).toEqual({ value: 1000, isInt: false });
  });
});
