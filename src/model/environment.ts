import type { ProtocolCode } from './code.ts';
import { type Environment, evaluate as evaluateConstant } from './evaluate.ts';
import type { Deployment, System } from './system.ts';
import { type UsedValues, usedValues } from './uses.ts';
import type { QuorumSystem, Value } from './values.ts';

/** What the expressions of an expanded system see: constants, groups, zones, node weights. */
export function systemEnvironment(system: System): Environment {
  const constants = new Map(system.constants.map((constant) => [constant.name, constant.value]));
  const range = (first: number, size: number): number[] => Array.from({ length: size }, (_, i) => first + i);
  const groups = new Map(system.groups.map((group) => [group.name, range(group.first, group.size)]));
  const zones = new Map(system.zones.map((zone) => [zone.name, zone.nodes]));
  return {
    constant: (name) => constants.get(name),
    group: (name) => groups.get(name),
    zone: (name) => zones.get(name),
    allNodes: () => range(0, system.nodes.length),
    weight: (node) => system.nodes[node]?.weight ?? 1,
    nodeName: (node) => system.nodes[node]?.name ?? String(node),
  };
}

/**
 * What a protocol's requirements see in one deployment: parameters, `n`, `members`, `delay`, roles, quorums, the
 * protocol's constants and functions. `more` adds what depends on a fault model (`crashed`, `connectivity`,
 * `intersect`): its `given` is asked first.
 */
export function deploymentEnvironment(system: System, deployment: Deployment, more: Environment = {}): Environment {
  const protocol = system.protocols[deployment.protocol];
  const outer = systemEnvironment(system);
  const values = new Map(deployment.arguments.map((argument) => [argument.name, argument.value]));
  const quorums = new Map(deployment.quorums.map((quorum) => [quorum.name, quorum.system]));
  return protocolEnvironment(
    protocol,
    {
      members: deployment.members,
      roles: deployment.roles,
      delay: system.timing.delay,
      parameter: (name) => values.get(name),
      quorum: (name) => quorums.get(name) ?? undefined,
      used: usedValues(deployment.uses, (index) => system.deployments[index]),
    },
    outer,
    more,
  );
}

/** The part of a deployment that a protocol's expressions see. */
export interface DeploymentScope {
  readonly members: readonly number[];
  readonly roles: readonly { readonly name: string; readonly nodes: readonly number[] }[];
  readonly delay: number | null;
  readonly parameter: (name: string) => Value | undefined;
  readonly quorum: (name: string) => QuorumSystem | undefined;
  /** What belongs to the deployments that it uses. */
  readonly used?: UsedValues;
}

/** The environment of a protocol's expressions over members; also used while a deployment is being expanded. */
export function protocolEnvironment(
  protocol: ProtocolCode | undefined,
  scope: DeploymentScope,
  outer: Environment,
  more: Environment = {},
): Environment {
  const constants = new Map(protocol?.constants.map((constant) => [constant.name, constant.value]));
  const known = new Map<string, Value>();
  const functions = new Map(protocol?.functions.map((code) => [code.name, code]));
  const unqualified = (name: string): string => name.slice(name.indexOf('.') + 1);
  const environment: Environment = {
    ...outer,
    ...more,
    parameter: (name) => scope.parameter(name) ?? scope.used?.parameter(name),
    quorum: (name) => scope.quorum(name) ?? scope.used?.quorum(name),
    role: (name) => scope.roles.find((role) => role.name === name)?.nodes ?? scope.used?.role(name),
    given: (name) => {
      const found = more.given?.(name);
      if (found !== undefined) return found;
      if (name === 'n') return scope.members.length;
      if (name === 'members') return { kind: 'set', items: scope.members };
      if (name === 'delay') return scope.delay ?? undefined;
      return undefined;
    },
    constant: (name) => {
      const cached = known.get(name);
      if (cached !== undefined) return cached;
      const expression = constants.get(name);
      if (expression === undefined) return outer.constant?.(name);
      const value = evaluateConstant(expression, environment);
      known.set(name, value);
      return value;
    },
    function: (name) => functions.get(name),
    recordFields: (name) =>
      protocol?.records.find((record) => record.name === name || record.name === unqualified(name))?.fields.map((field) => field.name) ??
      outer.recordFields?.(name),
    enumMembers: (name) =>
      protocol?.enums.find((item) => item.name === name || item.name === unqualified(name))?.members ?? outer.enumMembers?.(name),
  };
  return environment;
}
