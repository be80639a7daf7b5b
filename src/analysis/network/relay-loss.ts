import type { Finding, Label } from '../../base/finding.ts';
import { listed } from '../../base/units.ts';
import type { System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { sidesOf } from '../connectivity.ts';
import type { FaultKinds } from '../fault-sets.ts';
import { BoundedMemo } from '../memo.ts';
import { deploymentName, nodeNames, zoneNames } from '../words.ts';
import { linkDirections } from './link-mends.ts';
import { articulationOf, graphOfFacts } from './network-facts.ts';
import { networkNamesOf, type Routed, routedDeployments } from './subjects.ts';

/** One fault that takes relays, no members, and leaves members apart. */
interface RelayLoss {
  readonly relays: readonly number[];
  /** The zone that goes down with them, null for a node that fails alone. */
  readonly zone: number | null;
  readonly sides: readonly (readonly number[])[];
}

/** A relay that does one of these passes nothing on. What lying relays do is DS3302's. */
const stopped: FaultKinds = ['crash', 'omission'];

/**
 * DS3301: a node that is no member, and through which all messages between some members pass, may fail under a fault model, and
 * no requirement of the protocol is about it. Members that hold others together are for the card: many protocols give one
 * member a place of its own.
 */
export function relayLosses(checked: SystemUnderCheck): Finding[] {
  const { system, code, trials } = checked;
  const told = new Set<number>();
  const findings: Finding[] = [];
  for (const routed of routedDeployments(system, checked, (candidate) => concerns(system, candidate))) {
    const { deployment } = routed;
    if (told.has(deployment.index)) continue;
    const { losses } = lossesOf(routed);
    const [worst] = losses;
    if (worst === undefined) continue;
    told.add(deployment.index);
    const fixes = trials.find(linkDirections(code, system, deployment.members, worst.sides), (tried) =>
      isMended(tried, checked, deployment.index),
    );
    findings.push(findingOf(routed, worst, losses, fixes));
  }
  return findings;
}

/** Whether some node that is no member may fail, and no requirement is about the network. */
function concerns(system: System, { deployment, protocol, model }: Omit<Routed, 'facts'>): boolean {
  if (networkNamesOf(protocol).size > 0) return false;
  const inside = new Set(deployment.members);
  return model.budgets.some((budget) => {
    if (budget.kind === 'outage')
      return budget.count > 0 && budget.zones.some((zone) => system.zones[zone]?.nodes.some((node) => !inside.has(node)));
    return (budget.kind === 'crash' || budget.kind === 'omission') && budget.count > 0 && budget.nodes.some((node) => !inside.has(node));
  });
}

const memo = new BoundedMemo<{ readonly losses: readonly RelayLoss[] }>();

function lossesOf({ facts }: Routed): { readonly losses: readonly RelayLoss[] } {
  const { system, deployment, family } = facts;
  const { members } = deployment;
  return memo.get(`${facts.networkContent}|${members}|${facts.content}`, facts.work(), (work) => {
    const graph = graphOfFacts(facts);
    const cost = graph.nodeCount + graph.out.reduce((sum, targets) => sum + targets.length, 0);
    const inside = new Set(members);
    const strikes = family.strikes(stopped);
    const losses: RelayLoss[] = [];
    for (const node of articulationOf(facts).points) {
      if (inside.has(node) || !strikes.canStrike(node)) continue;
      work.spend(cost);
      losses.push({ relays: [node], zone: null, sides: sidesOf(graph, members, [node]) });
    }
    for (const zone of new Set(family.outageBudgets.flatMap(({ count, zones }) => (count > 0 ? zones : [])))) {
      const lost = system.zones[zone]?.nodes ?? [];
      const relays = lost.filter((node) => !inside.has(node));
      if (relays.length === 0) continue;
      work.spend(2 * cost);
      // The members that stay up, apart by the loss of the relays alone.
      const down = new Set(lost);
      const left = members.filter((node) => !down.has(node));
      const sides = sidesOf(graph, left, relays);
      if (sides.length > 1) losses.push({ relays, zone, sides });
    }
    return { losses };
  });
}

function findingOf(
  { deployment, model, facts }: Routed,
  worst: RelayLoss,
  losses: readonly RelayLoss[],
  fixes: Finding['fixes'] = [],
): Finding {
  const { system } = facts;
  const name = deploymentName(system, deployment);
  const [relay] = worst.relays;
  const what =
    worst.zone === null
      ? `\`${system.nodes[relay as number]?.name}\` may fail under \`${model.name}\``
      : `\`${system.zones[worst.zone]?.name}\` may be out under \`${model.name}\`, with ${listed(nodeNames(system, worst.relays))} in it`;
  const side = (nodes: readonly number[]): string => listed(nodeNames(system, nodes), 3);
  const [one, two] = worst.sides as readonly [readonly number[], readonly number[]];
  const others = losses
    .slice(1)
    .map((loss) => (loss.zone === null ? nodeNames(system, loss.relays) : zoneNames(system, [loss.zone]))[0] as string);
  return {
    code: 'DS3301',
    severity: 'warning',
    span: deployment.nameSpan,
    message: `${what}, and then no path is left between ${side(one)} and ${side(two)} of ${name}.`,
    why:
      `${worst.relays.length === 1 ? 'It runs' : 'They run'} no part of the protocol, but every message between these members passes there, and no requirement ` +
      'of the protocol is about it: it counts for none of `crashed` and `faulty`, which are about members.',
    help:
      fixes[0] === undefined
        ? 'Add a way around it, or say in the protocol what must hold then: `requires liveness available(…)`, or `connectivity > …`.'
        : `${fixes[0].title}, so that there is a way around it, or say in the protocol what must hold then: \`requires liveness available(…)\`, or \`connectivity > …\`.`,
    source: 'Menger 1927',
    notes: [
      `The members left are apart: ${worst.sides.slice(0, 4).map(side).join(' | ')}${worst.sides.length > 4 ? ` and ${worst.sides.length - 4} more` : ''}.`,
      ...(others.length > 0 ? [`The same is true of ${listed(others)}.`] : []),
    ],
    labels: labelsOf(system, model, worst),
    witness: { kind: 'cut', nodes: nodeNames(system, worst.relays), sides: worst.sides.map((nodes) => nodeNames(system, nodes)) },
    fixes,
    numbers: { sides: worst.sides.length, members: deployment.members.length },
  };
}

function labelsOf(system: System, model: Routed['model'], { relays, zone }: RelayLoss): Label[] {
  const labels: Label[] = [];
  const budget = model.budgets.find((known) =>
    zone === null
      ? stopped.includes(known.kind as 'crash') &&
        'countSpan' in known &&
        known.kind !== 'outage' &&
        known.count > 0 &&
        known.nodes.includes(relays[0] as number)
      : known.kind === 'outage' && known.count > 0 && known.zones.includes(zone),
  );
  if (budget !== undefined) labels.push({ span: budget.span, message: 'admitted here' });
  const group = system.groups[system.nodes[relays[0] as number]?.group ?? -1];
  if (group !== undefined) labels.push({ span: group.nameSpan, message: 'relays messages between members' });
  return labels;
}

function isMended(tried: System, checked: SystemUnderCheck, deployment: number): boolean {
  const ofIt = routedDeployments(tried, checked, (candidate) => candidate.deployment.index === deployment && concerns(tried, candidate));
  return ofIt.every((routed) => lossesOf(routed).losses.length === 0);
}
