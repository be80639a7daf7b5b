// From a simulation's result to what the panel draws. Pure: the language server calls it where the run was made, and only
// plain arrays travel on. Limits keep a long run's view within what an editor can take; what was left out is counted.

import type { Span } from '../base/source.ts';
import type { System } from '../model/system.ts';
import type { ScenarioResult, Verdict, Violation } from '../simulator/result.ts';
import { EventKind, type Trace } from '../simulator/trace.ts';
import { topologyOfRun } from './topology-view.ts';
import { bandsOf } from './trace-bands.ts';
import { messagesOf } from './trace-messages.ts';
import { plotsOf } from './trace-plots.ts';
import type { EventTable, RunView, SourcePlace, StateTable, VerdictView } from './view-model.ts';
import { viewVersion } from './view-model.ts';

/** Rows of one table of the view at the most. */
export const rowsMax = 50_000;

/** Finds line and column of a span; null where the text is not at hand. */
export type PlaceOf = (span: Span) => SourcePlace | null;

/** Nanoseconds, the unit of the tool, in milliseconds, the unit of the view. */
export function toMs(ns: number): number {
  return ns / 1e6;
}

/** The view of a scenario's result; its shown run should have been made with a trace. */
export function toViewModel(system: System, result: ScenarioResult, placeOf: PlaceOf): RunView {
  const { shown } = result;
  const trace = shown?.trace ?? emptyTrace;
  const texts = new Texts();
  const topology = topologyOfRun(system, trace);
  const durationMs = Math.max(toMs(shown?.end ?? 0), trace.length > 0 ? toMs(trace.time[trace.length - 1] as number) : 0);
  const { messages, omitted } = messagesOf(trace, durationMs, texts, rowsMax);
  const events = eventsOf(trace, texts);
  const states = statesOf(trace, texts);
  const problem = problemOf(result);
  return {
    version: viewVersion,
    scenario: result.scenario,
    faultModel: result.faultModel,
    variant: result.variant,
    passed: result.passed,
    problem,
    problemPlace: shown?.error ? placeOf(shown.error.span) : null,
    seed: shown?.seed ?? 0,
    seeds: result.runs.length,
    // An axis needs a length even for a run that ended at once.
    durationMs: durationMs || 1,
    digest: shown?.digest ?? '',
    topology,
    verdicts: result.verdicts.map((verdict) => verdictView(system, result, verdict, placeOf)),
    messageTypes: trace.names,
    eventKinds: eventKindNames,
    variables: trace.names,
    messages,
    bands: bandsOf(trace, topology, durationMs),
    events: events.table,
    states: states.table,
    plots: plotsOf(trace, durationMs),
    omitted: { messages: omitted, events: events.omitted, states: states.omitted },
    texts: texts.all,
  };
}

/** Texts of a view, each once. */
export class Texts {
  readonly all: string[] = [];
  private readonly indices = new Map<string, number>();

  indexOf(text: string): number {
    let index = this.indices.get(text);
    if (index === undefined) {
      index = this.all.push(text) - 1;
      this.indices.set(text, index);
    }
    return index;
  }
}

function verdictView(system: System, result: ScenarioResult, verdict: Verdict, placeOf: PlaceOf): VerdictView {
  const violation = violationOf(system, result, verdict);
  return {
    text: verdict.text,
    kind: verdict.kind,
    passed: verdict.passed,
    detail: verdict.detail,
    seed: verdict.seed,
    place: placeOf(verdict.span),
    timeMs: violation ? toMs(violation.time) : null,
  };
}

/** The violation in the shown run that a verdict is about: of its property, or of the one that is expected to be violated. */
function violationOf(system: System, { scenario, shown }: ScenarioResult, { span, kind, deployment }: Verdict): Violation | undefined {
  const expectation = system.scenarios
    .find(({ name }) => name === scenario)
    ?.expectations.find((candidate) => candidate.span.uri === span.uri && candidate.span.start === span.start)?.expect;
  // A verdict stands at the property's name, a violation at the whole property.
  const holds = (whole: Span): boolean => whole.uri === span.uri && whole.start <= span.start && span.end <= whole.end;
  return shown?.violations.find((violation) =>
    expectation?.kind === 'violated'
      ? violation.property === expectation.property && violation.deployment === expectation.deployment
      : violation.kind === kind && holds(violation.span) && (deployment === undefined || violation.deployment === deployment),
  );
}

