/**
 * The normal case of library/consensus/pbft.dsys simulated the way one writes it by hand for this one question: classes,
 * maps and sets, event objects in a binary heap. Three phases, answers to the client's replica, checkpoints, the agreement
 * check after each execution. Not deterministic; no faults, no view changes.
 */
interface Ballot {
  readonly view: number;
  readonly sequence: number;
  readonly digest: number;
}
interface Request {
  readonly origin: number;
  readonly ticket: number;
  readonly command: string;
}
type Message =
  | { kind: 'ask'; request: Request }
  | { kind: 'prePrepare'; ballot: Ballot; request: Request }
  | { kind: 'prepare'; ballot: Ballot; signer: number }
  | { kind: 'commit'; ballot: Ballot }
  | { kind: 'done'; ticket: number; sequence: number }
  | { kind: 'checkpoint'; sequence: number; digest: number };
interface Event {
  time: number;
  order: number;
  from: number;
  to: number;
  message: Message;
}
interface Slot {
  request: Request | null;
  prepares: Map<number, Set<number>>;
  proofs: { ballot: Ballot; signer: number }[];
  commits: Map<number, Set<number>>;
  prepared: boolean;
  decided: boolean;
}

const interval = 64;

/** What is run: so many replicas for so many simulated milliseconds, with Poisson requests or, with a rate of 0, a single one. */
interface Load {
  readonly replicas: number;
  readonly durationMs: number;
  readonly requestsPerSecond: number;
}

