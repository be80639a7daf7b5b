import type { Fix } from '../base/finding.ts';
import { durationLiteral, formatDuration } from '../base/units.ts';
import { Attributes, bounds, checked } from './attributes.ts';
import { expandAction } from './expand-actions.ts';
import type { ExpandContext } from './expand-context.ts';
import { expandScenarioCall } from './expand-deployments.ts';
import { LinkFinder } from './link-finder.ts';
import type { Expectation, FaultAction, Scenario, ScenarioCall, Schedule } from './scenario.ts';
import type { Deployment, FaultModel, Network } from './system.ts';
import type { ExpectationCode, ScenarioCode } from './system-code.ts';
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
  network: Network,
): Scenario[] {
  const links = new LinkFinder(network, context.nodes.length);
  return context.code.scenarios.map((code) => expandScenario(context, code, faultModels, deployments, links));
}

function expandScenario(
  context: ExpandContext,
  code: ScenarioCode,
  faultModels: readonly FaultModel[],
  deployments: readonly Deployment[],
  links: LinkFinder,
): Scenario {
  const attributes = new Attributes(context, code.attributes);
  const faults = code.faults === null ? -1 : faultModels.findIndex((model) => model.name === code.faults);
  const duration = attributes.number('duration', bounds.positive) ?? defaultDuration;
  const actions = code.actions.map((action) => expandAction(context, action, links, deployments)).filter((action) => action !== null);
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
    schedule: expandSchedule(attributes),
    seed: attributes.number('seed', bounds.count),
    expectations: code.expectations.map((expectation) => expandExpectation(context, expectation)).filter((item) => item !== null),
  };
}

function expandSchedule(attributes: Attributes): Schedule {
  const kind = attributes.word('schedule');
  if (kind === 'random' || kind === 'targeted') return { kind };
  if (kind === 'pct') {
    const depth = attributes.number('schedule depth', bounds.scheduleDepth);
    return depth === null ? { kind: 'latency' } : { kind, depth };
  }
  if (kind === 'delay_bounded') {
    const delays = attributes.number('schedule delays', bounds.scheduleDelays);
    return delays === null ? { kind: 'latency' } : { kind, delays };
  }
  return { kind: 'latency' };
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
  const { type } = code.vary.values;
  return { name, values, type: 'of' in type ? type.of : type, span };
}

function expandExpectation(context: ExpandContext, code: ExpectationCode): Expectation | null {
  const { text, span } = code;
  switch (code.expect.kind) {
    case 'violated':
      return { text, span, expect: { kind: 'violated', property: code.expect.property, deployment: code.expect.run } };
    case 'metric':
      return { text, span, expect: code.expect };
    case 'history': {
      const { criterion, specification: name, negated } = code.expect;
      const specification = context.code.specifications.findIndex((candidate) => candidate.name === name);
      return specification < 0 ? null : { text, span, expect: { kind: 'history', criterion, specification, negated } };
    }
  }
}
