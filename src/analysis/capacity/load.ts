import { mean } from '../../model/distributions.ts';
import type { Deployment, System, Workload, WorkloadCall } from '../../model/system.ts';
import type { CallProfile } from '../flow/call-profile.ts';
import { routesOf } from '../flow/content.ts';
import { type FlowBounds, flowProfile, knownBounds } from '../flow/index.ts';
import type { FlowProfile } from '../flow/profile.ts';
import { answerBytes, requestBytes } from '../flow/reference-run.ts';
import type { Routes } from '../flow/routes.ts';
import { OutOfWork, Work } from '../work.ts';
import { meanWait, noService, type Service, serviceOf, utilisation } from './queueing.ts';

/** One call of a workload with how often it is made. */
export interface CallLoad {
  readonly workload: Workload;
  readonly call: WorkloadCall;
  /** Calls per second that reach a node which is up, all clients together. */
  readonly rate: number;
  /** Of them, those that are made whatever the answers do: none of a closed loop. */
  readonly openRate: number;
  readonly clients: readonly number[];
  readonly targets: readonly number[];
  readonly profile: CallProfile | null;
  readonly bounds: FlowBounds | null;
}

/** How busy a node is: shares of its time, 1 or more when it cannot keep up. */
export interface NodeLoad {
  readonly node: number;
  readonly service: Service;
  /** Messages per second that it serves. */
  readonly rate: number;
  readonly utilisation: number;
  /** The part that closed loops do not take: they ask for less when answers take longer. */
  readonly open: number;
  /** The part that is sure by the code alone: open-loop calls and what they cause in any case. */
  readonly certain: number;
  /** Utilisation by each of `SystemLoad.calls`, in their order, and by the background. */
  readonly shares: readonly number[];
  readonly background: number;
}

export interface LineLoad {
  readonly from: number;
  readonly to: number;
  /** Bits per second. */
  readonly bandwidth: number;
  readonly utilisation: number;
  /** By each call, and by the background. */
  readonly shares: readonly number[];
  readonly background: number;
}

/** What the workloads ask of a system. */
export interface SystemLoad {
  readonly calls: readonly CallLoad[];
  /** Nodes with a service time, by index; those that are down left out. */
  readonly nodes: readonly NodeLoad[];
  /** Lines with a bandwidth that something is sent over, the busiest first. */
  readonly lines: readonly LineLoad[];
  /** Deployments whose flow is not known: their code fails at run time, or does too much to be followed. */
  readonly unknown: readonly number[];
}

export interface LoadOptions {
  readonly down?: readonly number[];
  /** Leaves out calls with a `limit`: they end, and with them their load. */
  readonly lastingOnly?: boolean;
  /** Work that each deployment may take. */
  readonly effort?: number;
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Work for the flow of one deployment: some 60,000 messages. */
const workOfFlow = 12_000_000;

/** More patience would not make code that runs wild end. */
const mostEffort = 4;

/** Of more clients it is not asked one by one whom they can reach. */
const mostClients = 100;

/** Work on the ways of requests: pairs of client and target. */
const mostPairs = 20_000;

/** The load of every node and line under all workloads together. Throws Cancelled. */
export function systemLoad(system: System, options: LoadOptions = {}): SystemLoad {
  return new Loads(system, options).compute();
}

/** Whether a load can be told: something is called, and a node has a service time or a link a bandwidth. */
export function hasLoad(system: System): boolean {
  return (
    system.workloads.some(({ calls, clients }) => calls.length > 0 && clients.length > 0) &&
    (system.groups.some(({ attributes }) => attributes.cpu !== null) || system.network.classes.some(({ bandwidth }) => bandwidth !== null))
  );
}

/** Mean waits by node, ns: what other calls cost one that comes by (M/G/1). Infinite ones are left at zero. */
export function waits(system: System, load: SystemLoad): Float64Array {
  const found = new Float64Array(system.nodes.length);
  for (const { node, rate, service } of load.nodes) {
    const wait = meanWait(rate, service);
    found[node] = Number.isFinite(wait) ? wait : 0;
  }
  return found;
}

/**
 * By how much closed loops get slower where they ask for more than a node can do besides its other load: throughput is at
 * most what the bottleneck serves (Denning & Buzen 1978, bottleneck law). 1 where they are not held up.
 */
function throttle(nodes: readonly NodeLoad[]): number {
  return nodes.reduce((least, { utilisation: share, open }) => {
    const closed = share - open;
    return closed <= 1e-9 || share <= 1 ? least : Math.min(least, Math.max(0, 1 - open) / closed);
  }, 1);
}

class Loads {
  private readonly down: Uint8Array;
  private readonly profiles = new Map<number, FlowProfile | null>();
  private readonly unknown = new Set<number>();
  private readonly routes: Routes;

