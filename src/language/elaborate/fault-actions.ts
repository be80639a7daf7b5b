import type { ActionCode } from '../../model/system-code.ts';
import type { Argument, Expression as ExpressionNode, FaultAction } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { BOOL, DURATION, distributionOf, INT, RATE, REAL } from '../types/type.ts';
import { type AttributeRule, elaborateNamedValues, LOSES, SIDE } from './attributes.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { elaborateStruck } from './fault-states.ts';
import { nearest } from './scope.ts';
import { listed, type SystemContext } from './system-context.ts';
import { elaborateNodes } from './system-network.ts';
import { checkZone } from './system-nodes.ts';

type Action = ActionCode['action'];

interface ActionRule {
  /** What stands in front, in order: node sets by name, `sides` any number, a `zone`, a `behavior`, or an option by its name. */
  readonly positional: readonly string[];
  /** How many of `positional` must be given. */
  readonly required: number;
  readonly options: readonly AttributeRule[];
  readonly example: string;
}

const FOR: AttributeRule = { name: 'for', type: DURATION, documentation: 'How long it lasts. Default: for good.' };
const PROBABILITY: AttributeRule = {
  name: 'probability',
  type: REAL,
  documentation: 'The share of messages that it strikes. Default: all.',
};

/** Its value is the name of a message type: see `messageOf`. */
const MESSAGE: AttributeRule = {
  name: 'message',
  type: { words: [] },
  documentation: 'The one message type that it strikes. Default: everything, calls and answers too.',
};
const ONE_WAY: AttributeRule = {
  name: 'one_way',
  type: BOOL,
  documentation: 'Whether it strikes only what goes from the first set to the second. Default: false.',
};

