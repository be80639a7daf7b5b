import type { Random } from '../../base/random.ts';
import { EventQueue } from '../event-queue.ts';
import { Cell, EventCode, type EventStore, type PendingEvents } from '../event-store.ts';
import { SlotHeap } from './slot-heap.ts';
import { enlarged } from './slot-pool.ts';
import type { Strategy } from './strategy.ts';

export interface ScheduleRules {
  /** ns: what is not delivered by then never is. */
  readonly end: number;
  /** ns from which on Δ holds. */
  readonly gst: number;
  /** Δ, ns; Infinity for none. */
  readonly delayBound: number;
  /** ns that a delivery takes on average, divided among all that are pending. */
  readonly pace: number;
  /** Whether messages from one node to its neighbour keep their order. */
  isFifo(from: number, to: number): boolean;
}

/** What `held` is where no message is. */
const nothing = -1;
const clockTurn = -2;

/**
 * The pending events of a run whose order a strategy chooses, in place of the latencies. Deliveries wait in the strategy's
 * hands; timers and services keep their times and their order among themselves in an event queue, the clock. So do faults, calls
 * and what prepares them, in one that the strategy knows nothing of: a choice hangs on what nodes do, not on how faults were drawn.
 *
 * Time is logical. A delivery moves it on by `pace` / (number pending), so that a round of messages takes about as long as
 * it would; letting the clock go first moves it to the time of the clock's next event. What the clock holds is never late. A
 * message is never later than its deadline: max(sent, GST) + Δ, or when slowness and queues alone would have it arrive.
 */
export class ScheduledQueue implements PendingEvents {
  now = 0;
  private readonly clock = new EventQueue();
  private readonly background = new EventQueue();
  /** What was chosen and has to wait for the background: a message, or `clockTurn`; -1 for nothing. */
  private held = nothing;
  /** ns: when it comes. */
  private heldTime = 0;
  private readonly deadlines = new SlotHeap();
  /** The last message under way on a FIFO line, by from * nodes + to; and the one behind each message. */
  private readonly lastOfLine = new Map<number, number>();
  private behind = new Int32Array(1024);
  /** By slot of a message that waits in line: its deadline, ns. */
  private deadlineBehind = new Float64Array(1024);

  constructor(
    private readonly store: EventStore,
    private readonly strategy: Strategy,
    private readonly rules: ScheduleRules,
    private readonly jitter: Random,
    private readonly nodes: number,
  ) {}

  push(slot: number, time: number): void {
    const { cells } = this.store;
    const code = (cells[(slot << 3) + Cell.head] as number) & 15;
    // What a node sends to itself follows at once, as ever.
    if (code === EventCode.task) {
      this.background.push(slot, time);
      return;
    }
    if ((code !== EventCode.arrive && code !== EventCode.relay) || this.isToItself(slot)) {
      this.clock.push(slot, time);
      return;
    }
    const { rules, strategy } = this;
    // Every delivery takes time here, so none follows within an instant, whatever its latency.
    cells[(slot << 3) + Cell.depth] = (cells[(slot << 3) + Cell.depth] as number) & 0xffff;
    strategy.sent(slot);
    const deadline = Math.max(time, Math.max(this.now, rules.gst) + rules.delayBound);
    if (!this.waitsInLine(slot, deadline)) this.enable(slot, deadline);
  }

  /** A message that may be delivered from now on; one behind others in line must not be, whatever its deadline. */
  private enable(slot: number, deadline: number): void {
    if (deadline !== Number.POSITIVE_INFINITY) this.deadlines.add(slot, deadline);
    this.strategy.enable(slot);
  }

  pop(): number {
    const aside = this.background.nextTime();
    const due = this.clock.nextTime();
    if (this.held === nothing) {
      // Where nothing is left to choose, nothing is drawn nor held.
      if (this.strategy.size === 0 || due <= this.now) return aside <= due ? this.aside(aside) : this.tick(due);
      this.choose(due);
    }
    // What happens aside comes first; it may set a timer that comes before what was chosen.
    if (aside <= this.heldTime && aside <= due) return this.aside(aside);
    const { held, heldTime } = this;
    if (held !== clockTurn && due < heldTime) return this.tick(due);
    this.held = nothing;
    return held === clockTurn ? this.tick(due) : this.deliver(held, heldTime);
  }

  /** Chooses what comes next, and when, as if there were nothing aside. */
  private choose(due: number): void {
    const { strategy, rules, deadlines } = this;
    const latest = deadlines.size > 0 ? deadlines.firstKey : Number.POSITIVE_INFINITY;
    const chosen = strategy.pick(due <= latest && due <= rules.end);
    const time = chosen < 0 ? due : this.now + this.quantum();
    if (chosen < 0 || (due <= time && due <= latest)) this.hold(clockTurn, due);
    else if (time > latest) this.hold(deadlines.first, Math.max(latest, this.now));
    else this.hold(chosen, time);
  }

  private hold(what: number, time: number): void {
    this.held = what;
    this.heldTime = time;
  }

  private aside(time: number): number {
    const slot = this.background.pop();
    if (slot >= 0) this.now = Math.max(this.now, time);
    return slot;
  }

  private tick(due: number): number {
    const slot = this.clock.pop();
    if (slot >= 0) {
      this.now = due;
      this.strategy.ticked();
    }
    return slot;
  }

  private deliver(slot: number, time: number): number {
    if (time > this.rules.end) return -1;
    this.now = time;
    this.strategy.delivered(slot);
    if (this.deadlines.size > 0) this.deadlines.remove(slot);
    if (this.lastOfLine.size > 0) this.leaveLine(slot);
    return slot;
  }

  /** ns that a delivery takes, at least one. */
  private quantum(): number {
    const mean = this.rules.pace / this.strategy.size;
    return 1 + Math.floor(this.strategy.jitters ? (mean * this.jitter.nextUint32()) / 2_147_483_648 : mean);
  }

  private isToItself(slot: number): boolean {
    const { cells } = this.store;
    return cells[(slot << 3) + Cell.hop] === cells[(slot << 3) + Cell.node];
  }

  /** Puts a message of a FIFO line behind those before it. */
  private waitsInLine(slot: number, deadline: number): boolean {
    const { cells } = this.store;
    const from = cells[(slot << 3) + Cell.hop] as number;
    const to = cells[(slot << 3) + Cell.node] as number;
    if (!this.rules.isFifo(from, to)) return false;
    if (slot >= this.behind.length) {
      this.behind = enlarged(this.behind, slot + 1);
      const deadlines = new Float64Array(this.behind.length);
      deadlines.set(this.deadlineBehind);
      this.deadlineBehind = deadlines;
    }
    this.behind[slot] = -1;
    this.deadlineBehind[slot] = deadline;
    const line = from * this.nodes + to;
    const last = this.lastOfLine.get(line);
    this.lastOfLine.set(line, slot);
    if (last === undefined) return false;
    this.behind[last] = slot;
    return true;
  }

  private leaveLine(slot: number): void {
    const { cells } = this.store;
    const from = cells[(slot << 3) + Cell.hop] as number;
    const to = cells[(slot << 3) + Cell.node] as number;
    if (!this.rules.isFifo(from, to)) return;
    const next = this.behind[slot] as number;
    if (next < 0) this.lastOfLine.delete(from * this.nodes + to);
    else this.enable(next, this.deadlineBehind[next] as number);
  }
}
