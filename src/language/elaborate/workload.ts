import type { Expression } from '../../model/code.ts';
import type { CallCode, GeneratorCode, ScenarioCallCode, SystemCode } from '../../model/system-code.ts';
import type { Type } from '../../model/types.ts';
import type { Argument, Expression as ExpressionNode, NameUse, ScenarioCall, Workload, WorkloadCall } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import type { SignatureSymbol } from '../types/environment.ts';
import { INT, NODE, REAL, rangeOf, STRING, typeToString } from '../types/type.ts';
import { callAttributes, scenarioCallAttributes } from './attribute-rules.ts';
import { elaborateAttributes } from './attributes.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { nearest } from './scope.ts';
import { anyOf, calledAs, type Deployed, listed, type RunMember, type SystemContext } from './system-context.ts';
import { elaborateNodes } from './system-network.ts';

export function elaborateWorkload(node: Workload, system: SystemContext): SystemCode['workloads'][number] | null {
  const declaration = system.declare('workload', 'workload', node, system.workloads, `workload ${node.name}`);
  const clients = elaborateNodes(node.clients, system);
  const calls = node.calls.map((call) => elaborateCall(call, system)).filter((call) => call !== null);
  return declaration && { name: node.name, clients, calls, span: spanOf(node), nameSpan: nameSpanOf(node) };
}

function elaborateCall(node: WorkloadCall, system: SystemContext): CallCode | null {
  const { context, scope } = system;
  const span = spanOf(node);
  const attributes = elaborateAttributes(node.attributes, callAttributes, 'a call', spanOfProperty(node, 'operation'), scope, context);
  const rate = attributes.find((attribute) => attribute.name === 'rate');
  const think = attributes.find((attribute) => attribute.name === 'think');
  if (rate && think) {
    context.error('DS1244', think.span, 'a call has either a `rate` or a `think` time', {
      why: 'with a rate calls are made whether earlier ones are answered or not; with a think time each waits for the one before',
      help: 'remove one of them',
      labels: [{ span: rate.span, message: 'the rate' }],
    });
  }
  const target = node.target ? elaborateTarget(node.target, system) : null;
  const called = elaborateOperation(node, system);
  return called && { ...called, target, attributes, span };
}

/** A call at a moment of a scenario. A list of nodes behind `to` says where each attempt goes. */
export function elaborateScenarioCall(
  node: ScenarioCall,
  at: Expression | null,
  span: CallCode['span'],
  system: SystemContext,
): Omit<ScenarioCallCode, 'when'> | null {
  const { context, scope } = system;
  const operationSpan = spanOfProperty(node, 'operation');
  const attributes = elaborateAttributes(node.attributes, scenarioCallAttributes, "a scenario's call", operationSpan, scope, context);
  const clients = elaborateNodes(node.clients, system);
  const items = node.target?.$type === 'ListLiteral' ? node.target.items : [];
  const inTurn = items.length > 0 ? items.map((item) => elaborateExpression(item, NODE, scope, context)) : null;
  const target = node.target && !inTurn ? elaborateTarget(node.target, system) : null;
  const called = elaborateOperation(node, system);
  return called && { ...called, at, clients, target, inTurn, attributes, span };
}

/** What is called and with which arguments; null, with a finding, where that is not known. */
function elaborateOperation(
  node: WorkloadCall | ScenarioCall,
  system: SystemContext,
): Pick<CallCode, 'operation' | 'run' | 'arguments'> | null {
  const { context, scope } = system;
  const span = spanOfProperty(node, 'operation');
  const of = node.run === undefined ? null : { name: node.run, span: spanOfProperty(node, 'run') };
  const deployed = resolveOffered('operations', { name: node.operation, span, of }, system, 'DS1240');
  if (!deployed) {
    for (const item of node.arguments.items) if (!isGenerator(item.value)) inferExpression(item.value, null, scope, context);
    return null;
  }
  system.calls.push({ operation: node.operation, run: deployed.run, span });
  const operation = deployed.protocol.environment.operations.get(node.operation) as SignatureSymbol;
  const generated = elaborateGenerators(node, operation, system);
  return generated && { operation: node.operation, run: deployed.run, arguments: generated };
}

