import { isPlain } from '../compiler/layout.ts';
import type { CallHandle, Instance, Program } from '../compiler/program.ts';
import { type CoverageData, countFingerprint, type DeploymentCoverage, emptyCoverage } from './coverage.ts';
import { Category } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import type { Recorder } from './recorder.ts';
import { EventKind, type EventKindValue, type Trace } from './trace.ts';

/** What a kernel tells of a run as it goes: to a trace, or to who counts what it exercises. */
export type RunObserver = Omit<Pick<Recorder, keyof Recorder>, 'finish'> & { finish(): Trace | null };

/** Faults that one note begins and a later one, without a text, ends at the same node. */
const ofNodes = new Map<EventKindValue, string>([
  [EventKind.slow, 'slow'],
  [EventKind.omit, 'omission'],
  [EventKind.pause, 'pause'],
  [EventKind.drift, 'drift'],
  [EventKind.skew, 'skew'],
]);

/** Counts what a run exercises. Stands where the trace's recorder stands, so that a run without it pays nothing. */
export class CoverageRecorder implements RunObserver {
  readonly data: CoverageData;
  readonly lastRow = -1;
  private kernel: Kernel | null = null;
  /** Faults in force by kind: what they are on. */
  private readonly inForce = new Map<string, Set<number>>();
  /** Fingerprints of the plain variables of each node, by deployment and node, and of all of them together. */
  private readonly states = new Map<number, readonly [number, number]>();
  private a = 0;
  private b = 0;

  constructor(private readonly programs: readonly Program[]) {
    this.data = emptyCoverage(programs);
    this.data.runs = 1;
    for (const { coverage } of programs) coverage?.counts.fill(0);
  }

  attach(kernel: Kernel): void {
    this.kernel = kernel;
  }

  finish(): null {
    this.programs.forEach(({ coverage }, at) => {
      coverage?.counts.forEach((count, point) => {
        this.of(at).points[point] = count;
      });
    });
    return null;
  }

  sent(category: number, deployment: number, _from: number, _to: number, index: number): void {
    if (category === Category.protocol) raise(this.of(deployment).sent, index);
  }

  delivered(category: number, deployment: number, _from: number, _to: number, index: number): void {
    if (category === Category.protocol) raise(this.of(deployment).delivered, index);
  }

  lost(category: number, deployment: number, _from: number, _to: number, index: number): void {
    if (category === Category.protocol) raise(this.of(deployment).lost, index);
  }

  duplicated(): void {}

  timeout(deployment: number, _node: number, timer: number): void {
    raise(this.of(deployment).timers, timer);
  }

  emitted(deployment: number, _node: number, event: number): void {
    raise(this.of(deployment).events, event);
  }

  called(_kind: EventKindValue, deployment: number, { operation }: CallHandle): void {
    raise(this.of(deployment).calls, operation);
  }

  answered(_kind: EventKindValue, deployment: number, { operation }: CallHandle): void {
    raise(this.of(deployment).answers, operation);
  }

  gaveUp(): void {}

  local(): void {}

  note(kind: EventKindValue, node: number, name: string, text = '', link = -1): void {
    const ofNode = ofNodes.get(kind);
    if (ofNode !== undefined) this.set(ofNode, node, text !== '');
    else if (kind === EventKind.byzantine) this.set('byzantine', node, name !== '');
    // Nodes that an outage takes along are no crashes of their own.
    else if (kind === EventKind.crash) this.set('crash', node, (this.kernel?.status.outages[node] ?? 0) === 0);
    else if (kind === EventKind.recover) this.set('crash', node, false);
    else if (kind === EventKind.outage) this.set('outage', link, true);
    else if (kind === EventKind.outageEnd) this.set('outage', link, false);
    else if (kind === EventKind.partition) this.set('partition', link, true);
    else if (kind === EventKind.links) this.set(name, link, true);
    else if (kind === EventKind.linksEnd) this.set(name, link, false);
    else if (kind === EventKind.heal && link >= 0) this.set('partition', link, false);
    else if (kind === EventKind.heal) {
      this.inForce.delete('partition');
      this.inForce.delete('disconnect');
    } else return;
    const kinds = [...this.inForce].filter(([, on]) => on.size > 0).map(([name]) => name);
    if (kinds.length > 0) this.data.faults[kinds.sort().join(' + ')] = 1;
  }

  /** Fingerprints what the node's plain variables hold now; collections would cost more to read than the run. */
  stateChanged(deployment: number, node: number, instance: Instance): void {
    if (this.states.size === 0) this.fingerprintAll();
    this.fingerprint(deployment, node, instance);
    this.data.changes += 1;
    countFingerprint(this.data.registers, mixed(this.a), mixed(this.b));
  }

  /** At the first change: what the other nodes hold is what they began with. */
  private fingerprintAll(): void {
    for (const host of this.kernel?.hosts ?? []) {
      host.instances.forEach((instance, node) => {
        if (instance) this.fingerprint(host.index, node, instance);
      });
    }
  }

  private fingerprint(deployment: number, node: number, instance: Instance): void {
    const program = this.programs[deployment] as Program;
    let a = Math.imul(deployment + 1, 0x9e37_79b1) ^ Math.imul(node + 1, 0x85eb_ca6b);
    let b = Math.imul(node + 1, 0xc2b2_ae35) ^ Math.imul(deployment + 1, 0x27d4_eb2f);
    program.state.forEach(({ type }, variable) => {
      if (!isPlain(type)) return;
      const text = program.canonical(instance.read(variable), type);
      for (let at = 0; at <= text.length; at += 1) {
        const code = at < text.length ? text.charCodeAt(at) : 0x1_0000;
        a = Math.imul(a ^ code, 0x0100_0193);
        b = Math.imul((b << 5) ^ (b >>> 27) ^ code, 0x85eb_ca77);
      }
    });
    const key = deployment * 0x10_0000 + node;
    const before = this.states.get(key) ?? [0, 0];
    const now = [mixed(a), mixed(b)] as const;
    this.states.set(key, now);
    this.a ^= before[0] ^ now[0];
    this.b ^= before[1] ^ now[1];
  }

  private of(deployment: number): DeploymentCoverage {
    return this.data.deployments[deployment] as DeploymentCoverage;
  }

  private set(kind: string, on: number, begins: boolean): void {
    const all = this.inForce.get(kind) ?? new Set();
    this.inForce.set(kind, all);
    if (begins) all.add(on);
    else all.delete(on);
  }
}

function raise(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

/** Murmur3's last step: every bit of the value moves every bit of what comes out. */
function mixed(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}
