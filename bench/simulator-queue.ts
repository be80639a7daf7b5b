/**
 * The event queue in the classic hold model (pop one, push it again later): against a 4-ary heap over typed arrays and a heap
 * of event objects in the same process, and, where g++ is there, a 4-ary heap in C++ fed with the same delays.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../src/base/random.ts';
import type { Distribution } from '../src/model/values.ts';
import { EventQueue } from '../src/simulator/event-queue.ts';
import { Sampler } from '../src/simulator/sampler.ts';
import { ObjectHeap, type Queue, TypedHeap } from './heaps.ts';
import { report } from './report.ts';

const rounds = 5;
const operations = 1_000_000;
/** How many are queued, and what a C++ heap does of them on the machine for which the target was set, M/s. */
const sizes = [
  [240, 13],
  [4000, 9.5],
  [65_000, 5.9],
] as const;

/** ns for one pop and push. */
function hold(queue: Queue, pending: number, delays: Float64Array): number {
  for (let slot = 0; slot < pending; slot += 1) queue.push(slot, 1 + (delays[slot & 65_535] as number));
  const begin = process.hrtime.bigint();
  for (let operation = 0; operation < operations; operation += 1) {
    const slot = queue.pop();
    queue.push(slot, queue.now + (delays[operation & 65_535] as number));
  }
  return Number(process.hrtime.bigint() - begin) / operations;
}

function compileHeap(folder: string): string | null {
  const program = join(folder, 'hold');
  const source = fileURLToPath(new URL('../../bench/hold.cpp', import.meta.url));
  return spawnSync('g++', ['-O2', '-o', program, source]).status === 0 ? program : null;
}

function holdInCpp(program: string, pending: number, delays: Float64Array): number {
  const { stdout } = spawnSync(program, [String(pending), String(operations), String(rounds)], { input: Buffer.from(delays.buffer) });
  return Number(stdout.toString().split(' ')[0]);
}

const random = new Random(1, 'bench');
const drawn = (distribution: Distribution) => {
  const sampler = new Sampler(distribution);
  return () => sampler.drawTime(random);
};
const mixes: Record<string, (at: number) => number> = {
  'exponential 10 ms': drawn({ kind: 'exponential', mean: 1e7 }),
  'normal 2 ms': drawn({ kind: 'normal', mean: 2e6, sd: 5e5 }),
  'lognormal 80 ms': drawn({ kind: 'lognormal', median: 8e7, sigma: 0.2 }),
  'constant 1 ms': () => 1_000_000,
  'one in ten a timer': (at) => (at % 10 === 0 ? 1e9 + random.nextInt(1_000_000) : 1e6 + random.nextInt(500_000)),
};
const folder = mkdtempSync(join(tmpdir(), 'dsys-bench-'));
const program = compileHeap(folder);
if (program === null) process.stdout.write('g++ is not there: without the heap in C++\n');
const perSecond = (ns: number) => 1000 / ns;
for (const [name, draw] of Object.entries(mixes)) {
  const delays = Float64Array.from({ length: 65_536 }, (_, at) => draw(at));
  for (const [pending, target] of sizes) {
    let [ours, typed, objects, cpp] = [1e9, 1e9, 1e9, 1e9];
    for (let round = 0; round < rounds; round += 1) {
      ours = Math.min(ours, hold(new EventQueue(), pending, delays));
      typed = Math.min(typed, hold(new TypedHeap(pending + 1), pending, delays));
      objects = Math.min(objects, hold(new ObjectHeap(), pending, delays));
    }
    if (program !== null) cpp = holdInCpp(program, pending, delays);
    report({
      name: `${name}, ${pending} queued`,
      value: perSecond(ours),
      unit: 'M/s',
      reference:
        program === null ? { name: 'typed 4-ary heap', value: perSecond(typed) } : { name: '4-ary heap in C++', value: perSecond(cpp) },
      atLeast: target,
    });
    process.stdout.write(
      `    ×${(typed / ours).toFixed(2)} of a typed 4-ary heap (must: 2), ×${(objects / ours).toFixed(2)} of a heap of objects (must: 4)\n`,
    );
  }
}
rmSync(folder, { recursive: true });
