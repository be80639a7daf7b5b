/**
 * Bugs that protocols have had (docs/known-bugs.md): a campaign finds each within the seeds that its scenario has; the
 * unchanged twin stays clean over the same seeds.
 */
import { describe, expect, it } from 'vitest';
import { expand } from '../../src/model/expand.ts';
import type { SystemCode } from '../../src/model/system-code.ts';
import { defaultLimits, type RunReport } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import { changedLines, plantedBugs, systemWith } from '../support/planted.ts';

/** Most lines that one change may span. */
const mostLines = 12;

function run(code: SystemCode, seed: number, runs: number | null): RunReport {
  return runScenarios({ code, scenarios: [], seed, runs, trace: false, constants: {}, limits: defaultLimits });
}

/** The first seed that shows what the scenario expects of the bug, tried in batches that double; null when none of its seeds does. */
function firstSeed(code: SystemCode): number | null {
  const seeds = expand(code).system?.scenarios[0]?.seeds ?? 0;
  let batch = 1;
  for (let seed = 1; seed <= seeds; seed += batch, batch *= 2) {
    const { findings, stopped, results } = run(code, seed, Math.min(batch, seeds - seed + 1));
    expect({ findings, stopped }).toEqual({ findings: [], stopped: 'no' });
    const expectations = results[0]?.verdicts.filter(({ kind }) => kind === 'expectation') ?? [];
    // Whatever else breaks in the same run is welcome too.
    if (expectations.length > 0 && expectations.every(({ passed }) => passed)) return expectations[0]?.seed ?? seed;
  }
  return null;
}

describe.each(plantedBugs().map((bug) => [`${bug.id}: ${bug.title}`, bug] as const))('%s', (_, bug) => {
  it('is one change of its twin', () => {
    const { planted, twin } = changedLines(bug);
    expect(planted.length + twin.length).toBeGreaterThan(0);
    expect(Math.max(planted.length, twin.length)).toBeLessThanOrEqual(mostLines);
  });

  it('is found', () => {
    expect(firstSeed(systemWith(bug, bug.protocol))).not.toBeNull();
  });

  it('is not in the twin', () => {
    const { results } = run(systemWith(bug, bug.twinText), 1, null);
    // What the bug is expected to show must not be seen, and nothing else may be wrong.
    for (const { verdicts } of results) {
      const seen = verdicts.filter(({ kind, passed }) => (kind === 'expectation' ? passed : !passed));
      expect(seen.map(({ text, detail }) => `${text}: ${detail}`)).toEqual([]);
    }
  });
});
