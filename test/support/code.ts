import type { Span } from '../../src/base/source.ts';
import type { Expression, ProtocolCode } from '../../src/model/code.ts';
import type { AttributeCode, GroupCode, LinkCode, RunCode, ScenarioCode, SystemCode } from '../../src/model/system-code.ts';
import type { Type } from '../../src/model/types.ts';
import type { Value } from '../../src/model/values.ts';

/**
 * Hand-built checked code, for tests of the stages behind the language. Spans count up, so that each part has a place
 * of its own.
 */
let offset = 0;
export function span(length = 1): Span {
  offset += length + 1;
  return { uri: 'test:///system.dsys', start: offset - length - 1, end: offset - 1 };
}

const INT: Type = { kind: 'Int' };
const NODES: Type = { kind: 'Set', of: { kind: 'Node' } };

export function literal(value: Value, type: Type = INT): Expression {
  return { kind: 'literal', value, type, span: span() };
}

export function group(name: string): Expression {
  return { kind: 'group', name, type: NODES, span: span() };
}

export function zone(name: string): Expression {
  return { kind: 'zone', name, type: NODES, span: span() };
}

export function constant(name: string): Expression {
  return { kind: 'constant', name, type: INT, span: span() };
}

export function local(name: string, type: Type = INT): Expression {
  return { kind: 'local', name, type, span: span() };
}

export function binary(
  left: Expression,
  operator: (Expression & { kind: 'binary' })['operator'],
  right: Expression,
  type: Type = INT,
): Expression {
  return { kind: 'binary', operator, left, right, type, span: span() };
}

export function intrinsic(name: (Expression & { kind: 'intrinsic' })['name'], type: Type, ...items: Expression[]): Expression {
  return { kind: 'intrinsic', name, arguments: items, type, span: span() };
}

export function method(receiver: Expression, name: string, type: Type, ...items: Expression[]): Expression {
  return { kind: 'method', receiver, method: name, arguments: items, type, span: span() };
}

export function lambda(parameters: string[], body: Expression): Expression {
  return { kind: 'lambda', parameters, body, type: { kind: 'Function', parameters: [], result: body.type }, span: span() };
}

export function at(object: Expression, index: Expression, type: Type): Expression {
  return { kind: 'index', object, index, type, span: span() };
}

export function attributes(values: Readonly<Record<string, Value | Expression>>): AttributeCode[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    value: typeof value === 'object' && value !== null && 'span' in value ? value : literal(value as Value),
    span: span(),
  }));
}

export function nodeGroup(name: string, size: number | Expression | null, more: Partial<GroupCode> = {}): GroupCode {
  const expression = typeof size === 'number' ? literal(size) : size;
  return { name, size: expression, placement: null, attributes: [], span: span(), nameSpan: span(), ...more };
}

export function link(from: Expression, to: Expression, values: Readonly<Record<string, Value>> = {}, directed = false): LinkCode {
  return { edges: { kind: 'pairs', from, to, directed }, attributes: attributes(values), span: span() };
}

export function shape(
  name: (LinkCode['edges'] & { kind: 'shape' })['shape'],
  nodes: Expression[],
  options: Readonly<Record<string, Value>> = {},
): LinkCode {
  return { edges: { kind: 'shape', shape: name, nodes, options: attributes(options) }, attributes: [], span: span() };
}

export function run(protocol: string, nodes: Expression, more: Partial<RunCode> = {}): RunCode {
  return { called: protocol, protocol, arguments: [], nodes, roles: [], uses: [], span: span(), nameSpan: span(), ...more };
}

export function scenario(name: string, more: Partial<ScenarioCode> = {}): ScenarioCode {
  return {
    name,
    faults: null,
    attributes: [],
    vary: null,
    actions: [],
    calls: [],
    expectations: [],
    span: span(),
    nameSpan: span(),
    ...more,
  };
}

export function protocolCode(name: string, more: Partial<ProtocolCode> = {}): ProtocolCode {
  return {
    name,
    uri: 'test:///system.dsys',
    span: span(),
    nameSpan: span(),
    documentation: '',
    uses: [],
    parameters: [],
    constants: [],
    quorums: [],
    requirements: [],
    solves: [],
    scaling: null,
    enums: [],
    records: [],
    messages: [],
    events: [],
    operations: [],
    roles: [],
    state: [],
    timers: [],
    handlers: [],
    functions: [],
    invariants: [],
    eventualities: [],
    responses: [],
    persistences: [],
    ...more,
  };
}

export function systemCode(more: Partial<SystemCode> = {}): SystemCode {
  return {
    name: 'Test',
    uri: 'test:///system.dsys',
    span: span(),
    nameSpan: span(),
    documentation: '',
    seed: null,
    constants: [],
    zones: [],
    groups: [],
    links: [],
    channels: [],
    timing: null,
    faultModels: [],
    quorums: [],
    runs: [],
    workloads: [],
    scenarios: [],
    expectedFindings: [],
    protocols: [],
    adversaries: [],
    specifications: [],
    ...more,
  };
}
