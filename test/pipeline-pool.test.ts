import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { emptyLibrary } from '../src/language/library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { defaultLimits, type RunProgress, type RunRequest } from '../src/pipeline/api.ts';
import { checkFile } from '../src/pipeline/check.ts';
import { runInWorkers, SimulationPool } from '../src/pipeline/pool.ts';
import { PreparedSystems } from '../src/pipeline/prepared-system.ts';
import { runScenarios } from '../src/pipeline/run.ts';
import { partsAhead } from '../src/pipeline/worker-messages.ts';
import type { Trace } from '../src/simulator/trace.ts';

/* Runs in workers, as the faces make them: limits, cancel and dead workers end the run and nothing else. */

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

/** Half of the seeds lose the coin and fail. */
const coins = `protocol Coins {
  var heads = false
  timer flip
  event Landed(heads: Bool)
  on start { set flip after random(1ms..20ms) }
  on timeout flip { heads = random(0..1) == 0  emit Landed(heads: heads) }
  invariant Tails { forall m in members: not m.heads }
}
system S {
  const n = 1
  node a[n]
  run Coins on a
  scenario Flip (duration: 1s, seeds: 40) {
    expect max(time_to(Landed)) <= 1s
    expect count(Landed) >= 1
  }
  scenario Sizes (duration: 1s, seeds: 7) {
    vary n in [1, 2, 3]
    expect count(Landed) >= 1
  }
}`;

/** A worker file that behaves as the real one does, but ends itself as soon as it is to run one of the seeds. */
function mortal(seeds: readonly number[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'dsys-mortal-'));
  const file = join(folder, 'worker.cjs');
  // The position of the seed at hand stands in the shared memory, in the second word.
  writeFileSync(
    file,
    `const { parentPort, workerData } = require('node:worker_threads');
const listen = parentPort.on.bind(parentPort);
const store = Atomics.store.bind(Atomics);
let order = null;
parentPort.on = (event, listener) => listen(event, (message) => { order = message; listener(message); });
Atomics.store = (words, index, value) => {
  const stored = store(words, index, value);
  if (index === 1 && value >= 0 && ${JSON.stringify(seeds)}.includes(order.seeds[value])) process.exit(7);
  return stored;
};
require(${JSON.stringify(worker)});`,
  );
  return file;
}

