import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunTraces } from '../../src/cli/run-traces.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { RunAgain, TracedResult } from '../../src/cli/trace-target.ts';
import { type TraceFile, TraceReader } from '../../src/report/trace-reader.ts';
import type { ScenarioResult } from '../../src/simulator/result.ts';
import { failing, trace } from '../report/made-up-report.ts';

/* What becomes of the files when a run that is made again for its trace does not come to its end. */

let folder = '';
let said = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsys-traces-'));
  said = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const terminal = {
  complain: (text: string) => {
    said += text;
  },
} as Terminal;

/** The shown run is too long for the memory. */
const long: ScenarioResult = failing.shown ? { ...failing, shown: { ...failing.shown, trace: { ...trace, truncated: true } } } : failing;

function traced(result: ScenarioResult, again: RunAgain): TracedResult {
  return { result, origin: { tool: '0.1.0', file: 'bank.dsys', content: 'fedcba9876543210', constants: [] }, again };
}

function traces(options: { trace?: string; export?: { format: 'mermaid'; path: string }[] }): RunTraces {
  return new RunTraces(terminal, { traceSample: 1, traceWhen: 'always', export: [], ...options }, 1);
}

function read(path: string): TraceFile {
  const reader = new TraceReader();
  reader.push(readFileSync(path, 'utf8'));
  return reader.finish();
}

describe('a worker that takes too much memory', () => {
  const dies: RunAgain = async (_, __, sink) => {
    sink(trace);
    return { kind: 'memory', memoryMb: 2048 };
  };

  it('leaves a file that is cut short, and all of its rows', async () => {
    const path = join(folder, 'bank.trace');
    const target = traces({ trace: path });
    expect(await target.take(traced(long, dies))).toBe('no');
    expect(await target.finish()).toBe('limit');
    const { whole, trace: kept } = read(path);
    expect({ whole, rows: kept.length }).toEqual({ whole: false, rows: trace.length });
    expect(said).toBe(`dsys: the trace of seed 4 took more than the 2048 MB of memory that a run may use; \`${path}\` is cut short\n`);
  });

  it('ends a folder at its seed', async () => {
    const target = traces({ trace: `${folder}/` });
    expect(await target.take(traced(long, dies))).toBe('limit');
    expect(readdirSync(folder)).toHaveLength(1);
    expect(said).toContain('of seed 4 took more than');
  });
});

describe('Ctrl-C', () => {
  const stopped: RunAgain = async () => ({ kind: 'cancelled' });

  it('before the first row leaves the rows that are at hand', async () => {
    const path = join(folder, 'bank.trace');
    const target = traces({ trace: path });
    await target.take(traced(long, stopped));
    expect(await target.finish()).toBe('cancelled');
    expect(read(path)).toMatchObject({ whole: false, trace: { length: trace.length } });
  });

  it('in the middle of a folder leaves the files that are whole', async () => {
    const seeds: number[] = [];
    const later: RunAgain = async (_, seed, sink) => {
      seeds.push(seed);
      sink(trace);
      return { kind: 'cancelled' };
    };
    const target = traces({ trace: `${folder}/` });
    expect(await target.take(traced(failing, later))).toBe('cancelled');
    // The first of the failing seeds is at hand.
    expect(seeds).toEqual([9]);
    const files = readdirSync(folder).sort();
    expect(files.map((file) => read(join(folder, file)).whole)).toEqual([true, false]);
    expect(files[0]).toMatch(/-seed4\.trace$/);
  });
});

it('an export of a run that is too long says how much of it is there', async () => {
  const path = join(folder, 'bank.mmd');
  const target = traces({ export: [{ format: 'mermaid', path }] });
  await target.take(
    traced(long, async () => {
      throw new Error('exports are made of what is at hand');
    }),
  );
  expect(await target.finish()).toBe('no');
  expect(readFileSync(path, 'utf8')).toContain('sequenceDiagram');
  expect(said).toMatch(/^dsys: exported are the first \d+ rows of the run; `--trace FILE` and `dsys export` take more\n$/);
});

it('no run leaves no file', async () => {
  const path = join(folder, 'bank.mmd');
  const target = traces({ trace: join(folder, 'new/traces/'), export: [{ format: 'mermaid', path }] });
  expect(await target.finish()).toBe('no');
  expect(existsSync(path)).toBe(false);
  expect(existsSync(join(folder, 'new/traces'))).toBe(false);
  expect(said).toBe('dsys: no run came to its end, so no trace was written and nothing was exported\n');
});
