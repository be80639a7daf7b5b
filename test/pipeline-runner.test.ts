import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { emptyLibrary } from '../src/language/library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { defaultLimits, type RunRequest } from '../src/pipeline/api.ts';
import { checkFile } from '../src/pipeline/check.ts';
import { runInWorker } from '../src/pipeline/runner.ts';

/* Runs in a worker, as the faces make them: limits and cancel end the run and nothing else. */

const worker = fileURLToPath(new URL('../dist/worker/worker.cjs', import.meta.url));

function requestFor(text: string, limits: Partial<RunRequest['limits']> = {}): RunRequest {
  const workspace = new Workspace({ readText: () => undefined, library: emptyLibrary });
  workspace.setText('file:///run.dsys', text);
  const report = checkFile(workspace, 'file:///run.dsys');
  const code = report.systems[0]?.code;
  if (!code) throw new Error(report.findings.map(({ message }) => message).join('\n'));
  return { code, scenarios: [], seed: 1, runs: null, trace: false, constants: {}, limits: { ...defaultLimits, ...limits } };
}

const hoarder = `protocol Hoarder {
  var hoard: Map<Int, List<Int>> = {}
  var next = 0
  timer tick
  on start { set tick after 1us }
  on timeout tick {
    for i in 0..200 { hoard[next + i] = [next, i, next + i, next - i] }
    next += 201
    set tick after 1us
  }
  invariant Grows { forall m in members: m.hoard.size == m.next }
}
system S { node a  run Hoarder on a  scenario Long (duration: 1000s, seeds: 1) { expect messages == 0 } }`;

const patient = `protocol Ticks {
  var ticks = 0
  timer tick
  on start { set tick after 1us }
  on timeout tick { ticks += 1  set tick after 1us }
  invariant Counts { forall m in members: m.ticks >= 0 }
}
system S { node a  run Ticks on a  scenario Long (duration: 100000s, seeds: 1) { expect messages == 0 } }`;

describe('a run in a worker', () => {
  test('that takes more memory than it may ends with a finding at the scenario', async () => {
    const report = await runInWorker(worker, requestFor(hoarder, { memoryMb: 64 }));
    expect(report.stopped).toBe('limit');
    expect(report.findings).toMatchObject([{ code: 'DS5006', severity: 'error', message: expect.stringContaining('64 MB') }]);
  });

  test('that takes more events than it may is stopped', async () => {
    const report = await runInWorker(worker, requestFor(patient, { events: 50_000 }));
    expect(report.stopped).toBe('limit');
    expect(report.results[0]?.findings).toMatchObject([{ code: 'DS5006' }]);
  });

  test('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const running = runInWorker(worker, requestFor(patient), { signal: abort.signal });
    abort.abort();
    expect((await running).stopped).toBe('cancelled');
  });

  test('of a worker that is not there is a bug of ours, said as one', async () => {
    await expect(runInWorker('/nowhere/worker.cjs', requestFor(patient))).rejects.toThrow(/worker/);
  });
});
