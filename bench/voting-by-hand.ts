/** The protocol of voting-system.ts simulated the way one writes it for this one question. Not deterministic. */
import { pipeline, quorum, replicas } from './voting-system.ts';

interface Event {
  time: number;
  order: number;
  kind: 'propose' | 'first' | 'second';
  from: number;
  to: number;
  slot: number;
  value: number;
}

export function byHand(slots: number, lognormal: boolean): number {
  const heap: Event[] = [];
  let order = 0;
  let delivered = 0;
  let now = 0;
  const nodes = Array.from({ length: replicas }, () => ({
    first: new Map<number, Set<number>>(),
    second: new Map<number, Set<number>>(),
    decided: 0,
  }));

  const latency = (): number => {
    const z = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    return lognormal ? 2 * Math.exp(0.3 * z) : Math.max(0, 2 + 0.5 * z);
  };
  const before = (a: Event, b: Event): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);
  const push = (event: Event): void => {
    heap.push(event);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  };
  const pop = (): Event => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  };
  const broadcast = (from: number, kind: Event['kind'], slot: number, value: number): void => {
    for (let to = 0; to < replicas; to += 1) {
      if (to !== from) push({ time: now + latency(), order: order++, kind, from, to, slot, value });
    }
  };
  const votesFor = (votes: Map<number, Set<number>>, slot: number): Set<number> => {
    let set = votes.get(slot);
    if (!set) {
      set = new Set();
      votes.set(slot, set);
    }
    return set;
  };
  const propose = (slot: number): void => {
    if (slot > slots) return;
    broadcast(0, 'propose', slot, slot * 7);
    vote(0, slot, slot * 7);
  };
  const vote = (node: number, slot: number, value: number): void => {
    broadcast(node, 'first', slot, value);
    countFirst(node, slot, value, node);
  };
  const countFirst = (node: number, slot: number, value: number, from: number): void => {
    const votes = votesFor(nodes[node]!.first, slot);
    votes.add(from);
    if (votes.size !== quorum) return;
    broadcast(node, 'second', slot, value);
    countSecond(node, slot, node);
  };
  const countSecond = (node: number, slot: number, from: number): void => {
    const votes = votesFor(nodes[node]!.second, slot);
    votes.add(from);
    if (votes.size === replicas) {
      nodes[node]!.first.delete(slot);
      nodes[node]!.second.delete(slot);
    }
    if (votes.size !== quorum) return;
    nodes[node]!.decided += 1;
    if (node === 0) propose(slot + pipeline);
  };

  for (let slot = 1; slot <= pipeline; slot += 1) propose(slot);
  while (heap.length > 0) {
    const event = pop();
    now = event.time;
    delivered += 1;
    if (event.kind === 'propose') vote(event.to, event.slot, event.value);
    else if (event.kind === 'first') countFirst(event.to, event.slot, event.value, event.from);
    else countSecond(event.to, event.slot, event.from);
  }
  return delivered;
}
