// Nanoseconds a handler takes, compiled from dsys against the same handler written by hand, in one process. Sixteen
// replicas; a message is one vote of one replica for one slot, the shape of a three-phase protocol's hot path.
import { compileDeployment } from '../src/compiler/compile.ts';
import type { Host, Payload } from '../src/compiler/program.ts';
import { emptyLibrary } from '../src/language/library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { expand } from '../src/model/expand.ts';
import { report } from './report.ts';

const replicas = 16;
const slots = 2_000;
const rounds = 12;

const text = `protocol Votes(f: Int = (n - 1) / 3) {
  quorum Certificate = atleast(2 * f + 1, members)
  record Slot(view: Int, sequence: Int)
  record Tally(prepares: Set<Node>, commits: Set<Node>, prepared: Bool, decided: Bool)
  var view = 0
  var tallies: Map<Slot, Tally> = {}
  var prepares: Map<Int, Set<Node>> = {}
  var decided = 0
  message Prepare(view: Int, sequence: Int, digest: Int)
  message Vote(view: Int, sequence: Int, digest: Int)
  message Commit(view: Int, sequence: Int)
  event Decided(sequence: Int)

  on m: Prepare from p {
    if m.view != view { return }
    if not (m.sequence in prepares) { prepares[m.sequence] = {} }
    prepares[m.sequence] += p
    if Certificate.met(prepares[m.sequence]) { decided += 1 }
  }
  on m: Vote from p {
    if m.view != view { return }
    let slot = Slot(m.view, m.sequence)
    if not (slot in tallies) { tallies[slot] = Tally({}, {}, false, false) }
    tallies[slot].prepares += p
    let tally = tallies[slot]
    if not tally.prepared and Certificate.met(tally.prepares) {
      tallies[slot].prepared = true
      broadcast Commit(view, m.sequence)
    }
  }
  on m: Commit from p {
    let slot = Slot(m.view, m.sequence)
    if not (slot in tallies) { tallies[slot] = Tally({}, {}, false, false) }
    tallies[slot].commits += p
    advance(slot)
  }
  fun advance(slot: Slot) {
    let tally = tallies[slot]
    if tally.prepared and not tally.decided and Certificate.met(tally.commits) {
      tallies[slot].decided = true
      emit Decided(slot.sequence)
      decided += 1
    }
  }
  invariant Together { forall a, b in members: a.view == b.view or a.decided <= b.decided + ${slots} }
}
system Bench { node r[${replicas}] run Votes on r }`;

class Quiet implements Host {
  fuel = 0;
  broadcasts = 0;
  emitted = 0;
  send(): void {}
  broadcast(): void {
    this.broadcasts++;
  }
  setTimer(): void {}
  cancelTimer(): void {}
  emit(): void {
    this.emitted++;
  }
  replyCall(): void {}
  now(): number {
    return 0;
  }
  random(): number {
    return 0.5;
  }
  draw(): number {
    return 0;
  }
  assertionFailed(): void {}
  liars(): readonly number[] {
    return [];
  }
  liar(): undefined {
    return undefined;
  }
  canSync(): boolean {
    return true;
  }
  neighbors(): readonly number[] {
    return [];
  }
}

/** The same, as one writes it for this one question: a set of senders a slot, slots in a Map by number. */
class ByHand {
  view = 0;
  decided = 0;
  readonly prepares = new Map<number, Set<number>>();
  readonly tallies = new Map<number, { prepares: Set<number>; commits: Set<number>; prepared: boolean; decided: boolean }>();
  constructor(readonly host: Quiet) {}

  prepare(m: { view: number; sequence: number }, from: number): void {
    if (m.view !== this.view) return;
    let set = this.prepares.get(m.sequence);
    if (set === undefined) {
      set = new Set();
      this.prepares.set(m.sequence, set);
    }
    set.add(from);
    if (set.size >= 11) this.decided++;
  }
  private tally(sequence: number) {
    let tally = this.tallies.get(sequence);
    if (tally === undefined) {
      tally = { prepares: new Set(), commits: new Set(), prepared: false, decided: false };
      this.tallies.set(sequence, tally);
    }
    return tally;
  }
  vote(m: { view: number; sequence: number }, from: number): void {
    if (m.view !== this.view) return;
    const tally = this.tally(m.sequence);
    tally.prepares.add(from);
    if (!tally.prepared && tally.prepares.size >= 11) {
      tally.prepared = true;
      this.host.broadcast();
    }
  }
  commit(m: { view: number; sequence: number }, from: number): void {
    const tally = this.tally(m.sequence);
    tally.commits.add(from);
    if (tally.prepared && !tally.decided && tally.commits.size >= 11) {
      tally.decided = true;
      this.host.emit();
      this.decided++;
    }
  }
}

const workspace = new Workspace({ readText: () => undefined, library: emptyLibrary });
workspace.setText('file:///bench.dsys', text);
const code = workspace.check('file:///bench.dsys').systems[0];
const system = code === undefined ? null : expand(code).system;
if (system === null) throw new Error('the benchmark does not check');
const program = compileDeployment(system, 0);

function nanoseconds(count: number, action: () => void): number {
  const begin = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - begin) / count;
}

const perHandler: Record<string, number> = {};
const byHand: Record<string, number> = {};
let perProperty = Number.POSITIVE_INFINITY;
const kinds = ['Prepare', 'Vote', 'Commit'] as const;
for (let round = 0; round < rounds; round++) {
  const host = new Quiet();
  const nodes = Array.from({ length: replicas }, (_, node) => program.instantiate(node, host));
  const hands = nodes.map(() => new ByHand(host));
  kinds.forEach((kind, message) => {
    const payloads: Payload[] = Array.from({ length: slots }, (_, sequence) =>
      program.makeMessage(message, kind === 'Commit' ? [0, sequence] : [0, sequence, 7]),
    );
    const count = slots * replicas * replicas;
    const compiled = nanoseconds(count, () => {
      for (const payload of payloads)
        for (let from = 0; from < replicas; from++)
          for (let to = 0; to < replicas; to++) {
            host.fuel = 1_000_000;
            nodes[to]?.message(message, payload, from);
          }
    });
    const plain = payloads.map((_, sequence) => ({ view: 0, sequence }));
    const written = nanoseconds(count, () => {
      for (const payload of plain)
        for (let from = 0; from < replicas; from++)
          for (let to = 0; to < replicas; to++) {
            const hand = hands[to] as ByHand;
            if (message === 0) hand.prepare(payload, from);
            else if (message === 1) hand.vote(payload, from);
            else hand.commit(payload, from);
          }
    });
    perHandler[kind] = Math.min(perHandler[kind] ?? Number.POSITIVE_INFINITY, compiled);
    byHand[kind] = Math.min(byHand[kind] ?? Number.POSITIVE_INFINITY, written);
  });
  const members = nodes.map((_, node) => node);
  const invariant = program.invariants[0];
  const checks = 20_000;
  perProperty = Math.min(
    perProperty,
    nanoseconds(checks, () => {
      for (let i = 0; i < checks; i++) invariant?.check(nodes, members, members, i % replicas);
    }),
  );
}
for (const kind of kinds)
  report({
    name: `${kind} handler`,
    value: perHandler[kind] ?? Number.NaN,
    unit: 'ns',
    reference: { name: 'by hand', value: byHand[kind] ?? Number.NaN },
    atMost: 300,
  });
report({
  name: `invariant over pairs of ${replicas}, after one node's step`,
  value: perProperty,
  unit: 'ns',
  reference: { name: 'a Vote handler', value: perHandler.Vote ?? Number.NaN },
  atMost: 1_000,
});
