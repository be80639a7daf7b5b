import type { Finding, Fix, Label } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import { formatBandwidth, formatDuration, listed } from '../../base/units.ts';
import type { FaultModel, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { faultNote, faultPhrase, finiteOnes, nodeNames } from '../words.ts';
import { type CallLoad, type LineLoad, type NodeLoad, type SystemLoad, systemLoad } from './load.ts';
import { loadDirections } from './lower-rates.ts';
import { type Outage, worstOutage } from './outage.ts';
import { arithmetic, callName, heaviest, nodeName, percent } from './words.ts';

/** What the numbers take for granted, besides what a message says. */
const assumptions =
  'Messages are counted on a reference execution without faults, one call at a time; every node is a single server, and no message is lost.';

const queueSource = 'Kleinrock 1975, Queueing systems, vol. 1, ch. 2: a single server is stable exactly when ρ = λE[S] < 1';

/**
 * DS3601: a node with more work than it can do. DS3602: the same once the fault model has taken its worst. DS3603: a link
 * with more to carry than it can. DS3604: retries that would keep an overload going.
 */
export function overloads(checked: SystemUnderCheck): Finding[] {
  const { system, effort, shouldStop } = checked;
  const options = { lastingOnly: true, effort, shouldStop };
  const load = systemLoad(system, options);
  if (load.calls.length === 0) return [];
  const findings = [...overloadedNodes(checked, load), ...saturatedLines(system, load), ...amplified(system, load)];
  if (load.nodes.some(({ open }) => open >= 1)) return findings;
  if (!mayOverload(load)) return findings;
  for (const model of system.faultModels) {
    const outage = worstOutage(system, model, effort, shouldStop);
    if (outage === null) continue;
    const left = systemLoad(system, { ...options, down: outage.down });
    findings.push(...overloadedAfter(checked, left, load, model, outage, findings));
  }
  return findings;
}

/**
 * Whether an outage may bring a node to its limit at all: not while all the work of a second, done by the slowest node alone,
 * takes less than a second. An outage moves work, it does not make more of it.
 */
function mayOverload({ nodes }: SystemLoad): boolean {
  const slowest = nodes.reduce((most, { service }) => Math.max(most, service.mean), 0);
  return nodes.reduce((sum, { rate }) => sum + (rate * slowest) / 1e9, 0) >= 1;
}

/** Nodes at 1 or beyond by what takes most of them: one finding for each, at its place. */
function byCause(load: SystemLoad): Map<number, NodeLoad[]> {
  const groups = new Map<number, NodeLoad[]>();
  for (const node of [...load.nodes].sort((a, b) => b.utilisation - a.utilisation || a.node - b.node)) {
    if (node.open < 1 && node.certain < 1) continue;
    const cause = heaviest(node);
    groups.set(cause, [...(groups.get(cause) ?? []), node]);
  }
  return groups;
}

function overloadedNodes(checked: SystemUnderCheck, load: SystemLoad): Finding[] {
  const { system } = checked;
  return [...byCause(load)].flatMap(([cause, nodes]) => {
    const [worst] = nodes;
    const place = placeOf(system, load.calls[cause]);
    if (worst === undefined || place === null) return [];
    const certain = worst.certain >= 1;
    const share = certain ? worst.certain : worst.utilisation;
    const fixes = mendsOf(checked, load.calls[cause], worst.utilisation, (tried) => isStable(tried, checked));
    return {
      code: 'DS3601',
      severity: certain ? 'error' : 'warning',
      span: place.span,
      message: Number.isFinite(share)
        ? `${nodeName(system, worst.node)} has ${certain ? 'at least ' : 'about '}${percent(share)} of the work that it can do: its queue grows without bound.`
        : `${nodeName(system, worst.node)} cannot keep up with any rate: the mean of its \`cpu\` is infinite.`,
      why: `${arithmetic(worst, load)}. A single server keeps up only while the work that comes in a second takes less than a second.${
        certain ? ' What the code sends in any case is enough for that.' : ''
      }`,
      source: queueSource,
      help: helpOf(fixes, worst, place.call),
      notes: [...othersNote(system, nodes), assumptions],
      labels: place.labels,
      witness: { kind: 'nodes', nodes: nodeNames(system, [worst.node]) },
      fixes,
      numbers: finiteOnes({ utilisation: worst.utilisation, certain: worst.certain, rate: worst.rate, service: worst.service.mean }),
    };
  });
}

function overloadedAfter(
  checked: SystemUnderCheck,
  left: SystemLoad,
  before: SystemLoad,
  model: FaultModel,
  outage: Outage,
  known: readonly Finding[],
): Finding[] {
  const { system } = checked;
  return [...byCause(left)].flatMap(([cause, nodes]) => {
    const [worst] = nodes;
    const place = placeOf(system, left.calls[cause]);
    if (worst === undefined || place === null) return [];
    if (known.some(({ code, span }) => code === 'DS3602' && span.start === place.span.start)) return [];
    const now = before.nodes.find(({ node }) => node === worst.node)?.utilisation ?? 0;
    const fixes = mendsOf(checked, left.calls[cause], worst.utilisation, (tried) => isStable(tried, checked, model.name));
    const { crashed, byzantine, omitting, outages } = outage.faults;
    return {
      code: 'DS3602',
      severity: 'warning',
      span: place.span,
      message: `Under \`${model.name}\`, with ${faultPhrase(system, outage.faults)}, ${nodeName(system, worst.node)} has about ${percent(worst.utilisation)} of the work that it can do, ${percent(now)} without faults.`,
      why: `${arithmetic(worst, left)}. Those that are left carry the load of all: with ρ of n nodes that share it and f of them gone, it is ρ·n/(n − f). From 100% on the queue grows until calls time out.`,
      source: `${queueSource}; capacity for n − f`,
      help: helpOf(fixes, worst, place.call),
      notes: [...optional(faultNote(system, outage.faults, targetsOf(left, cause))), ...othersNote(system, nodes), assumptions],
      labels: [...place.labels, { span: model.nameSpan, message: 'admits these faults' }],
      witness: {
        kind: 'fault-set',
        crashed: nodeNames(system, crashed),
        byzantine: nodeNames(system, byzantine),
        omitting: nodeNames(system, omitting),
        outages: outages.map((zone) => system.zones[zone]?.name ?? ''),
        left: nodeNames(system, [worst.node]),
      },
      fixes,
      numbers: finiteOnes({ utilisation: worst.utilisation, before: now, rate: worst.rate, service: worst.service.mean }),
    };
  });
}

function saturatedLines(system: System, load: SystemLoad): Finding[] {
  const reported = new Set<number>();
  return load.lines.flatMap((line) => {
    const cause = heaviest(line);
    const place = placeOf(system, load.calls[cause]);
    if (line.utilisation < 1 || reported.has(cause) || place === null) return [];
    reported.add(cause);
    const others = load.lines.filter((other) => other.utilisation >= 1 && other !== line).length;
    const link = `${nodeName(system, line.from)} → ${nodeName(system, line.to)}`;
    return {
      code: 'DS3603',
      severity: 'warning',
      span: place.span,
      message: `The link ${link} has about ${percent(line.utilisation)} of what it can carry: messages queue for it without bound.`,
      why: `${lineArithmetic(line, load)} of ${formatBandwidth(line.bandwidth)}. A line sends one message after the other.`,
      source: queueSource,
      help: `Give the link more than ${formatBandwidth(Math.ceil(line.utilisation * line.bandwidth))}, send less, or lower the rate.`,
      notes: [...(others > 0 ? [`${others} more ${others === 1 ? 'link is' : 'links are'} in the same state.`] : []), assumptions],
      labels: place.labels,
      witness: { kind: 'nodes', nodes: nodeNames(system, [line.from, line.to]) },
      numbers: { utilisation: line.utilisation, bandwidth: line.bandwidth },
    };
  });
}

function lineArithmetic(line: LineLoad, { calls }: SystemLoad): string {
  const parts = line.shares
    .map((share, i) => ({ share, call: calls[i] as CallLoad }))
    .filter(({ share }) => share > 0.0005)
    .sort((a, b) => b.share - a.share)
    .map(({ share, call }) => `${callName(call)} takes ${formatBandwidth(Number((share * line.bandwidth).toPrecision(3)))}`);
  if (line.background > 0.0005) {
    parts.push(`what is sent without any call ${formatBandwidth(Number((line.background * line.bandwidth).toPrecision(3)))}`);
  }
  return parts.join(', ');
}

/** Once calls time out, each is made `retries` times more, and a server works on those nobody waits for any more. */
function amplified(system: System, load: SystemLoad): Finding[] {
  let worst: { readonly node: NodeLoad; readonly amplified: number; readonly cause: number } | null = null;
  for (const node of load.nodes) {
    if (node.open >= 1) return [];
    let total = node.background;
    let cause = -1;
    let most = 0;
    for (const [i, share] of node.shares.entries()) {
      const { call } = load.calls[i] as CallLoad;
      const attempts = call.timeout === null || call.rate === null ? 1 : call.retries + 1;
      total += share * attempts;
      if (share * (attempts - 1) <= most) continue;
      most = share * (attempts - 1);
      cause = i;
    }
    if (cause >= 0 && total >= 1 && (worst === null || total > worst.amplified)) worst = { node, amplified: total, cause };
  }
  const place = worst && placeOf(system, load.calls[worst.cause]);
  if (worst === null || !place?.call) return [];
  const { call } = place.call;
  return [
    {
      code: 'DS3604',
      severity: 'information',
      span: place.span,
      message: `Once these calls time out, their retries can keep ${nodeName(system, worst.node.node)} overloaded: ${percent(worst.node.utilisation)} of its time becomes ${percent(worst.amplified)}.`,
      why: `Each call that gets no answer within ${formatDuration(call.timeout ?? 0)} is made up to ${call.retries + 1} times, and what was asked before is worked on too. An overload for another reason (an outage, a burst) then goes on when that reason is gone.`,
      source:
        'Bronson, Aghayev, Charapko & Zhu 2021, Metastable failures in distributed systems; Beyer et al. 2016, Site reliability engineering, ch. 22',
      help: 'Make fewer retries, allow a retry only for a small share of the calls (a retry budget), or let the pause between them grow. This is the worst case: every call times out.',
      labels: place.labels,
      numbers: { utilisation: worst.node.utilisation, amplified: worst.amplified, attempts: call.retries + 1 },
    },
  ];
}

// ---- parts of a finding -------------------------------------------------------------------------------------------------

interface Place {
  readonly span: Span;
  readonly call: CallLoad | null;
  readonly labels: readonly Label[];
}

/** Where an overload is shown: at the call that causes most of it, else at the first `run`. */
function placeOf(system: System, call: CallLoad | undefined): Place | null {
  if (call === undefined) {
    const run = system.deployments[0];
    return run === undefined ? null : { span: run.nameSpan, call: null, labels: [] };
  }
  const run = system.deployments[call.call.deployment];
  return { span: call.call.span, call, labels: run === undefined ? [] : [{ span: run.nameSpan, message: 'called here' }] };
}

function targetsOf(load: SystemLoad, cause: number): readonly number[] {
  return load.calls[cause]?.call.targets ?? [];
}

function othersNote(system: System, nodes: readonly NodeLoad[]): string[] {
  if (nodes.length < 2) return [];
  const names = nodeNames(
    system,
    nodes.slice(1).map(({ node }) => node),
  );
  return [`The same holds for ${listed(names)}.`];
}

function optional(note: string | null): string[] {
  return note === null ? [] : [note];
}

function mendsOf(checked: SystemUnderCheck, call: CallLoad | undefined, excess: number, mends: (tried: System) => boolean): readonly Fix[] {
  if (call === undefined) return [];
  return checked.trials.find(loadDirections(checked.code, checked.system, call.call, excess), mends);
}

/** Whether no node has more work than it can do, without faults or, with a model's name, after its worst. */
function isStable(system: System, { effort, shouldStop }: SystemUnderCheck, modelName?: string): boolean {
  const model = system.faultModels.find(({ name }) => name === modelName);
  const outage = model === undefined ? null : worstOutage(system, model, effort, shouldStop);
  const load = systemLoad(system, { lastingOnly: true, effort, shouldStop, ...(outage === null ? {} : { down: outage.down }) });
  return load.unknown.length === 0 && load.nodes.every(({ open, certain }) => open < 1 && certain < 1);
}

function helpOf(fixes: readonly Fix[], worst: NodeLoad, call: CallLoad | null): string {
  const service = Math.floor((worst.service.mean * 0.8) / worst.utilisation);
  const faster = Number.isFinite(worst.service.mean)
    ? `a mean \`cpu\` of ${formatDuration(service)} would bring it to 80%`
    : 'the mean of its `cpu` is infinite';
  const [first] = fixes;
  if (first !== undefined) return `${first.title}, or serve messages faster: ${faster}.`;
  return `${call === null ? 'Send less' : 'Lower the rate, or spread the calls over more nodes'}, or serve messages faster: ${faster}.`;
}
