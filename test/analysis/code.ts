import type { Span } from '../../src/base/source.ts';
import type { BinaryOperator, Expression, GivenName, IntrinsicName, ProtocolCode, Requirement } from '../../src/model/code.ts';
import type { BudgetCode, GroupCode, RunCode, SystemCode } from '../../src/model/system-code.ts';
import type { Type } from '../../src/model/types.ts';
import type { Value } from '../../src/model/values.ts';
import { protocolCode, systemCode } from '../support/code.ts';

/** Checked code built by hand. Every span is a different place, so that edits and overrides can be told apart. */

let offset = 0;

export function place(): Span {
  offset += 10;
  return { uri: 'test:', start: offset, end: offset + 5 };
}

const int: Type = { kind: 'Int' };
const bool: Type = { kind: 'Bool' };
const duration: Type = { kind: 'Duration' };
const nodeSet: Type = { kind: 'Set', of: { kind: 'Node' } };
const quorum: Type = { kind: 'Quorum' };

export const literal = (value: Value, type: Type = int): Expression => ({ kind: 'literal', value, type, span: place() });
export const ms = (value: number): Expression => literal(value * 1e6, duration);
export const given = (name: GivenName, type: Type = int): Expression => ({ kind: 'given', name, type, span: place() });
export const members = (): Expression => given('members', nodeSet);
export const parameter = (name: string, type: Type = int): Expression => ({ kind: 'parameter', name, type, span: place() });
export const group = (name: string): Expression => ({ kind: 'group', name, type: nodeSet, span: place() });
export const named = (name: string): Expression => ({ kind: 'quorum', name, type: quorum, span: place() });
export const call = (name: IntrinsicName, ...args: Expression[]): Expression => ({
  kind: 'intrinsic',
  name,
  arguments: args,
  type: name === 'intersect' || name === 'available' ? bool : quorum,
  span: place(),
});
export const binary = (left: Expression, operator: BinaryOperator, right: Expression, type: Type = int): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
  type,
  span: place(),
});

export function requires(kind: 'safety' | 'liveness', text: string, condition: Expression, because: string | null = null): Requirement {
  return { kind, condition, text, because, span: place() };
}

export function protocol(name: string, parts: Partial<ProtocolCode>): ProtocolCode {
  return protocolCode(name, { uri: 'test:', span: place(), nameSpan: place(), ...parts });
}

export function nodes(name: string, size: number | Expression, zones: readonly string[] = []): GroupCode {
  return {
    name,
    size: typeof size === 'number' ? literal(size) : size,
    placement: zones.length > 0 ? { spread: false, zones, span: place() } : null,
    attributes: [],
    span: place(),
    nameSpan: place(),
  };
}

export function budget(kind: 'crash' | 'omission' | 'timing' | 'byzantine', count: number, targets: Expression): BudgetCode {
  return { kind, count: literal(count), targets, zones: [], attributes: [], span: place() };
}

export function outages(count: number, zones: readonly string[]): BudgetCode {
  return { kind: 'outage', count: literal(count), targets: literal(null), zones, attributes: [], span: place() };
}

export function faultModel(name: string, ...budgets: BudgetCode[]): SystemCode['faultModels'][number] {
  return { name, budgets, span: place(), nameSpan: place() };
}

export function run(name: string, on: Expression, args: RunCode['arguments'] = []): RunCode {
  return { called: name, protocol: name, arguments: args, nodes: on, roles: [], uses: [], span: place(), nameSpan: place() };
}

/** Zones as `name` or `name < parent`. */
export function system(zones: readonly string[], parts: Partial<SystemCode>): SystemCode {
  return systemCode({
    uri: 'test:',
    span: place(),
    nameSpan: place(),
    zones: zones.map((text) => {
      const [name, parent] = text.split(' < ');
      return { name: name as string, parent: parent ?? null, attributes: [], span: place(), nameSpan: place() };
    }),
    ...parts,
  });
}

export function partiallySynchronous(delayMs: number): SystemCode['timing'] {
  const attribute = (name: string, value: number) => ({ name, value: ms(value), span: place() });
  return { model: 'partially_synchronous', attributes: [attribute('delay', delayMs), attribute('gst', 1000)], span: place() };
}