/** Gives how many messages were delivered and how many requests a backup has executed. */
export function pbftByHand({ replicas: n, durationMs, requestsPerSecond }: Load): { delivered: number; executed: number } {
  const f = Math.floor((n - 1) / 3);
  const quorum = Math.floor((n + f) / 2) + 1;
  const heap: Event[] = [];
  let order = 0;
  let now = 0;
  let delivered = 0;
  const before = (a: Event, b: Event) => a.time < b.time || (a.time === b.time && a.order < b.order);
  const push = (event: Event) => {
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  };
  const pop = (): Event => {
    const top = heap[0] as Event;
    const last = heap.pop() as Event;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!before(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
    return top;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const send = (from: number, to: number, message: Message) =>
    push({ time: now + Math.max(0, 6 + normal()), order: order++, from, to, message });
  const hash = (request: Request) => {
    let h = 17;
    const text = `${request.origin}/${request.ticket}/${request.command}`;
    for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
    return h;
  };

  class Replica {
    slots = new Map<number, Slot>();
    ledger: Request[] = [];
    digest = 0;
    stable = 0;
    assigned = 0;
    pending = new Map<string, Request>();
    waiting = new Map<number, Map<number, Set<number>>>();
    marks = new Map<number, Set<number>>();
    constructor(readonly id: number) {}
    broadcast(message: Message) {
      for (let to = 0; to < n; to++) if (to !== this.id) send(this.id, to, message);
    }
    submit(ticket: number) {
      const request = { origin: this.id, ticket, command: `c${ticket}` };
      this.waiting.set(ticket, new Map());
      this.broadcast({ kind: 'ask', request });
      this.admit(request);
    }
    admit(request: Request) {
      this.pending.set(`${request.origin}/${request.ticket}`, request);
      if (this.id !== 0) return;
      const ballot = { view: 0, sequence: ++this.assigned, digest: hash(request) };
      this.broadcast({ kind: 'prePrepare', ballot, request });
      this.propose(0, ballot, request);
    }
    slot(sequence: number): Slot {
      let slot = this.slots.get(sequence);
      if (!slot) {
        slot = { request: null, prepares: new Map(), proofs: [], commits: new Map(), prepared: false, decided: false };
        this.slots.set(sequence, slot);
      }
      return slot;
    }
    handle(from: number, message: Message) {
      if (message.kind === 'ask') this.admit(message.request);
      else if (message.kind === 'prePrepare') this.propose(from, message.ballot, message.request);
      else if (message.kind === 'prepare') {
        if (message.ballot.sequence <= this.stable) return;
        this.prepare(message.ballot, message.signer);
        this.advance(message.ballot.sequence);
      } else if (message.kind === 'commit') {
        if (message.ballot.sequence <= this.stable) return;
        add(this.slot(message.ballot.sequence).commits, message.ballot.digest, from);
        this.advance(message.ballot.sequence);
      } else if (message.kind === 'done') this.answer(message.ticket, message.sequence, from);
      else this.mark(message.sequence, from);
    }
    propose(from: number, ballot: Ballot, request: Request) {
      const slot = this.slot(ballot.sequence);
      if (slot.request || hash(request) !== ballot.digest) return;
      slot.request = request;
      this.prepare(ballot, from);
      if (this.id !== from) {
        this.broadcast({ kind: 'prepare', ballot, signer: this.id });
        this.prepare(ballot, this.id);
      }
      this.advance(ballot.sequence);
    }
    prepare(ballot: Ballot, signer: number) {
      const slot = this.slot(ballot.sequence);
      if (slot.prepared) return;
      add(slot.prepares, ballot.digest, signer);
      slot.proofs.push({ ballot, signer });
    }
    advance(sequence: number) {
      const slot = this.slot(sequence);
      if (!slot.request) return;
      const digest = hash(slot.request);
      if (!slot.prepared && (slot.prepares.get(digest)?.size ?? 0) >= quorum) {
        slot.prepared = true;
        add(slot.commits, digest, this.id);
        this.broadcast({ kind: 'commit', ballot: { view: 0, sequence, digest } });
      }
      if (slot.prepared && !slot.decided && (slot.commits.get(digest)?.size ?? 0) >= quorum) {
        slot.decided = true;
        this.execute();
      }
    }
    execute() {
      for (;;) {
        const slot = this.slots.get(this.ledger.length + 1);
        if (!slot?.decided || !slot.request) return;
        const { request } = slot;
        this.ledger.push(request);
        this.digest = Math.imul(this.digest, 31) + hash(request);
        this.pending.delete(`${request.origin}/${request.ticket}`);
        for (const other of replicas) {
          const common = Math.min(this.ledger.length, other.ledger.length);
          if (common > 0 && this.ledger[common - 1] !== other.ledger[common - 1]) throw new Error('Agreement');
        }
        if (request.origin === this.id) this.answer(request.ticket, this.ledger.length, this.id);
        else send(this.id, request.origin, { kind: 'done', ticket: request.ticket, sequence: this.ledger.length });
        if (this.ledger.length % interval === 0) {
          this.broadcast({ kind: 'checkpoint', sequence: this.ledger.length, digest: this.digest });
          this.mark(this.ledger.length, this.id);
        }
      }
    }
    answer(ticket: number, sequence: number, from: number) {
      const answers = this.waiting.get(ticket);
      if (!answers) return;
      if (add(answers, sequence, from) > f) this.waiting.delete(ticket);
    }
    mark(sequence: number, from: number) {
      if (sequence <= this.stable) return;
      if (add(this.marks, sequence, from) < quorum || this.ledger.length < sequence) return;
      this.stable = sequence;
      for (const key of this.slots.keys()) if (key <= sequence) this.slots.delete(key);
      for (const key of this.marks.keys()) if (key <= sequence) this.marks.delete(key);
    }
  }

  const replicas = Array.from({ length: n }, (_, id) => new Replica(id));
  let nextRequest = 0;
  let ticket = 0;
  const gap = () => (-Math.log(1 - Math.random()) * 1000) / requestsPerSecond;
  while (now < durationMs) {
    if (heap.length === 0 && nextRequest === Number.POSITIVE_INFINITY) break;
    if (heap.length === 0 || nextRequest < (heap[0] as Event).time) {
      now = nextRequest;
      nextRequest += gap();
      replicas[Math.floor(Math.random() * n)]?.submit(++ticket);
      continue;
    }
    const event = pop();
    now = event.time;
    delivered++;
    replicas[event.to]?.handle(event.from, event.message);
  }
  return { delivered, executed: replicas[1]?.ledger.length ?? 0 };
}

function add(sets: Map<number, Set<number>>, key: number, member: number): number {
  let set = sets.get(key);
  if (!set) {
    set = new Set();
    sets.set(key, set);
  }
  set.add(member);
  return set.size;
}
