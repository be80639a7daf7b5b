import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hollowExpectations } from '../../src/analysis/system-lint/hollow-expectations.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import { checkFile } from '../../src/pipeline/check.ts';
import { judge } from '../../src/simulator/expectations.ts';
import { type Sample, sampleKey } from '../../src/simulator/metrics.ts';

/** What the checks claim, against plain evaluation. */

const library = nodeLibrary(import.meta.url);

function workspaceOf(text: string): Workspace {
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText('file:///a.dsys', text);
  return workspace;
}

// ---- expectations against samples -----------------------------------------------------------------------------------

const numbers = fc.constantFrom('-1', '0', '0.5', '1', '2', '3', '5');
const terms = fc.letrec<{ number: string; condition: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small' },
    numbers,
    fc.constantFrom('count(E)', 'success(Op)', 'reach(E)', 'messages', 'rounds(Op)', 'count(Never)', 'success(Idle)'),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(fc.constantFrom('min', 'max'), tie('number'), tie('number')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    tie('number').map((a) => `abs(${a})`),
    fc.tuple(tie('condition'), tie('number'), tie('number')).map(([c, a, b]) => `(if ${c} then ${a} else ${b})`),
  ),
  condition: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('condition'), fc.constantFrom('and', 'or', 'implies'), tie('condition')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('condition').map((a) => `not ${a}`),
  ),
}));

const samples = fc
  .record({
    count: fc.integer({ min: 0, max: 6 }),
    reach: fc.constantFrom(0, 1 / 3, 2 / 3, 1),
    messages: fc.integer({ min: 0, max: 6 }),
    calls: fc.integer({ min: 0, max: 4 }),
    answered: fc.integer({ min: 0, max: 4 }),
    round: fc.constantFrom(2, 3, 4.5),
  })
  .map(({ count, reach, messages, calls, answered, round }): Sample => {
    const succeeded = Math.min(calls, answered);
    const none = { calls: 0, succeeded: 0, latencies: new Float64Array(0), rounds: new Float64Array(0) };
    return {
      duration: 10e9,
      messages,
      bytes: 10 * messages,
      events: new Map([
        [sampleKey(0, 'E'), { count, firstAt: count > 0 ? 1 : -1, reach }],
        [sampleKey(0, 'Never'), { count: 0, firstAt: -1, reach: 0 }],
      ]),
      operations: new Map([
        [sampleKey(0, 'Op'), { ...none, calls, succeeded, rounds: new Float64Array(succeeded).fill(round) }],
        [sampleKey(0, 'Idle'), none],
      ]),
      sentBy: [messages],
    };
  });

describe('expectations that say nothing', () => {
  it('no run contradicts what is said of them', () => {
    let told = 0;
    const property = fc.property(terms.condition, fc.array(samples, { minLength: 12, maxLength: 12 }), (condition, runs) => {
      const workspace = workspaceOf(`protocol P {
        event E()
        event Never()
        operation Op()
        operation Idle()
        on op: Op { emit E()  reply }
        on op: Idle { reply }
      }
      system S {
        node r[3]
        node c
        run P on r
        workload w on c { call Op() to any(r) with (rate: 1/s) }
        scenario T (duration: 10s) { expect ${condition} }
      }`);
      const code = workspace.check('file:///a.dsys').systems[0];
      const system = code && expand(code).system;
      // Some mixtures of kinds are no expectation.
      fc.pre(system?.scenarios[0]?.expectations.length === 1);
      const expectation = system?.scenarios[0]?.expectations[0]?.expect;
      if (!system || expectation?.kind !== 'metric') return;
      const [finding] = hollowExpectations(system);
      if (!finding) return;
      told++;
      for (const run of runs) {
        const { held, measured } = judge(expectation.condition, [run], system.constants);
        // What is not measured holds for nothing; a division by zero counts as that.
        const whole = !condition.includes('/') && measured.every(({ value }) => value !== null);
        if (finding.code === 'DS3802') expect(held).toBe(false);
        else if (whole) expect(held).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 600 });
    expect(told).toBeGreaterThan(20);
  });
});

// ---- thresholds against all pairs of groups -------------------------------------------------------------------------

/** The sets of k among the first n numbers. */
function subsets(n: number, k: number): number[][] {
  if (k === 0) return [[]];
  if (n < k) return [];
  return [...subsets(n - 1, k), ...subsets(n - 1, k - 1).map((set) => [...set, n - 1])];
}

describe('thresholds of handlers', () => {
  it('two groups share only liars, or too few are left, exactly where plain enumeration says so', () => {
    const forms = ['n / 2', 'n / 2 + 1', '(n + 1) / 2', '2 * n / 3', '2 * n / 3 + 1', 'n - 1', 'n - 2', '(n + f) / 2 + 1'];
    for (const form of forms) {
      for (let n = 1; n <= 7; n++) {
        for (const [kind, budget] of [
          ['crash', 1],
          ['byzantine', 1],
          ['crash', 2],
          ['byzantine', 2],
        ] as const) {
          if (budget > n) continue;
          const f = 1;
          const k = form === '(n + f) / 2 + 1' ? Math.floor((n + f) / 2) + 1 : evaluated(form, n);
          const report = checkFile(
            workspaceOf(`protocol P(f: Int) {
  durable decided = false
  var votes: Set<Node> = {}
  message Ask()
  message Vote()
  on start { votes = {self}  broadcast Ask() }
  on m: Ask { reply Vote() }
  on m: Vote from p { votes += p  if votes.size >= ${form} { decided = f > 0 } }
  invariant Known { forall a in correct: a.decided implies a.votes.size > 0 }
}
system S {
  node r[${n}]
  faults F { ${kind} ${budget} of r }
  run P(f: ${f}) on r
}`),
            'file:///a.dsys',
          );
          const codes = report.findings.map(({ code }) => code);
          const groups = k >= 1 ? subsets(n, k) : [];
          const liars = kind === 'byzantine' ? budget : 0;
          const apart = groups.some((one) => groups.some((other) => one.filter((node) => other.includes(node)).length <= liars));
          expect([form, n, kind, budget, codes.includes('DS3803')]).toEqual([form, n, kind, budget, apart]);
          const unreached = k >= 1 && n - budget < k;
          expect([form, n, kind, budget, codes.includes('DS3804')]).toEqual([form, n, kind, budget, unreached]);
        }
      }
    }
  });
});

function evaluated(form: string, n: number): number {
  const values: Record<string, number> = {
    'n / 2': Math.floor(n / 2),
    'n / 2 + 1': Math.floor(n / 2) + 1,
    '(n + 1) / 2': Math.floor((n + 1) / 2),
    '2 * n / 3': Math.floor((2 * n) / 3),
    '2 * n / 3 + 1': Math.floor((2 * n) / 3) + 1,
    'n - 1': n - 1,
    'n - 2': n - 2,
  };
  return values[form] as number;
}
