import { compileDeployment } from '../../compiler/compile.ts';
import { type Program, RuntimeFailure } from '../../compiler/program.ts';
import type { Deployment, System } from '../../model/system.ts';
import { BoundedMemo, Memo } from '../memo.ts';
import { OutOfWork, type Work } from '../work.ts';
import { CallArguments } from './call-arguments.ts';
import { average, type CallProfile, callProfile, type Subject } from './call-profile.ts';
import { codeContent, flowContent, routesOf, serviceTimes, takingPart } from './content.ts';
import type { PartSetting } from './reference-part.ts';
import { ReferenceRun } from './reference-run.ts';
import type { Tally } from './tally.ts';

/** What a deployment does without calls, once it has started up. Per second. */
export interface BackgroundProfile {
  readonly messages: readonly { readonly kind: string; readonly rate: number; readonly bytes: number }[];
  readonly total: number;
  readonly arrivals: Float64Array;
  /** Bytes per second by line. */
  readonly lines: ReadonlyMap<number, number>;
}

export interface FlowProfile {
  /** One for each call of the workloads that goes to this deployment, in their order. */
  readonly calls: readonly CallProfile[];
  /** Of the operations that no workload calls, as any member would be called. */
  readonly others: readonly CallProfile[];
  readonly background: BackgroundProfile;
}

export interface ProfileOptions {
  readonly work: Work;
  /** Nodes that are down from the beginning. */
  readonly down?: readonly number[];
  /** Mean wait for a service because of other calls, ns by node. */
  readonly wait?: Float64Array;
}

const profiles = new BoundedMemo<{ readonly profile: FlowProfile | null }>();

/** Most nodes that are called in turn; of more some are chosen. */
const mostProbes = 8;
/** Calls put in where those of one node take turns with others: enough for each of so many to get its turns. */
const mostTurns = 256;
/** A call that takes so many events is looked at once, be it the first one. */
const manyEvents = 6_000;
/** Most events of the start-up and of the look at the background. */
const mostSettling = 10_000;
const mostBackground = 10_000;

/**
 * The flow of a deployment. Null when the code fails at run time (a run shows it). Throws OutOfWork where one call causes
 * more than the work allows.
 */
export function flowProfile(system: System, deployment: Deployment, options: ProfileOptions): FlowProfile | null {
  const { work, down = [], wait } = options;
  return profiles.get(flowContent(system, deployment, down, wait ?? null), work, (limited) => {
    try {
      return { profile: new Profiler(system, deployment, down, wait, limited).profile() };
    } catch (error) {
      if (error instanceof RuntimeFailure) return { profile: null };
      throw error;
    }
  }).profile;
}

const programs = new Memo<Program>(400_000);

/** The same code serves every look at a deployment, whoever is down: it need not be compiled, and is warm. */
function programOf(system: System, deployment: Deployment): Program {
  return programs.get(codeContent(system, deployment), () => compileDeployment({ ...system, adversaries: [] }, deployment.index));
}

/**
 * A deployment, and those that it uses behind it, with the kinds of messages of all: of those that are used by protocol, `Raft.Append`,
 * whichever deployments of it there are.
 */
function partsOf(
  system: System,
  deployment: Deployment,
): { readonly parts: PartSetting[]; readonly kinds: readonly { readonly name: string }[] } {
  const kinds: { readonly name: string }[] = [];
  const first = new Map<number, number>();
  const parts = takingPart(system, deployment).map((each): PartSetting => {
    const program = programOf(system, each);
    const known = first.get(each.protocol);
    const firstKind = known ?? kinds.length;
    first.set(each.protocol, firstKind);
    const isOwn = each === deployment;
    if (known === undefined) kinds.push(...program.messages.map(({ name }) => ({ name: isOwn ? name : `${program.protocol}.${name}` })));
    return { program, deployment: each, firstKind };
  });
  return { parts, kinds };
}

/** A call that was put in, and when (ns). */
interface Probe {
  readonly tally: Tally;
  readonly began: number;
}

