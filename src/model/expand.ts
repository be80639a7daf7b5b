import type { Finding } from '../base/finding.ts';
import { ExpandContext, type Overrides } from './expand-context.ts';
import { expandDeployments, expandWorkloads } from './expand-deployments.ts';
import { expandFaultModels, expandTiming } from './expand-faults.ts';
import { expandNetwork } from './expand-network.ts';
import { expandConstants, expandNodes, expandSeed } from './expand-nodes.ts';
import { expandScenarios } from './expand-scenarios.ts';
import { replaceLiterals } from './replace-literals.ts';
import type { NamedQuorum, System } from './system.ts';
import type { SystemCode } from './system-code.ts';
import { isQuorum } from './value-operations.ts';

export { argumentKey, type Overrides } from './expand-context.ts';
export { spanKey } from './span-key.ts';

export interface Expansion {
  /** Null when a group or a run could not be expanded: then there is nothing to check or run. */
  readonly system: System | null;
  /** What is wrong with sizes, attributes and arguments (DS2001–DS2020), in the order of the parts. */
  readonly findings: readonly Finding[];
}

/**
 * Makes a plain System of checked code: constants evaluated, groups spelled out, links as edges. Deterministic: the same
 * code and overrides give the same system, random shapes included. Wrong attributes are reported and count as not
 * written, so that the rest can still be checked.
 */
export function expand(code: SystemCode, overrides: Overrides = {}): Expansion {
  const context = new ExpandContext(code, overrides);
  const constants = expandConstants(context);
  context.seed = expandSeed(context);
  expandNodes(context);
  if (context.broken) return { system: null, findings: context.findings };

  for (const quorum of code.quorums) {
    const value = context.evaluate(replaceLiterals(quorum.value, overrides.literals));
    if (value !== undefined) context.quorums.set(quorum.name, value);
  }
  const network = expandNetwork(context);
  const timing = expandTiming(context);
  const faultModels = expandFaultModels(context);
  const deployments = expandDeployments(context, timing);
  if (context.broken) return { system: null, findings: context.findings };
  const workloads = expandWorkloads(context, deployments);
  const scenarios = expandScenarios(context, faultModels, deployments, network);

  const system: System = {
    name: code.name,
    uri: code.uri,
    span: code.span,
    nameSpan: code.nameSpan,
    seed: context.seed,
    constants,
    zones: context.zones,
    groups: context.groups,
    nodes: context.nodes,
    network,
    timing,
    faultModels,
    quorums: namedQuorums(context),
    protocols: code.protocols,
    adversaries: code.adversaries,
    specifications: code.specifications,
    deployments,
    workloads,
    scenarios,
    expectedFindings: code.expectedFindings,
  };
  return { system, findings: context.findings };
}

function namedQuorums(context: ExpandContext): NamedQuorum[] {
  return context.code.quorums.flatMap(({ name, span, nameSpan }) => {
    const system = context.quorums.get(name);
    return system !== undefined && isQuorum(system) ? [{ name, system, span, nameSpan }] : [];
  });
}
