/** Failing runs made small, and pasted back into their files, where they fail in the same way. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { defaultLimits } from '../../../src/pipeline/api.ts';
import { checkFile } from '../../../src/pipeline/check.ts';
import { runScenarios } from '../../../src/pipeline/run.ts';
import type { ScenarioResult } from '../../../src/simulator/result.ts';
import { ddmin } from '../../../src/simulator/shrink/ddmin.ts';
import type { ShrinkReport } from '../../../src/simulator/shrink/report.ts';
import '../../support/seed.ts';

const uri = 'file:///shrink.dsys';

function run(text: string, scenario: string, options: { runs?: number; expected?: boolean } | null = {}): ScenarioResult {
  const workspace = new Workspace({
    readText: () => undefined,
    library: nodeLibrary(new URL('../../../library/', import.meta.url).pathname),
  });
  workspace.setText(uri, text);
  const { systems, findings } = checkFile(workspace, uri);
  expect(findings.filter(({ code, severity }) => severity === 'error' && /^DS[012]/.test(code))).toEqual([]);
  const request = {
    code: systems[0]!.code,
    scenarios: [scenario],
    seed: null,
    runs: null,
    trace: false,
    constants: {},
    limits: defaultLimits,
  };
  const shrink = options && { runs: options.runs ?? 400, expected: options.expected ?? false };
  return runScenarios({ ...request, ...(shrink ? { shrink } : {}) }).results[0]!;
}

/** What the file is with a scenario put into its system. */
const pasted = (text: string, scenario: string): string => `${text.trimEnd().replace(/\}$/, '')}\n${scenario}\n}\n`;

/** Runs the reduced scenario by its name alone: it must show the same failure, by the same run. */
function replay(text: string, report: ShrinkReport): ScenarioResult {
  const result = run(pasted(text, report.text), report.name, null);
  expect(result.runs).toHaveLength(1);
  expect(result.runs[0]!.digest).toBe(report.digest);
  expect(result.runs[0]!.seed).toBe(report.seed);
  return result;
}

function only(result: ScenarioResult): ShrinkReport {
  expect(result.shrunk).toHaveLength(1);
  return result.shrunk![0]!;
}

/** A register on primaries that anybody may be: what is wrong with it hangs on what a test puts in. */
const register = (body: string, scenario: string): string => `
protocol Copies {
  message Copy(value: Int)
  message Ok
  operation Write(value: Int)
  operation Read(): Int
  var stored = 0
  durable kept = 0
  var recovered = false
  var answered: Set<Node> = {}
  timer again
  on start { set again after 100ms }
  on timeout again { broadcast Ok()  set again after 100ms }
  on op: Write { stored = op.value  broadcast Copy(op.value)  reply }
  on op: Read { reply stored }
  on recover { recovered = true  set again after 100ms }
  on m: Ok from p { answered += p }
  ${body}
}
specification Register {
  var held = 0
  operation Write(value: Int) { held = value  reply }
  operation Read(): Int { reply held }
}
system S {
  node replica[5]
  node client[3]
  link replica -- replica with (latency: exponential(5ms))
  link client -- replica with (latency: uniform(1ms, 3ms))
  faults F {
    crash 2 of replica with (recovers: true)
    partition with (heals: 1s)
  }
  run Copies on replica
  workload w on client { call Write(value: unique) to any(replica) with (rate: 10/s, timeout: 100ms, retries: 2) }
  workload r on client { call Read() to any(replica) with (rate: 10/s) }
  ${scenario}
}
`;

