// A campaign of 400 seeds with two workers on two cores, beside the same with one worker that has one core: what helps it
// aside (the collection of garbage, the engine's compiler) runs on that core as well. Both have run as many seeds a worker
// before, so that they are equally warm, and take turns. What one worker does that may use both cores is told as well.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defaultLimits } from '../src/pipeline/api.ts';
import { SimulationPool } from '../src/pipeline/pool.ts';
import { codeOf } from './dsys.ts';
import { percentile, report } from './report.ts';

const workerFile = fileURLToPath(new URL('../worker/worker.cjs', import.meta.url));
const seeds = 400;
const rounds = 9;

const text = `
import Raft from "dsys/consensus/raft"
system Cluster {
  node replica[5]
  node client[2]
  channel replica -- replica with (latency: lognormal(1ms, 0.5))
  timing partially_synchronous(delay: 50ms, gst: 0s)
  faults Crashes { crash 2 of replica with (recovers: true) }
  run Raft on replica
  workload writes on client { call Submit(command: unique) to any(replica) with (rate: 20/s, timeout: 5s) }
  scenario Chaos under Crashes (duration: 5s, seeds: ${seeds}) {
    at 0s chaos(rate: 1/s)
    expect count(Committed) >= 0
  }
}`;

/** How to run a round, which gives the ms that it took. */
type Round = () => Promise<number>;

async function warmed(workers: number): Promise<Round> {
  const pool = new SimulationPool(workerFile, defaultLimits.memoryMb, workers);
  const code = codeOf(text);
  const round = async (): Promise<number> => {
    const begun = performance.now();
    const { results } = await pool.run({ code, scenarios: [], seed: 1, runs: seeds, trace: false, constants: {}, limits: defaultLimits });
    if (results[0]?.runs.length !== seeds) throw new Error('not all seeds were run');
    return performance.now() - begun;
  };
  for (let count = 0; count < 3 * workers; count += 1) await round();
  return round;
}

/** One worker in a process that may use the first core only. */
function onOneCore(): { readonly round: Round; readonly end: () => void } {
  const child = fork(fileURLToPath(import.meta.url), [], { execPath: 'taskset', execArgv: ['-c', '0', process.execPath] });
  const round = (): Promise<number> =>
    new Promise((resolve, reject) => {
      child.once('message', (milliseconds: number) => resolve(milliseconds));
      child.once('error', reject);
      child.send('round');
    });
  return { round, end: () => child.kill() };
}

async function answerRounds(): Promise<void> {
  const round = warmed(1);
  process.on('message', async () => process.send?.(await (await round)()));
}

async function measure(): Promise<void> {
  const { round: oneCore, end } = onOneCore();
  await oneCore();
  const variants = [await warmed(2), oneCore, await warmed(1)];
  const times: number[][] = variants.map(() => []);
  for (let count = 0; count < rounds; count += 1) for (const [at, round] of variants.entries()) times[at]?.push(await round());
  end();
  const [two = 0, one = 0, alone = 0] = times.map((all) => (seeds / percentile(all, 0.5)) * 1e3);
  const name = `campaign of ${seeds} seeds, two workers`;
  report({ name, value: two, unit: 'runs/s', reference: { name: 'one core', value: one }, atLeast: 1.8 * one });
  report({ name, value: two, unit: 'runs/s', reference: { name: 'one worker, both cores', value: alone } });
  process.exit();
}

if (process.send) await answerRounds();
else await measure();