describe('many seeds', () => {
  test('give the same report, byte for byte, whatever the number of workers', async () => {
    const request = { ...requestFor(coins), trace: true };
    const [one, two, three] = await Promise.all([1, 2, 3].map((workers) => runInWorkers(worker, request, {}, workers)));
    expect(one?.results.map(({ variant, runs }) => [variant, runs.length])).toEqual([
      [null, 40],
      ['n = 1', 7],
      ['n = 2', 7],
      ['n = 3', 7],
    ]);
    expect(one?.results[0]?.passed).toBe(false);
    expect(one?.results[0]?.runs.map(({ seed }) => seed)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
    expect(JSON.stringify(three)).toBe(JSON.stringify(one));
  });

  test('give in workers what they give in one thread', async () => {
    const request = requestFor(coins);
    expect(JSON.stringify(await runInWorkers(worker, request, {}, 2))).toBe(JSON.stringify(runScenarios(request)));
  });

  test('tell how many of them are done and fail', async () => {
    const progress: RunProgress[] = [];
    const report = await runInWorkers(
      worker,
      { ...requestFor(coins), scenarios: ['Flip'] },
      { onProgress: (step) => progress.push(step) },
      2,
    );
    const failing = Number(/\((\d+) of 40 seeds\)/.exec(report.results[0]?.verdicts.find(({ passed }) => !passed)?.detail ?? '')?.[1]);
    expect(failing).toBeGreaterThan(5);
    expect(progress.at(-1)).toEqual({ scenario: 'Flip', variant: null, done: 40, total: 40, failing });
    expect(progress.map(({ done }) => done)).toEqual(progress.map(({ done }) => done).toSorted((a, b) => a - b));
  });

  test('go on when a worker dies: its seed is lost, and no other', async () => {
    const file = mortal([11]);
    const request = { ...requestFor(coins), scenarios: ['Flip'] };
    const [one, two] = await Promise.all([1, 2].map((workers) => runInWorkers(file, request, {}, workers)));
    expect(one?.results[0]?.runs.map(({ seed }) => seed)).toEqual(
      Array.from({ length: 40 }, (_, at) => at + 1).filter((seed) => seed !== 11),
    );
    expect(one?.results[0]?.findings.at(-1)).toMatchObject({
      code: 'DS5020',
      message: 'seed 11 of `Flip` is lost: its worker ended with code 7',
      notes: ['1 of 40 seeds lost'],
      witness: { seed: 11 },
    });
    expect(one?.stopped).toBe('limit');
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  test('end when workers die again and again, at the same seed whatever their number', async () => {
    const file = mortal([5, 9, 14, 22, 30]);
    const request = { ...requestFor(coins), scenarios: ['Flip'] };
    const [one, three] = await Promise.all([1, 3].map((workers) => runInWorkers(file, request, {}, workers)));
    expect(one?.results[0]?.runs.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 13]);
    expect(one?.results[0]?.findings.at(-1)?.notes).toContain('the 3 lost seeds end the series');
    expect(JSON.stringify(three)).toBe(JSON.stringify(one));
  });

  test('stop when one reaches a limit, at the same seed whatever their number', async () => {
    const request = { ...requestFor(patient, { events: 50_000 }), runs: 9 };
    const [one, three] = await Promise.all([1, 3].map((workers) => runInWorkers(worker, request, {}, workers)));
    expect(one?.results[0]?.runs.map(({ seed }) => seed)).toEqual([1]);
    expect(JSON.stringify(three)).toBe(JSON.stringify(one));
  });

  test('keep those that are done when they are cancelled', async () => {
    const abort = new AbortController();
    const report = await runInWorkers(
      worker,
      { ...requestFor(coins), scenarios: ['Flip'], runs: 1_000_000 },
      { signal: abort.signal, graceMs: 10_000, onProgress: ({ done }) => done >= 20 && abort.abort() },
      2,
    );
    expect(report.stopped).toBe('cancelled');
    expect(report.results[0]?.runs.length).toBeGreaterThanOrEqual(20);
    expect(report.results[0]?.passed).toBe(false);
  });

  test('of several requests share one pool', async () => {
    const pool = new SimulationPool(worker, 512, 2);
    const requests = ['Flip', 'Sizes'].map((scenario) => ({ ...requestFor(coins), scenarios: [scenario] }));
    const reports = await Promise.all(requests.map((request) => pool.run(request)));
    pool.close();
    expect(JSON.stringify(reports)).toBe(JSON.stringify(requests.map((request) => runScenarios(request))));
  });

  test('give the same whatever a pool has run before: other constants, coverage, code', async () => {
    const pool = new SimulationPool(worker, 512, 1);
    const request = { ...requestFor(coins), scenarios: ['Flip'] };
    const requests: RunRequest[] = [
      request,
      { ...request, constants: { n: 2 } },
      { ...request, coverage: true },
      { ...requestFor(coins.replace('random(0..1)', 'random(0..2)')), scenarios: ['Flip'] },
      { ...request, coverage: true },
      { ...request, constants: { n: 2 }, scenarios: ['Sizes'] },
      request,
    ];
    const reports: unknown[] = [];
    for (const next of requests) reports.push(await pool.run(next));
    pool.close();
    const alone = await Promise.all(requests.map((next) => runInWorkers(worker, next, {}, 1)));
    expect(JSON.stringify(reports)).toBe(JSON.stringify(alone));
    expect(new Set(alone.map((report) => JSON.stringify(report))).size).toBe(5);
  });
});

describe('systems that are prepared', () => {
  const request = requestFor(coins);
  const systems = new PreparedSystems();

  test('serve the same code with the same constants again', () => {
    const first = systems.of(1, request, { n: 1 });
    expect(systems.of(1, { code: request.code, coverage: false }, { n: 1 })).toBe(first);
    expect(first.programs).toBe(first.programs);
    for (const other of [
      systems.of(2, request, { n: 1 }),
      systems.of(1, request, { n: 2 }),
      systems.of(1, { ...request, coverage: true }, { n: 1 }),
    ])
      expect(other).not.toBe(first);
  });

  test('are few: the one that was not used for longest goes', () => {
    const first = systems.of(1, request, { n: 1 });
    const second = systems.of(1, request, { n: 2 });
    for (const n of [3, 4]) systems.of(1, request, { n });
    systems.of(1, request, { n: 1 });
    systems.of(1, request, { n: 5 });
    expect(systems.of(1, request, { n: 1 })).toBe(first);
    expect(systems.of(1, request, { n: 2 })).not.toBe(second);
  });
});

describe('a run in a worker', () => {
  test('that takes more memory than it may ends with a finding at the scenario', async () => {
    const report = await runInWorkers(worker, requestFor(hoarder, { memoryMb: 64 }));
    expect(report.stopped).toBe('limit');
    expect(report.results[0]?.findings).toMatchObject([{ code: 'DS5006', severity: 'error', message: expect.stringContaining('64 MB') }]);
  });

  test('that takes more events than it may is stopped', async () => {
    const report = await runInWorkers(worker, requestFor(patient, { events: 50_000 }));
    expect(report.stopped).toBe('limit');
    expect(report.results[0]?.findings).toMatchObject([{ code: 'DS5006' }]);
  });

  test('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const running = runInWorkers(worker, requestFor(patient), { signal: abort.signal });
    abort.abort();
    expect((await running).stopped).toBe('cancelled');
  });

  test('of a worker that is not there is a bug of ours, said as one', async () => {
    await expect(runInWorkers('/nowhere/worker.cjs', requestFor(patient))).rejects.toThrow(/worker/);
  });
});

describe('the trace of one run', () => {
  const flip = { ...requestFor(coins), scenarios: ['Sizes'] };

  test('comes in parts from a worker and changes nothing of the run', async () => {
    const pool = new SimulationPool(worker, 256, 1);
    const parts: Trace[] = [];
    const end = await pool.trace(flip, { variant: 'n = 2', seed: 3 }, (part) => parts.push(part));
    const digests = (await pool.run(flip)).results[1]?.runs.map(({ digest }) => digest);
    pool.close();
    expect(end).toEqual({ kind: 'whole', digest: digests?.[2] });
    expect(parts.map(({ nodes, length }) => [nodes, length > 0])).toEqual([[['a[0]', 'a[1]'], true]]);
  });

  test('waits where its rows are taken slowly, and ends in the middle when cancelled', async () => {
    const pool = new SimulationPool(worker, 256, 1);
    const control = new AbortController();
    let rows = 0;
    const end = await pool.trace(
      requestFor(patient),
      { variant: null, seed: 1 },
      ({ length }) => {
        rows += length;
        // Time in which a worker that did not wait would make many more parts.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        control.abort();
      },
      control.signal,
    );
    pool.close();
    expect(end).toEqual({ kind: 'cancelled' });
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual((partsAhead + 1) * 16_384);
  });

  test('ends with the memory of its worker, after the rows until then', async () => {
    const pool = new SimulationPool(worker, 64, 1);
    let rows = 0;
    const slower = hoarder.replace('0..200', '0..20').replace('201', '21');
    const end = await pool.trace(requestFor(slower), { variant: null, seed: 1 }, ({ length }) => {
      rows += length;
    });
    pool.close();
    expect(end).toEqual({ kind: 'memory', memoryMb: 64 });
    expect(rows).toBeGreaterThan(0);
  });

  test('fails with what its sink throws, and the pool goes on', async () => {
    const pool = new SimulationPool(worker, 256, 1);
    const full = (): void => {
      throw new Error('no space left');
    };
    await expect(pool.trace(flip, { variant: 'n = 1', seed: 1 }, full)).rejects.toThrow('no space left');
    const report = await pool.run(flip);
    pool.close();
    expect(report.results).toHaveLength(3);
  });

  test('is refused where there is no such variant', async () => {
    const pool = new SimulationPool(worker, 256, 1);
    await expect(pool.trace(flip, { variant: 'n = 9', seed: 1 }, () => undefined)).rejects.toThrow('cannot be made again');
    pool.close();
  });
});
