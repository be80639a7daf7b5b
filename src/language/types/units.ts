import type { Type } from '../../model/types.ts';
import { BANDWIDTH, DURATION, RATE, REAL, SIZE } from './type.ts';

const SECOND = 1e9;

/** What one of a unit is in the fixed units of `Value`, and the type of a quantity in it. */
export const units: ReadonlyMap<string, { readonly type: Type; readonly factor: number }> = new Map([
  ...Object.entries({ ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: SECOND, min: 60 * SECOND, h: 3600 * SECOND, d: 86400 * SECOND }).map(
    ([unit, factor]) => [unit, { type: DURATION, factor }] as const,
  ),
  ...Object.entries({ '/s': 1, '/min': 1 / 60, '/h': 1 / 3600, '/d': 1 / 86400 }).map(
    ([unit, factor]) => [unit, { type: RATE, factor }] as const,
  ),
  ...Object.entries({ B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }).map(
    ([unit, factor]) => [unit, { type: SIZE, factor }] as const,
  ),
  ...Object.entries({ bps: 1, kbps: 1e3, Kbps: 1e3, Mbps: 1e6, Gbps: 1e9, Tbps: 1e12 }).map(
    ([unit, factor]) => [unit, { type: BANDWIDTH, factor }] as const,
  ),
  ['%', { type: REAL, factor: 0.01 }] as const,
]);

const QUANTITY = /^([0-9_]+(?:\.[0-9]+)?)(.+)$/;

/** The value and type of `10ms`, `99.9%`, `50/s`, `64KiB`; null when the unit is unknown. */
export function parseQuantity(text: string): { value: number; type: Type } | null {
  const parts = QUANTITY.exec(text);
  const unit = parts && units.get(parts[2] as string);
  if (!parts || !unit) return null;
  const digits = (parts[1] as string).replaceAll('_', '');
  // The point is moved in the text: 99.9 / 100 is 0.9990000000000001, and `99.9%` is to be 0.999.
  if (unit.type.kind === 'Real') return { value: Number(`${digits}e-2`), type: REAL };
  const number = Number(digits);
  const value = unit.factor < 1 ? number / Math.round(1 / unit.factor) : number * unit.factor;
  // Nanoseconds are whole: `0.1us` is 100 ns and not 100.00000000000001.
  return { value: unit.type.kind === 'Duration' ? Math.round(value) : value, type: unit.type };
}

/** Numbers are written in decimal with `_` between digits; a point or exponent makes a Real. */
export function parseNumber(text: string): { value: number; isInt: boolean } {
  return { value: Number(text.replaceAll('_', '')), isInt: !/[.eE]/.test(text) };
}
