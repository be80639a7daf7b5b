import type { Finding } from '../../base/finding.ts';
import { formatDuration, formatRatio, listed } from '../../base/units.ts';
import type { Expression, ProtocolCode } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { expressionsOf, walkExpression, walkStatements } from '../../model/walk.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { mentioned } from '../mentions.ts';
import { deploymentName, nodeNames } from '../words.ts';
import { largestDrift } from './drift.ts';

/**
 * DS3404: a protocol that sends durations to other nodes and compares `now` with what it has stored, on nodes whose clocks
 * drift, without any requirement that speaks of `drift`. It may well keep a margin of its own, so it is only pointed out.
 */
export function driftingLeases({ system }: SystemUnderCheck): Finding[] {
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    const protocol = system.protocols[deployment.protocol];
    const drift = largestDrift(system, deployment.members);
    if (protocol === undefined || drift <= 0 || drift >= 1 || deployment.members.length < 2) continue;
    const lease = leaseOf(protocol);
    if (lease === null || mentioned(protocol.requirements, 'given').has('drift')) continue;
    const earlier = (2 * drift) / (1 + drift);
    const drifting = deployment.members.filter((node) => largestDrift(system, [node]) === drift);
    findings.push({
      code: 'DS3404',
      severity: 'information',
      span: deployment.nameSpan,
      message: `${deploymentName(system, deployment)} sends durations (${listed(lease.messages)}) and compares \`now\` with what it has stored, and clocks that drift by ${formatRatio(drift)} disagree on them: of a lease of 10s by up to ${formatDuration(earlier * 10e9)}.`,
      why: 'Who grants for a time and who holds for the same time measure it by two clocks. With drift ρ a duration d lasts between d/(1 + ρ) and d/(1 − ρ), so a holder must stop after d(1 − ρ)/(1 + ρ) by its own clock, counted from before it asked.',
      help: `Let the holder stop ${formatRatio(earlier)} earlier, or let the granter wait longer; then say so by a requirement with \`drift\`, such as \`requires safety drift <= ${formatRatio(drift)}\`.`,
      source: 'Gray & Cheriton 1989',
      labels: [{ span: lease.comparison.span, message: 'compared with this clock here' }],
      witness: { kind: 'nodes', nodes: nodeNames(system, drifting.slice(0, 5)) },
      numbers: { drift, earlier },
    });
  }
  return findings;
}

interface Lease {
  readonly comparison: Expression;
  /** Messages with a duration in them that are sent. */
  readonly messages: readonly string[];
}

const known = new WeakMap<ProtocolCode, Lease | null>();

function leaseOf(protocol: ProtocolCode): Lease | null {
  const cached = known.get(protocol);
  if (cached !== undefined) return cached;
  const found = findLease(protocol);
  known.set(protocol, found);
  return found;
}

function findLease(protocol: ProtocolCode): Lease | null {
  let comparison: Expression | null = null;
  const sent = new Set<string>();
  for (const { body } of [...protocol.handlers, ...protocol.functions]) {
    walkStatements(body, (statement) => {
      if (statement.kind === 'send' || statement.kind === 'broadcast' || statement.kind === 'reply-message') sent.add(statement.message);
      for (const expression of expressionsOf(statement)) {
        walkExpression(expression, (inner) => {
          if (comparison === null && inner.kind === 'binary' && ['<', '<=', '>', '>='].includes(inner.operator) && comparesStored(inner))
            comparison = inner;
        });
      }
    });
  }
  const messages = protocol.messages.filter(
    ({ name, fields }) => sent.has(name) && fields.some(({ type }) => holdsDuration(type, protocol)),
  );
  return comparison === null || messages.length === 0 ? null : { comparison, messages: messages.map(({ name }) => name) };
}

/** `now < lease_until`, `now - granted < lease`: the clock on the one hand, state on the other. */
function comparesStored(comparison: Expression): boolean {
  let clock = false;
  let stored = false;
  walkExpression(comparison, (inner) => {
    if (inner.kind === 'given' && inner.name === 'now') clock = true;
    if (inner.kind === 'state') stored = true;
  });
  return clock && stored;
}

function holdsDuration(type: Type, protocol: ProtocolCode, seen: readonly string[] = []): boolean {
  if (type.kind === 'Duration') return true;
  if (type.kind === 'Record') {
    if (seen.includes(type.name)) return false;
    const fields = protocol.records.find(({ name }) => name === type.name)?.fields ?? [];
    return fields.some((field) => holdsDuration(field.type, protocol, [...seen, type.name]));
  }
  if (type.kind === 'Map') return holdsDuration(type.value, protocol, seen);
  return 'of' in type && holdsDuration(type.of, protocol, seen);
}
