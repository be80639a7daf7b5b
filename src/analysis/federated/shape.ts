import type { Finding, Label } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import { counted, listed } from '../../base/units.ts';
import type { Expression } from '../../model/code.ts';
import { deploymentEnvironment, systemEnvironment } from '../../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { System } from '../../model/system.ts';
import type { SystemCode } from '../../model/system-code.ts';
import { isQuorum, nodesOf } from '../../model/value-operations.ts';
import type { QuorumSystem } from '../../model/values.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { deploymentName, nodeNames } from '../words.ts';
import { codes } from './codes.ts';

/** Slices as written, each entry with what it comes to. */
interface Written {
  /** "`Trust`" */
  readonly name: string;
  readonly nameSpan: Span;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly nodes: readonly number[];
  readonly needs: QuorumSystem;
  readonly span: Span;
  readonly nodesSpan: Span;
}

/** Levels of sets in sets that stellar-core accepts in a quorum set. */
const deepest = 4;

/** What is odd about slices as written, whatever is asked of them. Cheap where there are none. */
export function federatedShapeFindings({ code, system }: SystemUnderCheck): Finding[] {
  const written = [...ofSystem(code, system), ...ofProtocols(system)];
  const findings = written.flatMap((slices) => [
    ...repeatedEntries(slices, system),
    ...trustedWithoutSlices(slices, system),
    ...slices.entries.flatMap((entry) => oddNeeds(entry, slices, system)),
  ]);
  return [...findings, ...(written.length === 0 ? [] : notTakingPart(system))];
}

function ofSystem(code: SystemCode, system: System): Written[] {
  if (code.quorums.every(({ value }) => value.kind !== 'slices')) return [];
  const known = new Map<string, QuorumSystem>();
  const environment: Environment = { ...systemEnvironment(system), quorum: (name) => known.get(name) };
  return code.quorums.flatMap(({ name, value, nameSpan }) => {
    const evaluated = attempt(() => evaluate(value, environment));
    if (evaluated !== undefined && isQuorum(evaluated)) known.set(name, evaluated);
    const entries = entriesOf(value, environment);
    return entries === null ? [] : { name: `\`${name}\``, nameSpan, entries };
  });
}

/** Of protocols, once for each deployment; what stands in another file is shown at the `run`. */
function ofProtocols(system: System): Written[] {
  return system.deployments.flatMap((deployment) => {
    const quorums = system.protocols[deployment.protocol]?.quorums ?? [];
    if (quorums.every(({ value }) => value?.kind !== 'slices')) return [];
    const environment = deploymentEnvironment(system, deployment);
    return quorums.flatMap(({ name, value, nameSpan }) => {
      const entries = value === null ? null : entriesOf(value, environment);
      if (entries === null) return [];
      const at = (span: Span): Span => (span.uri === system.uri ? span : deployment.nameSpan);
      const placed = entries.map((entry) => ({ ...entry, span: at(entry.span), nodesSpan: at(entry.nodesSpan) }));
      return { name: `\`${name}\``, nameSpan: at(nameSpan), entries: placed };
    });
  });
}

function entriesOf(value: Expression, environment: Environment): Entry[] | null {
  if (value.kind !== 'slices') return null;
  return value.entries.flatMap(({ nodes, needs, span }) => {
    const of = attempt(() => nodesOf(evaluate(nodes, environment)));
    const quorum = attempt(() => evaluate(needs, environment));
    if (!of || quorum === undefined || !isQuorum(quorum)) return [];
    return { nodes: of, needs: quorum, span, nodesSpan: nodes.span };
  });
}

