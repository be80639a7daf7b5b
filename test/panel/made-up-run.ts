// A run that no simulator made: leader changes among replicas in zones, a crash, a partition, lost messages. For the
// tests of the panel and for looking at it (`dev-page.ts`).

import type { Span } from '../../src/base/source.ts';
import type { System } from '../../src/model/system.ts';
import type { ScenarioResult, Verdict } from '../../src/simulator/result.ts';
import { EventKind, type EventKindValue, type Trace } from '../../src/simulator/trace.ts';

const ms = 1_000_000;

interface Event {
  time: number;
  kind: EventKindValue;
  node: number;
  peer: number;
  name: string;
  link: number;
  detail: string;
}

/** Collects events in any order and gives them as a trace's columns. */
export class TraceBuilder {
  private readonly events: Event[] = [];

  constructor(
    private readonly nodes: readonly string[],
    private readonly zones: readonly string[] = nodes.map(() => ''),
  ) {}

  add(atMs: number, kind: EventKindValue, event: Partial<Omit<Event, 'time' | 'kind'>> = {}): this {
    this.events.push({ time: atMs * ms, kind, node: -1, peer: -1, name: '', link: -1, detail: '', ...event });
    return this;
  }

  build(truncated = false): Trace {
    const events = this.events.toSorted((a, b) => a.time - b.time);
    const names = [...new Set(events.map((event) => event.name))].filter(Boolean);
    const details = [...new Set(events.map((event) => event.detail))].filter(Boolean);
    return {
      version: 1,
      nodes: this.nodes,
      zones: this.zones,
      length: events.length,
      truncated,
      time: Float64Array.from(events, (event) => event.time),
      kind: Uint8Array.from(events, (event) => event.kind),
      node: Int32Array.from(events, (event) => event.node),
      peer: Int32Array.from(events, (event) => event.peer),
      name: Int32Array.from(events, (event) => names.indexOf(event.name)),
      link: Int32Array.from(events, (event) => event.link),
      detail: Int32Array.from(events, (event) => details.indexOf(event.detail)),
      names,
      details,
    };
  }
}

export const span: Span = { uri: 'file:///bank.dsys', start: 10, end: 20 };

/** A system of groups in zones, with the fields that the panel reads filled in. */
export function madeUpSystem(options: {
  readonly groups: readonly { readonly name: string; readonly size: number; readonly zones?: readonly number[] }[];
  readonly zones?: readonly { readonly name: string; readonly parent: number }[];
  readonly links?: readonly (readonly [number, number])[];
}): System {
  const zones = options.zones ?? [];
  const nodes = options.groups
    .flatMap(({ name, size, zones: placement = [] }, group) =>
      Array.from({ length: size }, (_, position) => ({
        name: size === 1 ? name : `${name}[${position}]`,
        group,
        position,
        zone: placement.length > 0 ? (placement[position % placement.length] as number) : -1,
        weight: 1,
      })),
    )
    .map((node, index) => ({ index, ...node }));
  const within = (zone: number, outer: number): boolean => zone === outer || (zone >= 0 && within(zones[zone]?.parent ?? -1, outer));
  const links = options.links ?? [];
  return {
    name: 'Bank',
    uri: span.uri,
    span,
    nameSpan: span,
    seed: 1,
    constants: [],
    zones: zones.map(({ name, parent }, index) => ({
      index,
      name,
      parent,
      nodes: nodes.filter((node) => within(node.zone, index)).map((node) => node.index),
      availability: null,
      span,
    })),
    groups: options.groups.map(({ name, size }, index) => ({
      index,
      name,
      first: nodes.findIndex((node) => node.group === index),
      size,
      span,
      nameSpan: span,
      sizeSpan: null,
      sizeIsLiteral: true,
      placement: [],
      placementSpan: null,
      attributes: { availability: null, mtbf: null, mttr: null, cpu: null, weights: [], drift: null, compromise: null },
    })),
    nodes,
    network: {
      complete: links.length === 0,
      from: Int32Array.from(links, ([from]) => from),
      to: Int32Array.from(links, ([, to]) => to),
      directed: new Uint8Array(links.length),
      linkClass: new Int32Array(links.length),
      classes: [
        {
          latency: { kind: 'constant', value: 5 * ms },
          loss: 0.01,
          burst: null,
          duplicate: 0,
          reorder: 0,
          bandwidth: null,
          fifo: false,
          span: null,
        },
      ],
      kind: new Int32Array(nodes.length),
      kinds: 1,
      pairClass: new Int32Array(1),
    },
    timing: { model: 'asynchronous', delay: null, gst: null, span: null },
    quorums: [],
    faultModels: [],
    protocols: [],
    adversaries: [],
    specifications: [],
    deployments: [],
    workloads: [],
    scenarios: [],
    expectedFindings: [],
  };
}

