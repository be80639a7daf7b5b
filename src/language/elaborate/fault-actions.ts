import type { ActionCode } from '../../model/system-code.ts';
import type { Argument, Expression as ExpressionNode, FaultAction } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { elaborateNamedValues } from './attributes.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import {
  actionDeclaration,
  actionRules,
  argumentDeclaration,
  behaviorDeclaration,
  behaviors,
  MESSAGE,
  NODE_SETS,
} from './fault-action-rules.ts';
import { elaborateStruck } from './fault-states.ts';
import { nearest } from './scope.ts';
import { listed, type SystemContext } from './system-context.ts';
import { elaborateNodes } from './system-network.ts';
import { checkZone } from './system-nodes.ts';

type Action = ActionCode['action'];

const BUILT_IN = Object.keys(behaviors);

/** A fault action of a scenario, its positional arguments named. */
export function elaborateAction(node: FaultAction, system: SystemContext): Omit<ActionCode, 'at'> | null {
  const { context, scope } = system;
  const nameSpan = spanOfProperty(node, 'action');
  const rule = Object.hasOwn(actionRules, node.action) ? actionRules[node.action as Action] : undefined;
  if (!rule) {
    const near = nearest(node.action, Object.keys(actionRules));
    context.error('DS1251', nameSpan, `there is no fault action \`${node.action}\``, {
      help: near
        ? `did you mean \`${near}\`?`
        : `the actions are ${Object.keys(actionRules)
            .map((name) => `\`${name}\``)
            .join(', ')}`,
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span: nameSpan, text: near }], preferred: true }] : [],
    });
    for (const item of node.arguments.items) inferExpression(item.value, null, scope, context);
    return null;
  }
  const action = node.action as Action;
  context.use(nameSpan, actionDeclaration(action, rule));
  const sets: ActionCode['sets'][number][] = [];
  const named: Argument[] = [];
  const given = new Set<string>();
  let zone: string | null = null;
  let behavior: string | null = null;
  let message: string | null = null;
  let choice: ActionCode['choice'] = null;
  let extra: ActionCode['options'][number][] = [];
  const free = [...rule.positional];
  for (const item of node.arguments.items) {
    const position = item.name ?? takePosition(free, item.value);
    if (position === undefined) {
      context.error(
        'DS1252',
        spanOf(item),
        `\`${action}\` takes ${rule.positional.length > 0 ? `no more than ${listed(rule.positional)} without a name` : rule.options.length > 0 ? 'named arguments only' : 'no arguments'}`,
        {
          help: `write \`${rule.example}\``,
        },
      );
      return null;
    }
    given.add(position);
    const isPositional = rule.positional.includes(position);
    const argument = item.name === undefined || !isOwn(position, isPositional) ? undefined : argumentDeclaration(rule, position);
    if (argument) context.use(nameSpanOf(item), argument);
    if (position === 'nodes' && isPositional) {
      const struck = elaborateStruck(item.value, system);
      if (!struck) return null;
      sets.push({ name: position, value: struck.value });
      choice = struck.choice;
    } else if (NODE_SETS.has(position) && isPositional) sets.push({ name: position, value: elaborateNodes(item.value, system) });
    else if (position === 'zone' && isPositional) zone = zoneOf(item.value, system);
    else if (position === 'behavior' && isPositional) behavior = behaviorOf(item.value, system);
    else if (position === MESSAGE.name && rule.options.includes(MESSAGE)) message = messageOf(item.value, system);
    else if (item.name !== undefined) named.push(item);
    else {
      const option = rule.options.find((candidate) => candidate.name === position);
      const type = option && typeof option.type === 'object' && 'kind' in option.type ? option.type : null;
      extra = [...extra, { name: position, value: elaborateExpression(item.value, type, scope, context), span: spanOf(item) }];
    }
  }
  const left = rule.options.map((option) => (extra.some(({ name }) => name === option.name) ? { ...option, required: false } : option));
  const options = [...extra, ...elaborateNamedValues(named, left, `\`${action}\``, nameSpan, scope, context)];
  const missing = rule.positional.slice(0, rule.required).filter((name) => !given.has(name));
  if (missing.length > 0) {
    context.error('DS1252', spanOf(node.arguments), `\`${action}\` is not given ${listed(missing)}`, { help: `write \`${rule.example}\`` });
    return null;
  }
  if (action === 'outage' && zone === null) return null;
  if (choice && (action === 'churn' || given.has('to'))) {
    context.error('DS1252', spanOf(node.arguments), `the nodes of this \`${action}\` cannot be chosen while the system runs`, {
      why: given.has('to') ? 'it strikes links, which are known beforehand' : 'it strikes each of its nodes over and over',
      help: `name the nodes: \`${rule.example}\``,
    });
    return null;
  }
  return { action, sets, options, zone, behavior, message, choice, when: null, span: spanOf(node) };
}

