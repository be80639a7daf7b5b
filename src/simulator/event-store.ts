import { EventQueue } from './event-queue.ts';

/**
 * The events of a run as columns: eight integers an event in one cache line, and a reference to a payload. Slots are
 * used again, so a run allocates nothing per event.
 */
export const Cell = {
  /** EventCode | category << 4 | deployment << 8. */
  head: 0,
  /** The node at which it happens. */
  node: 1,
  /** Messages: who sent it first. */
  sender: 2,
  /** Messages: message or operation; timers: the timer. */
  index: 3,
  /** Messages: number of the message, by which a trace joins sending and arrival. Timers: generation. */
  number: 4,
  /** Message delays on the causal path up to here (lower 16 bits), steps within one instant (upper 15). */
  depth: 5,
  /** Messages: the node of the last hop. Service: the node's epoch. */
  hop: 6,
  /** Messages: for whom it is. */
  target: 7,
} as const;

export const EventCode = {
  /** A message arrives at its receiver. */
  arrive: 0,
  /** A node has finished the service of a message. */
  served: 1,
  timer: 2,
  /** A message arrives at a relay on its way. */
  relay: 3,
  /** Anything rare: the payload is a `Task`. */
  task: 4,
} as const;

/** What a message is: of the protocol, a client's call, or the answer to one. */
export const Category = { protocol: 0, request: 1, answer: 2 } as const;

/** Something that happens once at its time: a fault, the next call of a client, the end of a wait. */
export interface Task {
  run(): void;
}

/** What is pending: by time, or as a strategy chooses (schedule/scheduled-queue.ts). */
export interface PendingEvents {
  /** ns: time of the event that was popped last. */
  readonly now: number;
  /** Adds an event; `time` is not before `now`. */
  push(slot: number, time: number): void;
  /** The next event, or -1 when there is none; `now` becomes its time. */
  pop(): number;
}

export class EventStore {
  /** Chosen once, before the first event. */
  queue: PendingEvents = new EventQueue();
  cells = new Int32Array(8 * 1024);
  /** Payload of a message, CallHandle of a request, answer, or Task. */
  payloads: unknown[] = new Array<unknown>(1024).fill(null);
  /** The next message in a node's queue, by slot; used only while the event is not in the calendar. */
  waiting = new Int32Array(1024);
  private free = new Int32Array(1024);
  private freeCount = 0;
  private used = 0;

  /** A slot for a new event; its cells hold rubbish. */
  take(): number {
    if (this.freeCount > 0) {
      this.freeCount -= 1;
      return this.free[this.freeCount] as number;
    }
    if (this.used === this.payloads.length) this.grow();
    this.used += 1;
    return this.used - 1;
  }

  release(slot: number): void {
    this.payloads[slot] = null;
    this.free[this.freeCount] = slot;
    this.freeCount += 1;
  }

  /** Events that are alive: in the calendar or in a node's queue. */
  get live(): number {
    return this.used - this.freeCount;
  }

  private grow(): void {
    const length = this.payloads.length * 2;
    this.cells = enlarged(this.cells, 8 * length);
    this.waiting = enlarged(this.waiting, length);
    this.free = enlarged(this.free, length);
    for (let at = this.payloads.length; at < length; at += 1) this.payloads.push(null);
  }
}

function enlarged(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