/** A result with one shown run on this trace and no verdicts but the given ones. */
export function madeUpResult(trace: Trace | null, overrides: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    system: 'Bank',
    scenario: 'LeaderCrash',
    uri: span.uri,
    span,
    faultModel: 'Production',
    variant: null,
    verdicts: [],
    runs: [{ seed: 17, digest: '0123456789abcdef', delivered: 0, end: 0, fails: false }],
    findings: [],
    passed: true,
    stopped: 'no',
    shown: {
      seed: 17,
      digest: '0123456789abcdef',
      end: trace && trace.length > 0 ? (trace.time[trace.length - 1] as number) : 0,
      steps: 0,
      delivered: 0,
      error: null,
      violations: [],
      expectations: [],
      metrics: { counts: {}, operations: [], messages: { sent: 0, delivered: 0, lost: 0, duplicated: 0, bytes: 0 } },
      trace,
    },
    ...overrides,
  };
}

/** Six nodes for ten seconds, and every kind of fault that lasts at one of them. */
export function faultyRun(): { readonly system: System; readonly result: ScenarioResult } {
  const system = madeUpSystem({
    zones: [{ name: 'eu', parent: -1 }],
    groups: [{ name: 'replica', size: 6, zones: [-1, -1, -1, -1, -1, 0] }],
  });
  const builder = new TraceBuilder(system.nodes.map(({ name }) => name));
  for (let link = 0; link < 60; link += 1) {
    const [from, to] = [link % 6, (link * 5 + 1) % 6];
    builder.add(link * 160, EventKind.send, { node: from, peer: to, name: link % 3 === 0 ? 'Vote' : 'Append', link });
    builder.add(link * 160 + 300, link % 7 === 0 ? EventKind.lose : EventKind.deliver, { node: to, peer: from, link });
  }
  builder
    .add(500, EventKind.crash, { node: 0 })
    .add(2500, EventKind.recover, { node: 0 })
    .add(1000, EventKind.pause, { node: 1, detail: '2s' })
    .add(3000, EventKind.pause, { node: 1 })
    .add(1500, EventKind.drift, { node: 2, detail: '+2 %' })
    .add(4500, EventKind.drift, { node: 2 })
    .add(2000, EventKind.omit, { node: 3, detail: '30% of what it sends' })
    .add(5000, EventKind.omit, { node: 3 })
    .add(2500, EventKind.byzantine, { node: 4, name: 'equivocate' })
    .add(3000, EventKind.outage, { name: 'eu', link: 100 })
    .add(4500, EventKind.outageEnd, { name: 'eu', link: 100 })
    .add(5000, EventKind.partition, { link: 101, detail: '{replica[0], replica[1]}, the others' })
    .add(6500, EventKind.heal, { link: 101 })
    .add(6800, EventKind.links, { name: 'disconnect', link: 102, detail: '{replica[0]} – {replica[1]}' })
    .add(8500, EventKind.linksEnd, { name: 'disconnect', link: 102 })
    .add(7000, EventKind.slow, { node: 2, detail: '×10' })
    .add(8800, EventKind.slow, { node: 2 })
    .add(7000, EventKind.links, { name: 'delay', link: 103, detail: '{replica[3]} → {replica[5]}, Vote, 50 ms' })
    .add(10_000, EventKind.start, { node: 0 });
  const verdict = (kind: Verdict['kind'], text: string, passed: boolean, detail: string): Verdict => ({
    kind,
    text,
    passed,
    detail,
    span,
    seed: null,
  });
  const verdicts = [
    verdict('invariant', 'invariant ElectionSafety', true, 'held in 20 runs'),
    verdict('leads_to', 'leads_to Answered', true, 'never exercised in 20 runs'),
    verdict('always', 'always Stable', false, 'broken in 3 of 20 runs'),
    verdict('eventually', 'eventually Elected', true, 'held in 20 runs'),
    verdict('expectation', 'causal(Register)', true, 'held in 20 runs'),
  ];
  return { system, result: madeUpResult(builder.build(), { verdicts, passed: false }) };
}