  constructor(
    private readonly system: System,
    private readonly options: LoadOptions,
  ) {
    this.down = new Uint8Array(system.nodes.length);
    for (const node of options.down ?? []) this.down[node] = 1;
    this.routes = routesOf(system, options.down ?? []);
  }

  compute(): SystemLoad {
    const { system } = this;
    let calls = system.workloads.flatMap((workload) => this.callsOf(workload));
    const services = this.services();
    let nodes = services.some((service) => service.mean > 0) ? this.nodes(calls, services) : [];
    const slowed = throttle(nodes);
    if (slowed < 1) {
      calls = calls.map((each) => (each.call.rate === null ? { ...each, rate: each.rate * slowed } : each));
      nodes = this.nodes(calls, services);
    }
    const lines = this.lines(calls);
    return { calls, nodes, lines, unknown: [...this.unknown] };
  }

  // ---- calls --------------------------------------------------------------------------------------------------------

  private callsOf(workload: Workload): CallLoad[] {
    const { system, down, options } = this;
    const loads: CallLoad[] = [];
    const clients = workload.clients.filter((client) => down[client] === 0);
    for (const call of workload.calls) {
      const deployment = system.deployments[call.deployment];
      if (deployment === undefined) continue;
      const profile = this.profileOf(deployment, workload, call);
      if (call.limit !== null && options.lastingOnly) continue;
      const targets = this.reachable(clients, call.targets);
      const bounds = knownBounds(system, deployment, call.operation, this.work());
      loads.push({ workload, call, clients, targets, profile, bounds, ...this.rates(call, clients.length, targets, profile) });
    }
    return loads;
  }

  /** The targets that are up and that some client can send to. */
  private reachable(clients: readonly number[], targets: readonly number[]): number[] {
    const up = targets.filter((target) => this.down[target] === 0);
    if (this.system.network.complete || clients.length > mostClients) return up;
    return up.filter((target) => clients.some((client) => Number.isFinite(this.routes.delay(client, target))));
  }

  private rates(
    call: WorkloadCall,
    clients: number,
    targets: readonly number[],
    profile: CallProfile | null,
  ): { readonly rate: number; readonly openRate: number } {
    if (targets.length === 0) return { rate: 0, openRate: 0 };
    const lost = 1 - targets.length / call.targets.length;
    if (call.rate !== null) {
      // Calls to a node that is down are tried again elsewhere, as often as the workload says.
      const attempts = call.timeout === null ? 1 : call.retries + 1;
      const all = call.rate * clients;
      return { rate: all * (1 - lost ** attempts), openRate: all * (1 - lost) };
    }
    const time = (call.think === null ? 0 : Math.max(0, mean(call.think))) + (profile?.latency ?? 0);
    return { rate: time > 0 && Number.isFinite(time) ? (clients * 1e9) / time : 0, openRate: 0 };
  }

  private profileOf(deployment: Deployment, workload: Workload, call: WorkloadCall): CallProfile | null {
    const profile = this.flow(deployment);
    if (profile === null) return null;
    // Profiles stand in the order of the calls that go to the deployment.
    const all = this.system.workloads.flatMap((each) =>
      each.calls.filter((other) => other.deployment === deployment.index).map((other) => ({ each, other })),
    );
    return profile.calls[all.findIndex(({ each, other }) => each === workload && other === call)] ?? null;
  }

  private flow(deployment: Deployment): FlowProfile | null {
    const { options, system, profiles } = this;
    const known = profiles.get(deployment.index);
    if (known !== undefined) return known;
    let profile: FlowProfile | null = null;
    try {
      profile = flowProfile(system, deployment, { work: this.work(), ...(options.down ? { down: options.down } : {}) });
    } catch (error) {
      if (!(error instanceof OutOfWork)) throw error;
    }
    if (profile === null) this.unknown.add(deployment.index);
    profiles.set(deployment.index, profile);
    return profile;
  }

  private work(): Work {
    return new Work(workOfFlow * Math.min(mostEffort, this.options.effort ?? 1), this.options.shouldStop);
  }

  // ---- nodes --------------------------------------------------------------------------------------------------------

  private services(): Service[] {
    const services = this.system.nodes.map(() => noService);
    for (const { first, size, attributes } of this.system.groups) {
      if (attributes.cpu !== null) services.fill(serviceOf(attributes.cpu), first, first + size);
    }
    return services;
  }

