import { counted, formatDuration, formatNumber, formatRate } from '../../base/units.ts';
import { isMet } from '../../model/quorum-values.ts';
import { hasLoad, type LineLoad, type NodeLoad, type SystemLoad, systemLoad, waits } from '../capacity/load.ts';
import { type Outage, worstOutage } from '../capacity/outage.ts';
import { meanNumber } from '../capacity/queueing.ts';
import { amdahl, amdahlLimit, gustafson, peak, peakMembers, relativeCapacity, scalingOf } from '../capacity/scaling.ts';
import { arithmetic, nodeName, percent } from '../capacity/words.ts';
import { type Estimate, flowProfile, type OperationFlow, operationFlow } from '../flow/index.ts';
import { faultPhrase } from '../words.ts';
import { OutOfWork, Work } from '../work.ts';
import type { CardData, CardRow, CardSection, CardSubject } from './section.ts';

/** So many of the busiest nodes are named. */
const mostNamed = 3;
/** From here on a node is worth naming at the `run`, and a link at all. */
const worthTelling = 0.005;

/** What the operations of a deployment cost, how busy the workloads keep its members, and how far it scales. */
export function capacity(subject: CardSubject): CardSection | null {
  const { system, shouldStop } = subject;
  const flow = flowRows(subject);
  const loaded = hasLoad(system) && calls(subject);
  const load = loaded ? systemLoad(system, { effort: 3, shouldStop }) : null;
  const nodes = load === null ? [] : subject.facts.membersByLoad(load);
  const rows = [...flow, ...(load === null ? [] : loadRows(subject, load, nodes)), ...scalingRows(subject)];
  if (rows.length === 0) return null;
  const [first] = nodes;
  return {
    id: 'capacity',
    title: 'What it costs and carries',
    rows,
    assumptions: [
      'Messages and delays are counted on a reference execution: no faults, everything started up, one call at a time, every message as long under way as in the mean. The bounds hold in every execution without faults.',
      ...(load === null
        ? []
        : [
            'A node serves one message after the other, each for its `cpu`; messages come at random moments (Poisson). No message is lost.',
            'After an outage calls go to the targets that are left, as far as their retries allow.',
          ]),
    ],
    sources: [
      ...(load === null ? [] : ['Pollaczek 1930, Khinchine 1932 (M/G/1)', 'Little 1961', 'Denning & Buzen 1978, operational laws']),
      ...(scalingOf(system, subject.deployment) === null ? [] : ['Amdahl 1967', 'Gunther 1993, universal scalability law']),
    ],
    ...(first === undefined || first.utilisation < worthTelling ? {} : { headline: `busiest node ${percent(first.utilisation)} loaded` }),
  };
}

/** Work for the flow of one deployment, some 100,000 messages: more patience would not make code that runs wild end. */
function flowWork({ shouldStop }: CardSubject): Work {
  return new Work(40_000_000, shouldStop);
}

function calls({ system, deployment }: CardSubject): boolean {
  return system.workloads.some((workload) => workload.calls.some((call) => call.deployment === deployment.index));
}

// ---- messages and delays ------------------------------------------------------------------------------------------------