/** Five replicas in four zones and three clients for thirty seconds: about 30 messages per `heartbeatMs`. */
export function bankRun(heartbeatMs = 50, durationMs = 30_000): { readonly system: System; readonly result: ScenarioResult } {
  const system = madeUpSystem({
    zones: [
      { name: 'eu', parent: -1 },
      { name: 'eu1', parent: 0 },
      { name: 'eu2', parent: 0 },
      { name: 'us', parent: -1 },
    ],
    groups: [
      { name: 'replica', size: 5, zones: [1, 1, 2, 3, 3] },
      { name: 'client', size: 3, zones: [1, 2, 3] },
    ],
  });
  const builder = new TraceBuilder(system.nodes.map((node) => node.name));
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const crashFrom = durationMs / 6;
  const crashTo = durationMs * 0.4;
  const partitionFrom = durationMs / 2;
  const partitionTo = durationMs * 0.66;
  const down = (node: number, time: number): boolean => node === 0 && time >= crashFrom && time < crashTo;
  const american = (node: number): boolean => node === 3 || node === 4 || node === 7;
  const cut = (a: number, b: number, time: number): boolean => american(a) !== american(b) && time >= partitionFrom && time < partitionTo;
  let link = 0;
  const message = (time: number, from: number, to: number, name: string, detail: string): number => {
    link += 1;
    const delay = american(from) === american(to) ? 1.5 + random() * 2 : 70 + random() * 25;
    builder.add(time, EventKind.send, { node: from, peer: to, name, link, detail });
    const lost = down(to, time + delay) || cut(from, to, time) || random() < 0.004;
    if (time + delay < durationMs) {
      builder.add(time + (lost ? delay / 2 : delay), lost ? EventKind.lose : EventKind.deliver, {
        node: to,
        peer: from,
        name,
        link,
        detail,
      });
    }
    return lost ? Number.POSITIVE_INFINITY : time + delay;
  };

  for (let node = 0; node < 8; node += 1) builder.add(0, EventKind.start, { node });
  builder.add(crashFrom, EventKind.crash, { node: 0 }).add(crashTo, EventKind.recover, { node: 0 });
  builder.add(partitionFrom, EventKind.partition, { link: 1, detail: 'eu | us' }).add(partitionTo, EventKind.heal, { link: 1 });

  let leader = 0;
  let term = 1;
  let logSize = 0;
  const become = (time: number, node: number): void => {
    term += 1;
    leader = node;
    for (let other = 0; other < 5; other += 1) {
      if (other === node) continue;
      const arrived = message(time, node, other, 'RequestVote', `term: ${term}, lastIndex: ${logSize}, lastTerm: ${term - 1}`);
      if (arrived < durationMs) message(arrived, other, node, 'Vote', `term: ${term}, granted: true`);
    }
    builder.add(time + 95, EventKind.emit, { node, name: 'Elected', detail: `term: ${term}` });
    for (let replica = 0; replica < 5; replica += 1) {
      builder.add(time + 95, EventKind.state, { node: replica, name: 'term', detail: String(term) });
      builder.add(time + 95, EventKind.state, { node: replica, name: 'role', detail: replica === node ? 'Leader' : 'Follower' });
      builder.add(time + 95, EventKind.state, { node: replica, name: 'votedFor', detail: system.nodes[node]?.name ?? '' });
    }
  };
  become(200, 0);
  let elected = false;
  let call = 100_000;
  for (let time = 400; time < durationMs; time += heartbeatMs) {
    if (!elected && time > crashFrom + 250) {
      elected = true;
      builder.add(time, EventKind.timeout, { node: 1, name: 'election_timer' });
      become(time, 1);
    }
    if (down(leader, time)) continue;
    for (let node = 0; node < 5; node += 1) {
      if (node === leader) continue;
      const arrived = message(time, leader, node, 'Append', `term: ${term}, entries: [${logSize}], commit: ${logSize - 1}`);
      if (arrived < durationMs && !down(node, arrived)) message(arrived, node, leader, 'Appended', `term: ${term}, index: ${logSize}`);
    }
    const client = 5 + Math.floor(random() * 3);
    call += 1;
    builder.add(time, EventKind.call, { node: client, name: 'Submit', link: call, detail: `"${call}"` });
    const asked = message(time, client, leader, 'Submit', `command: "${call}"`);
    const answered = asked + 90;
    if (answered < durationMs) {
      logSize += 1;
      builder.add(answered, EventKind.state, { node: leader, name: 'log', detail: `[… ${logSize} entries]` });
      builder.add(answered, EventKind.emit, { node: leader, name: 'Committed', detail: `index: ${logSize}` });
      const back = message(answered, leader, client, 'SubmitReply', String(logSize));
      if (back < durationMs) builder.add(back, EventKind.reply, { node: client, name: 'Submit', link: call, detail: String(logSize) });
    } else {
      builder.add(Math.min(durationMs - 1, time + 1000), EventKind.giveUp, { node: client, name: 'Submit', link: call });
    }
  }
  const violatedAt = partitionFrom + 1700;
  builder.add(violatedAt, EventKind.violation, { node: 3, name: 'ElectionSafety', detail: 'a = replica[0], b = replica[3]' });
  const trace = builder.build();
  const invariant: Span = { uri: 'file:///raft.dsys', start: 400, end: 440 };
  const plain = madeUpResult(trace);
  return {
    system,
    result: {
      ...plain,
      passed: false,
      runs: Array.from({ length: 100 }, (_, seed) => ({ seed, digest: '', delivered: 0, end: 0, fails: false })),
      verdicts: [
        {
          text: 'ElectionSafety',
          span: invariant,
          kind: 'invariant',
          passed: false,
          detail: 'violated in 3 of 100 seeds: a = replica[0], b = replica[3]',
          seed: 17,
        },
        { text: 'count(Committed) >= 100', span, kind: 'expectation', passed: true, detail: 'count = 412 (fewest of 100 seeds)', seed: 41 },
        {
          text: 'p99(latency(Submit)) <= 500ms',
          span,
          kind: 'expectation',
          passed: true,
          detail: 'p99 = 312 ms (worst of 100 seeds)',
          seed: 17,
        },
        {
          text: 'LeaderElected',
          span: { ...span, start: 90 },
          kind: 'eventually',
          passed: true,
          detail: 'after 0.29 s at the latest',
          seed: null,
        },
      ],
      shown: plain.shown && {
        ...plain.shown,
        violations: [
          {
            property: 'ElectionSafety',
            deployment: 0,
            kind: 'invariant',
            span: invariant,
            time: violatedAt * ms,
            detail: 'a = replica[0], b = replica[3]',
            event: -1,
          },
        ],
      },
    },
  };
}