function problemOf({ shown, stopped }: ScenarioResult): string | null {
  if (shown?.error) {
    const { node, message, kind } = shown.error;
    return `${kind === 'limit' ? 'Stopped by a limit' : 'Run-time error'}${node ? ` at ${node}` : ''}: ${message}`;
  }
  if (stopped === 'limit') return 'A limit ended the simulation before all seeds were tried.';
  if (stopped === 'cancelled') return 'The simulation was cancelled before all seeds were tried.';
  if (shown?.trace?.truncated) return 'The run had more events than are kept: what follows shows its beginning.';
  return null;
}

/** What the log calls each kind of event, by its number. */
const eventKindNames: readonly string[] = Object.entries({
  send: 'send',
  deliver: 'deliver',
  lose: 'lost',
  timeout: 'timeout',
  start: 'start',
  crash: 'crash',
  recover: 'recover',
  outage: 'outage',
  outageEnd: 'outage over',
  partition: 'partition',
  heal: 'heal',
  byzantine: 'byzantine',
  emit: 'event',
  call: 'call',
  reply: 'reply',
  giveUp: 'no answer',
  state: 'state',
  violation: 'violation',
  error: 'error',
  slow: 'slow',
  skew: 'clock skew',
  duplicate: 'duplicate',
  omit: 'omission',
  links: 'links',
  linksEnd: 'links again',
  pause: 'pause',
  drift: 'clock drift',
  local: 'local step',
  nodeCall: 'call by a node',
  nodeAnswer: 'answer to a node',
} satisfies Record<keyof typeof EventKind, string>).reduce<string[]>((names, [key, name]) => {
  names[EventKind[key as keyof typeof EventKind]] = name;
  return names;
}, []);

/** Messages and state changes have tables of their own; everything else that happened is the log. */
const notInLog: ReadonlySet<number> = new Set([EventKind.send, EventKind.deliver, EventKind.state]);

function eventsOf(trace: Trace, texts: Texts): { table: EventTable; omitted: number } {
  const table = { timeMs: [] as number[], node: [] as number[], kind: [] as number[], text: [] as number[] };
  let omitted = 0;
  for (let row = 0; row < trace.length; row += 1) {
    const kind = trace.kind[row] as number;
    if (notInLog.has(kind)) continue;
    if (table.timeMs.length >= rowsMax) {
      omitted += 1;
      continue;
    }
    table.timeMs.push(toMs(trace.time[row] as number));
    table.node.push(trace.node[row] as number);
    table.kind.push(kind);
    table.text.push(texts.indexOf(eventText(trace, row)));
  }
  return { table, omitted };
}

/** Faults of nodes whose end is an event of the same kind that says nothing. */
const ended: ReadonlySet<number> = new Set([EventKind.byzantine, EventKind.slow, EventKind.omit, EventKind.pause, EventKind.drift]);

function eventText(trace: Trace, row: number): string {
  const name = trace.names[trace.name[row] as number] ?? '';
  const detail = trace.details[trace.detail[row] as number] ?? '';
  if (ended.has(trace.kind[row] as number) && !name && !detail) return 'over';
  const peer = trace.nodes[trace.peer[row] as number];
  const from = trace.kind[row] === EventKind.lose && peer ? `from ${peer}` : '';
  const call = name && detail && !detail.startsWith('(') ? `${name}(${detail})` : `${name}${detail}`;
  return [call, from].filter(Boolean).join(' ');
}

function statesOf(trace: Trace, texts: Texts): { table: StateTable; omitted: number } {
  const table = { timeMs: [] as number[], node: [] as number[], variable: [] as number[], value: [] as number[] };
  let omitted = 0;
  for (let row = 0; row < trace.length; row += 1) {
    if (trace.kind[row] !== EventKind.state) continue;
    if (table.timeMs.length >= rowsMax) {
      omitted += 1;
      continue;
    }
    table.timeMs.push(toMs(trace.time[row] as number));
    table.node.push(trace.node[row] as number);
    table.variable.push(trace.name[row] as number);
    table.value.push(texts.indexOf(trace.details[trace.detail[row] as number] ?? ''));
  }
  return { table, omitted };
}

const emptyTrace: Trace = {
  version: 1,
  nodes: [],
  zones: [],
  length: 0,
  truncated: false,
  time: new Float64Array(),
  kind: new Uint8Array(),
  node: new Int32Array(),
  peer: new Int32Array(),
  name: new Int32Array(),
  link: new Int32Array(),
  detail: new Int32Array(),
  names: [],
  details: [],
};