class Profiler {
  private readonly program: Program;
  /** Kinds of messages of all that take part. */
  private readonly kinds: readonly { readonly name: string }[];
  private readonly run: ReferenceRun;
  private readonly down: Uint8Array;
  private readonly live: readonly number[];

  constructor(
    private readonly system: System,
    private readonly deployment: Deployment,
    down: readonly number[],
    wait: Float64Array | undefined,
    work: Work,
  ) {
    const nodeCount = system.nodes.length;
    this.down = new Uint8Array(nodeCount);
    for (const node of down) this.down[node] = 1;
    this.live = deployment.members.filter((node) => this.down[node] === 0);
    this.program = programOf(system, deployment);
    const { parts, kinds } = partsOf(system, deployment);
    this.kinds = kinds;
    this.run = new ReferenceRun(
      {
        parts,
        kinds: kinds.length,
        nodeCount,
        routes: routesOf(system, down),
        service: serviceTimes(system),
        wait: wait ?? new Float64Array(nodeCount),
        down: this.down,
        countLines: system.network.classes.some(({ bandwidth }) => bandwidth !== null),
      },
      work,
    );
  }

  profile(): FlowProfile {
    this.settle();
    const called = this.subjects();
    const sources = called.map(({ operation, call }) => new CallArguments(this.program, operation, call, this.live[0] ?? 0));
    const cold = called.map((subject, i) => this.firstCall(subject, sources[i] as CallArguments));
    const background = this.background();
    const profiles = called.map((subject, i) => this.probe(subject, sources[i] as CallArguments, cold[i] ?? null));
    const calls = profiles.filter((_, i) => called[i]?.call !== null);
    return { calls, others: profiles.filter((_, i) => called[i]?.call === null), background };
  }

  /** Lets the deployment start up: longer than its longest timer, so that whoever waits for nothing to happen has acted. */
  private settle(): void {
    let events = 0;
    for (let rounds = 0; rounds < 20 && events < mostSettling; rounds++) {
      const until = 2.2 * this.run.longestTimer + 1e9;
      if (this.run.time >= until) break;
      events += this.run.advance(until, mostSettling - events);
    }
  }

  private subjects(): Subject[] {
    const { system, deployment, program } = this;
    const up = (nodes: readonly number[]): number[] => nodes.filter((node) => this.down[node] === 0);
    const subjects: Subject[] = [];
    for (const workload of system.workloads) {
      for (const call of workload.calls) {
        if (call.deployment !== deployment.index) continue;
        const operation = program.operations.findIndex(({ name }) => name === call.operation);
        subjects.push({ operation, call, clients: up(workload.clients), targets: up(call.targets) });
      }
    }
    const outside = system.nodes.find(({ index }) => this.down[index] === 0 && !deployment.members.includes(index));
    program.operations.forEach(({ name, role }, operation) => {
      if (subjects.some(({ call }) => call?.operation === name)) return;
      const targets = up(deployment.roles.find((each) => each.name === role)?.nodes ?? deployment.members);
      subjects.push({ operation, call: null, clients: outside === undefined ? targets.slice(0, 1) : [outside.index], targets });
    });
    return subjects;
  }

  /** How long a call may take, ns: longer than the protocol's own patience. */
  private patience(): number {
    return 3 * this.run.longestTimer + 10e9;
  }

  /** The first call: what it costs to begin. Repeated while nobody answers, for a deployment may still be starting up. */
  private firstCall(subject: Subject, source: CallArguments): Probe | null {
    const [client] = subject.clients;
    const [target] = subject.targets;
    if (client === undefined || target === undefined) return null;
    let first: Probe | null = null;
    for (let attempt = 0; attempt < 3; attempt++) {
      const began = this.run.time;
      const tally = this.run.call(subject.operation, source.next(), client, target, this.patience());
      first ??= { tally, began };
      if (tally.answeredAt >= 0) return { tally, began };
      this.run.advance(this.run.time + 1.2 * this.run.longestTimer + 1e9, mostSettling);
    }
    return first;
  }

