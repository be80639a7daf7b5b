/**
 * The load of the simulator's benchmark: 16 replicas, all to all. A proposer keeps eight slots going; for each, every
 * replica tells all others its first vote, at a quorum of 11 its second, and at a quorum of those the slot is decided.
 */
import type { CompiledProperty, Host, Instance, Payload, Program } from '../src/compiler/program.ts';
import type { Scenario } from '../src/model/scenario.ts';
import type { System } from '../src/model/system.ts';
import type { Distribution } from '../src/model/values.ts';
import { makeScenario, makeSystem, property, span } from '../test/simulator/kit.ts';

export const replicas = 16;
export const quorum = 11;
export const pipeline = 8;

export function votingSystem(latency: Distribution, members = replicas): { system: System; scenario: Scenario } {
  return { system: makeSystem({ nodes: members, link: { latency } }), scenario: makeScenario({ duration: 1e9 * 3600 }) };
}

class Slot {
  constructor(
    readonly slot: number,
    readonly value: number,
  ) {}
}

/** A payload as the compiler makes them. */
class SlotMessage {
  constructor(
    readonly f0: number,
    readonly f1: number,
  ) {}
}

/** One replica; votes are bit masks in maps, as compiled code keeps a Set<Node>. */
class Replica implements Instance {
  dirty = 0;
  private readonly first = new Map<number, number>();
  private readonly second = new Map<number, number>();
  private readonly values = new Map<number, number>();
  decided = 0;
  last: Slot = new Slot(0, 0);

  constructor(
    readonly node: number,
    private readonly host: Host,
    private readonly slots: number,
  ) {}

  start(): void {
    if (this.node === 0) for (let slot = 1; slot <= pipeline; slot += 1) this.propose(slot);
  }
  recover(): void {}
  save(): readonly unknown[] {
    return [this.decided, this.last];
  }
  restore(values: readonly unknown[]): void {
    [this.decided, this.last] = values as [number, Slot];
  }
  crash(): void {}
  timeout(): void {}
  operation(): void {}

  message(message: number, payload: Payload, sender: number): void {
    const { f0: slot, f1: value } = payload as SlotMessage;
    this.host.fuel -= 3;
    if (message === 0) this.vote(slot, value);
    else if (message === 1) this.countFirst(slot, value, sender);
    else this.countSecond(slot, value, sender);
  }

  read(variable: number): unknown {
    return variable === 0 ? this.decided : this.last;
  }

  private propose(slot: number): void {
    if (slot > this.slots) return;
    this.host.broadcast(this.node, 0, new SlotMessage(slot, slot * 7));
    this.vote(slot, slot * 7);
  }

  private vote(slot: number, value: number): void {
    this.values.set(slot, value);
    this.dirty |= 1;
    this.host.broadcast(this.node, 1, new SlotMessage(slot, value));
    this.countFirst(slot, value, this.node);
  }

  private countFirst(slot: number, value: number, sender: number): void {
    const before = this.first.get(slot) ?? 0;
    const votes = before | (1 << sender);
    this.first.set(slot, votes);
    this.dirty |= 2;
    if (population(before) >= quorum || population(votes) < quorum) return;
    this.host.broadcast(this.node, 2, new SlotMessage(slot, value));
    this.countSecond(slot, value, this.node);
  }

  private countSecond(slot: number, value: number, sender: number): void {
    const before = this.second.get(slot) ?? 0;
    const votes = before | (1 << sender);
    this.second.set(slot, votes);
    this.dirty |= 4;
    if (votes === (1 << replicas) - 1) this.forget(slot);
    if (population(before) >= quorum || population(votes) < quorum) return;
    this.decided += 1;
    this.last = new Slot(slot, value);
    this.dirty |= 8;
    if (this.node === 0) this.propose(slot + pipeline);
  }

  /** Everybody has voted: nothing more will come. */
  private forget(slot: number): void {
    this.first.delete(slot);
    this.second.delete(slot);
    this.values.delete(slot);
  }
}

function population(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x5555);
  bits = (bits & 0x3333) + ((bits >>> 2) & 0x3333);
  bits = (bits + (bits >>> 4)) & 0x0f0f;
  return (bits + (bits >>> 8)) & 0x1f;
}

/** `slots` slots are decided, then nothing more is proposed. */
export function votingProgram(slots: number): Program {
  const agreement: CompiledProperty = {
    name: 'Agreement',
    span,
    reads: 8,
    check(instances, members, _, changed) {
      const acting = (instances[changed === -1 ? (members[0] as number) : changed] as Replica).last;
      for (const member of members) {
        const other = (instances[member] as Replica).last;
        if (other.slot === acting.slot && other.value !== acting.value) return `a = ${changed}, b = ${member}`;
      }
      return null;
    },
  };
  const fields = [
    { name: 'slot', type: { kind: 'Int' } },
    { name: 'value', type: { kind: 'Int' } },
  ] as const;
  return {
    protocol: 'Voting',
    deployment: 0,
    messages: ['Propose', 'First', 'Second'].map((name) => ({ name, fields, role: null, handled: true })),
    events: [],
    localTriggers: [],
    operations: [],
    timers: [],
    state: [
      { name: 'decided', type: { kind: 'Int' }, durable: true },
      { name: 'last', type: { kind: 'Int' }, durable: true },
    ],
    instantiate: (node, host) => new Replica(node, host, slots),
    instantiateAdversary: (node, host) => new Replica(node, host, slots),
    invariants: [agreement, property('Trivial', () => true, 16)],
    conditions: new Map(),
    selections: new Map(),
    eventualities: [],
    responses: [],
    persistences: [],
    makeMessage: (_, values) => new SlotMessage(values[0] as number, values[1] as number),
    makeOperation: () => ({}),
    fieldsOfEvent: () => [],
    fieldsOfOperation: () => [],
    fieldsOf: (_, payload) => [(payload as SlotMessage).f0, (payload as SlotMessage).f1],
    fromValue: (value) => value,
    format: (value) => JSON.stringify(value),
    writeFields: (_kind, _index, payload, out) => out.text(JSON.stringify(payload)),
    writeAnswer: (_operation, value, out) => out.text(JSON.stringify(value)),
    glimpse: (_variable, value, out) => out.text(JSON.stringify(value)),
    readsAs: () => false,
    canonical: (value) => JSON.stringify(value),
    carriedType: () => undefined,
    sizeOf: () => 32,
  };
}
