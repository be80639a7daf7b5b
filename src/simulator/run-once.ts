import { formatDuration } from '../base/units.ts';
import { isPlain } from '../compiler/layout.ts';
import type { Program } from '../compiler/program.ts';
import type { SequentialModel } from '../history/linearizability.ts';
import type { Expectation, FaultAction, Scenario, ScenarioCall } from '../model/scenario.ts';
import { spanKey } from '../model/span-key.ts';
import type { System } from '../model/system.ts';
import { loggedCalls } from './call-log.ts';
import { Calls } from './calls.ts';
import { Chaos } from './chaos.ts';
import { awaitMoment } from './chosen-moments.ts';
import { Churn } from './churn.ts';
import type { CoverageRecorder } from './coverage-recorder.ts';
import type { Task } from './event-store.ts';
import { describe, judge } from './expectations.ts';
import { Faults } from './faults.ts';
import { checkHistory } from './histories.ts';
import { Kernel } from './kernel.ts';
import { defaultSimulatorLimits, type SimulatorLimits } from './limits.ts';
import { measure, runMetrics, type Sample } from './metrics.ts';
import type { RunResult } from './result.ts';
import type { TraceSink } from './trace.ts';
import { delaysOf } from './typical-delays.ts';

export interface RunOptions {
  /** A sink takes the trace in parts, without a limit; the result has none of it then. */
  readonly trace: boolean | TraceSink;
  /** Whether the outcome tells the calls that were made. */
  readonly logCalls?: boolean;
  readonly limits?: Partial<SimulatorLimits>;
  /** Asked every few thousand events; true ends the run with `Cancelled`. */
  readonly shouldStop?: () => boolean;
  /** Executable specifications by index into System.specifications; for expectations on histories. */
  readonly specifications?: readonly (SequentialModel | null)[];
  /** Counts what the run exercises; not together with a trace. */
  readonly coverage?: CoverageRecorder | null;
}

/** A run with what a report over many runs needs besides. */
export interface RunOutcome {
  readonly result: RunResult;
  readonly sample: Sample;
  /** Properties that the run was too short to judge. */
  readonly open: readonly { readonly deployment: number; readonly property: string }[];
  /** Properties of which nothing came up that they speak of. */
  readonly unexercised: RunOutcome['open'];
  /** Conditions of a `when`, by their place, that have not held by the end. */
  readonly unmet: readonly string[];
  /** Per expectation: whether it could not be decided. */
  readonly undecided: readonly boolean[];
  /**
   * Every fault action that was applied, in order, with its time: those of the scenario and those that chaos drew. The
   * scenario with these in place of its own actions has the same run under the same seed.
   */
  readonly applied: readonly FaultAction[];
  /** The calls that clients made; empty unless asked for. */
  readonly calls: readonly ScenarioCall[];
}

/** One run of a scenario: a function of its arguments. Throws `Cancelled` when asked to stop. */
export function runOnce(
  system: System,
  programs: readonly Program[],
  scenario: Scenario,
  seed: number,
  options: RunOptions = { trace: false },
): RunResult {
  return runWithSample(system, programs, scenario, seed, options).result;
}

export function runWithSample(
  system: System,
  programs: readonly Program[],
  scenario: Scenario,
  seed: number,
  options: RunOptions,
): RunOutcome {
  const limits = { ...defaultSimulatorLimits, ...options.limits };
  const shouldStop = options.shouldStop ?? (() => false);
  const kernel = new Kernel(delaysOf(system, scenario), scenario, programs, seed, limits, options.trace, shouldStop, options.coverage);
  const faults = new Faults(kernel, seed);
  kernel.calls = new Calls(kernel, scenario.workloads ? system.workloads : [], seed, scenario.calls);
  if (options.logCalls) kernel.calls.attempts = [];
  // At one instant in this order: the scenario's faults, chaos, churn, the nodes' start.
  faults.schedule(scenario.actions);
  startChaos(kernel, faults, scenario, seed);
  startChurn(kernel, faults, scenario, seed);
  scheduleStart(kernel, faults);
  kernel.run();
  // Whatever the clocks of the parts say: nothing happens after the last event but the passing of time.
  if (!kernel.error) kernel.now = kernel.end;
  const { open, unexercised } = kernel.error ? { open: [], unexercised: [] } : judgeTemporal(kernel);
  digestFinalState(kernel);
  const sample = measure(kernel);
  const { expectations, undecided } = judgeExpectations(kernel, sample, options);
  return {
    result: {
      seed,
      digest: kernel.digest.toString(),
      end: kernel.now,
      steps: kernel.steps,
      delivered: kernel.network.delivered,
      error: kernel.error,
      violations: kernel.violations.all.toSorted((a, b) => a.time - b.time),
      expectations,
      metrics: runMetrics(kernel, sample),
      trace: kernel.recorder?.finish() ?? null,
    },
    sample,
    open,
    unexercised,
    unmet: kernel.hosts.flatMap(({ monitor }) => monitor.awaited.map(spanKey)),
    undecided,
    applied: faults.applied,
    calls: options.logCalls ? loggedCalls(kernel.calls) : [],
  };
}

