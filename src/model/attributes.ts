import type { Span } from '../base/source.ts';
import { formatBandwidth, formatDuration, formatNumber, formatRate, formatRatio } from '../base/units.ts';
import type { ExpandContext } from './expand-context.ts';
import type { AttributeCode } from './system-code.ts';
import type { Type } from './types.ts';
import type { Distribution, Value } from './values.ts';

/** What a number may be, with the words for it. */
export interface Bounds {
  readonly allowed: string;
  readonly holds: (value: number) => boolean;
}

export const bounds = {
  probability: { allowed: 'between 0% and 100%', holds: (x) => x >= 0 && x <= 1 },
  positive: { allowed: 'more than 0', holds: (x) => x > 0 && Number.isFinite(x) },
  nonNegative: { allowed: '0 or more', holds: (x) => x >= 0 && Number.isFinite(x) },
  count: { allowed: 'a whole number of 0 or more', holds: (x) => Number.isSafeInteger(x) && x >= 0 },
  positiveCount: { allowed: 'a whole number of 1 or more', holds: (x) => Number.isSafeInteger(x) && x >= 1 },
  groupSize: { allowed: 'a whole number between 1 and 100,000', holds: (x) => Number.isInteger(x) && x >= 1 && x <= 100_000 },
  seeds: { allowed: 'a whole number between 1 and 100,000', holds: (x) => Number.isInteger(x) && x >= 1 && x <= 100_000 },
  scheduleDepth: { allowed: 'a whole number between 1 and 16', holds: (x) => Number.isInteger(x) && x >= 1 && x <= 16 },
  scheduleDelays: { allowed: 'a whole number between 0 and 1,000', holds: (x) => Number.isInteger(x) && x >= 0 && x <= 1_000 },
  slowdown: { allowed: '1 or more (10 is ten times slower)', holds: (x) => x >= 1 && Number.isFinite(x) },
  ratio: { allowed: 'at least 0% and below 100%', holds: (x) => x >= 0 && x < 1 },
  drift: { allowed: 'more than -100% and at most 1000%', holds: (x) => x > -1 && x <= 10 },
  any: { allowed: 'a number', holds: (x) => Number.isFinite(x) },
} as const satisfies Record<string, Bounds>;

/** Attributes in parentheses, evaluated and checked one by one; what is wrong is reported and counts as not written. */
export class Attributes {
  private readonly byName = new Map<string, AttributeCode>();

  constructor(
    private readonly context: ExpandContext,
    attributes: readonly AttributeCode[],
  ) {
    for (const attribute of attributes) this.byName.set(attribute.name, attribute);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Where the attribute is written. */
  span(name: string): Span | null {
    return this.byName.get(name)?.span ?? null;
  }

  /** Where its value is written. */
  valueSpan(name: string): Span | null {
    return this.byName.get(name)?.value.span ?? null;
  }

  isLiteral(name: string): boolean {
    const value = this.byName.get(name)?.value;
    return value?.kind === 'literal' || (value?.kind === 'convert' && value.value.kind === 'literal');
  }

  value(name: string): Value | undefined {
    const attribute = this.byName.get(name);
    return attribute && this.context.evaluate(attribute.value);
  }

  number(name: string, allowed: Bounds): number | null {
    const attribute = this.byName.get(name);
    if (!attribute) return null;
    const value = this.value(name);
    if (value === undefined) return null;
    const number = typeof value === 'object' && value?.kind === 'constant' ? value.value : value;
    if (typeof number !== 'number') return null;
    return checked(this.context, name, number, allowed, attribute.value.span, attribute.value.type) ? number : null;
  }

  flag(name: string): boolean {
    return this.value(name) === true;
  }

  /** A word such as `send`: written as a text or a member of an enum. */
  word(name: string): string | null {
    const value = this.value(name);
    if (typeof value === 'string') return value;
    return typeof value === 'object' && value?.kind === 'enum' ? value.member : null;
  }

  distribution(name: string): Distribution | null {
    const attribute = this.byName.get(name);
    if (!attribute) return null;
    const found = this.context.distribution(attribute.value);
    if (!found) return null;
    if (
      found.kind === 'constant' &&
      !checked(this.context, name, found.value, bounds.nonNegative, attribute.value.span, attribute.value.type)
    )
      return null;
    return found;
  }
}

/** Reports a number outside its bounds, in the unit of its type. */
export function checked(context: ExpandContext, name: string, value: number, allowed: Bounds, span: Span, type?: Type): boolean {
  if (allowed.holds(value)) return true;
  context.report('DS2002', 'error', span, `\`${name}\` must be ${allowed.allowed}, and this is ${withUnit(value, allowed, type)}.`, {
    help: `Write a value that is ${allowed.allowed}.`,
    numbers: { [name]: value },
  });
  return false;
}

function withUnit(value: number, allowed: Bounds, type?: Type): string {
  if (allowed === bounds.probability || allowed === bounds.ratio || allowed === bounds.drift) return formatRatio(value);
  const kind = type?.kind === 'Distribution' ? type.of.kind : type?.kind;
  if (kind === 'Duration') return formatDuration(value);
  if (kind === 'Rate') return formatRate(value);
  return kind === 'Bandwidth' ? formatBandwidth(value) : formatNumber(value);
}
