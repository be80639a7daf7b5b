import { describe, expect, it } from 'vitest';
import { compileText, failureOf, lastSource, RecordingHost, shown } from '../support/compile-text.ts';

const declarations = `
  enum Colour { Red, Green }
  record Point(x: Int, y: Int)
  record Box(label: String, items: List<Int>)
  quorum Most = majority(members)
  const five = 5
  fun twice(x: Int): Int = 2 * x
  fun fact(k: Int): Int = if k <= 1 then 1 else k * fact(k - 1)
  fun pair(p: Point): List<Int> { return [p.x, p.y] }`;

/** What an expression of a type comes to on node 1 of three (or of forty, where sets of nodes are held otherwise). */
function evaluate(type: string, expression: string, nodes = 3): string {
  const { program } = compileText(
    `protocol P(scale: Int = 10) {${declarations}
  var result: ${type} = ${expression}
}`,
    { nodes },
  );
  return shown(program, program.instantiate(1, new RecordingHost(nodes)), 'result');
}

const table: readonly (readonly [type: string, expression: string, value: string])[] = [
  ['Int', '7 / 2', '3'],
  ['Int', '(0 - 7) / 2', '-4'],
  ['Int', '7 / (0 - 2)', '-4'],
  ['Int', '(0 - 7) mod 3', '2'],
  ['Int', '7 mod 3', '1'],
  ['Int', '7 mod (0 - 3)', '-2'],
  ['Int', '2 ^ 10', '1024'],
  ['Int', '-five + scale', '5'],
  ['Int', 'twice(3) + fact(5)', '126'],
  ['Real', '7.0 / 2', '3.5'],
  ['Real', 'sqrt(16)', '4'],
  ['Real', 'log2(8)', '3'],
  ['Int', 'floor(2.7) + ceil(2.1) + round(2.5)', '8'],
  ['Int', 'abs(0 - 3)', '3'],
  ['Int', 'min(3, 1) + max(2, 9)', '10'],
  ['Bool', '1 in 0..3 and not (4 in 0..3)', 'true'],
  ['Bool', 'false implies (1 / 0 == 1)', 'true'],
  ['Bool', '[1, 2] == [1, 2] and {1, 2} == {2, 1} and {1: 2} == {1: 2}', 'true'],
  ['Bool', 'Point(1, 2) == Point(1, 2) and Point(1, 2) < Point(1, 3) and Point(0, 9) < Point(1, 0)', 'true'],
  ['String', '"a" + "b"', '"ab"'],
  ['Colour', 'Colour.Green', 'Colour.Green'],
  ['Bool', 'Colour.Red < Colour.Green', 'true'],
  ['Duration', '2 * 3ms + 1us', '6.001ms'],
  ['Point', 'Point(1, 2).with(y: 5)', 'Point(x: 1, y: 5)'],
  ['Box', 'Box("x", [1])', 'Box(label: "x", items: [1])'],
  ['List<Int>', '[3, 1, 2].sorted', '[1, 2, 3]'],
  ['List<Int>', '[1, 2, 3].map(x => x * 2)', '[2, 4, 6]'],
  ['List<Int>', '[1, 2, 3, 4].filter(x => x mod 2 == 0)', '[2, 4]'],
  ['List<Int>', '[1, 2, 3].take(2) + [1, 2, 3].drop(2) + [9].reversed', '[1, 2, 3, 9]'],
  ['Int', '[1, 2, 3].fold(10, (sum, x) => sum - x)', '4'],
  ['Int', '[1, 2].fold(1, (sum, x) => sum + [sum, x].map(y => y + sum).sum)', '22'],
  ['Int', '[1, 2].fold(1, (sum, x) => sum + [3, 4].fold(0, (inner, y) => inner + sum * y))', '64'],
  ['List<Int>', '[1, 2].fold([0], (list, x) => list.filter(y => y in list) + [x])', '[0, 1, 2]'],
  ['Int', '[1, 2, 3].sum + {4, 5}.sum(x => x + 1)', '17'],
  ['Int', '[1, 5, 3].max + [4, 2].min + [1, 2].count(x => x > 1)', '8'],
  ['Point', '[Point(1, 9), Point(2, 0)].min_by(p => p.y)', 'Point(x: 2, y: 0)'],
  ['Point', '[Point(1, 9), Point(2, 9)].max_by(p => p.y)', 'Point(x: 1, y: 9)'],
  [
    'List<Point>',
    '[Point(2, 1), Point(1, 1), Point(0, 0)].sorted_by(p => p.y)',
    '[Point(x: 0, y: 0), Point(x: 2, y: 1), Point(x: 1, y: 1)]',
  ],
  ['Bool', '[1, 2].any(x => x == 2) and [1, 2].all(x => x > 0) and [1].contains(1)', 'true'],
  ['Int?', '[5, 6].index_of(6)', '1'],
  ['Int?', '[5, 6].index_of(7)', 'none'],
  ['Int', '[5, 6].get(9, 0 - 1) + {1: 7}.get(1, 0) + {1: 7}.get(2, 3)', '9'],
  ['Int', '[1, 2].first + [1, 2].last', '3'],
  ['Set<Int>', '{10, 9, 2} | {1}', '{1, 2, 9, 10}'],
  ['Set<Int>', '({1, 2, 3} & {2, 3}) \\ {3}', '{2}'],
  ['Set<String>', '{"b", "a", "B"}', '{"B", "a", "b"}'],
  ['Set<Point>', '{Point(2, 1), Point(1, 2), Point(2, 1)}', '{Point(x: 1, y: 2), Point(x: 2, y: 1)}'],
  ['Set<List<Int>>', '{[2], [1, 5], [1]}', '{[1], [1, 5], [2]}'],
  ['Map<Int, String>', '{10: "x", 9: "y"}', '{9: "y", 10: "x"}'],
  ['Map<Point, Int>', '{Point(2, 1): 1, Point(0 - 1, 5): 2, Point(2, 1): 3}', '{Point(x: -1, y: 5): 2, Point(x: 2, y: 1): 3}'],
  ['List<Int>', '{2: 20, 1: 10}.values', '[10, 20]'],
  ['Set<Int>', '{2: 20, 1: 10}.keys', '{1, 2}'],
  ['Map<Int, Int>', '{1: 10, 2: 20}.filter((k, v) => v > 10)', '{2: 20}'],
  ['Map<Int, Int>', '{1: 10}.map_values(v => v + 1)', '{1: 11}'],
  ['Map<Int, Int>', '[1, 2].associate(x => x * x)', '{1: 1, 2: 4}'],
  ['Set<Node>', 'members', '{r[0], r[1], r[2]}'],
  ['Set<Node>', 'peers | {self}', '{r[0], r[1], r[2]}'],
  ['Set<Node>', 'peers \\ {members.first}', '{r[2]}'],
  ['List<Node>', 'members.to_list()', '[r[0], r[1], r[2]]'],
  ['Bool', 'Most.met({self, members.first}) and not Most.met({self})', 'true'],
  ['Bool', 'majority(peers).met(peers) and not majority(peers).met({self})', 'true'],
  ['Bool', 'forall p in peers: p != self', 'true'],
  ['Bool', 'exists p, q in members: p < q and q == self', 'true'],
  ['Int', '{members.first: 4, self: 5}.get(self, 0)', '5'],
  ['Int?', 'none', 'none'],
  ['Int', 'if scale > 5 then 1 else 2', '1'],
  ['Bool', 'hash(Point(1, 2)) == hash(Point(1, 2)) and hash(1) != hash(2)', 'true'],
  ['Int', 'xor(12, 10) + bit_and(12, 10) + bit_or(12, 10)', '28'],
  ['Int', 'xor(9007199254740991, 1)', '9007199254740990'],
  ['Int', 'bit_or(4294967296, 5) + bit_and(4294967297, 4294967296)', '8589934597'],
  ['List<Int>', '[0, 1, 4, 7, 8, 4294967296, 9007199254740991].map(x => bit_length(x))', '[0, 1, 3, 3, 4, 33, 53]'],
  ['Bool', 'hash("a") >= 0 and hash("a") mod 2 ^ 16 < 65536', 'true'],
  ['Real', 'log10(1000) + log10(0.001)', '0'],
  ['Bool', 'abs(normal_tail(3, 1.0, 2) - 0.158655253931457) < 0.000000000000001', 'true'],
  ['Bool', 'normal_tail(5ms, 3ms, 2ms) == normal_tail(5, 3, 2) and normal_tail(1s, 1ms, 1ms) > 0', 'true'],
  [
    'String',
    'text(5) + text("a") + text(Point(1, 2)) + text(3ms) + text(self) + text({1, 2}) + text(Colour.Red)',
    '"5aPoint(x: 1, y: 2)3msr[1]{1, 2}Colour.Red"',
  ],
  ['List<Int>', '[1, 2, 3, 4][1..2] + [1, 2][1..0]', '[2, 3]'],
  ['Int?', '[1, 5, 7].find(x => x > 3)', '5'],
  ['Int?', '{1, 5, 7}.find(x => x > 9)', 'none'],
  ['List<Int>', '[3, 1].flat_map(x => [x, 10 * x])', '[3, 30, 1, 10]'],
  ['List<Node>', '[1, 2].flat_map(x => members)', '[r[0], r[1], r[2], r[0], r[1], r[2]]'],
  [
    'List<Point>',
    '{1, 2}.flat_map(x => {Point(x, x), Point(0, x)})',
    '[Point(x: 0, y: 1), Point(x: 1, y: 1), Point(x: 0, y: 2), Point(x: 2, y: 2)]',
  ],
  ['List<Int>', '{2: 20, 1: 10}.map((k, v) => k + v)', '[11, 22]'],
  ['Int', '{2: 20, 1: 10}.sum((k, v) => k * v)', '50'],
  ['Int', '{2: 20, 1: 10}.min_by((k, v) => v) * 10 + {2: 20, 1: 10}.max_by((k, v) => v)', '12'],
  ['Map<Int, Int>', '{1: 5, 2: 1}.merge({2: 7, 3: 9}, (a, b) => max(a, b))', '{1: 5, 2: 7, 3: 9}'],
  [
    'Map<Point, Int>',
    '{Point(1, 1): 5}.merge({Point(1, 1): 7, Point(0, 3): 1}, (a, b) => 10 * a + b)',
    '{Point(x: 0, y: 3): 1, Point(x: 1, y: 1): 57}',
  ],
  ['Map<String, Set<Int>>', '{"a": {1}}.merge({"a": {2}, "b": {3}}, (a, b) => a | b)', '{"a": {1, 2}, "b": {3}}'],
  ['Map<Node, Int>', 'members.associate(m => 1).merge({self: 5}, (a, b) => a + b)', '{r[0]: 1, r[1]: 6, r[2]: 1}'],
  ['List<List<Int>>', '[[1], []]', '[[1], []]'],
  ['List<Int>', 'pair(Point(4, 5))', '[4, 5]'],
  ['Range<Int>', '1..3', '1..3'],
  ['Int', '(1..3).min + (1..3).max + (1..4).size', '8'],
  ['Int', '(1..4).map(x => x * x).sum', '30'],
];

