import type { Span } from '../../base/source.ts';
import { RuntimeFailure } from '../program.ts';

/** Thrown where fuel runs out; whoever dispatched the handler turns it into a RuntimeFailure that names the budget. */
export class OutOfFuel {
  constructor(readonly span: Span) {}
}

/** What carries the step budget: the host in handlers, a counter of the module in properties. */
export interface Fuel {
  fuel: number;
}

export function fail(message: string, span: Span): never {
  throw new RuntimeFailure(message, span);
}

export function limit(span: Span): never {
  throw new OutOfFuel(span);
}

/** Pays for an operation over `count` elements. */
export function charge(fuel: Fuel, count: number, span: Span): void {
  fuel.fuel -= count;
  if (fuel.fuel < 0) throw new OutOfFuel(span);
}

/** Function calls that one handler may have under way; JavaScript's own stack is deeper than this. */
export const MAX_DEPTH = 1000;

export function tooDeep(name: string, span: Span): never {
  throw new RuntimeFailure(`\`${name}\` calls itself more than ${MAX_DEPTH} levels deep`, span, 'limit');
}

/** What a run-time error looks like from outside; `what` is "handler" or "property". */
export function translate(error: unknown, budget: number, what: string, span: Span): unknown {
  if (error instanceof OutOfFuel) return new RuntimeFailure(`this ${what} took more than ${budget} steps`, error.span, 'limit');
  if (error instanceof RangeError) return new RuntimeFailure(`this ${what} needs more memory or stack than it may use`, span, 'limit');
  return error;
}

export function indexFailure(index: number, size: number, span: Span): never {
  return fail(
    size === 0 ? `index ${index} is outside an empty list` : `index ${index} is outside a list of ${size} (0 to ${size - 1})`,
    span,
  );
}

export function keyFailure(key: string, size: number, span: Span): never {
  return fail(size === 0 ? `no key ${key} in an empty map` : `no key ${key} in a map of ${size} ${size === 1 ? 'entry' : 'entries'}`, span);
}

export function emptyFailure(method: string, span: Span): never {
  return fail(`\`${method}\` of an empty collection`, span);
}

export function overflow(span: Span): never {
  return fail('this Int leaves the safe range of ±9007199254740991', span);
}

export function notMember(node: string, span: Span): never {
  return fail(`${node} does not run this protocol, so it has no state here`, span);
}
