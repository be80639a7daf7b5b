import { describe, expect, it } from 'vitest';
import type { Expression } from '../../src/model/code.ts';
import { type Environment, EvaluationError, evaluate } from '../../src/model/evaluate.ts';
import { isMet } from '../../src/model/quorum-values.ts';
import type { Type } from '../../src/model/types.ts';
import type { QuorumSystem, Value } from '../../src/model/values.ts';
import { at, binary, group, intrinsic, lambda, literal, local, method, span } from '../support/code.ts';

const INT: Type = { kind: 'Int' };
const REAL: Type = { kind: 'Real' };
const BOOL: Type = { kind: 'Bool' };
const QUORUM: Type = { kind: 'Quorum' };
const DURATION: Type = { kind: 'Duration' };
const NODES: Type = { kind: 'Set', of: { kind: 'Node' } };
const INTS: Type = { kind: 'List', of: INT };

const environment: Environment = {
  group: (name) => (name === 'replica' ? [0, 1, 2, 3, 4] : name === 'client' ? [5, 6] : undefined),
  weight: (node) => node + 1,
  allNodes: () => [0, 1, 2, 3, 4, 5, 6],
};

const value = (expression: Expression, more: Environment = {}): Value => evaluate(expression, { ...environment, ...more });
const range = (from: number, to: number): Expression => binary(literal(from), '..', literal(to), { kind: 'Range', of: INT });

