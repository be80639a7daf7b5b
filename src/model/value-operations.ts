import { typeText } from './type-text.ts';
import type { Distribution, ListValue, MapValue, QuorumSystem, RangeValue, SetValue, Value } from './values.ts';

/** A key that is equal for equal values: numbers stand for themselves, all else for a text. */
export function keyOf(value: Value): number | string {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return `s${JSON.stringify(value)}`;
  if (value === null || typeof value === 'boolean') return String(value);
  switch (value.kind) {
    case 'range':
      return `r${value.min}..${value.max}`;
    case 'list':
      return `[${value.items.map(keyOf).join()}]`;
    case 'set':
      return `{${value.items.map(keyOf).join()}}`;
    case 'map':
      return `m${value.entries.map(([key, item]) => `${keyOf(key)}:${keyOf(item)}`).join()}`;
    case 'record':
      return `${value.record}(${Object.values(value.fields).map(keyOf).join()})`;
    case 'enum':
      return `${value.enum}.${value.member}`;
    case 'data':
      return `d${typeText(value.type)}:${keyOf(value.value)}`;
    default:
      return JSON.stringify(value);
  }
}

export function equalValues(a: Value, b: Value): boolean {
  return a === b || keyOf(a) === keyOf(b);
}

/** The order of an enum's member among its declared ones; by name when nothing is known. */
export type EnumOrder = (enumName: string, member: string) => number;

/** The language's order: `none` first, false before true, texts by UTF-16, records and lists part by part, enums as declared. */
export function compareValues(a: Value, b: Value, order?: EnumOrder): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'object' && typeof b === 'object') {
    if (a.kind === 'enum' && b.kind === 'enum') {
      return order ? order(a.enum, a.member) - order(b.enum, b.member) : compareValues(a.member, b.member);
    }
    if (a.kind === 'data' && b.kind === 'data') {
      return compareValues(typeText(a.type), typeText(b.type)) || compareValues(a.value, b.value, order);
    }
    if (a.kind === 'record' && b.kind === 'record') {
      return compareSequences(Object.values(a.fields), Object.values(b.fields), order);
    }
    if ((a.kind === 'list' || a.kind === 'set') && (b.kind === 'list' || b.kind === 'set')) {
      return compareSequences(a.items, b.items, order);
    }
  }
  return compareValues(String(keyOf(a)), String(keyOf(b)));
}

function compareSequences(a: readonly Value[], b: readonly Value[], order?: EnumOrder): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const compared = compareValues(a[i] as Value, b[i] as Value, order);
    if (compared !== 0) return compared;
  }
  return a.length - b.length;
}

export function listOf(items: readonly Value[]): ListValue {
  return { kind: 'list', items };
}

/** A set of distinct items in ascending order. */
export function setOf(items: Iterable<Value>, order?: EnumOrder): SetValue {
  const distinct = new Map<number | string, Value>();
  for (const item of items) distinct.set(keyOf(item), item);
  return { kind: 'set', items: [...distinct.values()].sort((a, b) => compareValues(a, b, order)) };
}

export function mapOf(entries: Iterable<readonly [Value, Value]>, order?: EnumOrder): MapValue {
  const distinct = new Map<number | string, readonly [Value, Value]>();
  for (const entry of entries) distinct.set(keyOf(entry[0]), entry);
  return { kind: 'map', entries: [...distinct.values()].sort((a, b) => compareValues(a[0], b[0], order)) };
}

export function isRange(value: Value): value is RangeValue {
  return typeof value === 'object' && value !== null && value.kind === 'range';
}

const quorumKinds: ReadonlySet<string> = new Set<QuorumSystem['kind']>(['node', 'atleast', 'weighted', 'slices']);

export function isQuorum(value: Value): value is QuorumSystem {
  return typeof value === 'object' && value !== null && quorumKinds.has(value.kind);
}

const distributionKinds = new Set(['constant', 'uniform', 'normal', 'lognormal', 'exponential', 'pareto', 'empirical']);

export function isDistribution(value: Value): value is Distribution {
  return typeof value === 'object' && value !== null && distributionKinds.has(value.kind);
}

/** Node indices of a node, a set or a list of them, ascending and distinct; null when the value is none of these. */
export function nodesOf(value: Value): number[] | null {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null || (value.kind !== 'set' && value.kind !== 'list')) return null;
  const nodes: number[] = [];
  let ascending = true;
  for (const item of value.items) {
    if (typeof item !== 'number') return null;
    if (nodes.length > 0 && item <= (nodes[nodes.length - 1] as number)) ascending = false;
    nodes.push(item);
  }
  return ascending ? nodes : [...new Set(nodes)].sort((a, b) => a - b);
}
