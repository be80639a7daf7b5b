import { Attributes, bounds, checked } from './attributes.ts';
import type { Parameter, ProtocolCode } from './code.ts';
import { protocolEnvironment } from './environment.ts';
import type { Environment } from './evaluate.ts';
import { argumentKey, type ExpandContext } from './expand-context.ts';
import { expandWhen } from './expand-fault-states.ts';
import { replaceLiterals } from './replace-literals.ts';
import type { ScenarioCall } from './scenario.ts';
import type { Deployment, Generator, Timing, Workload, WorkloadCall } from './system.ts';
import type { CallCode, GeneratorCode, RunCode, ScenarioCallCode } from './system-code.ts';
import { bindUses, usedFirst, usedValues } from './uses.ts';
import { isQuorum } from './value-operations.ts';
import type { QuorumSystem, Value } from './values.ts';

/** Runs in declared order; their indices are those that workloads, metrics and expectations use, so one that fails breaks the system. */
export function expandDeployments(context: ExpandContext, timing: Timing): Deployment[] {
  const { runs, protocols } = context.code;
  const deployments: (Deployment | undefined)[] = runs.map(() => undefined);
  for (const index of usedFirst(runs, protocols)) {
    const deployment = expandRun(context, runs[index] as RunCode, index, timing, deployments);
    if (deployment) deployments[index] = deployment;
    else {
      context.broken = true;
      break;
    }
  }
  return deployments.filter((deployment) => deployment !== undefined);
}

function expandRun(
  context: ExpandContext,
  code: RunCode,
  index: number,
  timing: Timing,
  deployments: readonly (Deployment | undefined)[],
): Deployment | null {
  const protocolIndex = context.code.protocols.findIndex((protocol) => protocol.name === code.protocol);
  const protocol = context.code.protocols[protocolIndex];
  if (!protocol) return null;
  const roles: { readonly name: string; readonly nodes: readonly number[]; readonly span: RunCode['span'] }[] = [];
  let members: readonly number[];
  if (code.nodes) {
    const nodes = context.nodeSet(code.nodes);
    if (!nodes) return null;
    members = nodes;
  } else {
    for (const role of code.roles) {
      const nodes = context.nodeSet(role.nodes);
      if (!nodes) return null;
      roles.push({ name: role.role, nodes, span: role.span });
    }
    members = [...new Set(roles.flatMap((role) => role.nodes))].sort((a, b) => a - b);
  }

  const uses = bindUses(context, code, protocol, members, roles, deployments);
  const values = new Map<string, Value>();
  const quorums = new Map<string, QuorumSystem>();
  const environment = protocolEnvironment(
    protocol,
    {
      members,
      roles,
      delay: timing.delay,
      parameter: (name) => values.get(name),
      quorum: (name) => quorums.get(name),
      used: usedValues(uses, (used) => deployments[used]),
    },
    context.environment,
  );
  const evaluatedArguments: Deployment['arguments'][number][] = [];
  for (const parameter of protocol.parameters) {
    const written = code.arguments.find((argument) => argument.name === parameter.name);
    const overridden = context.overrides.arguments?.[argumentKey(index, parameter.name)];
    const value = overridden ?? argumentValue(context, code, parameter, environment);
    if (value === undefined) return null;
    values.set(parameter.name, value);
    evaluatedArguments.push({
      name: parameter.name,
      value,
      span: written?.value.span ?? null,
      isLiteral: written?.value.kind === 'literal',
    });
  }
  checkScaling(context, code, protocol, environment);
  return {
    index,
    called: code.called,
    protocol: protocolIndex,
    span: code.span,
    nameSpan: code.nameSpan,
    members,
    roles,
    arguments: evaluatedArguments,
    uses,
    quorums: evaluateQuorums(context, code, protocol, environment, quorums),
  };
}

/** Shares outside 0..1 are reported where they are written, or at the `run` where the protocol stands in another file. */
function checkScaling(context: ExpandContext, code: RunCode, protocol: ProtocolCode, environment: Environment): void {
  for (const name of ['serial', 'crosstalk'] as const) {
    const expression = protocol.scaling?.[name];
    if (!expression) continue;
    const use = { span: code.nameSpan, what: `\`${name}\`` };
    const value = context.evaluate(expression, environment, use);
    const span = expression.span.uri === context.code.uri ? expression.span : code.nameSpan;
    if (typeof value === 'number') checked(context, name, value, bounds.probability, span);
  }
}

/** The argument in the system's terms, or the default in the protocol's. A parameter without either is the checker's to report. */
function argumentValue(context: ExpandContext, code: RunCode, parameter: Parameter, environment: Environment): Value | undefined {
  const written = code.arguments.find((argument) => argument.name === parameter.name);
  if (written) return context.evaluate(replaceLiterals(written.value, context.overrides.literals));
  const use = { span: code.nameSpan, what: `The default of \`${parameter.name}\`` };
  return parameter.value ? context.evaluate(parameter.value, environment, use) : undefined;
}

/** Over these members; each may use those before it. */
function evaluateQuorums(
  context: ExpandContext,
  code: RunCode,
  protocol: ProtocolCode,
  environment: Environment,
  known: Map<string, QuorumSystem>,
): Deployment['quorums'] {
  return protocol.quorums.map((quorum) => {
    const use = { span: code.nameSpan, what: `The quorum system \`${quorum.name}\`` };
    const value = quorum.value ? context.evaluate(quorum.value, environment, use) : undefined;
    // In a file with errors the value may be anything; those are reported already.
    const system = value !== undefined && isQuorum(value) ? value : null;
    if (system) known.set(quorum.name, system);
    return { name: quorum.name, system, span: quorum.span };
  });
}

