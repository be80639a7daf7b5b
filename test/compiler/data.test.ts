import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuntimeFailure } from '../../src/compiler/program.ts';
import { type Data, dataOperations } from '../../src/compiler/runtime/data.ts';
import type { Type } from '../../src/model/types.ts';
import { keyOf } from '../../src/model/value-operations.ts';
import type { DataValue, Value } from '../../src/model/values.ts';
import { compileText, RecordingHost, shown } from '../support/compile-text.ts';

const DATA: Type = { kind: 'Data' };
const declarations = 'enum Colour { Red, Green }  record Put(key: Int, colour: Colour)  record Box(inside: Data)';

/** What an expression comes to when the program starts, or the message of the error. */
function run(type: string, expression: string, nodes = 3): string {
  const { program } = compileText(
    `protocol P { ${declarations}
  var result: ${type}? = none
  fun boxed(x: Data): Data = x
  on start { result = ${expression} } }`,
    { nodes },
  );
  const instance = program.instantiate(1, new RecordingHost(nodes));
  try {
    instance.start();
  } catch (error) {
    if (error instanceof RuntimeFailure) return error.message;
    throw error;
  }
  return shown(program, instance, 'result');
}

describe('a Data', () => {
  for (const [type, expression, value] of [
    ['Data', '5', '5'],
    ['Data', '"x"', '"x"'],
    ['Data', 'Put(3, Colour.Green)', 'Put(key: 3, colour: Colour.Green)'],
    ['Data', '[1ms, 2s]', '[1ms, 2s]'],
    ['Data', 'members', '{r[0], r[1], r[2]}'],
    ['Data', 'sign(5)', 'signed(5, r[1])'],
    ['Data', 'Box(Box(3))', 'Box(inside: Box(inside: 3))'],
    ['Data', 'if true then 1 else "x"', '1'],
    ['Int', 'boxed(5) as Int', '5'],
    ['Int', '((boxed(Box(Put(7, Colour.Red))) as Box).inside as Put).with(key: 9).key', '9'],
    ['Bool', 'boxed(5) is Int and not (boxed(5) is String)', 'true'],
    ['Bool', 'boxed(5) == 5 and boxed(5) != 5ms and boxed(5) != "5" and boxed(5) != 5.0', 'true'],
    ['Bool', 'boxed([1, 2]) == [1, 2] and boxed([1, 2]) != {1, 2}', 'true'],
    ['Bool', 'boxed({1: 2}) == {1: 2} and boxed({1: 2}) != {1: 3}', 'true'],
    ['Bool', 'boxed(members) == members and boxed(members) == {self} + peers', 'true'],
    ['Bool', 'hash(boxed(5)) == hash(boxed(5)) and hash(boxed(5)) != hash(boxed("5"))', 'true'],
    ['Bool', 'boxed(3) < 5 and boxed(5) <= 5 and boxed(7) < "a" and not (boxed("b") < "a")', 'true'],
    ['List<Data>', '[boxed("b"), 3, "a", true, 1].sorted', '[true, 1, 3, "a", "b"]'],
    ['Int', '{boxed(1), 1, "1", 1ms, 1.0}.size', '4'],
    ['Set<Data>', '{boxed(1), "1"} \\ {boxed(1)}', '{"1"}'],
    ['Int', '{boxed(1): 5, "1": 6}["1"]', '6'],
    ['Int', 'boxed("x") as Int', 'this Data carries a value of type String, not Int'],
    ['Int', '(boxed(Box(1)) as Put).key', 'this Data carries a value of type P.Box, not P.Put'],
    ['Int', '(boxed([1]) as List<Box>).size', 'this Data carries a value of type List<Int>, not List<P.Box>'],
  ] as const) {
    it(`${expression} is ${value}`, () => expect(run(type, expression)).toBe(value));
  }

  it('carries sets of nodes of a large system', () => {
    expect(run('Bool', '(boxed(members) as Set<Node>).size == n and boxed({self}) == {self} and boxed({self}) != members', 40)).toBe(
      'true',
    );
  });

  it('keeps its value, whatever is done to the variable that it came from and the one that it goes to', () => {
    const { program } = compileText(`protocol P {
  record Entry(items: List<Int>)
  var list: List<Int> = [1]
  var entry = Entry([1])
  var held: Data = 0
  var taken: List<Int> = []
  var other: Data = 0
  on start {
    held = list
    other = entry
    list += 2
    entry.items += 2
    taken = held as List<Int>
    taken += 3
    let mine = other as Entry
    entry = mine
    entry.items += 9
  }
}`);
    const instance = program.instantiate(0, new RecordingHost(3));
    instance.start();
    const state = ['held', 'other', 'list', 'taken', 'entry'].map((name) => shown(program, instance, name));
    expect(state).toEqual(['[1]', 'Entry(items: [1])', '[1, 2]', '[1, 3]', 'Entry(items: [1, 9])']);
  });

  it('is as large on the wire as its value', () => {
    const { program } = compileText(
      'protocol P { record R(a: Int, b: Int)  message M(d: Data)  message N(r: R) on start { broadcast M(R(1, 2)) broadcast N(R(1, 2)) broadcast M("four") } on m: M {} on m: N {} }',
    );
    const host = new RecordingHost(3);
    program.instantiate(0, host).start();
    expect(host.sent.map(({ message, payload }) => program.sizeOf(message, payload))).toEqual([32, 32, 32, 32, 20, 20]);
  });
});

