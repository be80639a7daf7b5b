import type { ActionCode } from '../../model/system-code.ts';
import { BOOL, DURATION, distributionOf, INT, RATE, REAL } from '../types/type.ts';
import { type AttributeRule, attributeDeclaration, LOSES, SIDE, valuesText } from './attribute-rules.ts';
import { type Declaration, explained, givenDeclaration } from './context.ts';

type Action = ActionCode['action'];

export interface ActionRule {
  readonly documentation: string;
  /** What stands in front, in order: node sets by name, `sides` any number, a `zone`, a `behavior`, or an option by its name. */
  readonly positional: readonly string[];
  /** How many of `positional` must be given. */
  readonly required: number;
  readonly options: readonly AttributeRule[];
  readonly example: string;
}

const FOR: AttributeRule = { name: 'for', type: DURATION, example: '5s', documentation: 'How long it lasts. Default: for good.' };
const PROBABILITY: AttributeRule = {
  name: 'probability',
  example: '10%',
  type: REAL,
  documentation: 'The share of messages that it strikes. Default: all.',
};

/** Its value is the name of a message type. */
export const MESSAGE: AttributeRule = {
  name: 'message',
  type: 'message',
  documentation: 'The one message type that it strikes. Default: everything, calls and answers too.',
};
const ONE_WAY: AttributeRule = {
  name: 'one_way',
  type: BOOL,
  documentation: 'Whether it strikes only what goes from the first set to the second. Default: false.',
};

export const actionRules: Readonly<Record<Action, ActionRule>> = {
  crash: {
    documentation:
      'Nodes stop; `var`, timers and what they have not handled are lost, `durable` variables stay. With `for` they come back and run `on recover`.',
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
        example: '1s',
        type: DURATION,
        documentation: 'With `after_sends`: when a node that has not sent so many crashes all the same. Default: never.',
      },
      LOSES,
      FOR,
    ],
    example: 'crash(replica[0], for: 5s)',
  },
  recover: {
    documentation: 'Nodes that have crashed come back and run `on recover`.',
    positional: ['nodes'],
    required: 1,
    options: [],
    example: 'recover(replica[0])',
  },
  outage: {
    documentation: 'All nodes of a zone, and of the zones in it, are down.',
    positional: ['zone'],
    required: 1,
    options: [FOR],
    example: 'outage(eu, for: 5s)',
  },
  partition: {
    documentation: 'The sides cannot hear each other; nodes that are in none form one more side. What is under way across the cut is lost.',
    positional: ['sides'],
    required: 1,
    options: [FOR],
    example: 'partition(eu, us, for: 5s)',
  },
  heal: {
    documentation: 'Every partition and every `disconnect` that lasts ends now.',
    positional: [],
    required: 0,
    options: [],
    example: 'heal()',
  },
  isolate: {
    documentation: 'The nodes are cut off, from each other too, while they go on running.',
    positional: ['nodes'],
    required: 1,
    options: [FOR],
    example: 'isolate(replica[0], for: 5s)',
  },
  slow: {
    documentation:
      'Nodes take `factor` times as long for each message and for what they send; with two sets it is the links between them that are slow (gray), not dead.',
    positional: ['nodes', 'to', 'factor'],
    required: 1,
    options: [{ name: 'factor', example: '20', type: REAL, documentation: 'How many times slower. Default: 10.' }, ONE_WAY, FOR],
    example: 'slow(replica[0], factor: 20, for: 5s)',
  },
  pause: {
    documentation:
      'Nodes stand still but count as up (a stop-the-world collection, a machine that is moved). At the end the timers fire that were due, then what has arrived comes.',
    positional: ['nodes'],
    required: 1,
    options: [{ ...FOR, required: true, documentation: 'How long the nodes do nothing.' }],
    example: 'pause(replica[0], for: 2s)',
  },
  drift: {
    documentation: 'Clocks run faster (or slower, `-2%`) than time from now on, timers that are set included.',
    positional: ['nodes', 'rate'],
    required: 2,
    options: [
      { name: 'rate', type: REAL, example: '2%', documentation: 'How much faster the clocks run than time: `2%`, or `-2%` for slower.' },
      FOR,
    ],
    example: 'drift(replica[0], 2%, for: 5s)',
  },
  omit: {
    documentation: 'Nodes lose this share of what they send, receive or both, as a bad network card does.',
    positional: ['nodes', 'share'],
    required: 1,
    options: [
      SIDE,
      { name: 'share', example: '30%', type: REAL, documentation: 'The share of the messages that is lost there. Default: all.' },
      FOR,
    ],
    example: 'omit(replica[0], side: send, share: 30%, for: 5s)',
  },
  lose: {
    documentation: 'This share of what goes over links from the first set to the second is lost. Sets that are left out are everybody.',
    positional: ['from', 'to', 'probability'],
    required: 0,
    options: [PROBABILITY, MESSAGE, FOR],
    example: 'lose(client, replica, probability: 10%, for: 5s)',
  },
  duplicate: {
    documentation: 'This share of what goes over links from the first set to the second arrives twice.',
    positional: ['from', 'to', 'probability'],
    required: 0,
    options: [PROBABILITY, MESSAGE, FOR],
    example: 'duplicate(client, replica, probability: 10%, for: 5s)',
  },
  reorder: {
    documentation: 'This share of what goes over links from the first set to the second is overtaken by what is sent after it.',
    positional: ['from', 'to', 'probability'],
    required: 0,
    options: [PROBABILITY, MESSAGE, FOR],
    example: 'reorder(client, replica, probability: 10%, for: 5s)',
  },
  delay: {
    documentation: 'What goes over links from the first set to the second arrives `by` later.',
    positional: ['from', 'to', 'by'],
    required: 0,
    options: [
      { name: 'by', example: '50ms', type: DURATION, required: true, documentation: 'What is added to the time that a message takes.' },
      MESSAGE,
      FOR,
    ],
    example: 'delay(client, replica, by: 50ms, for: 5s)',
  },
  hold: {
    documentation: 'What goes from the first set to the second waits, and goes on in the order in which it was sent when `for` is over.',
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
    documentation: 'The links between two sets are cut, while both still reach everybody else: a partial partition.',
    positional: ['from', 'to'],
    required: 2,
    options: [ONE_WAY, FOR],
    example: 'disconnect(replica[0], replica[1], for: 5s)',
  },
  churn: {
    documentation:
      'Nodes leave and join again and again, up and down for times drawn anew; with two sets it is the links between them that fail and come back.',
    positional: ['nodes', 'to'],
    required: 1,
    options: [
      {
        name: 'up',
        example: 'exponential(20s)',
        type: distributionOf(DURATION),
        required: true,
        documentation: 'How long each node or link stays up.',
      },
      {
        name: 'down',
        example: 'exponential(2s)',
        type: distributionOf(DURATION),
        required: true,
        documentation: 'How long it then stays away.',
      },
      { name: 'until', example: '20s', type: DURATION, documentation: 'When all are back. Default: the end of the scenario.' },
    ],
    example: 'churn(replica, up: exponential(20s), down: exponential(2s))',
  },
  skew: {
    documentation: 'Clocks are set forward, or back with a negative offset; timers are not moved.',
    positional: ['nodes', 'offset'],
    required: 2,
    options: [
      { name: 'offset', example: '200ms', type: DURATION, documentation: 'What is added to the clocks; negative to set them back.' },
    ],
    example: 'skew(replica[0], offset: 200ms)',
  },
  byzantine: {
    documentation: 'Nodes lie: in one of the built-in ways, or as an adversary written for the protocol does.',
    positional: ['nodes', 'behavior'],
    required: 1,
    options: [FOR],
    example: 'byzantine(replica[0], equivocate)',
  },
  join: {
    documentation: 'Nodes that are away take part: they run `on start` if they never ran, else `on recover`.',
    positional: ['nodes'],
    required: 1,
    options: [],
    example: 'join(replica[3])',
  },
  leave: {
    documentation: 'Nodes are away until they `join`. One that leaves without `at` is not there from the beginning.',
    positional: ['nodes'],
    required: 1,
    options: [],
    example: 'leave(replica[3])',
  },
  chaos: {
    documentation: 'Random faults, so many a second on average, each within what the fault model of the scenario still has room for.',
    positional: [],
    required: 0,
    options: [
      { name: 'rate', type: RATE, required: true, documentation: 'Faults per second, drawn within the budgets of the fault model.' },
      { name: 'until', example: '20s', type: DURATION, documentation: 'When it ends. Default: with the scenario.' },
    ],
    example: 'chaos(rate: 1/s, until: 20s)',
  },
};