describe('a failing run is made small, and fails in the same way when it is pasted and run by name', () => {
  test('an invariant that one crash and one call break', () => {
    const text = register(
      'on m: Copy { stored = m.value }  invariant Never { forall m in members: not (m.recovered and m.stored > 20) }',
      'scenario Chaos under F (duration: 10s, seeds: 3) { chaos(rate: 2/s) }',
    );
    const result = run(text, 'Chaos');
    const report = only(result);
    expect(report.before.faults).toBeGreaterThan(5);
    expect(report.before.requests).toBeGreaterThan(200);
    expect(report.after).toMatchObject({ faults: 1, requests: 1 });
    expect(report.after.nodes).toBeLessThanOrEqual(3);
    expect(report.after.end).toBeLessThan(report.before.end);
    expect(report.after.events).toBeLessThan(100);
    const again = replay(text, report);
    expect(again.findings.map(({ code }) => code)).toEqual(['DS5002']);
    expect(again.verdicts.find(({ passed }) => !passed)?.text).toBe('invariant Never');
    // The finding ends with the sizes, and offers the scenario as an edit.
    const finding = result.findings[report.finding!]!;
    expect(finding.notes?.at(-1)).toContain('reduced: ');
    expect(finding.fixes?.at(-1)?.edits[0]?.text).toContain(report.text);
  });

  test('an assert', () => {
    const text = register('on m: Copy { assert m.value < 60 }', 'scenario Chaos under F (duration: 10s, seeds: 2) { chaos(rate: 2/s) }');
    const report = only(run(text, 'Chaos'));
    expect(report.after).toMatchObject({ faults: 0, requests: 1 });
    expect(replay(text, report).findings.map(({ code }) => code)).toEqual(['DS5004']);
  });

  test('a run-time error', () => {
    const text = register(
      'on m: Copy { if recovered { kept = 1 / (m.value - m.value) } }',
      'scenario Chaos under F (duration: 10s, seeds: 2) { chaos(rate: 2/s) }',
    );
    const report = only(run(text, 'Chaos'));
    expect(report.after).toMatchObject({ faults: 1, requests: 1 });
    expect(replay(text, report).findings.map(({ code }) => code)).toEqual(['DS5001']);
  });

  test('a history that is not linearizable', () => {
    const text = register(
      'on m: Copy { stored = m.value }',
      'scenario Chaos under F (duration: 5s, seeds: 2) { chaos(rate: 2/s)  expect linearizable(Register) }',
    );
    const report = only(run(text, 'Chaos'));
    expect(report.failure).toBe('linearizable(Register)');
    expect(report.after.faults).toBe(0);
    expect(report.after.requests).toBeGreaterThan(0);
    expect(report.after.requests).toBeLessThanOrEqual(3);
    expect(replay(text, report).findings.map(({ code }) => code)).toEqual(['DS5005']);
  });

  test('an eventuality that is missed because of a fault, not for want of calls', () => {
    const text = register(
      'on m: Copy { stored = m.value }  eventually AllAnswer within 2s { forall a in correct: forall b in correct: a == b or b in a.answered }',
      `scenario Cut under F (duration: 10s, seeds: 2) {
        at 1s crash(replica[1], for: 1s)
        at 1.5s slow(replica[2], factor: 2, for: 1s)
        at 0s isolate(replica[4])
      }`,
    );
    const report = only(run(text, 'Cut'));
    expect(report.after).toMatchObject({ faults: 1, requests: 0 });
    expect(report.text).toContain('isolate(replica[4])');
    expect(replay(text, report).findings.map(({ code }) => code)).toEqual(['DS5003']);
  });

  test('a violation that is expected, when that is asked for', () => {
    const text = register(
      'on m: Copy { stored = m.value }  invariant Never { forall m in members: m.stored < 20 }',
      'scenario Chaos under F (duration: 3s, seeds: 2) { chaos(rate: 2/s)  expect violated(Never) }',
    );
    expect(run(text, 'Chaos').shrunk).toEqual([]);
    const report = only(run(text, 'Chaos', { expected: true }));
    expect(report.finding).toBeNull();
    const again = replay(text, report);
    expect(again.passed).toBe(true);
    expect(again.verdicts[0]).toMatchObject({ text: 'violated(Never)', passed: true });
  });

  test('a duplicate that other draws show once calls are gone: with a seed near the one that failed', () => {
    const text = register(
      'var seen: Set<Int> = {}  on m: Copy { assert not (m.value in seen)  seen += m.value }',
      'scenario Twice (duration: 3s, seeds: 5) { }',
    ).replace('exponential(5ms)', 'exponential(5ms), duplicate: 1%');
    const report = only(run(text, 'Twice'));
    expect(report.before.requests).toBeGreaterThan(1);
    expect(report.after).toMatchObject({ faults: 0, requests: 1 });
    expect(report.text).toContain(`seed: ${report.seed}`);
    expect(report.name).not.toContain(`Seed${report.seed}`);
    expect(replay(text, report).findings.map(({ code }) => code)).toEqual(['DS5004']);
  });

  test('under `vary` the reduced scenario keeps the value', () => {
    const text = register(
      'on m: Copy { assert m.value < 5 }',
      'const limit = 3\nscenario Varied (duration: 3s, seeds: 1) { vary limit in [7] }',
    );
    const report = only(run(text, 'Varied'));
    expect(report.text).toContain('vary limit in [7]');
    replay(text, report);
  });
});

describe('what cannot be reduced', () => {
  const text = register('on m: Copy { stored = m.value }', 'scenario Slow (duration: 2s, seeds: 2) { expect count(Missing) >= 1 }').replace(
    'operation Write(value: Int)\n',
    'operation Write(value: Int)\n  event Missing\n',
  );

  test('keeps its calls and its end where less of them would fail by itself', () => {
    const report = only(run(text, 'Slow'));
    expect(report.after.requests).toBe(report.before.requests);
    expect(report.after.end).toBe(report.before.end);
    expect(report.text).not.toContain('call');
  });

  test('an expectation about all runs says so', () => {
    const finding = run(text.replace('count(Missing) >= 1', 'p99(time_to(Missing)) <= 1s'), 'Slow').findings[0]!;
    expect(finding.notes?.at(-1)).toBe('not reduced: it is about all runs together');
  });
});

describe('the budget', () => {
  const text = register(
    'on m: Copy { stored = m.value }  invariant Never { forall m in members: not (m.recovered and m.stored > 20) }',
    'scenario Chaos under F (duration: 10s, seeds: 2) { chaos(rate: 2/s) }',
  );

  test('bounds the runs, and what is found by then fails as well', () => {
    const report = only(run(text, 'Chaos', { runs: 3 }));
    // Of runs that are short sixteen may stand for one.
    expect(report.runs).toBeLessThanOrEqual(3 * 16);
    expect(report.isCutShort).toBe(true);
    replay(text, report);
  });

  test('gives the same answer every time', () => {
    expect(run(text, 'Chaos').shrunk).toEqual(run(text, 'Chaos').shrunk);
  });
});

describe('ddmin', () => {
  test('finds exactly the items that are needed together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.array(fc.nat(59), { maxLength: 6 }), (count, wanted) => {
        const items = Array.from({ length: count }, (_, index) => index);
        const needed = [...new Set(wanted.filter((item) => item < count))].sort((a, b) => a - b);
        expect(ddmin(items, (kept) => needed.every((item) => kept.includes(item)))).toEqual(needed);
      }),
    );
  });

  test('leaves nothing that could be taken away alone, whatever fails', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 60 }), (items, least) => {
        const fails = (kept: readonly number[]): boolean => kept.reduce((sum, item) => sum + item, 0) >= least;
        fc.pre(fails(items));
        const kept = ddmin(items, fails);
        expect(fails(kept)).toBe(true);
        for (const index of kept.keys()) expect(fails(kept.toSpliced(index, 1))).toBe(false);
      }),
    );
  });
});
