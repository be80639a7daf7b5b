import type { Finding } from '../../base/finding.ts';
import { counted, listed } from '../../base/units.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import type { Deployment } from '../../model/system.ts';
import type { QuorumSystem } from '../../model/values.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { Facts, type Intersection } from '../facts.ts';
import { certainty, growthOf } from '../lint/hard-coded.ts';
import { sizeReached, type Threshold, thresholdsOf } from '../lint/thresholds.ts';
import { mentioned } from '../mentions.ts';
import { asWritten } from '../print.ts';
import { deploymentName, faultPhrase, nodeNames } from '../words.ts';

/**
 * DS3803: a threshold on gathered senders that decides something, and that two groups of this deployment's members reach
 * whose common members may all be Byzantine. DS3804: one that the members left by the faults do not reach.
 *
 * What could be right is left out: thresholds that only make sure of one correct node (f + 1), waits with a fallback (a lower
 * threshold on the same set, a timeout that reads it), and thresholds that equal a quorum system that the requirements ask about.
 */
export function reachedThresholds({ system, effort, shouldStop }: SystemUnderCheck): Finding[] {
  return system.deployments.flatMap((deployment) => {
    const protocol = system.protocols[deployment.protocol];
    if (protocol === undefined) return [];
    const models = system.faultModels.length > 0 ? system.faultModels : [null];
    const facts = models.map((model) => new Facts(system, deployment, model, { effort, shouldStop }));
    return thresholdsOf(protocol).flatMap((threshold) => check(threshold, protocol, deployment, facts));
  });
}

function check(threshold: Threshold, protocol: ProtocolCode, deployment: Deployment, all: readonly Facts[]): Finding[] {
  // Which role a sender plays is not followed; the comparison must say among how many it is one.
  if (threshold.decides === null || threshold.among === undefined) return [];
  const growth = growthOf(threshold, protocol);
  if (growth === null || growth === 'weak') return [];
  const severity = certainty(threshold, growth, protocol);
  const [first] = all;
  if (first === undefined) return [];
  const rolesNodes = (name: string | null): readonly number[] => deployment.roles.find((role) => role.name === name)?.nodes ?? [];
  const members = threshold.among === null ? deployment.members : rolesNodes(threshold.among);
  if (members.length === 0) return [];
  const counted = sizeReached(threshold, members.length, deploymentEnvironment(first.system, deployment));
  if (counted === null || counted <= 0) return [];
  // A node that plays both roles stands beside those that it counts.
  const playsBoth = threshold.role !== threshold.among && rolesNodes(threshold.role).some((node) => members.includes(node));
  const size = playsBoth && !threshold.countsItself ? counted + 1 : counted;
  const groups: QuorumSystem = { kind: 'atleast', count: size, of: members.map((node) => ({ kind: 'node', node })) };
  if (isAskedAbout(groups, protocol, deployment)) return [];
  const found: Finding[] = [];
  for (const facts of all) {
    const answer = facts.intersect(groups, groups);
    if (answer.verdict !== 'fails' || severity === null) continue;
    found.push(apart(threshold, size, members.length, answer, facts, severity));
    break;
  }
  if (hasFallback(threshold, protocol)) return found;
  for (const facts of all) {
    const answer = facts.available(groups);
    if (answer.verdict === 'holds' || (answer.verdict === 'fails' && answer.how !== 'too-few')) continue;
    const left = answer.verdict === 'fails' ? answer.left.length : members.length;
    const why = answer.verdict === 'fails' ? faultPhrase(facts.system, answer.faults) : 'no fault at all';
    found.push(unreached(threshold, size, left, why, facts, size === members.length));
    break;
  }
  return found;
}

function apart(
  threshold: Threshold,
  size: number,
  among: number,
  { split }: Intersection & { readonly verdict: 'fails' },
  facts: Facts,
  severity: 'warning' | 'information',
): Finding {
  const { system, deployment } = facts;
  const names = (nodes: readonly number[]): string[] => nodeNames(system, nodes);
  const shared = split.shared.length === 0 ? 'have no member in common' : `share only ${listed(names(split.shared))}, which may lie`;
  return {
    code: 'DS3803',
    severity,
    span: deployment.nameSpan,
    message: `\`${asWritten(threshold.comparison)}\` is reached by ${counted(size, 'node')} of ${among}, and two such groups ${shared}.`,
    why: 'What one group decides the other can decide otherwise. Assumed is that the count is of votes of which a node has one to give.',
    help: `Raise the threshold, or ask a quorum system about which the protocol \`requires safety intersect(…)\`.`,
    source: 'Malkhi & Reiter 1998, Definition 3.1; without liars: Gifford 1979',
    notes: [`${listed(names(split.first), 12)} and ${listed(names(split.second), 12)}`],
    labels: labelsOf(threshold),
    witness: {
      kind: 'quorums',
      quorums: [names(split.first), names(split.second)],
      shared: names(split.shared),
      byzantine: names(split.faulty),
    },
    numbers: { size, members: among, shared: split.shared.length },
  };
}

function unreached(threshold: Threshold, size: number, left: number, why: string, facts: Facts, isAll: boolean): Finding {
  const { system, deployment } = facts;
  const model = facts.family.model;
  return {
    code: 'DS3804',
    severity: isAll ? 'information' : 'warning',
    span: deployment.nameSpan,
    message: `\`${asWritten(threshold.comparison)}\` waits for ${counted(size, 'node')}, and with ${why} ${counted(left, 'node')} of ${deploymentName(system, deployment)} ${left === 1 ? 'is' : 'are'} left to answer.`,
    why: 'A faulty node need not answer, so what waits for it may wait for ever. A wait for all members ends only while none is faulty.',
    help: 'Lower the threshold, raise the number of members, or give up after a timeout.',
    notes: model === null ? [] : [`under \`${model.name}\``],
    labels: labelsOf(threshold),
    numbers: { size, left },
  };
}

function labelsOf({ comparison, decides }: Threshold): Finding['labels'] {
  return [{ span: comparison.span, message: 'compared here' }, ...(decides ? [{ span: decides, message: 'it decides this' }] : [])];
}

/** Whether the requirements ask about a declared quorum system of the same quorums: then they say what is wrong with it. */
function isAskedAbout(groups: QuorumSystem, protocol: ProtocolCode, deployment: Deployment): boolean {
  const asked = mentioned(protocol.requirements, 'quorum');
  return deployment.quorums.some(({ name, system }) => asked.has(name) && JSON.stringify(system) === JSON.stringify(groups));
}

/** Whether something else ends the wait: another test of the same set, or a timeout that looks at it. */
function hasFallback(threshold: Threshold, protocol: ProtocolCode): boolean {
  const { state } = threshold;
  if (state === '') return true;
  if (thresholdsOf(protocol).some((other) => other !== threshold && other.state === state)) return true;
  let other = false;
  const reads = (body: (typeof protocol.handlers)[number]['body'], visited: Set<string>, met: boolean): void =>
    walkStatements(
      body,
      () => {},
      (expression) => {
        if (expression.kind === 'method' && expression.method === 'met') {
          walkExpression(expression, (part) => {
            if (part.kind === 'state' && part.name === state) other = true;
          });
        }
        if (!met && expression.kind === 'state' && expression.name === state) other = true;
        if (expression.kind !== 'call' || visited.has(expression.function)) return;
        visited.add(expression.function);
        const code = protocol.functions.find(({ name }) => name === expression.function);
        if (code) reads(code.body, visited, met);
      },
    );
  for (const { trigger, body } of protocol.handlers) reads(body, new Set(), trigger.kind !== 'timeout');
  return other;
}
