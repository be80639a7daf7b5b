import type { Span } from '../../base/source.ts';
import { RuntimeFailure } from '../program.ts';
import type { Fuel } from './failure.ts';
import { charge, emptyFailure, indexFailure } from './failure.ts';

/**
 * Who may hold a collection besides the variable that owns it. Compiled code writes the numbers themselves.
 * `watched`: a trace that wants to know whether it is still what it was; a run pays no steps for a copy on its account.
 */
export const Held = { alone: 0, watched: 1, shared: 2 } as const;

/**
 * Collections are values, kept cheap by copy-on-write. `shared` says that a second owner may exist (`Held`): compiled code sets
 * it when a value flows from one place into another, and copies before it writes into a shared one. The flag is never
 * taken back; a copy starts unshared, and its elements are held by whoever held the original (`copyMarking`).
 */
export class List {
  shared: number = Held.alone;
  constructor(readonly items: unknown[]) {}

  copy(fuel: Fuel): List {
    if (this.shared === Held.shared) fuel.fuel -= this.items.length >> 3;
    return new List(this.items.slice());
  }

  /** For elements that carry a `shared` flag themselves. */
  copyMarking(fuel: Fuel): List {
    for (const item of this.items) lend(item, this.shared);
    return this.copy(fuel);
  }
}

/** Anything with a `shared` flag: List, the sets, the maps, records that are written in place. */
export interface Shareable {
  shared: number;
}

/** A collection or nothing is held by one more, or was already. */
export function lend(value: unknown, held: number): void {
  if (value !== null && (value as Shareable).shared < held) (value as Shareable).shared = held;
}

export function markElements(list: List): List {
  for (const item of list.items) lend(item, Held.shared);
  return list;
}

/** A list that starts out shared: a constant of the program. */
export function constantList(items: unknown[]): List {
  const list = new List(items);
  list.shared = Held.shared;
  return list;
}

export function concatenate(a: List, b: List, fuel: Fuel, span: Span): List {
  charge(fuel, a.items.length + b.items.length, span);
  bounded(a.items.length + b.items.length, span);
  return new List(a.items.concat(b.items));
}

/** Elements that a list may hold. Far beyond it the engine itself gives up, and with it everything in the process. */
const SIZE_MAX = 10_000_000;

function bounded(size: number, span: Span): void {
  if (size > SIZE_MAX) throw new RuntimeFailure(`a list may hold ${SIZE_MAX} elements, and this would be ${size}`, span, 'limit');
}

export function append(a: List, item: unknown, fuel: Fuel, span: Span): List {
  charge(fuel, a.items.length + 1, span);
  const items = a.items.slice();
  items.push(item);
  return new List(items);
}

/** In place. */
export function push(a: List, item: unknown, span: Span): void {
  bounded(a.items.push(item), span);
}

/** In place; `b` may be `a`. */
export function extend(a: List, b: List, fuel: Fuel, span: Span): void {
  const count = b.items.length;
  charge(fuel, count, span);
  bounded(a.items.length + count, span);
  for (let i = 0; i < count; i++) a.items.push(b.items[i]);
}

export function at(items: readonly unknown[], index: number, span: Span): unknown {
  return index >= 0 && index < items.length ? items[index] : indexFailure(index, items.length, span);
}

export function first(list: List, span: Span): unknown {
  return list.items.length > 0 ? list.items[0] : emptyFailure('first', span);
}

export function last(list: List, span: Span): unknown {
  return list.items.length > 0 ? list.items[list.items.length - 1] : emptyFailure('last', span);
}

export function take(list: List, count: number, fuel: Fuel, span: Span): List {
  const items = list.items.slice(0, Math.max(0, count));
  charge(fuel, items.length, span);
  return new List(items);
}

export function drop(list: List, count: number, fuel: Fuel, span: Span): List {
  const items = list.items.slice(Math.max(0, count));
  charge(fuel, items.length, span);
  return new List(items);
}

/** `list[a..b]`, both ends included; the empty range one below its start is allowed. */
export function slice(list: List, from: number, to: number, fuel: Fuel, span: Span): List {
  if (to < from) return new List([]);
  if (from < 0 || from >= list.items.length) return indexFailure(from, list.items.length, span);
  if (to >= list.items.length) return indexFailure(to, list.items.length, span);
  charge(fuel, to - from + 1, span);
  return new List(list.items.slice(from, to + 1));
}

export function reversed(list: List, fuel: Fuel, span: Span): List {
  charge(fuel, list.items.length, span);
  return new List(list.items.slice().reverse());
}