function failure(expression: Expression): EvaluationError {
  try {
    value(expression);
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('arithmetic', () => {
  it('rounds down on whole numbers and keeps the divisor’s sign in mod', () => {
    expect(value(binary(literal(-7), '/', literal(2)))).toBe(-4);
    expect(value(binary(literal(-7), 'mod', literal(3)))).toBe(2);
    expect(value(binary(literal(7), '/', literal(2), REAL))).toBe(3.5);
    expect(value(binary(literal(3), '^', literal(4)))).toBe(81);
  });

  it('gives whole nanoseconds', () => {
    expect(value(binary(literal(0.1, REAL), '*', literal(3_000_000_000, DURATION), DURATION))).toBe(300_000_000);
  });

  it('refuses division by zero and what is no longer exact, at the place', () => {
    const zero = literal(0);
    expect(failure(binary(literal(1), '/', zero))).toMatchObject({ message: 'division by zero', span: zero.span });
    expect(failure(binary(literal(2), '^', literal(53))).message).toContain('2^53');
    expect(failure(binary(literal(2), '^', literal(1_000_000_000))).message).toContain('2^53');
    expect(failure(intrinsic('log', REAL, literal(0, REAL))).message).toContain('logarithm');
  });

  it('looks at the right side of and, or, implies only where the left does not decide', () => {
    const wrong = binary(binary(literal(1), '/', literal(0)), '==', literal(1), BOOL);
    expect(value(binary(literal(false, BOOL), 'and', wrong, BOOL))).toBe(false);
    expect(value(binary(literal(true, BOOL), 'or', wrong, BOOL))).toBe(true);
    expect(value(binary(literal(false, BOOL), 'implies', wrong, BOOL))).toBe(true);
  });
});

describe('collections', () => {
  it('know sets of nodes, slices and members', () => {
    expect(value(binary(group('replica'), '+', group('client'), NODES))).toEqual({ kind: 'set', items: [0, 1, 2, 3, 4, 5, 6] });
    expect(value(binary(group('replica'), '\\', at(group('replica'), range(1, 2), NODES), NODES))).toEqual({
      kind: 'set',
      items: [0, 3, 4],
    });
    expect(value(at(group('replica'), literal(4), { kind: 'Node' }))).toBe(4);
    expect(failure(at(group('replica'), literal(5), { kind: 'Node' })).message).toBe('index 5 is outside: `replica` has 0..4');
    expect(value(binary(literal(3), 'in', group('replica'), BOOL))).toBe(true);
  });

  it('map, filter, fold and quantify', () => {
    const double = lambda(['x'], binary(local('x'), '*', literal(2)));
    expect(value(method(range(1, 3), 'map', INTS, double))).toEqual({ kind: 'list', items: [2, 4, 6] });
    expect(value(method(range(1, 4), 'sum', INT, double))).toBe(20);
    const add = lambda(['sum', 'x'], binary(local('sum'), '+', local('x')));
    expect(value(method(range(1, 4), 'fold', INT, literal(10), add))).toBe(20);
    const quantifier: Expression = {
      kind: 'quantifier',
      quantifier: 'exists',
      variable: 'x',
      domain: range(1, 9),
      body: binary(local('x'), '==', literal(9), BOOL),
      type: BOOL,
      span: span(),
    };
    expect(value(quantifier)).toBe(true);
    expect(failure(method(literal({ kind: 'list', items: [] }, INTS), 'first', INT)).message).toContain('empty');
  });

  it('orders enums as declared and records field by field', () => {
    const low = literal({ kind: 'enum', enum: 'P.Level', member: 'Low' }, { kind: 'Enum', name: 'P.Level' });
    const high = literal({ kind: 'enum', enum: 'P.Level', member: 'High' }, { kind: 'Enum', name: 'P.Level' });
    expect(value(binary(low, '<', high, BOOL), { enumMembers: () => ['Low', 'High'] })).toBe(true);
    const tag = (time: number, writer: number): Expression =>
      literal({ kind: 'record', record: 'P.Tag', fields: { time, writer } }, { kind: 'Record', name: 'P.Tag' });
    expect(value(binary(tag(1, 9), '<', tag(2, 0), BOOL))).toBe(true);
    expect(value(binary(tag(1, 1), '==', tag(1, 1), BOOL))).toBe(true);
  });

  it('stops at a limit instead of taking for ever, and does not build what is not asked for', () => {
    const huge = range(0, 1_000_000_000_000);
    expect(failure(method(huge, 'map', INTS, lambda(['x'], local('x'))))).toMatchObject({ kind: 'limit' });
    expect(value(method(huge, 'size', INT))).toBe(1_000_000_000_001);
    expect(value(binary(literal(999), 'in', huge, BOOL))).toBe(true);
  });

  it('stops recursion', () => {
    const call: Expression = { kind: 'call', function: 'f', arguments: [], type: INT, span: span() };
    const code = {
      name: 'f',
      role: null,
      parameters: [],
      result: INT,
      body: [{ kind: 'return', value: call, span: span() }],
      span: span(),
      nameSpan: span(),
    } as const;
    expect(() => value(call, { function: () => code })).toThrow(/deep/);
  });
});

describe('what only a run knows', () => {
  it('is an error of its own kind', () => {
    expect(failure(intrinsic('random', INT, range(0, 9))).kind).toBe('run-time');
    expect(failure({ kind: 'given', name: 'now', type: DURATION, span: span() }).kind).toBe('run-time');
    expect(failure({ kind: 'parameter', name: 'fanout', type: INT, span: span() }).kind).toBe('missing');
  });
});

describe('quorums', () => {
  const met = (system: Value, nodes: number[]): boolean => isMet(system as QuorumSystem, (node) => nodes.includes(node));

  it('majority, atleast and weighted count what their names say', () => {
    const majority = value(intrinsic('majority', QUORUM, group('replica')));
    expect(met(majority, [0, 1, 2])).toBe(true);
    expect(met(majority, [3, 4])).toBe(false);
    const weighted = value(intrinsic('weighted', QUORUM, group('replica'), literal(9, REAL)));
    expect(met(weighted, [3, 4])).toBe(true);
    expect(met(weighted, [0, 1, 2])).toBe(false);
    expect(met(value(intrinsic('atleast', QUORUM, literal(6), group('replica'))), [0, 1, 2, 3, 4])).toBe(false);
    expect(failure(intrinsic('atleast', QUORUM, literal(-1), group('replica'))).message).toContain('whole number');
  });

  it('grid: a full row and one node of every row', () => {
    const six = value(intrinsic('grid', QUORUM, literal({ kind: 'set', items: [0, 1, 2, 3, 4, 5] }, NODES), literal(2), literal(3)));
    expect(met(six, [0, 1, 2, 4])).toBe(true);
    expect(met(six, [2, 3, 4, 5])).toBe(true);
    expect(met(six, [0, 1, 2])).toBe(false);
    expect(met(six, [0, 1, 4, 5])).toBe(false);
    expect(failure(intrinsic('grid', QUORUM, group('replica'), literal(2), literal(3))).message).toContain('needs 6 nodes');
  });

  it('products and sums of nodes', () => {
    const node = (index: number): Expression => ({
      kind: 'convert',
      conversion: 'node-to-quorum',
      value: at(group('replica'), literal(index), { kind: 'Node' }),
      type: QUORUM,
      span: span(),
    });
    const product = (a: number, b: number): Expression => binary(node(a), '*', node(b), QUORUM);
    const system = value(binary(product(0, 1), '+', product(2, 3), QUORUM));
    expect(met(system, [0, 1])).toBe(true);
    expect(met(system, [2, 3])).toBe(true);
    expect(met(system, [0, 2])).toBe(false);
    expect(system).toMatchObject({ kind: 'atleast', count: 1, of: [{ count: 2 }, { count: 2 }] });
  });

  it('met asks a set of nodes', () => {
    expect(value(method(intrinsic('majority', QUORUM, group('replica')), 'met', BOOL, group('replica')))).toBe(true);
  });
});
