import stringWidth from 'fast-string-width';
import { frequencyText } from '../simulator/frequency.ts';
import type { RunResult, ScenarioResult, Violation } from '../simulator/result.ts';
import { type ShrinkReport, sizesText } from '../simulator/shrink/report.ts';
import { coverageLines } from './coverage-text.ts';
import { printable } from './printable.ts';
import { type ScenarioReport, scenarioName } from './report.ts';
import type { Places } from './sources.ts';
import type { Style } from './style.ts';
import { eventsBefore } from './trace-text.ts';
import { formatDuration, formatTime, plural } from './units.ts';

/** Events of the trace to show before a violation. */
const EVENTS_SHOWN = 15;
/** The first column grows to this width; a longer expectation moves its own line only. */
const MAX_TEXT_WIDTH = 56;
/** A message that carries a log would fill the screen; the trace file has all of it. */
const MAX_EVENT_LENGTH = 120;
/** Violations of one run to show: the first ones are the causes. */
const MAX_VIOLATIONS = 3;

/**
 * The verdicts of a scenario as a table, and for the run to look at what broke and what happened just before. Findings
 * of the runs are shown by the caller as code frames.
 */
export function renderScenario({ result, repeat, shrunk }: ScenarioReport, places: Places, style: Style): string {
  const place = places.of(result.span);
  const mark = result.passed ? style.green('pass') : style.red('FAIL');
  const under = result.faultModel === null ? '' : ` under ${result.faultModel}`;
  const lines = [
    `${mark} ${style.bold(printable(scenarioName(result)))}${printable(under)} ${style.dim(`${printable(place.path)}:${place.line}, ${seedsOf(result)}`)}`,
  ];
  const width = Math.min(MAX_TEXT_WIDTH, Math.max(0, ...result.verdicts.map((verdict) => stringWidth(printable(verdict.text)))));
  for (const verdict of result.verdicts) {
    const text = printable(oneLine(verdict.text));
    const fill = ' '.repeat(Math.max(0, width - stringWidth(text)));
    const sign = verdict.passed ? style.green('pass') : style.red('FAIL');
    const seed = verdict.seed === null || verdict.detail.includes(`seed ${verdict.seed}`) ? '' : style.dim(` (seed ${verdict.seed})`);
    const often = verdict.rate ? frequencyText(verdict.rate) : '';
    lines.push(`  ${sign}  ${text}${fill}  ${printable(verdict.detail)}${seed}${often === '' ? '' : style.dim(`; ${often}`)}`);
  }
  if (result.coverage) lines.push(...coverageLines(result.coverage, places, style));
  if (result.stopped === 'limit') lines.push(`  ${style.yellow('stopped by a limit')}`);
  if (result.stopped === 'cancelled') lines.push(`  ${style.yellow('stopped before its end')}`);
  if (result.shown) lines.push(...shownRun(result.shown, style));
  if (!result.passed) lines.push(`  repeat with ${style.bold(printable(repeat))}`);
  for (const [index, report] of (result.shrunk ?? []).entries()) lines.push(...shrunkRun(report, shrunk?.[index], style));
  return `${lines.join('\n')}\n`;
}

/** The reduced run as a scenario to be put into the system, and the command that runs it. */
function shrunkRun(report: ShrinkReport, command: string | undefined, style: Style): string[] {
  const { failure, text, runs, isCutShort } = report;
  const rest = isCutShort ? '; with more runs it may become smaller (--shrink-runs)' : '';
  return [
    `  a smallest run in which ${style.bold(printable(oneLine(failure)))} fails: ${sizesText(report)} ${style.dim(`(${plural(runs, 'run')}${rest})`)}`,
    ...text.split('\n').map((line) => `  ${printable(line)}`),
    ...(command === undefined ? [] : [`  put it into the system and run ${style.bold(printable(command))}`]),
  ];
}

/** One line for a scenario that is as it should be, for long lists. */
export function renderScenarioBriefly({ result }: ScenarioReport, style: Style): string {
  return `${result.passed ? style.green('pass') : style.red('FAIL')} ${printable(scenarioName(result))} ${style.dim(seedsOf(result))}\n`;
}

function seedsOf(result: ScenarioResult): string {
  const seeds = result.runs.map((run) => run.seed);
  const first = seeds[0];
  if (first === undefined) return 'no run finished';
  return seeds.length === 1 ? `seed ${first}` : `${plural(seeds.length, 'seed')} (${first} to ${seeds.at(-1)})`;
}

function shownRun(run: RunResult, style: Style): string[] {
  const lines = [
    style.dim(
      `  seed ${run.seed}: digest ${run.digest}, ${plural(run.steps, 'event')}, ${plural(run.delivered, 'message')} delivered, ended at ${formatDuration(run.end)}`,
    ),
  ];
  const { error } = run;
  if (error) {
    lines.push(
      `  ${style.red(error.kind === 'limit' ? 'limit' : 'error')} at ${formatTime(error.time)} on ${printable(error.node)}: ${printable(error.message)}`,
    );
    lines.push(...eventLines(run, -1, error.time, style));
  }
  for (const [index, violation] of run.violations.slice(0, MAX_VIOLATIONS).entries()) {
    lines.push(...violationLines(run, violation, index === 0 && !error, style));
  }
  const more = run.violations.length - MAX_VIOLATIONS;
  if (more > 0) lines.push(`  ${style.dim(`and ${plural(more, 'more violation')} in this run`)}`);
  return lines;
}

function violationLines(run: RunResult, violation: Violation, withEvents: boolean, style: Style): string[] {
  const detail = violation.detail === '' ? '' : `: ${printable(violation.detail)}`;
  const line = `  ${style.red(`${violation.kind} ${printable(violation.property)} broken`)} at ${formatTime(violation.time)}${detail}`;
  if (!withEvents) return [line];
  // Where its time ran out (event -1), what happened before that moment is shown.
  return [line, ...eventLines(run, violation.event, violation.time, style)];
}

function eventLines(run: RunResult, event: number, time: number, style: Style): string[] {
  if (!run.trace) return [];
  // A trace that was cut off before the moment would show events that have nothing to do with it.
  const last = run.trace.length > 0 ? (run.trace.time[run.trace.length - 1] as number) : 0;
  if (run.trace.truncated && last < time) return [`    ${style.dim('the trace was cut off before this moment')}`];
  const events = eventsBefore(run.trace, event, time, EVENTS_SHOWN);
  const nodeWidth = Math.max(0, ...events.map((step) => stringWidth(printable(step.node))));
  const timeWidth = Math.max(0, ...events.map((step) => step.time.length));
  return events.map((step) => {
    const node = printable(step.node);
    return `    ${style.dim(step.time.padStart(timeWidth))}  ${node}${' '.repeat(nodeWidth - stringWidth(node))}  ${cut(printable(oneLine(step.text)))}`;
  });
}

function cut(text: string): string {
  return text.length > MAX_EVENT_LENGTH ? `${text.slice(0, MAX_EVENT_LENGTH - 1)}…` : text;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
