// Events a second of a trivial protocol written in dsys: 64 nodes, each of which tells all others something every 10 ms.
// Reference: the same by hand in JavaScript (event objects in a binary heap), in the same process, in turn.
import { prepare, simulate, timed } from './dsys.ts';
import { ObjectHeap } from './heaps.ts';
import { report } from './report.ts';

const nodes = 64;
const seconds = Number(process.argv[2] ?? 3);
const rounds = 5;
const prepared = prepare(`
protocol AllToAll {
  message Tell(round: Int)
  timer tick
  var round = 0
  var heard = 0
  on start { set tick after random(0ms..10ms) }
  on timeout tick {
    round += 1
    broadcast Tell(round)
    set tick after 10ms
  }
  on m: Tell { heard += 1 }
}
system Bench {
  node node_[${nodes}]
  link node_ -- node_ with (latency: normal(2ms, 0.5ms))
  run AllToAll on node_
  scenario Calm (duration: ${seconds}s, seeds: 1) { expect messages >= 1 }
}`);

/** Runs it by hand for so many simulated ms; gives how many events there were. */
function byHand(durationMs: number): number {
  const heap = new ObjectHeap();
  const events: { from: number; to: number; round: number }[] = [];
  const free: number[] = [];
  const push = (from: number, to: number, round: number, time: number) => {
    const slot = free.pop() ?? events.length;
    events[slot] = { from, to, round };
    heap.push(slot, time);
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const heard = new Array<number>(nodes).fill(0);
  let count = 0;
  for (let node = 0; node < nodes; node += 1) push(node, node, 1, 10 * Math.random());
  for (;;) {
    const slot = heap.pop();
    if (heap.now > durationMs) return count;
    count += 1;
    const { from, to, round } = events[slot] as (typeof events)[number];
    free.push(slot);
    if (from !== to) heard[to] = (heard[to] as number) + 1;
    else {
      for (let other = 0; other < nodes; other += 1)
        if (other !== from) push(from, other, round, heap.now + Math.max(0, 2 + 0.5 * normal()));
      push(from, from, round + 1, heap.now + 10);
    }
  }
}

const best = { ours: 0, traced: 0, hand: 0 };
for (let round = 0; round < rounds; round += 1) {
  const run = timed(() => simulate(prepared, round + 1).steps);
  best.ours = Math.max(best.ours, run.value / run.ms / 1000);
  const hand = timed(() => byHand(seconds * 1000));
  best.hand = Math.max(best.hand, hand.value / hand.ms / 1000);
}
for (let round = 0; round < rounds; round += 1) {
  const run = timed(() => simulate(prepared, 1, { trace: true, limits: { traceEvents: 4_000_000 } }).steps);
  best.traced = Math.max(best.traced, run.value / run.ms / 1000);
}
report({
  name: 'all to all, 64 nodes, events',
  value: best.ours,
  unit: 'M/s',
  reference: { name: 'by hand', value: best.hand },
  atLeast: 3,
});
report({
  name: '  with a full trace',
  value: best.traced,
  unit: 'M/s',
  reference: { name: 'without', value: best.ours },
  atLeast: best.ours / 2,
});
