import type { Finding, Fix } from '../../base/finding.ts';
import type { Expression, ProtocolCode } from '../../model/code.ts';
import { walkStatements } from '../../model/walk.ts';
import { mentioned } from '../mentions.ts';
import { asWritten } from '../print.ts';
import { joined } from '../words.ts';
import { environmentOf, parametersIn, type SmallDeployment, smallDeployments } from './small-deployments.ts';
import { sizeReached, type Threshold, thresholdsOf } from './thresholds.ts';

/**
 * How a threshold grows. `share`: with the number of members, at half of it or more: meant to be passed by one group only.
 * `multiple`: by two or more with a parameter, as 2f + 1. `weak`: as f + 1 or n / 3, enough to have one correct node in it.
 * `fixed`: a number, or a parameter that is the threshold itself.
 */
export type Growth = 'share' | 'multiple' | 'weak' | 'fixed';

/** Null when it is not known before a run. */
export function growthOf(threshold: Threshold, protocol: ProtocolCode): Growth | null {
  const { comparison } = threshold;
  const names = parametersIn(comparison, protocol);
  const defaults = new Map(
    protocol.parameters.filter(({ type, value }) => type.kind === 'Int' && value === null).map(({ name }) => [name, 2]),
  );
  const at = (n: number, replaced: ReadonlyMap<string, number> = defaults): number | null =>
    sizeReached(threshold, n, environmentOf(protocol, n, replaced));
  const small = at(60);
  const large = at(120);
  if (small === null || large === null) return null;
  // A parameter that changes the threshold by more than its own change, or by as much with something added.
  for (const name of names) {
    const low = at(120, new Map([...defaults, [name, 10]]));
    const high = at(120, new Map([...defaults, [name, 20]]));
    const zero = at(120, new Map([...defaults, [name, 0]]));
    if (low === null || high === null || zero === null) continue;
    if (namesMembers(comparison)) continue;
    if (high - low >= 20) return 'multiple';
    if (high - low === 10 && zero - threshold.beside > 0) return 'weak';
  }
  // Half of the members, or more: what grows slower is meant for one group among several.
  if (large - small >= 30) return 'share';
  // Whether anybody has answered is no question of a quorum.
  return large > small || small - threshold.beside <= 1 ? 'weak' : 'fixed';
}

/**
 * How sure it is that two groups must not reach the threshold at once; null where they may. Of 2f + 1 it depends on what is
 * counted: votes that differ need a quorum, while 2f + 1 repetitions of what an earlier quorum has made one value (the
 * READY messages of Bracha 1987, which f + 1 of them amplify) only make sure of f + 1 correct nodes, for any n > 3f.
 */
export function certainty(threshold: Threshold, growth: Growth, protocol: ProtocolCode): 'warning' | 'information' | null {
  if (growth === 'weak') return null;
  if (growth === 'fixed') return 'information';
  if (growth === 'share') return 'warning';
  const { state } = threshold;
  const amplified = thresholdsOf(protocol).some(
    (other) => other !== threshold && other.state === state && growthOf(other, protocol) === 'weak',
  );
  const asked = quorumsAsked(protocol);
  if (amplified || asked.some((states) => states.has(state))) return null;
  return asked.length > 0 ? 'information' : 'warning';
}

/** What state each `Q.met(…)` of the protocol's code asks about. */
function quorumsAsked(protocol: ProtocolCode): ReadonlySet<string>[] {
  const asked: ReadonlySet<string>[] = [];
  for (const { body } of [...protocol.handlers, ...protocol.functions]) {
    walkStatements(
      body,
      () => {},
      (expression) => {
        if (expression.kind === 'method' && expression.method === 'met') asked.push(mentioned(expression, 'state'));
      },
    );
  }
  return asked;
}

function namesMembers(comparison: Expression): boolean {
  const given = mentioned(comparison, 'given');
  return given.has('n') || given.has('members') || given.has('peers') || mentioned(comparison, 'role').size > 0;
}

/**
 * DS4017: a threshold that is meant for one group at a time (half of the members or more, or 2f + 1) and that two groups
 * without a common node reach in a deployment that the requirements admit.
 * DS4018: a threshold written by hand where the protocol declares the quorum system that says how many are enough.
 */
export function hardCodedThresholds(protocol: ProtocolCode): Finding[] {
  return thresholdsOf(protocol).flatMap((threshold) => {
    // Which role a sender plays is not followed; the comparison must say among how many it is one.
    if (threshold.decides === null || threshold.among === undefined) return [];
    const growth = growthOf(threshold, protocol);
    if (growth === null || growth === 'weak') return [];
    return disjoint(threshold, growth, protocol) ?? byHand(threshold, growth, protocol) ?? [];
  });
}