describe('a Data of another protocol', () => {
  const writer = compileText(`protocol Writer { record Put(key: Int, value: List<Int>)  record Other(key: Int)
  var a: Data = Put(2, [1])  var b: Data = Put(2, [1])  var c: Data = Put(1, [1])  var d: Data = Other(2)  var e: Data = members }`);
  const carrier = compileText(`protocol Carrier { record Put(key: String)
  var first: Data = 0  var second: Data = 0  var same = false  var less = false  var known = false  var mine = false
  var seen: Set<Data> = {}
  message Carry(a: Data, b: Data)
  on m: Carry { first = m.a  second = m.b  same = m.a == m.b  less = m.a < m.b  known = m.a is Set<Node>  mine = m.a is Put
    seen = {m.a, m.b} } }`);
  const source = writer.program.instantiate(0, new RecordingHost(3));

  function carry(a: string, b: string): Record<string, string> {
    const { program } = carrier;
    const [left, right] = [a, b].map((name) => source.read(writer.program.state.findIndex((each) => each.name === name)));
    const instance = program.instantiate(0, new RecordingHost(3));
    instance.message(0, program.makeMessage(0, [left, right]), 1);
    expect(instance.read(0)).toBe(left);
    return Object.fromEntries(
      ['first', 'same', 'less', 'known', 'mine', 'seen'].map((name) => [name, shown(program, instance, name)] as const),
    );
  }

  it('is compared, ordered, written and kept by a program that does not know its type', () => {
    const put = 'Put(key: 2, value: [1])';
    expect(carry('a', 'b')).toEqual({ first: put, same: 'true', less: 'false', known: 'false', mine: 'false', seen: `{${put}}` });
    const smaller = 'Put(key: 1, value: [1])';
    expect(carry('c', 'a')).toEqual({
      ...{ first: smaller, same: 'false', less: 'true', known: 'false', mine: 'false' },
      seen: `{${smaller}, ${put}}`,
    });
    expect(carry('a', 'd')).toMatchObject({ same: 'false', less: 'false', seen: `{Other(key: 2), ${put}}` });
  });

  it('is known where it has no parts that a protocol declares', () => {
    expect(carry('e', 'a')).toMatchObject({ known: 'true', same: 'false' });
  });
});

describe('values of any type', () => {
  const { program } = compileText(`protocol P { ${declarations} var held: Data = 0 }`);
  type Typed = { readonly type: Type; readonly value: fc.Arbitrary<Value> };
  const plain: Typed[] = [
    { type: { kind: 'Int' }, value: fc.integer({ min: -3, max: 3 }) },
    { type: { kind: 'Real' }, value: fc.integer({ min: -3, max: 3 }).map((x) => x / 2) },
    { type: { kind: 'Duration' }, value: fc.nat(3) },
    { type: { kind: 'Bool' }, value: fc.boolean() },
    { type: { kind: 'String' }, value: fc.constantFrom('', 'a', '1', 'true', '[1]', '"') },
    { type: { kind: 'Node' }, value: fc.nat(2) },
    {
      type: { kind: 'Enum', name: 'P.Colour' },
      value: fc.constantFrom('Red', 'Green').map((member) => ({ kind: 'enum', enum: 'P.Colour', member })),
    },
  ];
  const put = fc.record({ key: fc.nat(2), colour: plain[6]!.value }).map((fields): Value => ({ kind: 'record', record: 'P.Put', fields }));
  const typed: fc.Arbitrary<{ type: Type; value: Value }> = fc.oneof(
    ...plain.map(({ type, value }) => value.map((each) => ({ type, value: each }))),
    put.map((value) => ({ type: { kind: 'Record', name: 'P.Put' } as Type, value })),
    fc.constantFrom(...plain).chain(({ type: of, value }) =>
      fc.oneof(
        fc.array(value, { maxLength: 2 }).map((items) => ({ type: { kind: 'List', of } as Type, value: { kind: 'list', items } as Value })),
        fc
          .uniqueArray(value, { maxLength: 3, selector: keyOf })
          .map((items) => ({ type: { kind: 'Set', of } as Type, value: { kind: 'set', items: sorted(items) } as Value })),
        fc.uniqueArray(fc.tuple(fc.nat(3), value), { maxLength: 2, selector: ([key]) => key }).map((entries) => ({
          type: { kind: 'Map', key: { kind: 'Int' }, value: of } as Type,
          value: { kind: 'map', entries: entries.sort(([a], [b]) => a - b) } as Value,
        })),
      ),
    ),
  );
  const carried = typed.map(({ type, value }): DataValue => ({ kind: 'data', type, value }));
  const box = (value: DataValue): Data => program.fromValue(value, DATA) as Data;

  it('come back as they went in, and are equal where they are the same', () => {
    fc.assert(
      fc.property(carried, carried, (one, other) => {
        const [a, b] = [box(one), box(other)];
        const { type } = one;
        expect(program.canonical(a.value, type)).toBe(program.canonical(program.fromValue(one.value, type), type));
        const same = keyOf(one) === keyOf(other);
        expect(dataOperations.equals(a, b)).toBe(same);
        expect(dataOperations.compare(a, b) === 0).toBe(same);
        expect(dataOperations.key(a) === dataOperations.key(b)).toBe(same);
        expect(dataOperations.equals(a, box(one))).toBe(true);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('have one order', () => {
    fc.assert(
      fc.property(carried, carried, carried, (one, other, third) => {
        const [a, b, c] = [box(one), box(other), box(third)];
        const { compare } = dataOperations;
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  function sorted(items: readonly Value[]): Value[] {
    return [...items].sort((a, b) =>
      (typeof a === 'object' || typeof b === 'object' ? String(keyOf(a)) < String(keyOf(b)) : a! < b!) ? -1 : 1,
    );
  }
});
