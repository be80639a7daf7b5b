import { formatDuration } from '../base/units.ts';
import { Attributes, bounds, checked } from './attributes.ts';
import type { ExpandContext } from './expand-context.ts';
import { atItsMoment } from './expand-fault-states.ts';
import { lossOf, sideOf } from './expand-faults.ts';
import { reportIdleOptions } from './idle-crashes.ts';
import type { LinkFinder } from './link-finder.ts';
import type { Behavior, BuiltInBehavior, FaultAction } from './scenario.ts';
import type { Deployment } from './system.ts';
import type { ActionCode } from './system-code.ts';
import type { Distribution } from './values.ts';

/** Pairs that one `churn` may strike: each has an event pending all the time. */
const mostChurned = 100_000;

type Action = FaultAction['action'];

/** A fault action with its sets as nodes; null when it cannot be worked out, which a finding says. */
export function expandAction(
  context: ExpandContext,
  code: ActionCode,
  links: LinkFinder,
  deployments: readonly Deployment[],
): FaultAction | null {
  const at = code.at ? context.number(code.at) : 0;
  if (at === undefined || (code.at && !checked(context, 'at', at, bounds.nonNegative, code.at.span, { kind: 'Duration' }))) return null;
  const action = actionOf(context, code);
  if (!action) return null;
  reportIdle(context, code, action, links);
  reportUntil(context, code, action, at);
  const made = atItsMoment(context, code, { at, span: code.span, action }, deployments);
  if (made) reportIdleOptions(context, code, made, deployments);
  return made;
}

function actionOf(context: ExpandContext, code: ActionCode): Action | null {
  const options = new Attributes(context, code.options);
  const set = (name: string): readonly number[] | null => {
    const found = code.sets.find((item) => item.name === name);
    return found ? (context.nodeSet(found.value) ?? null) : null;
  };
  const lasts = options.number('for', bounds.positive);
  const nodes = set('nodes');
  const everyone = (): readonly number[] => context.nodes.map((node) => node.index);
  const { message } = code;
  switch (code.action) {
    case 'heal':
      return { kind: 'heal' };
    case 'chaos': {
      const rate = options.number('rate', bounds.positive);
      return rate === null ? null : { kind: 'chaos', rate, until: options.number('until', bounds.positive) };
    }
    case 'outage': {
      const zone = code.zone === null ? undefined : context.zone(code.zone);
      return zone ? { kind: 'outage', zone: zone.index, nodes: zone.nodes, for: lasts } : null;
    }
    case 'partition': {
      const sides = code.sets.map((item) => context.nodeSet(item.value));
      return sides.includes(undefined) ? null : { kind: 'partition', sides: sides.filter((side) => side !== undefined), for: lasts };
    }
    case 'lose':
    case 'duplicate':
    case 'reorder': {
      const probability = options.number('probability', bounds.probability) ?? 1;
      return { kind: code.action, from: set('from') ?? everyone(), to: set('to') ?? everyone(), probability, message, for: lasts };
    }
    case 'delay': {
      const by = options.number('by', bounds.positive);
      return by === null ? null : { kind: 'delay', from: set('from') ?? everyone(), to: set('to') ?? everyone(), by, message, for: lasts };
    }
    case 'hold':
      return lasts === null ? null : { kind: 'hold', from: set('from') ?? everyone(), to: set('to') ?? everyone(), message, for: lasts };
    case 'disconnect': {
      const [from, to] = [set('from'), set('to')];
      return from && to && { kind: 'disconnect', from, to, oneWay: options.flag('one_way'), for: lasts };
    }
    case 'crash':
      return nodes && { kind: 'crash', nodes, for: lasts, ...lossOf(options), ...midBroadcast(options) };
    case 'isolate':
      return nodes && { kind: 'isolate', nodes, for: lasts };
    case 'pause':
      return nodes && lasts !== null ? { kind: 'pause', nodes, for: lasts } : null;
    case 'drift': {
      const rate = options.number('rate', bounds.drift);
      return nodes && rate !== null ? { kind: 'drift', nodes, rate, for: lasts } : null;
    }
    case 'omit':
      return nodes && { kind: 'omit', nodes, side: sideOf(options), share: options.number('share', bounds.probability) ?? 1, for: lasts };
    case 'recover':
    case 'join':
    case 'leave':
      return nodes && { kind: code.action, nodes };
    case 'slow': {
      const factor = options.number('factor', bounds.slowdown) ?? 10;
      if (!code.sets.some(({ name }) => name === 'to')) return nodes && slowNodes(context, code, options, nodes, factor, lasts);
      const to = set('to');
      return nodes && to && { kind: 'slow_links', from: nodes, to, factor, oneWay: options.flag('one_way'), for: lasts };
    }
    case 'churn':
      return churnOf(context, code, options, nodes, set('to'));
    case 'skew': {
      const offset = options.number('offset', bounds.any);
      return nodes && offset !== null ? { kind: 'skew', nodes, offset } : null;
    }
    case 'byzantine': {
      const behavior = behaviorOf(context, code.behavior);
      return nodes && behavior ? { kind: 'byzantine', nodes, behavior, for: lasts } : null;
    }
  }
}

function midBroadcast(options: Attributes): { readonly afterSends?: number; readonly within?: number } {
  const afterSends = options.number('after_sends', bounds.positiveCount);
  if (afterSends === null) return {};
  const within = options.number('within', bounds.positive);
  return within === null ? { afterSends } : { afterSends, within };
}