/** The nodes' `start`, the clients' first calls, and the moment of GST. */
function scheduleStart(kernel: Kernel, faults: Faults): void {
  const monitors = kernel.hosts.map((host) => host.monitor);
  const askAll = (): void => {
    for (const monitor of monitors) {
      monitor.rebase();
      monitor.checkAll();
    }
  };
  kernel.at(0, {
    run: () => {
      for (const monitor of monitors) {
        monitor.statusChanged();
        monitor.rebase();
      }
      for (const { index } of kernel.system.nodes) if (!kernel.status.isDown(index)) faults.start(index);
      for (const monitor of monitors) monitor.checkAll();
      kernel.calls?.begin();
    },
  });
  if (kernel.gst > 0) kernel.at(kernel.gst, { run: askAll });
}

function startChaos(kernel: Kernel, faults: Faults, scenario: Scenario, seed: number): void {
  const model = scenario.faults === null ? undefined : kernel.system.faultModels[scenario.faults];
  scenario.actions.forEach((cause, index) => {
    const { action } = cause;
    if (action.kind !== 'chaos' || !model) return;
    const chaos = new Chaos(kernel, faults, model, cause, action.rate, action.until, seed, String(index));
    kernel.at(cause.at, begun(kernel, cause, chaos));
  });
}

function startChurn(kernel: Kernel, faults: Faults, scenario: Scenario, seed: number): void {
  let number = 0;
  for (const cause of scenario.actions) {
    if (cause.action.kind !== 'churn' && cause.action.kind !== 'churn_links') continue;
    const churn = new Churn(kernel, faults, cause, cause.action, seed, String(number));
    number += 1;
    kernel.at(cause.at, begun(kernel, cause, churn));
  }
}

/** Begins it, where it has a `when` once that has come true. */
function begun(kernel: Kernel, { when }: FaultAction, drawn: { begin(): void }): Task {
  const task = { run: () => drawn.begin() };
  return when ? { run: () => awaitMoment(kernel, when, task) } : task;
}

function judgeTemporal(kernel: Kernel): Pick<RunOutcome, 'open' | 'unexercised'> {
  const open: { deployment: number; property: string }[] = [];
  const unexercised: { deployment: number; property: string }[] = [];
  for (const host of kernel.hosts) {
    for (const judged of host.monitor.outcomes()) {
      const named = { deployment: host.index, property: judged.property.name };
      if (judged.outcome === 'missed') kernel.violations.missed(host, judged);
      else if (judged.outcome === 'open') open.push(named);
      if (!judged.exercised) unexercised.push(named);
    }
  }
  return { open, unexercised };
}

/**
 * What no event shows, the states do: the plain variables of every node at the end. Collections are left out, for a long
 * log costs more to write out than the run; the steps that handlers took over them are in the digest already.
 */
function digestFinalState(kernel: Kernel): void {
  for (const host of kernel.hosts) {
    host.program.state.forEach(({ type }, at) => {
      if (!isPlain(type)) return;
      for (const node of host.members) {
        const instance = host.instances[node];
        if (instance) kernel.digest.addText(host.program.canonical(instance.read(at), type));
      }
    });
  }
}

type Judged = RunResult['expectations'][number];

function judgeExpectations(kernel: Kernel, sample: Sample, options: RunOptions): { expectations: Judged[]; undecided: boolean[] } {
  const judged = kernel.scenario.expectations.map((expectation) => judgeExpectation(kernel, expectation, sample, options));
  return { expectations: judged.map(({ of }) => of), undecided: judged.map(({ decided }) => !decided) };
}

function judgeExpectation(
  kernel: Kernel,
  { expect }: Expectation,
  sample: Sample,
  options: RunOptions,
): { readonly of: Judged; readonly decided: boolean } {
  if (expect.kind === 'violated') {
    const { property, deployment } = expect;
    const found = kernel.violations.all.find((violation) => violation.property === property && violation.deployment === deployment);
    const detail = found ? `at ${formatDuration(found.time)}${found.detail ? `: ${found.detail}` : ''}` : 'it held';
    return { of: { held: found !== undefined, measured: null, detail }, decided: true };
  }
  if (expect.kind === 'history') {
    const { decided, ...verdict } = checkHistory(kernel, expect, options);
    return { of: { ...verdict, measured: null }, decided };
  }
  const { held, measured } = judge(expect.condition, [sample], kernel.system.constants);
  return { of: { held, measured: measured[0]?.value ?? null, detail: measured.map(describe).join(', ') }, decided: true };
}
