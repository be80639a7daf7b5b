/** The simulator with what the compiler makes, where hand-made programs would prove nothing. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { System } from '../../src/model/system.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import { runScenario } from '../../src/simulator/scenario.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';

function systemOf(text: string): System {
  const uri = 'file:///compiled.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { system } = expand(systems[0]!);
  return system as System;
}

function run(system: System, seed: number, trace = true) {
  const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
  return runOnce(system, programs, system.scenarios[0]!, seed, { trace });
}

function details(trace: Trace, kind: number): string[] {
  return [...trace.kind.keys()].filter((row) => trace.kind[row] === kind).map((row) => trace.details[trace.detail[row] as number] ?? '');
}

const everyType = (behavior: string) => `
protocol Types {
  enum Color { Red, Green, Blue }
  record Entry(term: Int, command: String, owner: Node?)
  message All(b: Bool, i: Int, r: Real, s: String, d: Duration, n: Node, c: Color, e: Entry, l: List<Entry>, t: Set<Int>, v: Set<Node>, m: Map<Int, Color>, o: Int?)
  message Sealed(x: Signed<Int>)
  event Got(b: Bool, i: Int, s: String, c: Color, e: Entry, l: List<Entry>, t: Set<Int>, v: Set<Node>, m: Map<Int, Color>)
  var last: List<Entry> = []
  timer tick
  on start { set tick after 10ms }
  on timeout tick {
    let entry = Entry(1, "x", self)
    broadcast All(true, 5, 1.5, "text", 3ms, self, Color.Red, entry, [entry, entry], {1, 2}, {self}, {1: Color.Blue}, 7)
    broadcast Sealed(sign(4))
    set tick after 10ms
  }
  on m: All { emit Got(m.b, m.i, m.s, m.c, m.e, m.l, m.t, m.v, m.m)  last = m.l }
  on m: Sealed from p { assert m.x.value == 4 and m.x.signer == p }
}
system S {
  node a[5]
  link a -- a with (latency: uniform(1ms, 3ms))
  run Types on a
  scenario Lies (duration: 2s, seeds: 1) { at 0s byzantine(a[0], ${behavior}) }
}`;

describe('built-in Byzantine behaviours on messages of every type', () => {
  it.each(['equivocate', 'corrupt', 'replay', 'delay', 'random', 'silent'])('%s', (behavior) => {
    const system = systemOf(everyType(behavior));
    for (const seed of [1, 2, 3]) {
      const { error, violations } = run(system, seed);
      expect(error).toBeNull();
      // Nobody forges a signature.
      expect(violations).toEqual([]);
    }
  });

  it('corrupt reaches every field that is not signed', () => {
    const honest = 'b: true, i: 5, s: "text", c: Red, e: Entry(term: 1, command: "x", owner: a[0])';
    const told = new Set(details(run(systemOf(everyType('corrupt')), 1).trace as Trace, EventKind.emit));
    const fromLiar = [...told].filter((text) => !/owner: a\[[1-4]\]\), l: \[Entry\(term: 1, command: "x", owner: a\[[1-4]\]/.test(text));
    expect(fromLiar.some((text) => text.includes(honest.slice(0, 20)))).toBe(true);
    for (const lie of ['b: false', 'i: 6', 'i: 4', '"text\'"', 'Green', 'term: 2', `"x'"`]) {
      expect(fromLiar.some((text) => text.includes(lie))).toBe(true);
    }
  });
});

describe('histories', () => {
  const register = (body: string) => `
protocol Cell {
  durable value = 0
  operation Read(): Int
  operation Write(v: Int)
  message Copy(v: Int)
  ${body}
  on m: Copy { value = m.v }
}
specification Integer {
  var value = 0
  operation Read(): Int { reply value }
  operation Write(v: Int) { value = v }
}
system S {
  node a[3]
  node client[4]
  link a -- a with (latency: 5ms)
  link client -- a with (latency: uniform(1ms, 9ms))
  run Cell on a
  workload load on client {
    call Read() to any(a) with (think: 5ms)
    call Write(v: unique) to any(a) with (think: 20ms)
  }
  scenario Steady (duration: 2s, seeds: 3) { expect EXPECTED }
}`;
  const lazily = 'on op: Read { reply value to op }  on op: Write { value = op.v  broadcast Copy(op.v)  reply to op }';
  const central = `on op: Read { if self == members.first { reply value to op } }
  on op: Write { if self == members.first { value = op.v  reply to op } }`;

  function passes(body: string, expected: string, targets: string): boolean {
    const system = systemOf(register(body).replace('EXPECTED', expected).replaceAll('any(a)', targets));
    const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
    const result = runScenario({ system, programs, scenario: system.scenarios[0]!, variant: null, firstSeed: 1, seeds: 3, trace: false });
    return result.passed;
  }

  it('that could not be decided do not count as linearizable', () => {
    // The specification itself fails at its first read, so nothing is known of the history.
    const undecidable = register(central).replace('EXPECTED', 'linearizable(Integer)').replaceAll('any(a)', 'a[0]');
    const failing = undecidable.replace(
      /(specification Integer \{[\s\S]*?operation Read\(\): Int \{ reply )value/,
      '$1value / (value - value)',
    );
    expect(failing).not.toBe(undecidable);
    const system = systemOf(failing);
    const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
    const result = runScenario({ system, programs, scenario: system.scenarios[0]!, variant: null, firstSeed: 1, seeds: 2, trace: false });
    expect(result).toMatchObject({ passed: false, stopped: 'limit', findings: [{ code: 'DS5006', severity: 'error' }] });
    expect(result.verdicts.find(({ kind }) => kind === 'expectation')).toMatchObject({ passed: false });
  });

  it('of one copy are linearizable, of lazily updated copies not', () => {
    expect(passes(central, 'linearizable(Integer)', 'a[0]')).toBe(true);
    expect(passes(central, 'not linearizable(Integer)', 'a[0]')).toBe(false);
    expect(passes(lazily, 'linearizable(Integer)', 'any(a)')).toBe(false);
    expect(passes(lazily, 'not linearizable(Integer)', 'any(a)')).toBe(true);
  });
});

describe('a run', () => {
  it('is the same whoever makes it, and however often', () => {
    const system = systemOf(everyType('random'));
    const first = run(system, 1);
    expect(run(systemOf(everyType('random')), 1).digest).toBe(first.digest);
    expect(run(structuredClone(system), 1).digest).toBe(first.digest);
    expect(run(system, 1, false).digest).toBe(first.digest);
  });
});