/** Calls whose parts are unknown are left out; the findings say why. */
export function expandWorkloads(context: ExpandContext, deployments: readonly Deployment[]): Workload[] {
  return context.code.workloads.map((code) => ({
    name: code.name,
    span: code.span,
    clients: context.nodeSet(code.clients) ?? [],
    calls: code.calls.map((call) => expandCall(context, call, deployments)).filter((call) => call !== null),
  }));
}

function expandCall(context: ExpandContext, code: CallCode, deployments: readonly Deployment[]): WorkloadCall | null {
  const deployment = deployments[code.run];
  if (!deployment) return null;
  const targets = code.target ? context.nodeSet(code.target) : servers(context, deployment, code.operation);
  const generators = expandArguments(context, code);
  if (!targets || !generators) return null;
  const attributes = new Attributes(context, code.attributes);
  return {
    span: code.span,
    operation: code.operation,
    deployment: code.run,
    arguments: generators,
    targets,
    rate: attributes.number('rate', bounds.positive),
    arrival: attributes.word('arrival') === 'constant' ? 'constant' : 'poisson',
    think: attributes.distribution('think'),
    timeout: attributes.number('timeout', bounds.positive),
    retries: attributes.number('retries', bounds.count) ?? 0,
    start: attributes.number('start', bounds.nonNegative) ?? 0,
    limit: attributes.number('limit', bounds.positiveCount),
  };
}

/** A call of a scenario. Null where something of it has no value; the findings say why. */
export function expandScenarioCall(
  context: ExpandContext,
  code: ScenarioCallCode,
  deployments: readonly Deployment[],
): ScenarioCall | null {
  const deployment = deployments[code.run];
  if (!deployment) return null;
  const at = code.at ? context.number(code.at) : 0;
  if (at === undefined || (code.at && !checked(context, 'at', at, bounds.nonNegative, code.at.span))) return null;
  const clients = context.nodeSet(code.clients);
  const targets = targetsOf(context, code, deployment);
  const generators = expandArguments(context, code);
  if (!clients || !targets || !generators) return null;
  if (code.target && !checked(context, 'to', targets.length, { allowed: 'at least one node', holds: (n) => n > 0 }, code.target.span)) {
    return null;
  }
  const when = code.when ? expandWhen(context, code.when, deployments) : undefined;
  if (when === null) return null;
  const attributes = new Attributes(context, code.attributes);
  return {
    ...(when ? { when } : {}),
    at,
    span: code.span,
    clients,
    operation: code.operation,
    deployment: code.run,
    arguments: generators,
    targets,
    inTurn: code.inTurn !== null,
    timeout: attributes.number('timeout', bounds.positive),
    retries: attributes.number('retries', bounds.count) ?? 0,
  };
}

function targetsOf(context: ExpandContext, code: ScenarioCallCode, deployment: Deployment): readonly number[] | undefined {
  if (!code.inTurn) return code.target ? context.nodeSet(code.target) : servers(context, deployment, code.operation);
  const nodes = code.inTurn.map((node) => context.number(node)).filter((node) => node !== undefined);
  return nodes.length < code.inTurn.length ? undefined : nodes;
}

function expandArguments(context: ExpandContext, code: CallCode): WorkloadCall['arguments'] | null {
  const generators: { name: string; generator: Generator }[] = [];
  for (const argument of code.arguments) {
    const generator = expandGenerator(context, argument.generator);
    if (!generator) return null;
    generators.push({ name: argument.name, generator });
  }
  return generators;
}

/** The nodes that offer an operation: those of its role, or all members. */
function servers(context: ExpandContext, deployment: Deployment, operation: string): readonly number[] {
  const offered = context.code.protocols[deployment.protocol]?.operations.find((candidate) => candidate.name === operation);
  return deployment.roles.find((role) => role.name === offered?.role)?.nodes ?? deployment.members;
}

function expandGenerator(context: ExpandContext, code: GeneratorCode): Generator | null {
  switch (code.kind) {
    case 'unique':
      return code;
    case 'value': {
      const value = context.evaluate(code.value);
      return value === undefined ? null : { kind: 'constant', value };
    }
    case 'zipf': {
      const keys = context.number(code.keys);
      const s = context.number(code.s);
      if (keys === undefined || s === undefined) return null;
      if (!checked(context, 'keys', keys, bounds.positiveCount, code.keys.span)) return null;
      return checked(context, 's', s, bounds.nonNegative, code.s.span) ? { kind: 'zipf', keys, s, of: code.of } : null;
    }
    case 'uniform_key': {
      const keys = context.number(code.keys);
      if (keys === undefined || !checked(context, 'keys', keys, bounds.positiveCount, code.keys.span)) return null;
      return { kind: 'uniform_key', keys, of: code.of };
    }
    case 'data': {
      const of = expandGenerator(context, code.of);
      return of && { kind: 'data', type: code.type, of };
    }
    case 'uniform_range': {
      const range = context.evaluate(code.range);
      return typeof range === 'object' && range?.kind === 'range' ? { kind: 'uniform_range', min: range.min, max: range.max } : null;
    }
  }
}