function slowNodes(
  context: ExpandContext,
  code: ActionCode,
  options: Attributes,
  nodes: readonly number[],
  factor: number,
  lasts: number | null,
): Action {
  const span = options.span('one_way');
  if (span) {
    context.report('DS2014', 'warning', span, '`one_way` says nothing here: these are nodes, and links have two ends.', {
      help: `Name the other end as well, \`slow(a, b, one_way: true)\`, or remove it.`,
      labels: [{ span: code.span, message: 'one set of nodes' }],
    });
  }
  return { kind: 'slow', nodes, factor, for: lasts };
}

/** Of nodes, or of the links between two sets where `to` is given. */
function churnOf(
  context: ExpandContext,
  code: ActionCode,
  options: Attributes,
  nodes: readonly number[] | null,
  to: readonly number[] | null,
): Action | null {
  const up = timeOf(context, code, options, 'up');
  const down = timeOf(context, code, options, 'down');
  const until = options.number('until', bounds.positive);
  if (!nodes || !up || !down) return null;
  if (!code.sets.some(({ name }) => name === 'to')) return { kind: 'churn', nodes, up, down, until };
  if (!to) return null;
  const most = { allowed: `at most ${mostChurned.toLocaleString('en')} pairs of nodes`, holds: (pairs: number) => pairs <= mostChurned };
  return checked(context, 'churn', nodes.length * to.length, most, code.span)
    ? { kind: 'churn_links', from: nodes, to, up, down, until }
    : null;
}

function timeOf(context: ExpandContext, code: ActionCode, options: Attributes, name: 'up' | 'down'): Distribution | null {
  const found = options.distribution(name);
  if (found?.kind !== 'constant') return found;
  return checked(context, name, found.value, bounds.positive, options.valueSpan(name) ?? code.span, { kind: 'Duration' }) ? found : null;
}

/** DS2014: sets that are empty, or between which no message or link can be. DS2015: an order that cannot be disturbed. */
function reportIdle(context: ExpandContext, code: ActionCode, action: Action, links: LinkFinder): void {
  const idle = (message: string, help: string): void => context.report('DS2014', 'warning', code.span, message, { help });
  const sets = setsOf(action);
  const empty = action.kind === 'partition' ? sets.every(isEmpty) : sets.some(isEmpty);
  if (empty) {
    idle('This strikes nothing: there are no nodes in it.', 'Name the nodes that it is to strike, or remove it.');
    return;
  }
  if (!('from' in action)) return;
  const bothWays = action.kind === 'disconnect' || action.kind === 'slow_links' || action.kind === 'churn_links';
  const classes = [...links.classes(action.from, action.to), ...(bothWays ? links.classes(action.to, action.from) : [])];
  if (classes.length === 0) {
    const [from, to] = [action.from[0] as number, action.to[0] as number];
    if (action.from.length === 1 && action.to.length === 1 && from === to) {
      const name = context.nodes[from]?.name ?? '';
      idle(`This strikes nothing: \`${name}\` has no link to itself.`, 'Name two different ends.');
    } else {
      idle('This strikes nothing: no link leads from the one set to the other.', 'Name the two ends of links, hop by hop.');
    }
    return;
  }
  if ('oneWay' in action && action.oneWay && sameNodes(action.from, action.to)) {
    context.report(
      'DS2014',
      'warning',
      code.span,
      '`one_way` says nothing here: both sets are the same, so every link has both directions struck.',
      {
        help: 'Name two different sets, or remove `one_way`.',
      },
    );
  }
  if (action.kind === 'reorder' && classes.every((linkClass) => links.attributes(linkClass).fifo)) {
    context.report(
      'DS2015',
      'warning',
      code.span,
      'Nothing is reordered here: all these links keep the order of their messages (`fifo`).',
      {
        why: 'A link with `fifo: true` delivers messages in the order in which they were sent, whatever happens to them.',
        help: 'Remove this, or let the links have no `fifo`.',
      },
    );
  }
}

/** DS2017: `until` is a moment, not a length. */
function reportUntil(context: ExpandContext, code: ActionCode, action: Action, at: number): void {
  if (!('until' in action) || action.until === null || action.until > at) return;
  const span = code.options.find(({ name }) => name === 'until')?.span ?? code.span;
  context.report(
    'DS2017',
    'warning',
    span,
    `This begins at ${formatDuration(at)} and ends at ${formatDuration(action.until)}, so that nothing happens.`,
    {
      why: '`until` is a moment of the scenario, counted from its beginning.',
      help: 'Let it end later than it begins.',
      numbers: { at, until: action.until },
    },
  );
}

/** The sets of nodes that an action names; a zone without nodes is reported where it is declared. */
function setsOf(action: Action): readonly (readonly number[])[] {
  if (action.kind === 'partition') return action.sides;
  if ('from' in action) return [action.from, action.to];
  return 'nodes' in action && action.kind !== 'outage' ? [action.nodes] : [];
}

const isEmpty = (nodes: readonly number[]): boolean => nodes.length === 0;

function sameNodes(first: readonly number[], second: readonly number[]): boolean {
  return first.length === second.length && first.every((node, index) => node === second[index]);
}

const builtIn: readonly string[] = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'] satisfies BuiltInBehavior[];

/** A built-in behaviour or an adversary by name; a Byzantine node without one is silent. */
function behaviorOf(context: ExpandContext, name: string | null): Behavior | null {
  if (name === null) return { kind: 'built-in', name: 'silent' };
  const adversary = context.code.adversaries.findIndex((candidate) => candidate.name === name);
  if (adversary >= 0) return { kind: 'adversary', adversary };
  return builtIn.includes(name) ? { kind: 'built-in', name: name as BuiltInBehavior } : null;
}
