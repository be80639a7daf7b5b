import { exactDuration, exactRatio } from '../base/units.ts';
import type { System } from './system.ts';
import type { Type } from './types.ts';
import type { Distribution, Value } from './values.ts';

/**
 * A value as the language writes it where a value of that type is expected: read again it is the same value. Records have
 * no name in a system, so that no call of a scenario carries one: they and what is no data give `none`.
 */
export function valueText(value: Value, type: Type, system: System): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return type.kind === 'Zone' ? value : stringLiteral(value);
  if (typeof value === 'number') return numberText(value, type, system);
  const inner = type.kind === 'Optional' || type.kind === 'Signed' ? type.of : type;
  const element = inner.kind === 'List' || inner.kind === 'Set' || inner.kind === 'Range' ? inner.of : inner;
  const items = (values: readonly Value[]): string => values.map((item) => valueText(item, element, system)).join(', ');
  switch (value.kind) {
    case 'list':
      return `[${items(value.items)}]`;
    case 'set':
      return `{${items(value.items)}}`;
    case 'range':
      return `${numberText(value.min, element, system)}..${numberText(value.max, element, system)}`;
    case 'map': {
      const of = inner.kind === 'Map' ? inner : { key: inner, value: inner };
      return `{${value.entries.map(([key, item]) => `${valueText(key, of.key, system)}: ${valueText(item, of.value, system)}`).join(', ')}}`;
    }
    case 'data':
      return valueText(value.value, value.type, system);
    case 'enum':
      return `${shortName(value.enum)}.${value.member}`;
    default:
      return 'none';
  }
}

/** A distribution of durations: `exponential(20s)`. Unlike `formatDelay` exact. */
export function delayText(of: Distribution): string {
  switch (of.kind) {
    case 'constant':
      return exactDuration(of.value);
    case 'uniform':
      return `uniform(${exactDuration(of.min)}, ${exactDuration(of.max)})`;
    case 'normal':
      return `normal(${exactDuration(of.mean)}, ${exactDuration(of.sd)})`;
    case 'lognormal':
      return `lognormal(${exactDuration(of.median)}, ${of.sigma})`;
    case 'exponential':
      return `exponential(${exactDuration(of.mean)})`;
    case 'pareto':
      return `pareto(${exactDuration(of.scale)}, ${of.shape})`;
    case 'empirical':
      return `empirical([${of.values.map(exactDuration).join(', ')}])`;
  }
}

/** A text in double quotes, with escapes for what may not stand in one. */
export function stringLiteral(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\0', '\\0');
  return `"${escaped}"`;
}

function numberText(value: number, type: Type, system: System): string {
  switch (type.kind) {
    case 'Optional':
    case 'Signed':
      return numberText(value, type.of, system);
    case 'Node':
      return system.nodes[value]?.name ?? String(value);
    case 'Duration':
      return exactDuration(value);
    case 'Rate':
      return `${decimals(value)}/s`;
    case 'Size':
      return `${decimals(value)}B`;
    case 'Bandwidth':
      return `${decimals(value)}bps`;
    case 'Real':
      // Whole numbers without a point are Ints, which have bounds.
      if (!Number.isInteger(value)) return String(value);
      return Math.abs(value) < 1e15 ? `${value}.0` : value.toExponential();
    default:
      return String(value);
  }
}

/** Without an exponent: numbers with a unit have none. */
export function decimals(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  if (Math.abs(value) >= 1) return BigInt(value).toString();
  for (let digits = 1; digits <= 100; digits += 1) {
    const fixed = value.toFixed(digits);
    if (Number(fixed) === value) return fixed;
  }
  return value.toFixed(100);
}

/** A share as the language writes it: `30%`. */
export function shareText(share: number): string {
  return exactRatio(share) ?? String(share);
}

function shortName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1);
}
