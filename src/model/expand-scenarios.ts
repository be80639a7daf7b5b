import type { Fix } from '../base/finding.ts';
import { durationLiteral, formatDuration } from '../base/units.ts';
import { Attributes, bounds, checked } from './attributes.ts';
import type { ExpandContext } from './expand-context.ts';
import { expandScenarioCall } from './expand-deployments.ts';
import { sideOf } from './expand-faults.ts';
import type { Behavior, BuiltInBehavior, Deployment, Expectation, FaultAction, FaultModel, Scenario, ScenarioCall } from './system.ts';
import type { ActionCode, ExpectationCode, ScenarioCode } from './system-code.ts';
import type { Value } from './values.ts';

/** When a scenario does not say. */
const defaultDuration = 10_000_000_000;
const defaultSeeds = 20;

/** Values of one `vary`: more would be more runs than anybody waits for. */
const mostVaried = 1_000;

/** Scenarios in declared order. Actions that cannot be worked out are left out; the findings say why. */
export function expandScenarios(
  context: ExpandContext,
  faultModels: readonly FaultModel[],
  deployments: readonly Deployment[],
): Scenario[] {
  return context.code.scenarios.map((code) => expandScenario(context, code, faultModels, deployments));
}

function expandScenario(
  context: ExpandContext,
  code: ScenarioCode,
  faultModels: readonly FaultModel[],
  deployments: readonly Deployment[],
): Scenario {
  const attributes = new Attributes(context, code.attributes);
  const faults = code.faults === null ? -1 : faultModels.findIndex((model) => model.name === code.faults);
  const duration = attributes.number('duration', bounds.positive) ?? defaultDuration;
  const actions = code.actions.map((action) => expandAction(context, action)).filter((action) => action !== null);
  const calls = code.calls.map((call) => expandScenarioCall(context, call, deployments)).filter((call) => call !== null);
  for (const action of [...actions, ...calls]) {
    if (action.at < duration) continue;
    context.report(
      'DS2010',
      'warning',
      action.span,
      `This happens at ${formatDuration(action.at)}, and \`${code.name}\` ends at ${formatDuration(duration)}.`,
      {
        why: 'What lies beyond the end of a scenario never happens.',
        help: 'Move it to an earlier time or lengthen the scenario.',
        fixes: lengthen(attributes, action),
        numbers: { at: action.at, duration },
      },
    );
  }
  return {
    name: code.name,
    span: code.span,
    nameSpan: code.nameSpan,
    faults: faults < 0 ? null : faults,
    duration,
    seeds: attributes.number('seeds', bounds.seeds) ?? defaultSeeds,
    vary: expandVary(context, code),
    // A stable sort: actions at the same time stay in the order written.
    actions: [...actions].sort((a, b) => a.at - b.at),
    calls: [...calls].sort((a, b) => a.at - b.at),
    workloads: attributes.word('workloads') !== 'none',
    delays: attributes.word('delays') === 'mean' ? 'mean' : 'drawn',
    seed: attributes.number('seed', bounds.count),
    expectations: code.expectations.map((expectation) => expandExpectation(context, expectation)).filter((item) => item !== null),
  };
}

/** Long enough for the fault to last as long as it says, or as long again as it took to come. */
function lengthen(attributes: Attributes, timed: FaultAction | ScenarioCall): Fix[] {
  const { at } = timed;
  const span = attributes.valueSpan('duration');
  if (!span || !attributes.isLiteral('duration')) return [];
  const lasts = 'action' in timed && 'for' in timed.action && timed.action.for !== null ? timed.action.for : at;
  const text = durationLiteral(at + lasts);
  return [{ title: `Lengthen the scenario to ${text}`, edits: [{ span, text }] }];
}

function expandVary(context: ExpandContext, code: ScenarioCode): Scenario['vary'] {
  if (!code.vary) return null;
  const { name, span } = code.vary;
  const value = context.evaluate(code.vary.values);
  let values: readonly Value[] = [];
  if (typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'set')) values = value.items;
  else if (typeof value === 'object' && value?.kind === 'range') {
    const { min, max } = value;
    values = Array.from({ length: Math.max(0, Math.min(mostVaried, Math.floor(max - min) + 1)) }, (_, i) => min + i);
  }
  if (value === undefined) return null;
  if (
    !checked(
      context,
      'vary',
      values.length,
      { allowed: `a list of 1 to ${mostVaried} values`, holds: (n) => n >= 1 && n <= mostVaried },
      span,
    )
  ) {
    return null;
  }
  return { name, values, span };
}

function expandAction(context: ExpandContext, code: ActionCode): FaultAction | null {
  const at = code.at ? context.number(code.at) : 0;
  if (at === undefined || (code.at && !checked(context, 'at', at, bounds.nonNegative, code.at.span))) return null;
  const action = actionOf(context, code);
  return action && { at, span: code.span, action };
}

function actionOf(context: ExpandContext, code: ActionCode): FaultAction['action'] | null {
  const options = new Attributes(context, code.options);
  const set = (name: string): readonly number[] | null => {
    const found = code.sets.find((item) => item.name === name);
    return found ? (context.nodeSet(found.value) ?? null) : null;
  };
  const lasts = options.number('for', bounds.positive);
  const nodes = set('nodes');
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
    case 'duplicate': {
      const everyone = context.nodes.map((node) => node.index);
      return {
        kind: code.action,
        from: set('from') ?? everyone,
        to: set('to') ?? everyone,
        probability: options.number('probability', bounds.probability) ?? 1,
        for: lasts,
      };
    }
    case 'crash':
      return nodes && { kind: 'crash', nodes, for: lasts, ...midBroadcast(options) };
    case 'isolate':
      return nodes && { kind: 'isolate', nodes, for: lasts };
    case 'omit':
      return nodes && { kind: 'omit', nodes, side: sideOf(options), share: options.number('share', bounds.probability) ?? 1, for: lasts };
    case 'recover':
    case 'join':
    case 'leave':
      return nodes && { kind: code.action, nodes };
    case 'slow':
      return nodes && { kind: 'slow', nodes, factor: options.number('factor', bounds.slowdown) ?? 10, for: lasts };
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

const builtIn: readonly string[] = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'] satisfies BuiltInBehavior[];

/** A built-in behaviour or an adversary by name; a Byzantine node without one is silent. */
function behaviorOf(context: ExpandContext, name: string | null): Behavior | null {
  if (name === null) return { kind: 'built-in', name: 'silent' };
  const adversary = context.code.adversaries.findIndex((candidate) => candidate.name === name);
  if (adversary >= 0) return { kind: 'adversary', adversary };
  return builtIn.includes(name) ? { kind: 'built-in', name: name as BuiltInBehavior } : null;
}

function expandExpectation(context: ExpandContext, code: ExpectationCode): Expectation | null {
  const { text, span } = code;
  switch (code.expect.kind) {
    case 'violated':
      return { text, span, expect: { kind: 'violated', property: code.expect.property, deployment: code.expect.run } };
    case 'metric':
      return { text, span, expect: code.expect };
    case 'linearizable': {
      const { specification: name, negated } = code.expect;
      const specification = context.code.specifications.findIndex((candidate) => candidate.name === name);
      return specification < 0 ? null : { text, span, expect: { kind: 'linearizable', specification, negated } };
    }
  }
}
