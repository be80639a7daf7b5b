import { Random } from '../../base/random.ts';
import type { Schedule } from '../../model/scenario.ts';
import { Category, Cell } from '../event-store.ts';
import type { Kernel } from '../kernel.ts';
import { decidingMessages } from './deciding-messages.ts';
import { DelayBoundedStrategy } from './delay-bounded-strategy.ts';
import { PctStrategy } from './pct-strategy.ts';
import { RandomStrategy } from './random-strategy.ts';
import { ScheduledQueue } from './scheduled-queue.ts';
import type { Strategy } from './strategy.ts';
import { TargetedStrategy, type Targets } from './targeted-strategy.ts';

/** The queue for a run in which a strategy chooses what comes next; its draws are a stream of their own. */
export function scheduledQueue(kernel: Kernel, schedule: Exclude<Schedule, { readonly kind: 'latency' }>, seed: number): ScheduledQueue {
  const { system, links, store } = kernel;
  const { timing } = system;
  const anyFifo = links.fifo.includes(1);
  const costs = [...links.cost];
  const rules = {
    end: kernel.end,
    gst: kernel.gst,
    delayBound: timing.model === 'asynchronous' ? Number.POSITIVE_INFINITY : (timing.delay ?? Number.POSITIVE_INFINITY),
    pace: costs.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) / costs.length : 1e6,
    isFifo: anyFifo
      ? (from: number, to: number): boolean => {
          const linkClass = links.classOf(from, to);
          return linkClass >= 0 && links.fifo[linkClass] === 1;
        }
      : (): boolean => false,
  };
  const strategy = strategyOf(kernel, schedule, new Random(seed, 'schedule'));
  return new ScheduledQueue(store, strategy, rules, new Random(seed, 'schedule pace'), system.nodes.length);
}

function strategyOf(kernel: Kernel, schedule: Exclude<Schedule, { readonly kind: 'latency' }>, random: Random): Strategy {
  switch (schedule.kind) {
    case 'random':
      return new RandomStrategy(random);
    case 'pct':
      return new PctStrategy(random, schedule.depth);
    case 'delay_bounded':
      return new DelayBoundedStrategy(random, schedule.delays);
    case 'targeted':
      return new TargetedStrategy(random, targetsOf(kernel));
  }
}

function targetsOf({ system, store }: Kernel): Targets {
  const deciding = system.deployments.map((deployment) => {
    const protocol = system.protocols[deployment.protocol];
    return protocol ? decidingMessages(protocol) : [];
  });
  return {
    nodes: system.nodes.length,
    decides(slot) {
      const head = store.cells[(slot << 3) + Cell.head] as number;
      if (((head >> 4) & 3) !== Category.protocol) return false;
      return deciding[head >> 8]?.[store.cells[(slot << 3) + Cell.index] as number] ?? false;
    },
    concerns(slot, node) {
      const at = slot << 3;
      return store.cells[at + Cell.sender] === node || store.cells[at + Cell.target] === node;
    },
  };
}