describe('expressions', () => {
  it.each(table)('%s: %s', (type, expression, value) => {
    expect(evaluate(type, expression)).toBe(value);
  });

  it('sets of nodes read the same where they are bit sets', () => {
    expect(evaluate('Set<Node>', '(members \\ peers) | {members.first}', 40)).toBe('{r[0], r[1]}');
    expect(evaluate('Bool', 'Most.met(peers) and not Most.met({self})', 40)).toBe('true');
    expect(evaluate('Int', 'members.filter(m => m > self).size', 40)).toBe('38');
    expect(evaluate('Bool', '{self} == members \\ peers and self in members and not (self in peers)', 40)).toBe('true');
    expect(evaluate('List<Node>', 'peers.to_list.drop(37)', 40)).toBe('[r[38], r[39]]');
  });

  it('the same system gives the same source', () => {
    const source = () =>
      (compileText(`protocol P {${declarations}}`).program as unknown as { generated: { source: string } }).generated.source;
    expect(source()).toBe(source());
  });
});

const failures: readonly (readonly [expression: string, at: string, message: RegExp])[] = [
  ['9007199254740991 + count', '9007199254740991 + count', /safe range/],
  ['9007199254740991 * 2', '9007199254740991 * 2', /safe range/],
  ['1 / zero', '1 / zero', /division by zero/],
  ['1 mod zero', '1 mod zero', /by zero/],
  ['2 ^ 60', '2 ^ 60', /safe range/],
  ['2 ^ (0 - count)', '2 ^ (0 - count)', /negative power/],
  ['[1, 2][count + 4]', '[1, 2][count + 4]', /index 5 is outside a list of 2/],
  ['empty[zero]', 'empty[zero]', /index 0 is outside an empty list/],
  ['[1, 2][1..count + 1].size', '[1, 2][1..count + 1]', /index 2 is outside a list of 2/],
  ['[1][0 - 1]', '[1][0 - 1]', /index -1/],
  ['{1: 2}[7]', '{1: 2}[7]', /no key 7 in a map of 1 entry/],
  ['empty.first', 'empty.first', /`first` of an empty/],
  ['empty.last', 'empty.last', /`last` of an empty/],
  ['empty.min', 'empty.min', /`min` of an empty/],
  ['empty.max_by(x => x)', 'empty.max_by(x => x)', /`max_by` of an empty/],
  ['xor(0 - count, 3)', 'xor(0 - count, 3)', /`xor` takes Ints from 0 on, and this is -1/],
  ['bit_length(0 - count)', 'bit_length(0 - count)', /`bit_length` takes Ints from 0 on/],
  ['floor(normal_tail(1, 2, zero))', 'normal_tail(1, 2, zero)', /standard deviation above 0/],
  ['floor(log10(0.0 * count))', 'log10(0.0 * count)', /logarithm/],
  ['{1: 2}.filter((k, v) => v > 9).min_by((k, v) => v)', '{1: 2}.filter((k, v) => v > 9).min_by((k, v) => v)', /`min_by` of an empty/],
  ['choose(empty)', 'choose(empty)', /`choose` of an empty/],
  ['floor(sqrt(0.0 - count))', 'sqrt(0.0 - count)', /square root/],
  ['floor(1.0 / zero)', '1.0 / zero', /division by zero/],
  ['floor(log(0.0 * count))', 'log(0.0 * count)', /logarithm/],
  ['random(3..zero)', 'random(3..zero)', /empty range/],
];

describe('run-time errors say where', () => {
  it.each(failures)('%s', (expression, at, message) => {
    const { program, system } = compileText(`protocol P {
  var zero = 0
  var count = 1
  var empty: List<Int> = []
  on start { count = ${expression} }
}`);
    const node = program.instantiate(0, new RecordingHost(3));
    const failure = failureOf(() => node.start());
    expect(failure.message).toMatch(message);
    expect(failure.kind).toBe('error');
    expect(failure.span.uri).toBe(system.uri);
    expect(lastSource.slice(failure.span.start, failure.span.end)).toBe(at);
  });

  it('an index or key that is assigned to', () => {
    for (const [statement, at] of [
      ['empty[3] = 1', '3'],
      ['by[4] += 1', '4'],
      ['by[4] -= 1', '4'],
    ] as const) {
      const { program } = compileText(`protocol P {
  var empty: List<Int> = [7]
  var by: Map<Int, Int> = {}
  on start { ${statement} }
}`);
      const failure = failureOf(() => program.instantiate(0, new RecordingHost(3)).start());
      expect(lastSource.slice(failure.span.start, failure.span.end)).toBe(at);
    }
  });
});
