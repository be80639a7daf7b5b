import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { addCoverage, type CoverageData } from '../simulator/coverage.ts';
import { decodeOutcome, encodeOutcome } from '../simulator/outcome-text.ts';
import { concludeScenario, failsAlone, reachedLimit, SeedRunner } from '../simulator/scenario.ts';
import type { Trace } from '../simulator/trace.ts';
import type { RunRequest } from './api.ts';
import { filesOf } from './campaign-file.ts';
import { type Plan, type PlannedPart, planOf, setUp } from './plan.ts';
import { type PreparedSystem, PreparedSystems } from './prepared-system.ts';
import { streamTrace } from './stream-trace.ts';
import { type DoneSeed, Halt, partsAhead, Shared, type WorkerMessage, type WorkerOrder, type WorkerStart } from './worker-messages.ts';

/** Outcomes are handed over when so much time has passed, ms: what a death of the worker may cost to run again. */
const handoverMs = 50;
/** When the progress of reducing a run begins to be shown, ms. */
const shrinkShownMs = 1_000;
/** Parts that are kept compiled: the one at hand, and those that take turns with it. */
const runnersMost = 4;

/** How long it waits for rows to be taken before it looks whether to stop, ms. */
const stopLookMs = 100;

interface Known {
  readonly request: RunRequest;
  readonly code: number;
  /** Files by the numbers that outcomes give them. */
  readonly files: readonly string[];
}

/** A worker of the pool: sets up parts as they are asked for, runs seeds, concludes. */
class SimulationWorker {
  private readonly requests = new Map<number, Known>();
  private readonly systems = new PreparedSystems();
  /** By campaign and part, the one used last at the end. */
  private readonly runners = new Map<string, SeedRunner>();

  constructor(
    private readonly port: MessagePort,
    private readonly shared: Int32Array,
  ) {}

  follow(order: WorkerOrder): void {
    switch (order.kind) {
      case 'begin':
        this.requests.set(order.campaign, { request: order.request, code: order.code, files: filesOf(order.request.code) });
        break;
      case 'forget':
        this.forget(order.campaign);
        break;
      case 'plan':
        this.tell({ kind: 'planned', plan: this.plan(order.campaign) });
        break;
      case 'run':
        this.run(order);
        break;
      case 'conclude':
        this.conclude(order);
        break;
      case 'trace':
        this.trace(order);
    }
  }

  private run({ campaign, part, seeds }: Extract<WorkerOrder, { kind: 'run' }>): void {
    const runner = this.runnerOf(campaign, part);
    if (!runner) return;
    const { files } = this.known(campaign);
    const begun = performance.now();
    let done: DoneSeed[] = [];
    let coverage: CoverageData | null = null;
    // The first one is handed over at once: how long it took says how many seeds to give out at a time.
    let handover = begun;
    for (const [position, seed] of seeds.entries()) {
      if (this.halt !== Halt.none) break;
      Atomics.store(this.shared, Shared.position, position);
      const covered = runner.outcome(seed);
      if (!covered) break;
      const { outcome, coverage: more } = covered;
      if (coverage && more) addCoverage(coverage, more);
      coverage ??= more;
      const limit = reachedLimit(outcome);
      done.push({ seed, outcome: encodeOutcome(outcome, files), fails: failsAlone(runner.setup.scenario, outcome), limit });
      const now = performance.now();
      if (now >= handover || limit) {
        this.tell({ kind: 'outcomes', done, coverage });
        done = [];
        coverage = null;
        handover = now + handoverMs;
      }
      if (limit) break;
    }
    if (done.length > 0) this.tell({ kind: 'outcomes', done, coverage });
    Atomics.store(this.shared, Shared.position, -1);
    this.tell({ kind: 'ran', milliseconds: performance.now() - begun });
  }