/** The run that offers an operation or emits an event. Reports when none or more than one does. */
export function resolveOffered(
  kind: 'operations' | 'events',
  { name, span, of }: RunMember,
  system: SystemContext,
  code: 'DS1240' | 'DS1261',
): Deployed | null {
  const { context } = system;
  const what = kind === 'operations' ? 'operation' : 'event';
  const runs = of ? system.runsCalled(of) : system.deployments;
  if (of && runs.length === 0) return null;
  const offering = system.offered(kind, name, runs);
  const [first, second] = offering;
  if (first) {
    const declaration = first.protocol.environment[kind].get(name)?.declaration;
    if (declaration) context.use(span, declaration);
    if (!second) return first;
    const names = [...new Set(offering.map((deployed) => deployed.protocol.code.name))];
    const several = names.length > 1 ? `the protocols ${listed(names)} each have` : `${offering.length} runs of \`${names[0]}\` each have`;
    ambiguous({ name, span, of }, offering, `${several} an ${what} of this name`, system);
    return null;
  }
  if (system.incomplete || system.file.failed.has(name)) return null;
  const near = system.nearestOffered(kind, name, runs);
  const all = [...new Set(runs.flatMap((deployed) => [...deployed.protocol.environment[kind].keys()]))];
  const protocols = [...new Set(runs.map((deployed) => deployed.protocol.code.name))];
  const known = runs.length === 0 ? 'the system runs no protocol: add a `run`' : `the ${what}s of ${listed(protocols)} are ${listed(all)}`;
  const nobody = of ? `\`${of.name}\` has no ${what}` : `no protocol that the system runs has an ${what}`;
  context.error(code, span, `${nobody} \`${name}\``, {
    help: near ? `did you mean \`${near}\`?` : known,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
  return null;
}

/** Reports that more than one run has what is named, and how to say which is meant. */
export function ambiguous({ name, span, of }: RunMember, runs: readonly Deployed[], why: string, { context }: SystemContext): void {
  const called = runs.map(calledAs);
  const distinct = called.filter((each, at) => called.indexOf(each) === at && called.lastIndexOf(each) === at);
  const nameless = runs.find((_, at) => !distinct.includes(called[at] as string));
  context.error('DS1241', of?.span ?? span, `\`${of?.name ?? name}\` is ambiguous: ${why}`, {
    help: nameless
      ? `name the runs, as in \`run ${nameless.local} as ${nameless.local.toLowerCase()}1 on …\`, and write \`${nameless.local.toLowerCase()}1.${name}\``
      : `say which one: ${distinct.map((each) => `\`${each}.${name}\``).join(' or ')}`,
    fixes: of ? [] : distinct.map((each) => ({ title: `Write \`${each}.${name}\``, edits: [{ span, text: `${each}.${name}` }] })),
  });
}

/** `any(nodes)` (one of them for each attempt), a node, or nodes, which means the same as `any` of them. */
function elaborateTarget(node: ExpressionNode, system: SystemContext): Expression {
  if (node.$type === 'NameUse' && node.name === 'any' && node.arguments?.items.length === 1) {
    system.context.use(nameSpanOf(node), anyOf);
    return elaborateNodes(node.arguments.items[0]!.value, system);
  }
  const target = inferExpression(node, NODE, system.scope, system.context);
  return target.type.kind === 'Node' || target.type.kind === 'Error' ? target : elaborateNodes(node, system);
}

function elaborateGenerators(
  node: WorkloadCall | ScenarioCall,
  operation: SignatureSymbol,
  system: SystemContext,
): CallCode['arguments'] | null {
  const { context } = system;
  const { fields } = operation;
  const found = new Map<string, CallCode['arguments'][number]>();
  const signature = `${operation.name}(${fields.map((field) => `${field.name}: ${typeToString(field.type)}`).join(', ')})`;
  let wrong = false;
  node.arguments.items.forEach((item, at) => {
    const field = item.name === undefined ? fields[at] : fields.find((candidate) => candidate.name === item.name);
    if (!field) {
      wrong = true;
      surplus(item, operation, signature, system);
      return;
    }
    if (found.has(field.name)) {
      wrong = true;
      context.error('DS1242', spanOf(item), `\`${field.name}\` is given twice`, { help: `the operation is \`${signature}\`` });
      return;
    }
    if (item.name !== undefined) context.use(nameSpanOf(item), field.declaration);
    const generator = elaborateGenerator(item.value, field.type, system);
    if (generator) found.set(field.name, { name: field.name, generator, span: spanOf(item) });
    else wrong = true;
  });
  const missing = fields.filter((field) => !found.has(field.name));
  if (missing.length > 0 && !wrong) {
    context.error('DS1242', spanOf(node.arguments), `the call gives no ${listed(missing.map((field) => field.name))}`, {
      help: `the operation is \`${signature}\``,
    });
  }
  return wrong || missing.length > 0 ? null : fields.map((field) => found.get(field.name)!);
}