  private nodes(calls: readonly CallLoad[], services: readonly Service[]): NodeLoad[] {
    const { system, down } = this;
    const arrivals = calls.map((call) => this.arrivals(call));
    const certain = calls.map((call) => this.certainArrivals(call));
    const background = new Float64Array(system.nodes.length);
    for (const deployment of system.deployments) {
      const rates = this.flow(deployment)?.background.arrivals;
      rates?.forEach((rate, node) => {
        background[node] = (background[node] as number) + rate;
      });
    }
    const loads: NodeLoad[] = [];
    for (const [node, service] of services.entries()) {
      if (service.mean === 0 || down[node] === 1) continue;
      const rates = arrivals.map((each) => each[node] as number);
      const rate = rates.reduce((sum, each) => sum + each, background[node] as number);
      loads.push({
        node,
        service,
        rate,
        utilisation: utilisation(rate, service),
        open: utilisation(
          rates.reduce((sum, each, i) => sum + (calls[i]?.call.rate === null ? 0 : each), background[node] as number),
          service,
        ),
        // What the reference execution does not show (nobody is reached, the code fails first) is not sure either.
        certain: Math.min(
          utilisation(rate, service),
          utilisation(
            certain.reduce((sum, each) => sum + (each[node] as number), 0),
            service,
          ),
        ),
        shares: rates.map((each) => utilisation(each, service)),
        background: utilisation(background[node] as number, service),
      });
    }
    return loads;
  }

  /** Messages per second at each node because of a call: protocol messages, requests and answers. */
  private arrivals({ rate, clients, targets, profile }: CallLoad): Float64Array {
    const found = new Float64Array(this.system.nodes.length);
    profile?.arrivals.forEach((count, node) => {
      found[node] = rate * count;
    });
    for (const target of targets) found[target] = (found[target] as number) + rate / targets.length;
    const answers = (rate * (profile?.answered ?? 0)) / Math.max(1, clients.length);
    for (const client of clients) found[client] = (found[client] as number) + answers;
    return found;
  }

  private certainArrivals({ openRate, call, targets, bounds }: CallLoad): Float64Array {
    const found = new Float64Array(this.system.nodes.length);
    if (targets.length === 0) return found;
    const { called = 0, eachOther = 0 } = bounds?.arrivals ?? {};
    // A message that may be lost is not sure to arrive.
    if (this.system.network.classes.some(({ loss }) => loss > 0)) return found;
    const share = 1 / targets.length;
    const isTarget = new Set(targets);
    // What others must send is sure only while all of them are up.
    const allUp = (this.options.down ?? []).length === 0;
    for (const member of this.system.deployments[call.deployment]?.members ?? []) {
      const own = isTarget.has(member) ? share : 0;
      found[member] = openRate * (own + (allUp ? own * called + (1 - own) * eachOther : 0));
    }
    return found;
  }

  // ---- lines --------------------------------------------------------------------------------------------------------

  private lines(calls: readonly CallLoad[]): LineLoad[] {
    const { system } = this;
    const { classes } = system.network;
    if (!classes.some(({ bandwidth }) => bandwidth !== null)) return [];
    const { routes } = this;
    const count = system.nodes.length;
    const perCall = calls.map((call) => this.bytesByLine(call, routes));
    const background = new Map<number, number>();
    for (const deployment of system.deployments) {
      for (const [line, bytes] of this.flow(deployment)?.background.lines ?? []) {
        background.set(line, (background.get(line) ?? 0) + bytes);
      }
    }
    const loads: LineLoad[] = [];
    for (const line of new Set([...background.keys(), ...perCall.flatMap((lines) => [...lines.keys()])])) {
      const [from, to] = [Math.floor(line / count), line % count];
      const bandwidth = classes[routes.classOf(from, to)]?.bandwidth ?? null;
      if (bandwidth === null) continue;
      const shares = perCall.map((lines) => (8 * (lines.get(line) ?? 0)) / bandwidth);
      const own = (8 * (background.get(line) ?? 0)) / bandwidth;
      loads.push({ from, to, bandwidth, shares, background: own, utilisation: shares.reduce((sum, share) => sum + share, own) });
    }
    return loads.sort((a, b) => b.utilisation - a.utilisation || a.from - b.from || a.to - b.to);
  }

  /** Bytes per second on each line because of a call. */
  private bytesByLine({ rate, call, clients, targets, profile }: CallLoad, routes: Routes): Map<number, number> {
    const count = this.system.nodes.length;
    const lines = new Map<number, number>();
    const add = (line: number, bytes: number): void => {
      lines.set(line, (lines.get(line) ?? 0) + bytes);
    };
    for (const [line, bytes] of profile?.lines ?? []) add(line, rate * bytes);
    const pairs = clients.length * targets.length;
    // Many pairs share the load so finely that none of their own lines is the busiest.
    if (pairs === 0 || pairs > mostPairs) return lines;
    const fields = call.arguments.length;
    for (const client of clients) {
      for (const target of targets) {
        const each = rate / pairs;
        for (const [from, to] of routes.path(client, target)) add(from * count + to, each * requestBytes(fields));
        for (const [from, to] of routes.path(target, client)) add(from * count + to, each * (profile?.answered ?? 0) * answerBytes);
      }
    }
    return lines;
  }
}