  private conclude({ campaign, part, runs }: Extract<WorkerOrder, { kind: 'conclude' }>): void {
    const runner = this.runnerOf(campaign, part);
    if (!runner) return;
    const begun = performance.now();
    // What is over within a second needs no progress.
    const onShrink = (text: string): void => {
      if (performance.now() - begun > shrinkShownMs) this.tell({ kind: 'shrinking', text });
    };
    const { files } = this.known(campaign);
    const outcomes = runs.outcomes.map((text) => decodeOutcome(text, files));
    this.tell({ kind: 'concluded', result: concludeScenario(runner, { ...runs, outcomes, onShrink }) });
  }

  private trace({ campaign, variant, seed }: Extract<WorkerOrder, { kind: 'trace' }>): void {
    const { parts, findings } = this.plan(campaign);
    const part = parts.find((candidate) => candidate.variant === variant);
    if (!part) {
      this.tell({ kind: 'refused', findings });
      return;
    }
    const runner = this.runnerOf(campaign, part);
    if (!runner) return;
    let handedOut = 0;
    const sink = (rows: Trace): void => {
      this.handOut(rows);
      handedOut += 1;
      this.waitForRows(handedOut - partsAhead);
    };
    this.tell({ kind: 'traced', digest: streamTrace(runner.setup, seed, sink, () => this.halt !== Halt.none) });
  }

  /** Moves the columns; the texts are copied. */
  private handOut(part: Trace): void {
    const { time, kind, node, peer, name, link, detail } = part;
    const columns = [time, kind, node, peer, name, link, detail].map(({ buffer }) => buffer as ArrayBuffer);
    this.port.postMessage({ kind: 'rows', part } satisfies WorkerMessage, columns);
  }

  /** Waits until so many parts of a trace are taken, or it is to stop. */
  private waitForRows(least: number): void {
    for (;;) {
      const taken = Atomics.load(this.shared, Shared.rowsTaken);
      if (taken >= least || this.halt !== Halt.none) return;
      Atomics.wait(this.shared, Shared.rowsTaken, taken, stopLookMs);
    }
  }

  /** The part made ready; null when it cannot be, which is told. */
  private runnerOf(campaign: number, part: PlannedPart): SeedRunner | null {
    const key = `${campaign} ${part.index} ${part.variant ?? ''}`;
    let runner = this.runners.get(key);
    this.runners.delete(key);
    if (!runner) {
      const setup = setUp(this.known(campaign).request, part, this.system(campaign, part.constants));
      if ('findings' in setup) {
        this.tell({ kind: 'refused', findings: setup.findings });
        return null;
      }
      runner = new SeedRunner(setup, () => this.halt === Halt.atOnce);
      const oldest = this.runners.size >= runnersMost ? this.runners.keys().next().value : undefined;
      if (oldest !== undefined) this.runners.delete(oldest);
    }
    this.runners.set(key, runner);
    return runner;
  }

  private forget(campaign: number): void {
    this.requests.delete(campaign);
    for (const key of [...this.runners.keys()]) if (key.startsWith(`${campaign} `)) this.runners.delete(key);
  }

  private plan(campaign: number): Plan {
    const { request } = this.known(campaign);
    return planOf(request, this.system(campaign, request.constants));
  }

  private system(campaign: number, constants: RunRequest['constants']): PreparedSystem {
    const { code, request } = this.known(campaign);
    return this.systems.of(code, request, constants);
  }

  private known(campaign: number): Known {
    const known = this.requests.get(campaign);
    if (!known) throw new Error(`campaign ${campaign} was not begun`);
    return known;
  }

  private get halt(): number {
    return Atomics.load(this.shared, Shared.halt);
  }

  private tell(message: WorkerMessage): void {
    this.port.postMessage(message);
  }
}

const port = parentPort;
if (port) {
  const { shared } = workerData as WorkerStart;
  const worker = new SimulationWorker(port, new Int32Array(shared));
  port.on('message', (order: WorkerOrder) => {
    try {
      worker.follow(order);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ kind: 'bug', message: failure.message, stack: failure.stack ?? '' } satisfies WorkerMessage);
    }
  });
}
