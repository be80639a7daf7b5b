import { describe, expect, test } from 'vitest';
import { emptyLibrary } from '../../src/language/library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits, type RunRequest } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import { countFingerprint, distinctStates } from '../../src/simulator/coverage.ts';
import { neverExercised } from '../../src/simulator/coverage-report.ts';
import type { CoverageReport, ScenarioResult } from '../../src/simulator/result.ts';

/* What runs exercise is counted, and counting changes nothing in a run. */

function resultOf(text: string, coverage = true): ScenarioResult {
  const workspace = new Workspace({ readText: () => undefined, library: emptyLibrary });
  workspace.setText('file:///a.dsys', text);
  const file = workspace.check('file:///a.dsys');
  const [code] = file.systems;
  if (!code || file.findings.some(({ severity }) => severity === 'error')) throw new Error(file.findings.map((f) => f.message).join('\n'));
  const request: RunRequest = { code, scenarios: [], seed: 1, runs: null, trace: false, coverage, constants: {}, limits: defaultLimits };
  return runScenarios(request).results[0] as ScenarioResult;
}

const coverageOf = (text: string): CoverageReport => resultOf(text).coverage as CoverageReport;
const missedOf = (text: string): string[] => neverExercised(coverageOf(text)).map(({ never }) => never);

const counters = (body: string, scenario = '', more = ''): string => `protocol P {
  var x = 0
  timer tick
  on start { set tick after 10ms }
  on timeout tick { ${body} set tick after 10ms }
  ${more}
}
system S {
  node a[3]
  faults F { crash 1 of a with (recovers: true)  byzantine 1 of a }
  run P on a
  scenario Run under F (duration: 1s, seeds: 2) { ${scenario} expect messages >= 0 }
}`;

describe('coverage', () => {
  test('counts both ways of an `if`, the else branch that nobody wrote too', () => {
    expect(missedOf(counters('x += 1'))).toEqual([]);
    expect(missedOf(counters('if x >= 0 { x += 1 }'))).toEqual(['the else branch was never taken']);
    expect(missedOf(counters('if x < 0 { x += 1 } else { x += 2 }'))).toEqual(['this condition never held']);
    expect(missedOf(counters('if x > 3 { x = 0 } else { x += 1 }'))).toEqual([]);
  });

  test('tells of a function or handler that never ran, and not of what is inside it', () => {
    expect(missedOf(counters('x += 1', '', 'message M  on m: M { if x > 3 { x = 0 } }'))).toEqual([
      '`M` was never sent',
      '`on m: M` never ran',
    ]);
    expect(missedOf(counters('if x > 900 { note() } x += 1', '', 'fun note() { if x > 3 { x = 0 } }'))).toEqual([
      'this condition never held',
      '`note` was never called',
    ]);
  });

  test('of messages tells whether they are sent and whether they arrive', () => {
    const cut = 'at 0s partition([a[0]], [a[1]], [a[2]])';
    expect(missedOf(counters('broadcast M', cut, 'message M  on m: M { x += 1 }'))).toEqual([
      '`M` was never delivered',
      '`on m: M` never ran',
    ]);
    expect(missedOf(counters('broadcast M', '', 'message M  on m: M { x += 1 }'))).toEqual([]);
  });

  test('tells which faults were in force together, and in how many runs', () => {
    const { faults } = coverageOf(counters('x += 1', 'at 100ms crash(a[0], for: 300ms)  at 200ms slow(a[1], factor: 4, for: 300ms)'));
    expect(faults).toEqual([
      { kinds: ['crash'], runs: 2 },
      { kinds: ['crash', 'slow'], runs: 2 },
      { kinds: ['slow'], runs: 2 },
    ]);
    expect(coverageOf(counters('x += 1')).faults).toEqual([]);
  });

  test('counts states: three nodes that count to three from the same instants pass through few', () => {
    const still = coverageOf(counters('x = 0'));
    const counting = coverageOf(counters('x = (x + 1) mod 3'));
    expect(still.states).toBeLessThanOrEqual(4);
    // The nodes tick one after the other: after each tick a state, 9 in a round of three.
    expect(counting.states).toBe(9);
    expect(counting.changes).toBeGreaterThan(500);
  });

  test('moves nothing in a run', () => {
    const text = counters(
      'if random(0..1) == 0 { x += 1  broadcast M }',
      'at 0s chaos(rate: 3/s)',
      'message M  on m: M { for i in 0..x { x += 1 } if x > 50 { x = 0 } }',
    );
    const counted = resultOf(text);
    const plain = resultOf(text, false);
    expect(plain.coverage).toBeUndefined();
    expect({ ...counted, coverage: undefined }).toEqual({ ...plain, coverage: undefined });
  });
});

test('the number of fingerprints is estimated within a few percent', () => {
  for (const count of [1, 10, 1_000, 30_000, 400_000]) {
    const registers = new Array<number>(4_096).fill(0);
    let state = 1;
    const draw = (): number => {
      state = (Math.imul(state, 0x0019_660d) + 0x3c6e_f35f) | 0;
      let x = state;
      x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
      x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
      return x ^ (x >>> 16);
    };
    for (let at = 0; at < count; at += 1) countFingerprint(registers, draw(), draw());
    expect(Math.abs(distinctStates(registers) - count) / count, String(count)).toBeLessThan(0.06);
  }
});