/** What has no value is reported where the system is expanded. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function repeatedEntries({ name, entries }: Written, system: System): Finding[] {
  const first = new Map<number, Entry>();
  return entries.flatMap((entry) => {
    const twice = entry.nodes.filter((node) => first.has(node));
    for (const node of entry.nodes) if (!first.has(node)) first.set(node, entry);
    const earlier = first.get(twice[0] ?? -1);
    if (earlier === undefined) return [];
    return {
      code: codes.slicesTwice,
      severity: 'error' as const,
      span: entry.nodesSpan,
      message: `${listed(nodeNames(system, twice))} ${twice.length === 1 ? 'has' : 'have'} slices in ${name} already.`,
      why: 'A node has one quorum set; of two entries the first counts.',
      help: 'Remove one of them, or join them: `atleast(1, [first, second])`.',
      labels: [{ span: earlier.nodesSpan, message: 'the first is here' }],
    };
  });
}

function trustedWithoutSlices({ name, nameSpan, entries }: Written, system: System): Finding[] {
  const has = new Set(entries.flatMap(({ nodes }) => nodes));
  const missing = new Map<number, Entry>();
  for (const entry of entries) for (const node of leavesOf(entry.needs)) if (!has.has(node) && !missing.has(node)) missing.set(node, entry);
  if (missing.size === 0) return [];
  const nodes = [...missing.keys()].sort((a, b) => a - b);
  const labels: Label[] = [...new Set(missing.values())].slice(0, 3).map((entry) => ({ span: entry.nodesSpan, message: 'trusted here' }));
  return [
    {
      code: codes.trustedWithoutSlices,
      severity: 'warning',
      span: nameSpan,
      message: `${listed(nodeNames(system, nodes))} ${nodes.length === 1 ? 'is' : 'are'} trusted in ${name} and ${nodes.length === 1 ? 'has' : 'have'} no slices.`,
      why: 'Nobody knows what satisfies a node without slices, so it is in no quorum: it counts as crashed.',
      help: `Give ${nodes.length === 1 ? 'it' : 'each'} slices, or take ${nodes.length === 1 ? 'it' : 'them'} out of the others’.`,
      labels,
    },
  ];
}

function oddNeeds({ nodes, needs, span }: Entry, { name }: Written, system: System): Finding[] {
  const who = listed(nodeNames(system, nodes));
  const findings: Finding[] = [];
  const report = (finding: Omit<Finding, 'span'>): void => {
    if (findings.every(({ code }) => code !== finding.code)) findings.push({ span, ...finding });
  };
  const visit = (part: QuorumSystem, depth: number): void => {
    if (part.kind === 'slices' || part.kind === 'node') return;
    const size = part.kind === 'atleast' ? part.of.length : part.weights.reduce((sum, weight) => sum + weight, 0);
    const threshold = part.kind === 'atleast' ? part.count : part.threshold;
    if (threshold <= 0) {
      report({
        code: codes.zeroThreshold,
        severity: 'warning',
        message: `A threshold of 0 in the slices of ${who} in ${name} is always met.`,
        why: 'A node that needs nobody agrees with itself alone, and is a quorum of its own that no other quorum need meet.',
        help: 'Ask for at least 1.',
      });
      return;
    }
    if (threshold > size) {
      report({
        code: codes.unsatisfiable,
        severity: 'warning',
        message: `The slices of ${who} in ${name} ask for ${threshold} of ${size}.`,
        why: 'A threshold beyond its list is never met, so the set counts for nothing; at the outermost level the node is in no quorum.',
        help: `Ask for at most ${size}.`,
      });
    }
    if (part.kind === 'weighted') return;
    const twice = repeated(part);
    if (twice.length > 0) {
      report({
        code: codes.listedTwice,
        severity: 'warning',
        message: `The slices of ${who} in ${name} list ${listed(nodeNames(system, twice))} more than once.`,
        why: 'Each mention counts as a vote of its own, so fewer nodes than the threshold says are enough. stellar-core refuses such a quorum set.',
        help: 'List each validator once.',
      });
    }
    if (depth > deepest) {
      report({
        code: codes.tooDeep,
        severity: 'hint',
        message: `The slices of ${who} in ${name} are nested deeper than ${deepest} levels.`,
        why: 'stellar-core refuses quorum sets that are nested deeper than four levels. The analysis here has no such limit.',
        help: 'Join levels that have one part only.',
      });
    }
    const least = depth === 1 ? size - Math.floor((size - 1) / 3) : size - Math.floor((size - 1) / 2);
    if (threshold < least) {
      report({
        code: codes.lowThreshold,
        severity: 'hint',
        message: `The slices of ${who} in ${name} ask for ${threshold} of ${counted(size, part.of.every(({ kind }) => kind === 'node') ? 'node' : 'part')}, and ${least} would be ${depth === 1 ? '67%' : '51%'}.`,
        why: 'Stellar recommends 67% at the outermost level (a third may lie) and 51% within an organisation (any two majorities meet). What is safe depends on the whole network: `requires safety intersect(…)` says.',
        help: `Ask for ${least}, or keep the lower threshold where the quorums of the network still intersect.`,
      });
    }
    for (const inner of part.of) visit(inner, depth + 1);
  };
  visit(needs, 1);
  return findings;
}

/** Nodes that deployments are given slices of, though they do not run the protocol. */
function notTakingPart(system: System): Finding[] {
  return system.deployments.flatMap((deployment) => {
    const inside = new Set(deployment.members);
    const all = [
      ...deployment.arguments.flatMap(({ name, value }) => (isQuorum(value) ? [{ name, quorum: value }] : [])),
      ...deployment.quorums.flatMap(({ name, system: quorum }) => (quorum === null ? [] : [{ name, quorum }])),
    ];
    return all.flatMap(({ name, quorum }) => {
      if (quorum.kind !== 'slices') return [];
      const outside = [...new Set(quorum.slices.map(({ node }) => node))].filter((node) => !inside.has(node)).sort((a, b) => a - b);
      if (outside.length === 0) return [];
      return {
        code: codes.notTakingPart,
        severity: 'warning' as const,
        span: deployment.nameSpan,
        message: `${listed(nodeNames(system, outside))} ${outside.length === 1 ? 'has' : 'have'} slices in \`${name}\` and ${outside.length === 1 ? 'does' : 'do'} not take part in ${deploymentName(system, deployment)}.`,
        why: 'Quorums are made of all nodes that have slices, so the analysis counts on nodes that run nothing here.',
        help: 'Run the protocol on them too, or leave them out of the slices.',
      };
    });
  });
}

function leavesOf(needs: QuorumSystem): number[] {
  if (needs.kind === 'node') return [needs.node];
  if (needs.kind === 'weighted') return [...needs.nodes];
  return needs.kind === 'atleast' ? needs.of.flatMap(leavesOf) : [];
}

/** Nodes that one threshold counts more than once, directly. */
function repeated(part: QuorumSystem & { readonly kind: 'atleast' }): number[] {
  const seen = new Set<number>();
  const twice = new Set<number>();
  for (const inner of part.of) {
    if (inner.kind !== 'node') continue;
    if (seen.has(inner.node)) twice.add(inner.node);
    seen.add(inner.node);
  }
  return [...twice].sort((a, b) => a - b);
}
