import { Random } from '../base/random.ts';
import type { FaultModel, Timing } from '../model/system.ts';
import { Category, Cell, EventCode } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { LinkFaults, type Passage } from './link-faults.ts';
import { PairTable } from './links.ts';
import { Flag } from './node-status.ts';

/**
 * How messages travel. A message is drawn a latency on every link it crosses; on the way it can be lost, duplicated, cut
 * off by a partition, or meet a relay that is down. Times are nanoseconds.
 */
export class Network {
  sent = 0;
  /** Protocol messages sent, by deployment. */
  readonly sentBy: Float64Array;
  /** Messages sent by node since chaos last looked. */
  readonly sentByNode: Float64Array;
  delivered = 0;
  lost = 0;
  duplicated = 0;
  bytes = 0;
  /** Draws that exceeded Δ after GST and were cut to it. */
  cutToDelay = 0;
  /** Factor on the latency of what is sent now; built-in behaviours set it for the length of one send. */
  lateness = 1;
  /** What happens to a dying node when its last message is out. */
  onDeath: (node: number) => void = () => {};

  private numbers = 0;
  /** What befalls messages on links besides. */
  readonly linkFaults: LinkFaults;
  readonly lossDraws: Random;
  readonly duplicateDraws: Random;
  private readonly latencyDraws: Random;
  /** When a line is free again, and when what was sent last on it arrives, ns. */
  private readonly freeAt: PairTable;
  private readonly lastArrival: PairTable;
  private readonly delayBound: number;
  private readonly gst: number;

  constructor(
    private readonly kernel: Kernel,
    seed: number,
    timing: Timing,
    faultModel: FaultModel | null,
  ) {
    this.sentBy = new Float64Array(kernel.system.deployments.length);
    this.sentByNode = new Float64Array(kernel.system.nodes.length);
    this.latencyDraws = new Random(seed, 'latency');
    this.lossDraws = new Random(seed, 'loss');
    this.duplicateDraws = new Random(seed, 'duplicates');
    const { nodes, hasLine } = kernel.links;
    const lines = hasLine.includes(1) ? nodes : 0;
    this.freeAt = new PairTable(lines);
    this.lastArrival = new PairTable(lines);
    this.linkFaults = new LinkFaults(kernel, seed);
    this.delayBound = timing.model === 'asynchronous' ? Number.POSITIVE_INFINITY : (timing.delay ?? Number.POSITIVE_INFINITY);
    this.gst = timing.gst ?? 0;
    for (const budget of faultModel?.budgets ?? []) {
      if (budget.kind !== 'loss' && budget.kind !== 'duplicate') continue;
      const ends = new Uint8Array(nodes);
      for (const node of budget.nodes ?? ends.keys()) ends[node] = 1;
      const kind = budget.kind === 'loss' ? 'lose' : 'duplicate';
      this.linkFaults.add({ kind, from: ends, to: ends, where: 'either-end', amount: budget.probability, messages: null });
    }
  }

  /** Sends a message on behalf of the handler that is running. `bytes` is its size on the wire. */
  send(category: number, deployment: number, from: number, to: number, index: number, payload: unknown, bytes: number): void {
    const { kernel } = this;
    const number = this.numbers;
    this.numbers = (number + 1) | 0;
    if (category === Category.protocol) {
      this.sent += 1;
      this.sentByNode[from] = (this.sentByNode[from] as number) + 1;
      this.sentBy[deployment] = (this.sentBy[deployment] as number) + 1;
      this.bytes += bytes;
    }
    if (kernel.recorder !== null) kernel.recorder.sent(category, deployment, from, to, index, number, payload);
    const head = EventCode.arrive | (category << 4) | (deployment << 8);
    if (from === to) {
      this.deliverToSelf(head, from, index, number, payload);
      return;
    }
    let depth = (kernel.cause & 0xffff) + 1;
    // A node that answers a call later, from a timer of its own, has still had to hear of it.
    if (category === Category.answer && depth < 2) depth = 2;
    const flags = kernel.status.flags[from] as number;
    if ((flags & (Flag.omitsSend | Flag.dying)) !== 0 && !this.getsOut(from, flags)) {
      this.drop(head, from, to, index, number);
      return;
    }
    this.forward(head, from, to, from, index, number, Math.min(depth, 0xffff), payload, bytes);
  }

  /** Whether a failing sender gets this message out. */
  private getsOut(from: number, flags: number): boolean {
    const { status } = this.kernel;
    if ((flags & Flag.omitsSend) !== 0 && this.lossDraws.chance(status.omitsSends[from] as number)) return false;
    if ((flags & Flag.dying) === 0) return true;
    const left = (status.sendsLeft[from] as number) - 1;
    status.sendsLeft[from] = left;
    // The handler that is running ends first; what it still sends is lost.
    if (left === 0) this.kernel.at(this.kernel.now, { run: () => this.onDeath(from) });
    return left >= 0;
  }