const rules: Readonly<Record<Action, ActionRule>> = {
  crash: {
    positional: ['nodes'],
    required: 1,
    options: [
      {
        name: 'after_sends',
        type: INT,
        documentation:
          'Each node gets so many more messages out and crashes then, in the middle of a broadcast. Default: it crashes at once.',
      },
      {
        name: 'within',
        type: DURATION,
        documentation: 'With `after_sends`: when a node that has not sent so many crashes all the same. Default: never.',
      },
      LOSES,
      FOR,
    ],
    example: 'crash(replica[0], for: 5s)',
  },
  recover: { positional: ['nodes'], required: 1, options: [], example: 'recover(replica[0])' },
  outage: { positional: ['zone'], required: 1, options: [FOR], example: 'outage(eu, for: 5s)' },
  partition: { positional: ['sides'], required: 1, options: [FOR], example: 'partition(eu, us, for: 5s)' },
  heal: { positional: [], required: 0, options: [], example: 'heal()' },
  isolate: { positional: ['nodes'], required: 1, options: [FOR], example: 'isolate(replica[0], for: 5s)' },
  slow: {
    positional: ['nodes', 'to', 'factor'],
    required: 1,
    options: [{ name: 'factor', type: REAL, documentation: 'How many times slower. Default: 10.' }, ONE_WAY, FOR],
    example: 'slow(replica[0], factor: 20, for: 5s)',
  },
  pause: {
    positional: ['nodes'],
    required: 1,
    options: [{ ...FOR, required: true, documentation: 'How long the nodes do nothing.' }],
    example: 'pause(replica[0], for: 2s)',
  },
  drift: {
    positional: ['nodes', 'rate'],
    required: 2,
    options: [{ name: 'rate', type: REAL, documentation: 'How much faster the clocks run than time: `2%`, or `-2%` for slower.' }, FOR],
    example: 'drift(replica[0], 2%, for: 5s)',
  },
  omit: {
    positional: ['nodes', 'share'],
    required: 1,
    options: [SIDE, { name: 'share', type: REAL, documentation: 'The share of the messages that is lost there. Default: all.' }, FOR],
    example: 'omit(replica[0], side: send, share: 30%, for: 5s)',
  },
  lose: {
    positional: ['from', 'to', 'probability'],
    required: 0,
    options: [PROBABILITY, MESSAGE, FOR],
    example: 'lose(client, replica, probability: 10%, for: 5s)',
  },
  duplicate: {
    positional: ['from', 'to', 'probability'],
    required: 0,
    options: [PROBABILITY, MESSAGE, FOR],
    example: 'duplicate(client, replica, probability: 10%, for: 5s)',
  },
  reorder: {
    positional: ['from', 'to', 'probability'],
    required: 0,
    options: [PROBABILITY, MESSAGE, FOR],
    example: 'reorder(client, replica, probability: 10%, for: 5s)',
  },
  delay: {
    positional: ['from', 'to', 'by'],
    required: 0,
    options: [
      { name: 'by', type: DURATION, required: true, documentation: 'What is added to the time that a message takes.' },
      MESSAGE,
      FOR,
    ],
    example: 'delay(client, replica, by: 50ms, for: 5s)',
  },
  hold: {
    positional: ['from', 'to'],
    required: 0,
    options: [
      MESSAGE,
      {
        name: 'for',
        type: DURATION,
        required: true,
        documentation: 'When messages that wait go on, in the order in which they were sent.',
      },
    ],
    example: 'hold(client, replica, for: 2s)',
  },
  disconnect: {
    positional: ['from', 'to'],
    required: 2,
    options: [ONE_WAY, FOR],
    example: 'disconnect(replica[0], replica[1], for: 5s)',
  },
  churn: {
    positional: ['nodes', 'to'],
    required: 1,
    options: [
      { name: 'up', type: distributionOf(DURATION), required: true, documentation: 'How long each node or link stays up.' },
      { name: 'down', type: distributionOf(DURATION), required: true, documentation: 'How long it then stays away.' },
      { name: 'until', type: DURATION, documentation: 'When all are back. Default: the end of the scenario.' },
    ],
    example: 'churn(replica, up: exponential(20s), down: exponential(2s))',
  },
  skew: {
    positional: ['nodes', 'offset'],
    required: 2,
    options: [{ name: 'offset', type: DURATION, documentation: 'What is added to the clocks; negative to set them back.' }],
    example: 'skew(replica[0], offset: 200ms)',
  },
  byzantine: { positional: ['nodes', 'behavior'], required: 1, options: [FOR], example: 'byzantine(replica[0], equivocate)' },
  join: { positional: ['nodes'], required: 1, options: [], example: 'join(replica[3])' },
  leave: { positional: ['nodes'], required: 1, options: [], example: 'leave(replica[3])' },
  chaos: {
    positional: [],
    required: 0,
    options: [
      { name: 'rate', type: RATE, required: true, documentation: 'Faults per second, drawn within the budgets of the fault model.' },
      { name: 'until', type: DURATION, documentation: 'When it ends. Default: with the scenario.' },
    ],
    example: 'chaos(rate: 1/s, until: 20s)',
  },
};

const NODE_SETS = new Set(['nodes', 'from', 'to', 'sides']);
const BUILT_IN = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'];

/** A fault action of a scenario, its positional arguments named. */
export function elaborateAction(node: FaultAction, system: SystemContext): Omit<ActionCode, 'at'> | null {
  const { context, scope } = system;
  const nameSpan = spanOfProperty(node, 'action');
  const rule = Object.hasOwn(rules, node.action) ? rules[node.action as Action] : undefined;
  if (!rule) {
    const near = nearest(node.action, Object.keys(rules));
    context.error('DS1251', nameSpan, `there is no fault action \`${node.action}\``, {
      help: near
        ? `did you mean \`${near}\`?`
        : `the actions are ${Object.keys(rules)
            .map((name) => `\`${name}\``)
            .join(', ')}`,
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span: nameSpan, text: near }], preferred: true }] : [],
    });
    for (const item of node.arguments.items) inferExpression(item.value, null, scope, context);
    return null;
  }
  const action = node.action as Action;
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
  return { action, sets, options, zone, behavior, message, choice, when: null, span: spanOf(node) };
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
    if (BUILT_IN.includes(node.name)) return node.name;
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