function surplus(item: Argument, operation: SignatureSymbol, signature: string, system: SystemContext): void {
  const { context } = system;
  if (item.name === undefined) {
    const { length } = operation.fields;
    context.error(
      'DS1242',
      spanOf(item),
      `operation \`${operation.name}\` takes ${length === 0 ? 'no arguments' : length === 1 ? 'one argument' : `${length} arguments`}`,
      {
        help: `the operation is \`${signature}\``,
      },
    );
    return;
  }
  const near = nearest(
    item.name,
    operation.fields.map((field) => field.name),
  );
  context.error('DS1242', nameSpanOf(item), `operation \`${operation.name}\` has no \`${item.name}\``, {
    help: near ? `did you mean \`${near}\`?` : `the operation is \`${signature}\``,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span: nameSpanOf(item), text: near }], preferred: true }] : [],
  });
}

const GENERATORS = new Set(['unique', 'zipf', 'uniform_key', 'random']);

const isGenerator = (node: ExpressionNode): boolean => node.$type === 'NameUse' && GENERATORS.has(node.name);

/** What a call gives for one of its fields: a value, or where to draw it anew for each call. */
function elaborateGenerator(node: ExpressionNode, type: Type, system: SystemContext): GeneratorCode | null {
  const { context, scope } = system;
  if (node.$type !== 'NameUse' || !isGenerator(node) || (node.name === 'unique' && scope.find('unique'))) {
    const value = elaborateExpression(node, type, scope, context);
    return value.type.kind === 'Error' ? null : { kind: 'value', value };
  }
  const inner = type.kind === 'Optional' ? type.of : type;
  if (inner.kind === 'Data') return elaborateCarriedGenerator(node, system);
  const items = node.arguments?.items ?? [];
  const span = spanOf(node);
  if (node.name === 'random') {
    const [item] = items;
    if (!item || items.length > 1) return misfit(span, '`random` takes a range', 'write `random(1..100)`', system);
    const range = inferExpression(item.value, rangeOf(inner), scope, context);
    if (range.type.kind === 'Error') return null;
    if (range.type.kind !== 'Range')
      return misfit(range.span, `\`random\` takes a range, and this is ${typeToString(range.type)}`, 'write `random(1..100)`', system);
    if (convert({ ...range, type: range.type.of }, inner, context).type.kind === 'Error') return null;
    return { kind: 'uniform_range', range };
  }
  if (inner.kind !== 'Int' && inner.kind !== 'String') {
    return misfit(
      span,
      `\`${node.name}\` gives an Int or a String, and ${typeToString(type)} is expected`,
      'write a value of that type',
      system,
    );
  }
  const of = inner.kind;
  if (node.name === 'unique') {
    if (items.length > 0) return misfit(span, '`unique` takes no arguments', 'write `unique`', system);
    return { kind: 'unique', of };
  }
  const names = node.name === 'zipf' ? ['keys', 's'] : ['keys'];
  const values = names.map((name, at) => {
    const item = items.find((candidate) => candidate.name === name) ?? (items[at]?.name === undefined ? items[at] : undefined);
    return item && elaborateExpression(item.value, name === 's' ? REAL : INT, scope, context);
  });
  const [keys, s] = values;
  const example = node.name === 'zipf' ? 'zipf(1000, 1.1)' : 'uniform_key(1000)';
  if (items.length !== names.length || !keys)
    return misfit(span, `\`${node.name}\` takes ${listed(names)}`, `write \`${example}\``, system);
  if (node.name === 'uniform_key') return { kind: 'uniform_key', keys, of };
  return s ? { kind: 'zipf', keys, s, of } : misfit(span, '`zipf` takes `keys` and `s`', `write \`${example}\``, system);
}

/** What a Data carries is drawn: a text as for a String, and by `random` what its range is of. */
function elaborateCarriedGenerator(node: NameUse, system: SystemContext): GeneratorCode | null {
  const [item] = node.arguments?.items ?? [];
  if (node.name !== 'random' || !item) {
    const of = elaborateGenerator(node, STRING, system);
    return of && { kind: 'data', type: STRING, of };
  }
  const range = inferExpression(item.value, null, system.scope, system.context);
  const type = range.type.kind === 'Range' ? range.type.of : INT;
  const of = elaborateGenerator(node, type, system);
  return of && { kind: 'data', type, of };
}

function misfit(span: ReturnType<typeof spanOf>, message: string, help: string, system: SystemContext): null {
  system.context.error('DS1243', span, message, { help });
  return null;
}
