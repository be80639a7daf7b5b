import type { Span } from '../../base/source.ts';
import type { Type } from '../../model/types.ts';
import { fail } from './failure.ts';
import type { Parts, TypeOperations } from './type-operations.ts';

/** A type of which some Data carries a value, with what can be done with such values in the program that made them. */
export interface CarriedType {
  /** Equal for equal types only, in all programs of a run. */
  readonly text: string;
  /** As a user is told of it. */
  readonly name: string;
  readonly type: Type;
  readonly operations: TypeOperations;
}

/** Longest canonical text that a Data keeps once it was asked for. */
const KEPT_TEXT = 256;

/**
 * A value with its type. It never changes: what flows into one has been marked as shared. Another program than the one that
 * made it may compare, order, write and measure it without knowing the type.
 */
export class Data {
  private text: string | null = null;

  constructor(
    readonly carried: CarriedType,
    readonly value: unknown,
  ) {}

  canonical(): string {
    if (this.text !== null) return this.text;
    const text = `[${JSON.stringify(this.carried.text)},${this.carried.operations.canonical(this.value)}]`;
    if (text.length <= KEPT_TEXT) this.text = text;
    return text;
  }
}

/** First by the name of the type, then by value: total, and zero exactly for equal ones. */
function compare(a: Data, b: Data): number {
  if (a === b) return 0;
  const [left, right] = [a.carried.text, b.carried.text];
  if (left !== right) return left < right ? -1 : 1;
  return a.carried.operations.compare(a.value, b.value);
}

function equals(a: Data, b: Data): boolean {
  if (a === b) return true;
  if (a.carried.text !== b.carried.text) return false;
  if (a.carried.operations === b.carried.operations) return a.carried.operations.equals(a.value, b.value);
  // Of two programs: they may hold sets of nodes in different ways.
  return a.canonical() === b.canonical();
}

export const dataOperations: Parts = {
  equals: (a, b) => equals(a as Data, b as Data),
  compare: (a, b) => compare(a as Data, b as Data),
  key: (value) => (value as Data).canonical(),
  canonical: (value) => (value as Data).canonical(),
  write(value, out) {
    out.takeParts();
    (value as Data).carried.operations.write((value as Data).value, out);
  },
  size: (value) => (value as Data).carried.operations.size((value as Data).value),
};

/** What it carries; an error of the run where that is of another type. */
export function carriedValue(data: Data, wanted: CarriedType, span: Span): unknown {
  if (data.carried.text === wanted.text) return data.value;
  return fail(`this Data carries a value of type ${data.carried.name}, not ${wanted.name}`, span);
}

export function carries(data: Data, wanted: CarriedType): boolean {
  return data.carried.text === wanted.text;
}