export const NODE_SETS: ReadonlySet<string> = new Set(['nodes', 'from', 'to', 'sides']);

const places: Readonly<Record<string, string>> = {
  nodes: 'The nodes that it strikes: a group, zone, set or single node, `any(…)` of them, or those that their states tell.',
  from: 'The nodes at the one end of the links.',
  to: 'The nodes at the other end of the links.',
  sides: 'Sets of nodes that cannot hear each other.',
  zone: 'The zone that is down.',
  behavior: 'How the nodes lie.',
};

/** The ways to lie that the simulator knows by itself. */
export const behaviors: Readonly<Record<string, string>> = {
  silent: 'Others hear nothing of it, and as a relay it passes nothing on.',
  equivocate: 'A random half of the others hears the truth, the other half one and the same other story.',
  corrupt: 'Half of its messages, and of those that it relays, have one field altered at random.',
  delay: 'It tells the truth, on average ten times as late.',
  replay: 'It tells the truth, and now and then an old message again.',
  random: 'For each message one of the other behaviors, or the truth.',
};

/** `crash(nodes, after_sends: Int, for: Duration)`: required arguments first as they stand, what may be left out in brackets. */
function signatureOf(action: string, { positional, required, options }: ActionRule): string {
  const byPlace = positional.filter((name) => !options.some((option) => option.name === name));
  const first = byPlace.map((name, at) => `${name === 'sides' ? 'side, …' : name}${at < required ? '' : '?'}`);
  const named = options.map((option) => `${option.name}${option.required ? '' : '?'}: ${valuesText(option)}`);
  return `${action}(${[...first, ...named].join(', ')})`;
}

/** An action as the editor tells of it. */
export function actionDeclaration(action: string, rule: ActionRule): Declaration {
  return givenDeclaration(action, signatureOf(action, rule), explained(rule.documentation, `at 5s ${rule.example}`));
}

/** An argument of an action as the editor tells of it; undefined where the action has none of this name. */
export function argumentDeclaration(rule: ActionRule, name: string): Declaration | undefined {
  const option = rule.options.find((candidate) => candidate.name === name);
  if (option) return attributeDeclaration(option);
  return rule.positional.includes(name) ? givenDeclaration(name, name, places[name] ?? '') : undefined;
}

/** A way to lie as the editor tells of it. */
export function behaviorDeclaration(name: string): Declaration {
  return givenDeclaration(name, `byzantine(…, ${name})`, explained(behaviors[name] ?? '', `at 5s byzantine(replica[0], ${name}, for: 5s)`));
}