/** Whether an argument is read here, and not as one of the named values. */
function isOwn(name: string, isPositional: boolean): boolean {
  return name === MESSAGE.name || (isPositional && (NODE_SETS.has(name) || name === 'zone' || name === 'behavior'));
}

/** The next place for an argument without a name: a ratio or number among node sets is the probability or factor. */
function takePosition(free: string[], value: ExpressionNode): string | undefined {
  const [next] = free;
  if (next === 'sides') return next;
  const isNumber = value.$type === 'Quantity' || value.$type === 'NumberLiteral' || value.$type === 'Unary';
  const index = isNumber ? free.findIndex((name) => !NODE_SETS.has(name)) : 0;
  return index < 0 ? undefined : free.splice(index, 1)[0];
}

function zoneOf(node: ExpressionNode, system: SystemContext): string | null {
  if (node.$type === 'NameUse' && !node.arguments) return checkZone(node.name, nameSpanOf(node), system) ? node.name : null;
  system.context.error('DS1216', spanOf(node), 'an outage strikes one zone: write its name', { help: 'write `outage(eu, for: 5s)`' });
  return null;
}

/** The name of a message type that some run has; null after a finding. */
function messageOf(node: ExpressionNode, system: SystemContext): string | null {
  const { context, deployments } = system;
  const span = spanOf(node);
  const named = node.$type === 'NameUse' && !node.arguments ? node.name : null;
  const known = new Map(deployments.flatMap(({ protocol }) => [...protocol.environment.messages]));
  const found = named === null ? undefined : known.get(named);
  if (found) {
    context.use(span, found.declaration);
    return named;
  }
  if (system.incomplete || (named !== null && system.file.failed.has(named))) return null;
  const names = [...known.keys()];
  const near = named === null ? null : nearest(named, names);
  const runs = [...new Set(deployments.map(({ protocol }) => protocol.code.name))];
  const all = names.length === 0 ? 'the system runs no protocol with messages' : `the messages of ${listed(runs)} are ${listed(names)}`;
  context.error(
    'DS1255',
    span,
    named === null ? '`message` takes the name of a message type' : `no protocol that the system runs has a message \`${named}\``,
    {
      help: near ? `did you mean \`${near}\`?` : all,
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
    },
  );
  return null;
}

function behaviorOf(node: ExpressionNode, system: SystemContext): string | null {
  const span = spanOf(node);
  const { adversaries } = system.file;
  if (node.$type === 'NameUse' && !node.arguments) {
    if (system.file.failed.has(node.name)) return null;
    const adversary = adversaries.get(node.name);
    if (adversary) {
      system.context.use(span, adversary.declaration);
      const runs = system.deployments.some((deployed) => deployed.protocol.code === adversary.protocol.code);
      if (!runs && !system.incomplete) {
        system.context.error(
          'DS1253',
          span,
          `adversary \`${node.name}\` is for \`${adversary.code.protocol}\`, which this system does not run`,
          {
            help: `choose a behavior of ${BUILT_IN.map((name) => `\`${name}\``).join(', ')}, or write an adversary for what the system runs`,
          },
        );
      }
      return adversary.code.name;
    }
    if (BUILT_IN.includes(node.name)) {
      system.context.use(span, behaviorDeclaration(node.name));
      return node.name;
    }
  }
  const names = [...BUILT_IN, ...adversaries.keys()];
  const near = node.$type === 'NameUse' ? nearest(node.name, names) : null;
  const written = node.$type === 'NameUse' ? ` \`${node.name}\`` : '';
  system.context.error('DS1253', span, `there is no behavior or adversary${written}`, {
    help: near
      ? `did you mean \`${near}\`?`
      : `the behaviors are ${BUILT_IN.map((name) => `\`${name}\``).join(', ')}; an adversary of your own is declared with \`adversary Name for Protocol { … }\``,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
  return null;
}