  /** Sends a message on from `at`, its sender or a relay. */
  forward(
    head: number,
    at: number,
    to: number,
    sender: number,
    index: number,
    number: number,
    depth: number,
    payload: unknown,
    bytes: number,
  ): void {
    const { links, cut } = this.kernel;
    let via = to;
    let linkClass = links.classOf(at, to);
    let code = head;
    // Where links are listed, what they leave out or a cut takes away is gone around.
    if (linkClass < 0 || (cut.active && !links.complete && cut.separates(at, to))) {
      via = this.kernel.routing.next(at, to);
      if (via < 0) {
        this.drop(head, sender, to, index, number);
        return;
      }
      linkClass = links.classOf(at, via);
      if (via !== to) code |= EventCode.relay;
    }
    if (this.linkFaults.active) {
      this.linkFaults.cross({ head: code, at, via, to, sender, index, number, depth, payload, bytes, linkClass });
      return;
    }
    const loss = links.loss[linkClass] as number;
    const duplicate = links.duplicate[linkClass] as number;
    if ((cut.active && cut.separates(at, via)) || (loss > 0 && this.lossDraws.chance(loss))) {
      this.drop(head, sender, to, index, number);
      return;
    }
    const arrival = this.arrivalOf(at, via, bytes, linkClass, 1, 0);
    this.put(code, via, sender, to, index, number, depth, payload, at, arrival);
    if (duplicate > 0 && this.duplicateDraws.chance(duplicate)) {
      this.copied(head, sender, to, index, number);
      const second = this.arrivalOf(at, via, bytes, linkClass, 1, 0);
      this.put(code, via, sender, to, index, number, depth, payload, at, second);
    }
  }

  /** Puts a message that crosses a link on its way; it arrives at `time`, ns. */
  arrive({ head, at, via, to, sender, index, number, depth, payload }: Passage, time: number): void {
    this.put(head, via, sender, to, index, number, depth, payload, at, time);
  }

  /** Counts and records a second copy. */
  copied(head: number, sender: number, to: number, index: number, number: number): void {
    if (((head >> 4) & 3) === Category.protocol) this.duplicated += 1;
    this.kernel.recorder?.duplicated((head >> 4) & 3, head >> 8, sender, to, index, number);
  }

  /** Counts and records a message that does not arrive. */
  drop(head: number, sender: number, to: number, index: number, number: number): void {
    if (((head >> 4) & 3) === Category.protocol) this.lost += 1;
    this.kernel.recorder?.lost((head >> 4) & 3, head >> 8, sender, to, index, number);
  }

  private deliverToSelf(head: number, node: number, index: number, number: number, payload: unknown): void {
    const { kernel } = this;
    this.put(head, node, node, node, index, number, kernel.cause & 0xffff, payload, node, kernel.now);
  }

  /**
   * When a message that is sent now from `at` to `via` arrives, ns; its latency is drawn. `factor` stretches a slow link's
   * latency and transmission, `delay` ns come on top.
   */
  arrivalOf(at: number, via: number, bytes: number, linkClass: number, factor: number, delay: number): number {
    const { kernel } = this;
    const { links, now } = kernel;
    let latency = (links.latency[linkClass] as (typeof links.latency)[number]).drawTime(this.latencyDraws);
    // After GST a link keeps Δ; what is under way at GST arrives by GST + Δ.
    const latest = Math.max(now, this.gst) + this.delayBound;
    if (now + latency > latest) {
      latency = latest - now;
      this.cutToDelay += 1;
    }
    const slowness = (kernel.status.slowness[at] as number) * this.lateness * factor;
    if (slowness !== 1) latency = Math.floor(latency * slowness + 0.5);
    latency += delay;
    return links.hasLine[linkClass] === 1 ? this.throughLine(at, via, latency, bytes, linkClass, factor) : now + latency;
  }

  /** A line sends one message after the other; a FIFO line also keeps their order. */
  private throughLine(at: number, via: number, latency: number, bytes: number, linkClass: number, factor: number): number {
    const { links, now } = this.kernel;
    let departure = now;
    const perByte = links.perByte[linkClass] as number;
    if (perByte > 0) {
      departure = Math.max(now, this.freeAt.get(at, via)) + Math.floor(bytes * perByte * factor + 0.5);
      this.freeAt.set(at, via, departure);
    }
    let arrival = departure + latency;
    if (links.fifo[linkClass] === 1) {
      arrival = Math.max(arrival, this.lastArrival.get(at, via));
      this.lastArrival.set(at, via, arrival);
    }
    return arrival;
  }

  private put(
    head: number,
    node: number,
    sender: number,
    target: number,
    index: number,
    number: number,
    depth: number,
    payload: unknown,
    hop: number,
    time: number,
  ): void {
    const { kernel } = this;
    // What would arrive after the end is on its way for ever.
    if (time > kernel.end) return;
    const { store } = kernel;
    const slot = store.take();
    const { cells } = store;
    const at = slot << 3;
    cells[at + Cell.head] = head;
    cells[at + Cell.node] = node;
    cells[at + Cell.sender] = sender;
    cells[at + Cell.index] = index;
    cells[at + Cell.number] = number;
    cells[at + Cell.depth] = time === kernel.now ? depth | kernel.nextInInstant() : depth;
    cells[at + Cell.hop] = hop;
    cells[at + Cell.target] = target;
    store.payloads[slot] = payload;
    store.queue.push(slot, time);
  }
}