function disjoint(threshold: Threshold, growth: Growth, protocol: ProtocolCode): Finding | null {
  const severity = certainty(threshold, growth, protocol);
  if (growth === 'fixed' || severity === null) return null;
  const { comparison, collected, decides } = threshold;
  // Two groups of n - f are apart for a large enough f, whose bound is then the requirements' to say.
  const free = [...parametersIn(comparison, protocol)].filter((name) => {
    const value = protocol.parameters.find((each) => each.name === name)?.value;
    return value === null || value === undefined || !namesMembers(value);
  });
  if (growth === 'share' && free.length > 0) return null;
  // n - 2 is passed by two groups of a few nodes only, for which nobody may have written it.
  if (growth === 'share' && !splitsLarge(threshold, protocol)) return null;
  const found = twoGroups(threshold, protocol);
  if (found === null) return null;
  const { at, size } = found;
  const given = [
    threshold.among === null ? `n = ${at.n}` : `${at.n} nodes of \`${threshold.among}\``,
    ...[...at.parameters].map(([name, value]) => `${name} = ${value}`),
  ];
  const text = asWritten(comparison);
  return {
    code: 'DS4017',
    severity,
    span: comparison.span,
    message: `\`${text}\` is reached by two groups of nodes at once: with ${joined(given)}, ${size} and ${size} others.`,
    why:
      growth === 'multiple'
        ? 'As a quorum of votes 2f + 1 is right only where n = 3f + 1. Two groups of k among n share at least 2k − n nodes, and one that is sure to be correct from k = ⌈(n + f + 1) / 2⌉ on.'
        : 'What is decided by one group can be decided otherwise by another that has no node in common with it. A majority is ⌊n / 2⌋ + 1; ⌈n / 2⌉ is half of an even n.',
    help: 'Ask a declared quorum system, or raise the threshold so that any two groups share a node.',
    source: growth === 'multiple' ? 'Malkhi & Reiter 1998, §3; Castro & Liskov 1999' : 'Thomas 1979; Gifford 1979',
    labels: decides ? [{ span: decides, message: 'it decides this' }] : [],
    numbers: { n: at.n, size },
    fixes: fixesOf(threshold, protocol, collected),
  };
}

/** An admitted deployment in which two groups that reach the threshold share no node: the smallest from four nodes on. */
function twoGroups(threshold: Threshold, protocol: ProtocolCode): { readonly at: SmallDeployment; readonly size: number } | null {
  let tiny: { readonly at: SmallDeployment; readonly size: number } | null = null;
  for (const at of smallDeployments(protocol, parametersIn(threshold.comparison, protocol))) {
    const size = sizeReached(threshold, at.n, at.environment);
    if (size === null || size <= 0 || 2 * size > at.n) continue;
    if (at.n >= 4) return { at, size };
    tiny ??= { at, size };
  }
  return tiny;
}

/** Whether two groups reach it in deployments of any size, at least in those of even or odd or some such size. */
function splitsLarge(threshold: Threshold, protocol: ProtocolCode): boolean {
  return [96, 97, 98, 99, 100, 101].some((n) => {
    const size = sizeReached(threshold, n, environmentOf(protocol, n, new Map()));
    return size !== null && 2 * size <= n;
  });
}

function byHand(threshold: Threshold, growth: Growth, protocol: ProtocolCode): Finding | null {
  const { comparison, collected, decides } = threshold;
  const asked = quorumQuestion(threshold, collected);
  if (asked === null) return null;
  const same = protocol.quorums.filter(({ name }) => isThatQuorum(threshold, name, protocol));
  const quorum = same[0] ?? (growth === 'fixed' && namesNoParameter(comparison, protocol) ? onlyQuorum(protocol) : undefined);
  if (quorum === undefined) return null;
  const { name } = quorum;
  const text = asWritten(comparison);
  return {
    code: 'DS4018',
    severity: 'hint',
    span: comparison.span,
    message:
      same.length > 0
        ? `\`${text}\` asks for a quorum of \`${name}\` by hand.`
        : `\`${text}\` fixes how many are enough, which \`${name}\` says for any number of members.`,
    why: 'Requirements and checks speak of the declared quorum system; a number beside it is not checked, and stays behind when the other changes.',
    help: `Write \`${asked(name)}\`.`,
    labels: decides ? [{ span: decides, message: 'it decides this' }] : [],
    fixes: [{ title: `Ask \`${asked(name)}\``, edits: [{ span: comparison.span, text: asked(name) }] }],
  };
}

/** How to ask a quorum system instead; null where the comparison is not of a set alone. */
function quorumQuestion({ comparison, count, needed, beside }: Threshold, collected: Expression): ((quorum: string) => string) | null {
  if (needed === null || beside !== 0 || collected === count || comparison.operator === '==' || comparison.operator === '!=') return null;
  const nodes = collected.type.kind === 'Map' ? `${asWritten(collected)}.keys` : asWritten(collected);
  if (nodes.includes('…')) return null;
  const more = comparison.operator === '>' || comparison.operator === '>=';
  const reached = (comparison.left === count) === more;
  return (quorum) => `${reached ? '' : 'not '}${quorum}.met(${nodes})`;
}

