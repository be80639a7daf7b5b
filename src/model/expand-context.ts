import type { Finding, Severity } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { Expression, ProtocolCode } from './code.ts';
import { type Environment, EvaluationError, evaluate } from './evaluate.ts';
import type { NodeGroup, SystemNode, Zone } from './system.ts';
import type { SystemCode } from './system-code.ts';
import { isDistribution, isQuorum, nodesOf } from './value-operations.ts';
import type { Distribution, Value } from './values.ts';

/**
 * Values that stand in for what is written: `--set`, `vary`, and mends that the analysis tries out before it offers
 * them. Names that the system does not have are ignored.
 */
export interface Overrides {
  /** By name of a `const` of the system or its file. */
  readonly constants?: Readonly<Record<string, Value>>;
  /** By name of a node group. */
  readonly groupSizes?: Readonly<Record<string, number>>;
  /** By `spanKey` of the count of a fault model's budget. */
  readonly budgetCounts?: Readonly<Record<string, number>>;
  /** By `argumentKey` of a run and a parameter of its protocol. */
  readonly arguments?: Readonly<Record<string, Value>>;
  /** By `spanKey` of a number within a system's quorum or an argument of a run. */
  readonly literals?: Readonly<Record<string, number>>;
}

/** A text that identifies an argument in Overrides: the index of the deployment and the parameter's name. */
export function argumentKey(deployment: number, parameter: string): string {
  return `${deployment}.${parameter}`;
}

/**
 * What the parts of an expansion share: the findings so far and the names that already mean something. The parts fill
 * the tables in the order constants, zones, groups, nodes, and everything later reads them.
 */
export class ExpandContext {
  readonly findings: Finding[] = [];
  readonly constants = new Map<string, Value>();
  readonly zones: Zone[] = [];
  readonly groups: NodeGroup[] = [];
  readonly nodes: SystemNode[] = [];
  private readonly zoneNames = new Map<string, Zone>();
  private readonly groupNodes = new Map<string, readonly number[]>();
  private every: readonly number[] = [];
  readonly quorums = new Map<string, Value>();
  seed = 1;
  /** Set when something is missing without which there is no system to speak of. */
  broken = false;

  constructor(
    readonly code: SystemCode,
    readonly overrides: Overrides,
  ) {}

  report(
    code: string,
    severity: Severity,
    span: Span,
    message: string,
    more: Omit<Partial<Finding>, 'code' | 'severity' | 'span' | 'message'> = {},
  ): void {
    this.findings.push({ code, severity, span, message, ...more });
  }

  /** Called once nodes and zones stand; later parts look them up by name. */
  namesReady(): void {
    this.every = this.nodes.map((node) => node.index);
    for (const zone of this.zones) this.zoneNames.set(zone.name, zone);
    for (const group of this.groups) this.groupNodes.set(group.name, this.every.slice(group.first, group.first + group.size));
  }

  zone(name: string): Zone | undefined {
    return this.zoneNames.get(name);
  }

  /** What the system's own expressions see. */
  readonly environment: Environment = {
    constant: (name) => this.constants.get(name),
    group: (name) => this.groupNodes.get(name),
    zone: (name) => this.zoneNames.get(name)?.nodes,
    allNodes: () => this.every,
    weight: (node) => this.nodes[node]?.weight ?? 1,
    nodeName: (node) => this.nodes[node]?.name ?? String(node),
    quorum: (name) => {
      const value = this.quorums.get(name);
      return value !== undefined && isQuorum(value) ? value : undefined;
    },
    recordFields: (record) => this.fieldsOf(record),
    enumMembers: (name) => this.membersOf(name),
  };

  /** Field names of a record of any protocol in scope, by its qualified name. */
  fieldsOf(record: string): readonly string[] | undefined {
    return this.declared(record, (protocol) => protocol.records)?.fields.map((field) => field.name);
  }

  membersOf(name: string): readonly string[] | undefined {
    return this.declared(name, (protocol) => protocol.enums)?.members;
  }

  /**
   * The value of an expression; undefined, with a finding unless one stands elsewhere already, when it has none. What is
   * evaluated anew for each deployment is reported at the `run` (`use`), not in the protocol, which may be another file.
   */
  evaluate(
    expression: Expression,
    environment: Environment = this.environment,
    use?: { readonly span: Span; readonly what: string },
  ): Value | undefined {
    try {
      return evaluate(expression, environment);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      if (error.kind !== 'missing') {
        this.report('DS2001', 'error', use?.span ?? error.span, `${use?.what ?? 'This value'} cannot be computed: ${error.message}.`, {
          labels: use ? [{ span: error.span, message: error.message }] : [],
          why:
            error.kind === 'run-time'
              ? 'Sizes, attributes and arguments are fixed before a run begins.'
              : 'Everything that a system is made of must have a value before it can be checked or run.',
        });
      }
      return undefined;
    }
  }

  number(expression: Expression, environment?: Environment): number | undefined {
    const value = this.evaluate(expression, environment);
    return typeof value === 'number' ? value : undefined;
  }

  /** Node indices, ascending and distinct. A zone or a single node counts as a set. */
  nodeSet(expression: Expression, environment?: Environment): readonly number[] | undefined {
    const value = this.evaluate(expression, environment);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return this.zoneNames.get(value)?.nodes;
    return nodesOf(value) ?? undefined;
  }

  distribution(expression: Expression, environment?: Environment): Distribution | undefined {
    const value = this.evaluate(expression, environment);
    if (typeof value === 'number') return { kind: 'constant', value };
    return value !== undefined && isDistribution(value) ? value : undefined;
  }

  private declared<T extends { readonly name: string }>(name: string, of: (protocol: ProtocolCode) => readonly T[]): T | undefined {
    for (const protocol of this.code.protocols) {
      for (const item of of(protocol)) if (item.name === name || `${protocol.name}.${item.name}` === name) return item;
    }
    return undefined;
  }
}
