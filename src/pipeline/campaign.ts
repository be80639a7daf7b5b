import type { Finding } from '../base/finding.ts';
import { memoryFinding } from '../simulator/lost-seeds.ts';
import type { RunProgress, RunReport, RunRequest } from './api.ts';
import { Part } from './campaign-part.ts';
import { type CampaignRecord, emptyPart, type Shard } from './campaign-record.ts';
import type { Assignment, Death, PoolTask } from './pool-task.ts';
import type { WorkerMessage } from './worker-messages.ts';

export interface CampaignHooks {
  readonly onProgress?: (progress: RunProgress) => void;
  /** What has come of the seeds before, and where what comes of the others is put down. For a request of one scenario. */
  readonly record?: CampaignRecord;
  /** Runs a share of the seeds only. */
  readonly shard?: Shard | null;
  /** Runs none: says what holds over the seeds on record. */
  readonly concludeOnly?: boolean;
}

/** A request on its way through the workers of a pool: which seeds are to be run yet, what has come of the others. */
export class Campaign implements PoolTask<RunReport> {
  /** Null until it is known; a worker makes the plan. */
  private parts: readonly Part[] | null = null;
  private isPlanning = false;
  private isCancelled = false;
  /** Whether a part, or the plan, took more memory than there was. */
  private isLimited = false;
  private readonly findings: Finding[] = [];

  constructor(
    readonly id: number,
    readonly request: RunRequest,
    private readonly hooks: CampaignHooks,
  ) {}

  next(preferred: Part | null, now: number, workersMost: number): Assignment | null {
    if (!this.parts) {
      if (this.isPlanning || this.isCancelled) return null;
      this.isPlanning = true;
      return { order: { kind: 'plan', campaign: this.id }, part: null };
    }
    const ready = this.parts.find((part) => part.mayConclude);
    if (ready) return this.conclude(ready);
    const open = this.parts.filter((part) => part.waiting > 0);
    const part =
      open.find((candidate) => candidate === preferred) ??
      open.find((candidate) => candidate.workers === 0) ??
      open.find((candidate) => candidate.isWorthHelp(now));
    if (!part) return null;
    return { order: { kind: 'run', campaign: this.id, part: part.plan, seeds: part.take(now, workersMost) }, part };
  }

  /** Whether seeds wait that may be worth another worker later on. */
  get hasWaiting(): boolean {
    return this.parts?.some((part) => part.waiting > 0) ?? false;
  }

  /** No further seed is begun. */
  cancel(): void {
    this.isCancelled = true;
    for (const part of this.parts ?? []) part.dropWaiting();
  }

  told({ part }: Assignment, message: WorkerMessage): void {
    if (message.kind === 'planned') {
      const { record, shard = null, concludeOnly = false } = this.hooks;
      this.parts = message.plan.parts.map((planned) => new Part(planned, record?.part(planned.variant) ?? emptyPart(), shard));
      this.findings.push(...message.plan.findings);
      // Seeds that are missing and are not to be run leave the campaign unfinished, as a cancel does.
      if (this.isCancelled || (concludeOnly && this.hasWaiting)) this.cancel();
    }
    if (!part) return;
    if (message.kind === 'outcomes') {
      part.ran(message.done, message.coverage);
      const { scenario, variant } = part.plan;
      this.hooks.onProgress?.({ scenario, variant, done: part.done, total: part.total, failing: part.failing });
    } else if (message.kind === 'shrinking') {
      const { scenario, variant } = part.plan;
      const { done, total, failing } = part;
      this.hooks.onProgress?.({ scenario, variant, done, total, failing, shrinking: message.text });
    } else if (message.kind === 'ran') part.ended();
    else if (message.kind === 'concluded') {
      part.concluding = false;
      part.result = message.result;
    } else if (message.kind === 'refused') {
      if (part.concluding) part.concluding = false;
      else part.ended();
      this.refuse(part, message.findings);
    }
  }

  died({ order, part }: Assignment, { seed, memoryMb, exitCode }: Death): void {
    if (order.kind === 'plan' || !part) {
      this.parts = [];
      this.isLimited = true;
      const { scenarios, code } = this.request;
      const wanted = code.scenarios.filter(({ name }) => scenarios.length === 0 || scenarios.includes(name));
      this.findings.push(...wanted.map((scenario) => memoryFinding(scenario, this.memoryMb, null)));
      return;
    }
    if (order.kind === 'run') {
      part.ended();
      if (seed !== null) part.diedAt(order.seeds, { seed, memoryMb, exitCode });
      else this.refuse(part, this.tooLarge(part));
      if (this.isCancelled) part.dropWaiting();
      return;
    }
    part.concluding = false;
    // The trace of the shown run may be what was too much.
    if (part.plainly) this.refuse(part, this.tooLarge(part));
    part.plainly = true;
  }

  abandoned({ order, part }: Assignment): void {
    if (!part) this.parts = [];
    else if (order.kind === 'run') part.ended();
    else {
      part.concluding = false;
      part.refusal = [];
    }
  }

  report(): RunReport | null {
    if (!this.parts) return this.isCancelled && !this.isPlanning ? { results: [], findings: [], stopped: 'cancelled' } : null;
    if (!this.parts.every((part) => part.isFinished)) return null;
    const results = this.parts.flatMap(({ result }) => (result ? [result] : []));
    const findings = [...this.findings, ...this.parts.flatMap(({ refusal }) => refusal ?? [])];
    const isLimited = this.isLimited || results.some(({ stopped }) => stopped === 'limit');
    return { results, findings, stopped: this.isCancelled ? 'cancelled' : isLimited ? 'limit' : 'no' };
  }

  private conclude(part: Part): Assignment {
    part.concluding = true;
    const trace = this.request.trace && !part.plainly && !this.isCancelled;
    // Nor may what was too much be run again and again.
    const shrink = part.plainly || this.isCancelled ? null : (this.request.shrink ?? null);
    const runs = { outcomes: part.texts(), lost: part.lost, cancelled: this.isCancelled, coverage: part.coverage, trace, shrink };
    return { order: { kind: 'conclude', campaign: this.id, part: part.plan, runs }, part };
  }

  private refuse(part: Part, findings: readonly Finding[]): void {
    part.refusal ??= findings;
    part.dropWaiting();
  }

  /** It was too large before a seed ran, or behind all of them. */
  private tooLarge(part: Part): Finding[] {
    this.isLimited = true;
    const scenario = this.request.code.scenarios.find(({ name }) => name === part.plan.scenario);
    return scenario ? [memoryFinding(scenario, this.memoryMb, null)] : [];
  }

  private get memoryMb(): number {
    return this.request.limits.memoryMb;
  }
}
