/**
 * Bugs that protocols have had: a campaign finds each within the seeds that its scenario has and reduces the run; the unchanged
 * twin stays clean over the same seeds. What came of it stands in docs/known-bugs.md, which UPDATE=1 writes anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { counted, formatDuration } from '../../src/base/units.ts';
import { expand } from '../../src/model/expand.ts';
import type { SystemCode } from '../../src/model/system-code.ts';
import { defaultLimits, type RunReport } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import type { RunSize, ShrinkReport } from '../../src/simulator/shrink/report.ts';
import { changedLines, type Planted, plantedBugs, systemWith } from '../support/planted.ts';

/** Most lines that one change may span. */
const mostLines = 12;
/** Runs that reducing one bug may take. */
const shrinkRuns = 150;

const page = new URL('../../docs/known-bugs.md', import.meta.url);
const rows = new Map<string, string>();

function run(code: SystemCode, seed: number, runs: number | null, shrinks = false): RunReport {
  const shrink = shrinks ? { runs: shrinkRuns, expected: true } : undefined;
  return runScenarios({ code, scenarios: [], seed, runs, trace: false, constants: {}, limits: defaultLimits, shrink });
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

/** The run of that seed as small as it gets; null where what it shows is a number, which no smaller run need show. */
function reduced(bug: Planted, seed: number): ShrinkReport | null {
  if (!/expect (violated|not )/.test(bug.protocol + bug.system)) return null;
  // A history that is not as it should be is reduced where it should be.
  const positive = (text: string): string => text.replace(/expect not /g, 'expect ');
  const code = systemWith({ ...bug, system: positive(bug.system) }, positive(bug.protocol));
  const [result] = run(code, seed, 1, true).results;
  return result?.shrunk?.[0] ?? null;
}

function sizeText({ faults, requests, nodes, events, end }: RunSize): string {
  const parts = [counted(faults, 'fault'), counted(requests, 'request'), counted(nodes, 'node'), counted(events, 'event')];
  return `${parts.join(', ')}, ${formatDuration(end)}`;
}

function rowOf({ id, file, title, breaks, twin, source }: Planted, seed: number, report: ShrinkReport | null): string {
  const name = twin.replace(/^.*\/(.*)\.dsys$/, '$1');
  const sizes = report === null ? ['a number over whole runs', 'not reduced'] : [sizeText(report.before), sizeText(report.after)];
  const cells = [`[${id}](../test/planted/${file})`, `${title} ([twin](../${twin}): \`${name}\`)`, breaks, String(seed), ...sizes, source];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const bugs = plantedBugs();

describe.each(bugs.map((bug) => [`${bug.id}: ${bug.title}`, bug] as const))('%s', (_, bug) => {
  it('is one change of its twin', () => {
    const { planted, twin } = changedLines(bug);
    expect(planted.length + twin.length).toBeGreaterThan(0);
    expect(Math.max(planted.length, twin.length)).toBeLessThanOrEqual(mostLines);
  });

  it('is found and reduced', () => {
    const seed = firstSeed(systemWith(bug, bug.protocol));
    expect(seed).not.toBeNull();
    const report = reduced(bug, seed ?? 0);
    if (report) {
      expect(report.after.events).toBeLessThanOrEqual(report.before.events);
      expect(report.after.faults).toBeLessThanOrEqual(report.before.faults);
    }
    rows.set(bug.id, rowOf(bug, seed ?? 0, report));
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

describe('the table of known bugs', () => {
  const before = readFileSync(page, 'utf8');
  const head = /^[\s\S]*\n\| --- .*\n/.exec(before)?.[0] ?? '';
  const written = (): string => `${head}${bugs.map(({ id }) => rows.get(id) ?? '').join('\n')}\n`;

  it('has what was found', () => {
    expect(bugs.length).toBeGreaterThanOrEqual(35);
    // Only when all of them have been run can the whole be compared.
    if (rows.size === bugs.length && !process.env.UPDATE) expect(before).toBe(written());
    else expect(head).not.toBe('');
  });

  afterAll(() => {
    if (process.env.UPDATE && rows.size === bugs.length) writeFileSync(page, written());
  });
});