/** Whether the threshold is the quorum system's in every small deployment. */
function isThatQuorum(threshold: Threshold, name: string, protocol: ProtocolCode): boolean {
  const free = parametersIn(threshold.comparison, protocol);
  const quorum = protocol.quorums.find((candidate) => candidate.name === name);
  if (quorum?.value) for (const parameter of parametersIn(quorum.value, protocol)) free.add(parameter);
  let compared = 0;
  for (const { n, environment } of smallDeployments(protocol, free)) {
    if (sizeReached(threshold, n, environment) !== symmetricCount(name, n, environment)) return false;
    compared++;
  }
  return compared > 1;
}

/** k of a quorum system "any k of all members". */
function symmetricCount(name: string, n: number, environment: SmallDeployment['environment']): number | undefined {
  const system = environment.quorum?.(name);
  if (system?.kind !== 'atleast' || system.of.length !== n || !system.of.every(({ kind }) => kind === 'node')) return undefined;
  return system.count;
}

function onlyQuorum(protocol: ProtocolCode): ProtocolCode['quorums'][number] | undefined {
  return protocol.quorums.length === 1 ? protocol.quorums[0] : undefined;
}

function namesNoParameter(comparison: Expression, protocol: ProtocolCode): boolean {
  return parametersIn(comparison, protocol).size === 0;
}

/** Changes after which no two groups are apart any more, each tried. */
function fixesOf(threshold: Threshold, protocol: ProtocolCode, collected: Expression): Fix[] {
  const { comparison, count, needed } = threshold;
  const fixes: Fix[] = [];
  const asked = quorumQuestion(threshold, collected);
  if (asked !== null) {
    const strong = protocol.quorums.filter(({ name }) => isStrong(name, protocol));
    for (const { name } of strong.slice(0, 1)) {
      fixes.push({ title: `Ask \`${asked(name)}\``, edits: [{ span: comparison.span, text: asked(name) }], preferred: true });
    }
  }
  if (needed === null) return fixes;
  const stricter = { '>=': '>', '<': '<=', '>': null, '<=': null }[comparison.operator as string] ?? null;
  const onLeft = comparison.left === count;
  const operator = onLeft ? stricter : ({ '<=': '<', '>': '>=' }[comparison.operator as string] ?? null);
  if (operator !== null) {
    const tried = { ...comparison, operator } as Threshold['comparison'];
    if (twoGroups({ ...threshold, comparison: tried }, protocol) === null) {
      const between = { ...comparison.span, start: comparison.left.span.end, end: comparison.right.span.start };
      fixes.push({ title: `Write \`${asWritten(tried)}\``, edits: [{ span: between, text: ` ${operator} ` }] });
    }
  }
  const intersecting = byzantineQuorumSize(needed, protocol);
  if (intersecting !== null && onLeft && (comparison.operator === '>=' || comparison.operator === '<')) {
    const tried = { ...comparison, right: intersecting };
    if (twoGroups({ ...threshold, comparison: tried }, protocol) === null) {
      const text = asWritten(intersecting);
      fixes.push({ title: `Write \`${text}\``, edits: [{ span: needed.span, text }] });
    }
  }
  return fixes;
}

/** ⌊(n + f) / 2⌋ + 1 for the one parameter f that a threshold names. */
function byzantineQuorumSize(needed: Expression, protocol: ProtocolCode): Expression | null {
  const [name, ...others] = parametersIn(needed, protocol);
  if (name === undefined || others.length > 0) return null;
  const { type, span } = needed;
  const combined = (left: Expression, operator: '+' | '/', right: Expression): Expression => ({
    kind: 'binary',
    left,
    operator,
    right,
    type,
    span,
  });
  const number = (value: number): Expression => ({ kind: 'literal', value, type, span });
  const both = combined({ kind: 'given', name: 'n', type, span }, '+', { kind: 'parameter', name, type, span });
  return combined(combined(both, '/', number(2)), '+', number(1));
}

/** Whether any two quorums of it share a node in every small deployment. */
function isStrong(name: string, protocol: ProtocolCode): boolean {
  const quorum = protocol.quorums.find((candidate) => candidate.name === name);
  const free = quorum?.value ? parametersIn(quorum.value, protocol) : new Set<string>();
  let compared = 0;
  for (const { n, environment } of smallDeployments(protocol, free)) {
    const size = symmetricCount(name, n, environment);
    if (size === undefined || 2 * size <= n) return false;
    compared++;
  }
  return compared > 1;
}
