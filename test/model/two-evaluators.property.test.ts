import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuntimeFailure } from '../../src/compiler/program.ts';
import { deploymentEnvironment } from '../../src/model/environment.ts';
import { EvaluationError, evaluate } from '../../src/model/evaluate.ts';
import { compileText, RecordingHost } from '../support/compile-text.ts';

/*
 * The static evaluator and the compiled code are two readings of one language. Random expressions must mean the same to
 * both: the same value, or an error in both.
 */

// TEST_RUNS=1500 TEST_SEED=77 looks longer and elsewhere.
const seed = Number(process.env.TEST_SEED ?? 20260102);
const numRuns = Number(process.env.TEST_RUNS ?? 60);

/** A lambda of one parameter with a name that no other has: the language lets no local hide another. */
let names = 0;
function lambda(body: (x: string) => string): string {
  const x = `x${names++}`;
  return `${x} => ${body(x)}`;
}

const { int, bool, list, set } = fc.letrec<{ int: string; bool: string; list: string; set: string; data: string; map: string }>((tie) => ({
  int: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer({ min: 0, max: 9 }).map(String),
    fc.constantFrom('n', 'n', '(-3)', '7', '2', '100', '9007199254740991'),
    fc.tuple(tie('int'), fc.constantFrom('+', '-', '+', '-', '*', '/', 'mod'), tie('int')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('int'), fc.integer({ min: 0, max: 5 })).map(([a, k]) => `(${a} ^ ${k})`),
    tie('int').map((a) => `(-${a})`),
    fc.tuple(tie('bool'), tie('int'), tie('int')).map(([c, a, b]) => `(if ${c} then ${a} else ${b})`),
    fc.tuple(fc.constantFrom('min', 'max'), tie('int'), tie('int')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    tie('int').map((a) => `abs(${a})`),
    fc.tuple(fc.constantFrom('size', 'sum', 'min', 'max'), fc.oneof(tie('list'), tie('set'))).map(([m, c]) => `${c}.${m}`),
    fc.tuple(fc.constantFrom('first', 'last'), tie('list')).map(([m, c]) => `${c}.${m}`),
    fc.tuple(tie('list'), tie('list')).map(([c, i]) => `(${c} + [5])[${i}.size - 1]`),
    fc.tuple(tie('list'), tie('int'), tie('int')).map(([c, i, d]) => `${c}.get(${i}, ${d})`),
    fc.tuple(tie('list'), tie('int')).map(([c, d]) => `${c}.fold(${d}, (sum${names}, y${names}) => sum${names} - y${names++})`),
    fc.tuple(tie('list'), tie('int')).map(([c, k]) => `${c}.count(${lambda((x) => `${x} > ${k}`)})`),
    fc.tuple(tie('set'), tie('int')).map(([c, k]) => `${c}.min_by(${lambda((x) => `(${x} - ${k}) ^ 2`)})`),
    fc.tuple(tie('list'), tie('int')).map(([c, x]) => `${c}.index_of(${x}).or(-1)`),
    tie('data').map((d) => `(${d} as Int)`),
    fc.tuple(fc.constantFrom('xor', 'bit_and', 'bit_or'), tie('int'), tie('int')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    tie('int').map((a) => `bit_length(${a})`),
    fc.tuple(tie('list'), tie('int')).map(([c, k]) => `${c}.find(${lambda((x) => `${x} > ${k}`)}).or(-1)`),
    fc
      .tuple(fc.constantFrom('min_by', 'max_by', 'sum'), tie('map'))
      .map(([m, c]) => `${c}.${m}((k${names}, v${names}) => k${names} - v${names++})`),
    fc
      .tuple(tie('map'), tie('map'), tie('int'))
      .map(([a, b, k]) => `${a}.merge(${b}, (k${names}, v${names}) => k${names} - 2 * v${names++}).get(${k}, 7)`),
  ),
  bool: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('true', 'false'),
    fc.tuple(tie('int'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('int')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('bool'), fc.constantFrom('and', 'or', 'implies'), tie('bool')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('bool').map((a) => `(not ${a})`),
    fc.tuple(tie('int'), fc.oneof(tie('list'), tie('set'))).map(([x, c]) => `(${x} in ${c})`),
    fc
      .tuple(fc.constantFrom('forall', 'exists'), tie('set'), tie('int'))
      .map(([q, c, k]) => `(${q} z${names} in ${c}: z${names++} < ${k})`),
    fc.tuple(tie('set'), tie('set')).map(([a, b]) => `(${a} == ${b})`),
    fc.tuple(tie('data'), fc.constantFrom('Int', 'Bool', 'List<Int>')).map(([d, type]) => `(${d} is ${type})`),
    fc.tuple(tie('data'), fc.constantFrom('==', '!=', '<', '<='), tie('data')).map(([a, op, b]) => `(${a} ${op} ${b})`),
  ),
  list: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(tie('int'), { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `(${a} + ${b})`),
    fc.tuple(tie('list'), tie('int')).map(([c, k]) => `${c}.map(${lambda((x) => `${x} * ${k}`)})`),
    fc.tuple(tie('list'), tie('int')).map(([c, k]) => `${c}.filter(${lambda((x) => `${x} != ${k}`)})`),
    fc.tuple(fc.constantFrom('take', 'drop'), tie('list'), fc.integer({ min: 0, max: 4 })).map(([m, c, k]) => `${c}.${m}(${k})`),
    fc.tuple(tie('list'), tie('list')).map(([c, d]) => `${c}.flat_map(${lambda((x) => `${d}.map(${lambda((y) => `${x} - ${y}`)})`)})`),
    fc.tuple(tie('list'), fc.integer({ min: 0, max: 3 }), fc.integer({ min: -1, max: 3 })).map(([c, a, b]) => `${c}[${a}..${b}]`),
    tie('map').map((c) => `${c}.map((k${names}, v${names}) => k${names} * v${names++})`),
    fc.tuple(fc.constantFrom('sorted', 'reversed'), tie('list')).map(([m, c]) => `${c}.${m}`),
    fc.tuple(tie('list'), tie('int')).map(([c, k]) => `${c}.sorted_by(${lambda((x) => `abs(${x} - ${k})`)})`),
    fc.tuple(fc.integer({ min: -2, max: 3 }), fc.integer({ min: 0, max: 6 })).map(([a, b]) => `((${a})..${b}).map(${lambda((x) => x)})`),
    tie('set').map((c) => `${c}.to_list`),
  ),
  set: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(tie('int'), { minLength: 1, maxLength: 3 }).map((items) => `{${items.join(', ')}}`),
    fc.tuple(tie('set'), fc.constantFrom('|', '&', '\\'), tie('set')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('set'), tie('int')).map(([c, k]) => `${c}.filter(${lambda((x) => `${x} > ${k}`)})`),
    tie('list').map((c) => `${c}.to_set`),
  ),
  map: fc.tuple(fc.oneof(tie('list'), tie('set')), tie('int')).map(([c, k]) => `${c}.associate(${lambda((x) => `${x} mod 5 + ${k}`)})`),
  data: fc.oneof({ depthSize: 'small' }, tie('int'), tie('bool'), tie('list'), tie('set')).map((value) => `boxed(${value})`),
}));

const initial: Readonly<Record<string, string>> = { Int: '0', Bool: 'false', 'List<Int>': '[]', 'Set<Int>': '{}' };

function both(type: string, text: string): [statically: string, compiled: string] {
  const { program, system } = compileText(
    `protocol P { fun boxed(x: Data): Data = x  var out: ${type} = ${initial[type]}  on start { out = ${text} } }`,
  );
  const protocol = system.protocols[0];
  const deployment = system.deployments[0];
  const assign = protocol?.handlers[0]?.body[0];
  if (!protocol || !deployment || assign?.kind !== 'assign') throw new Error('no assignment');
  let statically: string;
  try {
    const value = evaluate(assign.value, deploymentEnvironment(system, deployment));
    statically = program.format(program.fromValue(value, assign.place.type), assign.place.type);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    statically = 'error';
  }
  const instance = program.instantiate(0, new RecordingHost(3));
  try {
    instance.start();
    return [statically, program.format(instance.read(0), assign.place.type)];
  } catch (error) {
    if (!(error instanceof RuntimeFailure)) throw error;
    return [statically, 'error'];
  }
}

describe('the static evaluator and the compiled code agree', () => {
  for (const [type, expressions] of [
    ['Int', int],
    ['Bool', bool],
    ['List<Int>', list],
    ['Set<Int>', set],
  ] as const) {
    it(`on expressions of type ${type}`, () => {
      fc.assert(
        fc.property(expressions, (text) => {
          const [statically, compiled] = both(type, text);
          expect(statically).toBe(compiled);
        }),
        { seed, numRuns },
      );
    });
  }
});
