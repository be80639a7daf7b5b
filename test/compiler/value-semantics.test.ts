import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuntimeFailure } from '../../src/compiler/program.ts';
import { compileText, RecordingHost } from '../support/compile-text.ts';
import { NaiveInterpreter, TooMuch, text } from '../support/naive-interpreter.ts';
import { RandomProgram } from '../support/random-program.ts';

/** Runs `on start` of the program `rounds` times, compiled and by an interpreter that copies everything. */
function compare(source: string, rounds: number, nodes: number): number {
  const { program, system } = compileText(source, { nodes });
  const code = system.protocols[0];
  if (code === undefined) throw new Error('no protocol');
  const members = system.nodes.map(({ index }) => index);
  const naive = new NaiveInterpreter(code, 1, members);
  const host = new RecordingHost(nodes);
  const compiled = program.instantiate(1, host);
  const before = compiled.save();
  const beforeText = canonical();
  for (let round = 0; round < rounds; round++) {
    host.fuel = 100_000;
    let expected = true;
    try {
      expected = naive.start();
    } catch (error) {
      if (error instanceof TooMuch) return round;
      throw error;
    }
    let worked = true;
    try {
      compiled.start();
    } catch (error) {
      if (!(error instanceof RuntimeFailure)) throw error;
      worked = false;
    }
    expect(worked, 'fails in one only').toBe(expected);
    expect(canonical()).toEqual(code.state.map(({ name }) => `${name} ${text(naive.state.get(name) ?? null)}`));
  }
  // A snapshot from before is as it was, whatever was done since.
  compiled.restore(before);
  expect(canonical()).toEqual(beforeText);
  return rounds;

  function canonical(): string[] {
    return program.state.map(({ name, type }, i) => `${name} ${program.canonical(compiled.read(i), type)}`);
  }
}

describe('collections are values', () => {
  it('random programs do the same as with full copies', () => {
    const runs = Number(process.env.DSYS_RUNS ?? 100);
    let compared = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(3, 40), (seed, nodes) => {
        const source = new RandomProgram(seed).text();
        try {
          compared += compare(source, 3, nodes);
        } catch (error) {
          throw new Error(`${String(error)}\n${source}`);
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
    // Programs that grow without end are given up, but not most of them.
    expect(compared).toBeGreaterThan(runs);
  }, 300_000);
});

describe('what an expression has looked at stays as it was', () => {
  it('while a later part of it changes the variable', () => {
    const { program } = compileText(`protocol P {
  var list: List<Int> = [1]
  var same = true
  var seen: List<Int> = []
  var sizes: List<Int> = []
  fun grow(): List<Int> { list += 9  list[0] = 5  return list }
  fun bump(x: Int): Int { list += x  list[1] = 7  return x + list.size }
  on start {
    same = list == grow()
    seen = list.map(x => bump(x))
    for x in list { list[1] = 3  sizes += x }
  }
}`);
    const node = program.instantiate(0, new RecordingHost(3));
    node.start();
    const values = program.state.map(({ name, type }, i) => `${name} ${program.canonical(node.read(i), type)}`);
    expect(values).toEqual(['list [5,3,5,9]', 'same false', 'seen [8,13]', 'sizes [5,7,5,9]']);
  });
});