  private background(): BackgroundProfile {
    const { run, system } = this;
    // What was set before the look belongs to it too.
    const before = { time: run.time, sent: run.background.sent.slice(), bytes: run.background.bytes.slice() };
    const arrivals = run.background.arrivals.slice();
    const lines = new Map(run.background.lines);
    run.advance(run.time + Math.max(1e9, 2.2 * run.longestTimer), mostBackground);
    const seconds = Math.max(1e-9, (run.time - before.time) / 1e9);
    const messages = this.kinds.map(({ name }, kind) => {
      const count = (run.background.sent[kind] as number) - (before.sent[kind] as number);
      const bytes = (run.background.bytes[kind] as number) - (before.bytes[kind] as number);
      return { kind: name, rate: count / seconds, bytes: count === 0 ? 0 : bytes / count };
    });
    const rates = new Float64Array(system.nodes.length);
    for (let node = 0; node < rates.length; node++) {
      rates[node] = ((run.background.arrivals[node] as number) - (arrivals[node] as number)) / seconds;
    }
    const perSecond = new Map<number, number>();
    for (const [line, bytes] of run.background.lines) {
      const more = bytes - (lines.get(line) ?? 0);
      if (more > 0) perSecond.set(line, more / seconds);
    }
    return {
      messages: messages.filter(({ rate }) => rate > 0),
      total: messages.reduce((sum, { rate }) => sum + rate, 0),
      arrivals: rates,
      lines: perSecond,
    };
  }

  private probe(subject: Subject, source: CallArguments, cold: Probe | null): CallProfile {
    const { run } = this;
    const { targets, clients } = subject;
    const count = Math.min(mostProbes, targets.length);
    const tallies: Probe[] = [];
    const large = cold !== null && cold.tally.answeredAt >= 0 && cold.tally.sent.reduce((sum, sent) => sum + sent, 0) > manyEvents / 2;
    if (large) tallies.push(cold);
    const before = run.events;
    const turns = Math.min(mostTurns, count * this.largestGroup());
    for (let i = 0; i < turns && clients.length > 0 && !large; i++) {
      if (run.events - before > manyEvents || (i === Math.max(2, count) && !uneven(tallies))) break;
      const target = targets[Math.floor(((i % count) * targets.length) / count)] as number;
      const began = run.time;
      try {
        const tally = run.call(subject.operation, source.next(), clients[i % clients.length] as number, target, this.patience());
        tallies.push({ tally, began });
      } catch (error) {
        // What a few calls cause is known by then.
        if (!(error instanceof OutOfWork) || tallies.length === 0) throw error;
        break;
      }
    }
    const steady = tallies.map(({ tally }) => tally);
    const first = cold === null ? 0 : shareOfFirst(subject);
    const latency = latencyOf(tallies);
    return callProfile(
      { operations: this.program.operations, messages: this.kinds },
      subject,
      { steady, cold: first > 0 ? (cold?.tally ?? null) : null, shareOfCold: first, latency },
      this.system.nodes.map(({ group }) => group),
    );
  }

  private largestGroup(): number {
    const sizes = new Map<number, number>();
    for (const node of this.live) {
      const { group } = this.system.nodes[node] as { readonly group: number };
      sizes.set(group, (sizes.get(group) ?? 0) + 1);
    }
    return Math.max(1, ...sizes.values());
  }
}

/** Whether calls of one node have reached others unequally: by turns, say, of which a few calls tell nothing. */
function uneven(probes: readonly Probe[]): boolean {
  const first = new Map<number, Tally>();
  return probes.some(({ tally }) => {
    const other = first.get(tally.called);
    if (!other) first.set(tally.called, tally);
    return other?.arrivals.some((count, node) => count !== tally.arrivals[node]);
  });
}

/** Of the calls that a workload makes in all, the share that the first one is. */
function shareOfFirst({ call, clients }: Subject): number {
  return call === null || call.limit === null ? 0 : 1 / Math.max(1, call.limit * clients.length);
}

function latencyOf(tallies: readonly Probe[]): number | null {
  const times = tallies.flatMap(({ tally, began }) => (tally.answeredAt < 0 ? [] : [tally.answeredAt - began]));
  return times.length === 0 ? null : average(times);
}
