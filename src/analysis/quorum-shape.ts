import type { Finding, Label } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import { counted, formatNumber, listed } from '../base/units.ts';
import type { Deployment, System } from '../model/system.ts';
import { isQuorum } from '../model/value-operations.ts';
import type { QuorumSystem } from '../model/values.ts';
import type { SystemUnderCheck } from './checks.ts';
import { codes } from './codes.ts';
import { compile, holds } from './formula.ts';
import { deploymentName, nodeNames } from './words.ts';
import { OutOfWork } from './work.ts';

/** A quorum system where a reader finds it. */
interface Placed {
  /** "`Q`" */
  readonly name: string;
  readonly system: QuorumSystem;
  readonly span: Span;
  readonly labels: readonly Label[];
  /** " in `P` on `replica`" */
  readonly where: string;
  readonly ofSystem: boolean;
}

/**
 * What is odd about quorum systems as written, whatever is asked of them: the empty set is a quorum, a node counts twice
 * under one threshold, a part asks for more than there is. The same quorum system is spoken of once.
 */
export function quorumShapeFindings({ system }: SystemUnderCheck): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const passed = new Set(system.deployments.flatMap((deployment) => deployment.arguments.map(({ value }) => JSON.stringify(value))));
  for (const placed of [...ofSystem(system), ...system.deployments.flatMap((deployment) => ofDeployment(system, deployment))]) {
    for (const { key, finding } of shapeOf(placed, system)) {
      // Of a system's own quorum that a run is given, that none can form is said at the run.
      if (finding.code === codes.noQuorum && (!placed.ofSystem || passed.has(JSON.stringify(placed.system)))) continue;
      if (!seen.has(key)) findings.push(finding);
      seen.add(key);
    }
  }
  return findings;
}

function ofSystem({ quorums }: System): Placed[] {
  return quorums.map(({ name, system, nameSpan }) => ({
    name: `\`${name}\``,
    system,
    span: nameSpan,
    labels: [],
    where: '',
    ofSystem: true,
  }));
}

function ofDeployment(system: System, deployment: Deployment): Placed[] {
  const where = ` in ${deploymentName(system, deployment)}`;
  const place = (name: string, of: QuorumSystem, span: Span, labels: readonly Label[]): Placed => ({
    name: `\`${name}\``,
    system: of,
    span,
    labels,
    where,
    ofSystem: false,
  });
  return [
    ...deployment.arguments.flatMap(({ name, value, span }) =>
      isQuorum(value) ? place(name, value, span ?? deployment.nameSpan, []) : [],
    ),
    ...deployment.quorums.flatMap(({ name, system: of, span }) =>
      of === null ? [] : place(name, of, deployment.nameSpan, [{ span, message: `the quorums of \`${name}\`` }]),
    ),
  ];
}

function shapeOf(
  { name, system: quorum, span, labels, where }: Placed,
  system: System,
): { readonly key: string; readonly finding: Finding }[] {
  if (quorum.kind === 'slices') return [];
  const found: { key: string; finding: Finding }[] = [];
  const report = (code: string, part: QuorumSystem, finding: Omit<Finding, 'code' | 'span' | 'labels'>): void => {
    found.push({ key: `${code} ${JSON.stringify(part)}`, finding: { code, span, labels, ...finding } });
  };
  const nobody = new Uint8Array(system.nodes.length);
  const everybody = new Uint8Array(system.nodes.length).fill(1);
  const forms = meets(quorum, everybody);
  if (forms === false) {
    report(codes.noQuorum, quorum, {
      severity: 'error',
      message: `No quorum of ${name} can form${where}: not even all nodes together are one.`,
      why: 'Without any quorum, that every two quorums intersect is true and says nothing, and nothing can ever be decided.',
      help: 'Lower a threshold, or give the quorum system more nodes.',
    });
    return found;
  }
  if (meets(quorum, nobody) === true) {
    report(codes.emptyQuorum, quorum, {
      severity: 'warning',
      message: `The empty set is a quorum of ${name}${where}.`,
      why: 'A threshold of zero is met before anybody has answered, so whoever waits for such a quorum waits for nobody.',
      help: 'Ask for at least 1.',
    });
    return found;
  }
  const visit = (part: QuorumSystem): void => {
    if (part !== quorum && meets(part, everybody) === false) {
      report(codes.deadPart, part, {
        severity: 'warning',
        message: `A part of ${name}${where} can never be met: ${deadWords(part)}.`,
        why: 'No quorum goes by that part, so the others must do without it, and it adds nothing.',
        help: 'Lower its threshold, or give it more nodes.',
      });
      return;
    }
    if (part.kind !== 'atleast') return;
    const twice = repeated(part, system);
    if (twice.length > 0) {
      report(codes.repeatedPart, part, {
        severity: 'hint',
        message: `${listed(twice)} ${twice.length === 1 ? 'stands' : 'stand'} more than once under one threshold of ${name}${where}, and ${twice.length === 1 ? 'counts' : 'count'} as often as written.`,
        why: `A node that counts twice towards the ${part.count} of ${part.of.length} has two votes.`,
        help: 'Write each once; to give a node more votes say so with `weighted` and the node’s `weight`.',
      });
    }
    for (const inner of part.of) visit(inner);
  };
  visit(quorum);
  return found;
}

/** Null where weights are too large to be added. */
function meets(system: QuorumSystem, present: Uint8Array): boolean | null {
  try {
    return holds(compile(system), present);
  } catch (error) {
    if (error instanceof OutOfWork) return null;
    throw error;
  }
}

function deadWords(part: QuorumSystem): string {
  if (part.kind === 'atleast' && part.of.length < part.count) return `it asks for ${part.count} of ${part.of.length}`;
  if (part.kind === 'weighted') {
    const total = part.weights.reduce((sum, weight) => sum + weight, 0);
    return `it asks for a weight of ${formatNumber(part.threshold)}, and its ${counted(part.nodes.length, 'node')} weigh ${formatNumber(total)}`;
  }
  return 'not even all nodes together meet it';
}

/** Nodes that a threshold counts more than once. Where one is enough, or all are needed, that makes no difference. */
function repeated(part: QuorumSystem & { readonly kind: 'atleast' }, system: System): string[] {
  if (part.count <= 1 || part.count >= part.of.length) return [];
  const counts = new Map<number, number>();
  for (const inner of part.of) if (inner.kind === 'node') counts.set(inner.node, (counts.get(inner.node) ?? 0) + 1);
  return nodeNames(
    system,
    [...counts].filter(([, times]) => times > 1).map(([node]) => node),
  );
}