function flowRows(subject: CardSubject): CardRow[] {
  const { system, deployment } = subject;
  const rows: CardRow[] = [];
  try {
    for (const { name } of system.protocols[deployment.protocol]?.operations ?? []) {
      const flow = operationFlow(system, deployment, name, { work: flowWork(subject) });
      if (flow !== null) rows.push(operationRow(flow));
    }
    const background = flowProfile(system, deployment, { work: flowWork(subject) })?.background;
    if (background !== undefined && background.total > 0) {
      rows.push({
        label: 'without any call',
        value: `${rounded(background.total)} messages a second`,
        notes: [`${background.messages.map(({ kind, rate }) => `\`${kind}\` ${formatRate(significant(rate))}`).join(', ')}.`],
        data: {
          perSecond: background.total,
          messages: background.messages.map(({ kind, rate, bytes }) => ({ kind, perSecond: rate, bytes })),
        },
      });
    }
  } catch (error) {
    // What causes more than can be followed has no row.
    if (!(error instanceof OutOfWork)) throw error;
  }
  return rows;
}

function operationRow({ operation, messages, total, delays, latency }: OperationFlow): CardRow {
  const answer =
    delays === null
      ? 'no answer'
      : `answered after ${rounded(delays.expected)} message delays${latency === null ? '' : `, ${formatDuration(latency)}`}`;
  const kinds = messages.map(({ kind, expected, from, to }) => `\`${kind}\` ${rounded(expected)} (${from} to ${to})`);
  return {
    label: `\`${operation}\``,
    value: `${rounded(total.expected)} ${total.expected === 1 ? 'message' : 'messages'}, ${answer}`,
    notes: [
      ...(kinds.length === 0 ? [] : [`${kinds.join(', ')}.`]),
      `By the code alone: ${range(total)} messages${delays === null ? '' : `, ${range(delays)} delays`}.`,
    ],
    data: {
      operation,
      messages: messages.map(({ kind, from, to, bytes, ...estimate }) => ({ kind, from, to, bytes, ...estimateData(estimate) })),
      total: estimateData(total),
      delays: delays === null ? null : estimateData(delays),
      latency,
    },
  };
}

function range({ least, most }: Estimate): string {
  if (!Number.isFinite(most)) return least === 0 ? 'any number of' : `at least ${rounded(least)}`;
  return least === most ? `exactly ${rounded(least)}` : `${rounded(least)} to ${rounded(most)}`;
}

function estimateData({ least, expected, most }: Estimate): { readonly [name: string]: CardData } {
  return { least, expected, most: Number.isFinite(most) ? most : null };
}

// ---- load ---------------------------------------------------------------------------------------------------------------

function loadRows(subject: CardSubject, load: SystemLoad, nodes: readonly NodeLoad[]): CardRow[] {
  const { system, deployment, model, effort, shouldStop } = subject;
  if (load.unknown.includes(deployment.index)) return [];
  const rows: CardRow[] = [];
  const [worst] = nodes;
  if (worst !== undefined && worst.utilisation > 0) {
    rows.push({
      label: 'busiest members',
      value: named(subject, nodes),
      notes: [`${nodeName(system, worst.node)}: ${arithmetic(worst, load)}.`],
      data: nodes.slice(0, mostNamed).map((node) => nodeData(subject, node)),
    });
  }
  const lines = load.lines.filter(({ from, to }) => deployment.members.includes(from) || deployment.members.includes(to));
  if (lines[0] !== undefined && lines[0].utilisation >= worthTelling) rows.push(lineRow(subject, lines[0]));
  rows.push(...latencyRows(subject, load), ...headroomRows(subject, load, nodes, lines));
  const outage = model === null ? null : worstOutage(system, model, effort, shouldStop);
  if (outage !== null && worst !== undefined) rows.push(...outageRows(subject, outage));
  return [...rows, ...slowRows(subject, nodes)];
}

function named({ system }: CardSubject, nodes: readonly NodeLoad[]): string {
  const [first] = nodes;
  const alike = nodes.filter(({ utilisation }) => Math.abs(utilisation - (first?.utilisation ?? 0)) < 0.005);
  if (alike.length === nodes.length && nodes.length > 1)
    return `${nodes.length === 2 ? 'both' : `all ${nodes.length}`} about ${percent(first?.utilisation ?? 0)}`;
  const parts = nodes.slice(0, mostNamed).map(({ node, utilisation }) => `${nodeName(system, node)} ${percent(utilisation)}`);
  return nodes.length > mostNamed ? `${parts.join(', ')}, ${nodes.length - mostNamed} more below` : parts.join(', ');
}

function nodeData({ system }: CardSubject, load: NodeLoad): CardData {
  return {
    node: system.nodes[load.node]?.name ?? '',
    utilisation: finite(load.utilisation),
    certain: finite(load.certain),
    messagesPerSecond: load.rate,
  };
}

function lineRow({ system }: CardSubject, { from, to, utilisation }: LineLoad): CardRow {
  return {
    label: 'busiest link',
    value: `${nodeName(system, from)} → ${nodeName(system, to)} ${percent(utilisation)}`,
    data: { from: system.nodes[from]?.name ?? '', to: system.nodes[to]?.name ?? '', utilisation },
  };
}

/** Mean time until the answer with the other calls' share of the queues (M/G/1 at each node on the way). */
function latencyRows(subject: CardSubject, load: SystemLoad): CardRow[] {
  const { system, deployment } = subject;
  if (load.nodes.some(({ utilisation }) => utilisation >= 1)) return [];
  try {
    const profile = flowProfile(system, deployment, { work: flowWork(subject), wait: waits(system, load) });
    const seen = new Set<string>();
    return (profile?.calls ?? []).flatMap(({ operation, latency }, i) => {
      const own = load.calls.filter(({ call }) => call.deployment === deployment.index)[i];
      if (latency === null || own === undefined || seen.has(operation)) return [];
      seen.add(operation);
      const rate = load.calls
        .filter(({ call }) => call.deployment === deployment.index && call.operation === operation)
        .reduce((sum, each) => sum + each.rate, 0);
      const under = meanNumber(rate, latency);
      return {
        label: `\`${operation}\` under this load`,
        value: `answered after ${formatDuration(latency)} in the mean, ${rounded(under)} under way at once`,
        data: { operation, latency, perSecond: rate, underWay: under },
      };
    });
  } catch (error) {
    if (error instanceof OutOfWork) return [];
    throw error;
  }
}

/** How many times the declared rates go before the first node or line has no time left. */
function headroomRows({ system }: CardSubject, load: SystemLoad, nodes: readonly NodeLoad[], lines: readonly LineLoad[]): CardRow[] {
  const named = [
    ...nodes.map((node) => ({ ...node, name: nodeName(system, node.node) })),
    ...lines.map((line) => ({ ...line, name: `the link ${nodeName(system, line.from)} → ${nodeName(system, line.to)}` })),
  ];
  let least = Number.POSITIVE_INFINITY;
  let name = '';
  for (const { utilisation, background, name: own } of named) {
    // Without any call there is no time left already; and ∞ − ∞ has no value.
    const byCalls = background >= 1 ? 1 : utilisation - background;
    const factor = byCalls <= 0 ? Number.POSITIVE_INFINITY : Math.max(0, 1 - background) / byCalls;
    if (factor >= least) continue;
    least = factor;
    name = own;
  }
  if (!Number.isFinite(least)) return [];
  const rates = load.calls.filter(({ call }) => call.rate !== null);
  const notes = rates.map(
    ({ call, workload, clients }) =>
      `\`${call.operation}\` of \`${workload.name}\`: up to ${formatRate(significant((call.rate ?? 0) * least))} a client, ${counted(clients.length, 'client')}.`,
  );
  return [
    {
      label: 'highest stable rate',
      value:
        least === 0
          ? `none: ${name} has no time left at any`
          : `below ${rounded(least) === '1' ? 'once' : `${rounded(least)} times`} what the workloads ask for: then ${name} has no time left`,
      notes,
      data: { factor: least, bottleneck: name.replaceAll('`', '') },
    },
  ];
}

function outageRows(subject: CardSubject, { faults, down }: Outage): CardRow[] {
  const { system, shouldStop } = subject;
  const label = `with ${faultPhrase(system, faults)}`;
  const lost = lostQuorum(subject, down);
  if (lost !== null) {
    return [{ label, value: `nothing that waits for a quorum of \`${lost}\` gets on: none is left`, data: { noQuorum: lost } }];
  }
  const left = systemLoad(system, { effort: 3, shouldStop, down });
  const nodes = subject.facts.membersByLoad(left);
  const [worst] = nodes;
  if (worst === undefined || left.unknown.includes(subject.deployment.index)) return [];
  return [
    {
      label,
      value: named(subject, nodes),
      data: { utilisation: finite(worst.utilisation), nodes: nodes.slice(0, mostNamed).map((node) => nodeData(subject, node)) },
    },
  ];
}

/** A quorum system that the protocol requires to be available and that has no quorum among the nodes that are up. */
function lostQuorum({ system, deployment }: CardSubject, down: readonly number[]): string | null {
  const gone = new Set(down);
  const required = (system.protocols[deployment.protocol]?.requirements ?? []).flatMap(({ condition }) =>
    condition.kind === 'intrinsic' && condition.name === 'available' ? condition.arguments : [],
  );
  for (const { name, system: quorum } of deployment.quorums) {
    const asked = required.some((argument) => argument.kind === 'quorum' && argument.name === name);
    if (asked && quorum !== null && !isMet(quorum, (node) => !gone.has(node))) return name;
  }
  return null;
}

/** A member with a timing fault takes longer for each message: the busiest one that the fault model may slow down. */
function slowRows({ system, model }: CardSubject, nodes: readonly NodeLoad[]): CardRow[] {
  return (model?.budgets ?? []).flatMap((budget) => {
    if (budget.kind !== 'timing' || budget.count < 1 || budget.slowdown <= 1) return [];
    const slow = nodes.find(({ node }) => budget.nodes.includes(node));
    if (slow === undefined) return [];
    const utilisation = slow.utilisation * budget.slowdown;
    return {
      label: `with ${nodeName(system, slow.node)} ${rounded(budget.slowdown)} times slower`,
      value: Number.isFinite(utilisation) ? `it has ${percent(utilisation)} of the work that it can do` : 'it cannot keep up with any rate',
      data: { node: system.nodes[slow.node]?.name ?? '', slowdown: budget.slowdown, utilisation: finite(utilisation) },
    };
  });
}

// ---- scaling ------------------------------------------------------------------------------------------------------------

function scalingRows({ system, deployment }: CardSubject): CardRow[] {
  const scaling = scalingOf(system, deployment);
  if (scaling === null) return [];
  const n = deployment.members.length;
  if (n === 0) return [];
  const { serial, crosstalk } = scaling;
  const limit = amdahlLimit(serial);
  const rows: CardRow[] = [
    {
      label: 'speed-up by its serial share',
      value: `${rounded(amdahl(n, serial))} with ${counted(n, 'member')}${Number.isFinite(limit) ? `; no number of members reaches ${rounded(limit)}` : ''}`,
      notes: [`Of a fixed amount of work; ${rounded(gustafson(n, serial))} where the work grows with the members (Gustafson 1988).`],
      data: { members: n, speedup: amdahl(n, serial), scaled: gustafson(n, serial), limit: Number.isFinite(limit) ? limit : null, serial },
    },
  ];
  if (crosstalk > 0) {
    const best = peakMembers(scaling);
    const multiple = (members: number): string => {
      const times = rounded(relativeCapacity(members, scaling));
      return times === '1' ? 'that of one member' : `${times} times that of one member`;
    };
    rows.push({
      label: 'throughput, crosstalk included',
      value:
        n === best
          ? `${multiple(n)}: the most that there is`
          : `${multiple(n)}; the most is ${rounded(relativeCapacity(best, scaling))} with ${counted(best, 'member')}`,
      data: {
        members: n,
        capacity: relativeCapacity(n, scaling),
        peak: peak(scaling),
        best,
        most: relativeCapacity(best, scaling),
        serial,
        crosstalk,
      },
    });
  }
  return rows;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Three digits: more than an estimate is good for says nothing. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}

function rounded(value: number): string {
  return formatNumber(significant(value));
}
