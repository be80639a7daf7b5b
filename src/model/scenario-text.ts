import { exactDuration } from '../base/units.ts';
import { actionText, callText } from './action-text.ts';
import type { Scenario } from './scenario.ts';
import { scheduleSource } from './schedule-text.ts';
import type { System } from './system.ts';
import { valueText } from './value-text.ts';

/** A scenario as the language writes it, each line behind `indent`: pasted into its system it is the same scenario. */
export function scenarioText(scenario: Scenario, system: System, indent = '  '): string {
  const { name, faults, vary, duration, seeds, seed, workloads, delays, schedule, actions, calls, expectations } = scenario;
  const model = faults === null ? undefined : system.faultModels[faults];
  const attributes = [
    `duration: ${exactDuration(duration)}`,
    `seeds: ${seeds}`,
    ...(seed === null ? [] : [`seed: ${seed}`]),
    ...(workloads ? [] : ['workloads: none']),
    ...(delays === 'drawn' ? [] : [`delays: ${delays}`]),
    ...(schedule.kind === 'latency' ? [] : [`schedule: ${scheduleSource(schedule)}`]),
  ];
  // Faults strike before what else happens at an instant, so they stand first there.
  const timed = [
    ...actions.map((action) => ({ at: action.at, text: actionText(action, system) })),
    ...calls.map((call) => ({ at: call.at, text: callText(call, system) })),
  ].sort((a, b) => a.at - b.at);
  const members = [
    ...(vary ? [`vary ${vary.name} in [${vary.values.map((value) => valueText(value, vary.type, system)).join(', ')}]`] : []),
    ...timed.map(({ at, text }) => `at ${exactDuration(at)} ${text}`),
    ...expectations.map(({ text }) => `expect ${text}`),
  ];
  const head = `${indent}scenario ${name}${model ? ` under ${model.name}` : ''} (${attributes.join(', ')}) {`;
  if (members.length === 0) return `${head} }`;
  return [head, ...members.map((member) => `${indent}  ${member}`), `${indent}}`].join('\n');
}
