import type { Expression } from './code.ts';
import { spanKey } from './span-key.ts';

/** The expression with numbers in place of literals, by the `spanKey` of where they stand. */
export function replaceLiterals(expression: Expression, literals: Readonly<Record<string, number>> | undefined): Expression {
  return literals === undefined ? expression : (replaced(expression, literals) as Expression);
}

/** Expressions are plain trees, so their kinds need not be told apart. */
function replaced(part: unknown, literals: Readonly<Record<string, number>>): unknown {
  if (Array.isArray(part)) return part.map((item) => replaced(item, literals));
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, replaced(value, literals)]));
  const span = 'span' in part ? (part.span as Expression['span']) : undefined;
  const value = 'kind' in part && part.kind === 'literal' && span !== undefined ? literals[spanKey(span)] : undefined;
  return value === undefined ? copy : { ...copy, value };
}
