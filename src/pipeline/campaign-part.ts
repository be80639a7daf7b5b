import type { Finding } from '../base/finding.ts';
import { addCoverage, type CoverageData } from '../simulator/coverage.ts';
import { type LostSeed, lostSeedsMost } from '../simulator/lost-seeds.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { PartRecord, Shard } from './campaign-record.ts';
import type { PlannedPart } from './plan.ts';
import type { DoneSeed } from './worker-messages.ts';

/** A batch of seeds should keep a worker busy for so long, ms: long against handing it out, short against the user's patience. */
const batchMs = 100;
/** Another worker is worth its start and its compilation from so much work on, ms. */
const worthHelpMs = 60;

/** The seeds of one part: those that wait, those that a worker is on, and what has come of the others. */
export class Part {
  result: ScenarioResult | null = null;
  /** Why it gives no result. */
  refusal: readonly Finding[] | null = null;
  /** Whether a worker is on its verdicts. */
  concluding = false;
  /** Its shown run is to carry no trace: a worker has died of it. */
  plainly = false;
  /** Seeds that it has here, run or not. */
  readonly total: number;
  /** Seeds done that make the scenario fail by themselves. */
  failing = 0;
  /** Workers that run seeds of it. */
  workers = 0;

  /** Seeds that workers have died before, ascending. */
  private returned: number[] = [];
  /** Places among the part's seeds: the next that may be given out, and where they end. */
  private next: number;
  private end: number;
  /** How many of the seeds between the two are to be run. */
  private left: number;
  private readonly step: number;
  private readonly first: number;
  /** When the first seed was given out, ms. */
  private since: number | null = null;
  /** Seeds run since. */
  private ranCount = 0;

  constructor(
    readonly plan: PlannedPart,
    /** What has come of its seeds; those in it are not run again. */
    private readonly record: PartRecord,
    shard: Shard | null,
  ) {
    this.first = plan.firstSeed;
    this.next = shard ? shard.index - 1 : 0;
    this.step = shard ? shard.of : 1;
    this.end = plan.seeds;
    this.total = Math.max(0, Math.ceil((this.end - this.next) / this.step));
    this.left = this.count();
    for (const { seed, fails, limit } of record.done.values()) {
      if (fails) this.failing += 1;
      if (limit) this.endAfter(seed);
    }
  }

  /** Seeds that no worker is on yet. */
  get waiting(): number {
    return this.refusal ? 0 : this.left + this.returned.length;
  }

  get done(): number {
    return this.record.done.size + this.record.lost.length;
  }

  get isFinished(): boolean {
    return this.workers === 0 && !this.concluding && (this.result !== null || this.refusal !== null);
  }

  get mayConclude(): boolean {
    return this.waiting === 0 && this.workers === 0 && !this.concluding && this.result === null && this.refusal === null;
  }

  texts(): readonly string[] {
    return [...this.record.done.values()].map(({ outcome }) => outcome);
  }

  get coverage(): CoverageData | null {
    return this.record.coverage;
  }

  get lost(): readonly LostSeed[] {
    return this.record.lost;
  }

  /** Whether one more worker is worth it, at `now` ms. */
  isWorthHelp(now: number): boolean {
    if (this.waiting === 0 || this.since === null) return false;
    const elapsed = now - this.since;
    return this.ranCount === 0 ? elapsed > worthHelpMs : this.waiting * this.perSeed(elapsed) > worthHelpMs;
  }

  /** Gives out the next seeds for a worker, one of `workersMost`. */
  take(now: number, workersMost: number): number[] {
    this.since ??= now;
    this.workers += 1;
    const share = Math.ceil(this.waiting / (2 * workersMost));
    const wanted = this.ranCount === 0 ? 1 : Math.max(1, Math.round(batchMs / this.perSeed(now - this.since)));
    const count = Math.min(share, wanted);
    const seeds = this.returned.splice(0, count);
    while (seeds.length < count) {
      const seed = this.first + this.next;
      this.next += this.step;
      if (this.isKnown(seed)) continue;
      this.left -= 1;
      seeds.push(seed);
    }
    return seeds;
  }

  /** Seeds that have been run. Those behind one that reached a limit are not needed. */
  ran(done: readonly DoneSeed[], coverage: CoverageData | null): void {
    if (coverage && this.record.coverage) addCoverage(this.record.coverage, coverage);
    else this.record.coverage = coverage ?? this.record.coverage;
    for (const seed of done) {
      this.record.done.set(seed.seed, seed);
      this.ranCount += 1;
      if (seed.fails) this.failing += 1;
      if (seed.limit) this.endAfter(seed.seed);
    }
  }

  /** A worker is through with what it was given. */
  ended(): void {
    this.workers -= 1;
  }

  /** A worker has died while it was at seed `lost` of those that it was given. */
  diedAt(given: readonly number[], lost: LostSeed): void {
    const { done, lost: all } = this.record;
    // It may have died just behind a seed that it has told of.
    if (!done.has(lost.seed)) all.push(lost);
    this.returned.push(...given.filter((seed) => !this.isKnown(seed) && seed - this.first < this.end));
    this.returned.sort((a, b) => a - b);
    const last = all.map(({ seed }) => seed).sort((a, b) => a - b)[lostSeedsMost - 1];
    if (last !== undefined) this.endAfter(last);
  }

  /** No further seed is given out. */
  dropWaiting(): void {
    this.end = Math.min(this.end, this.next);
    this.left = 0;
    this.returned = [];
  }

  private endAfter(seed: number): void {
    this.end = Math.min(this.end, seed - this.first + 1);
    this.left = this.count();
    this.returned = this.returned.filter((other) => other - this.first < this.end);
  }

  private count(): number {
    let count = 0;
    for (let at = this.next; at < this.end; at += this.step) if (!this.isKnown(this.first + at)) count += 1;
    return count;
  }

  private isKnown(seed: number): boolean {
    return this.record.done.has(seed) || this.record.lost.some((lost) => lost.seed === seed);
  }

  /** ms of the clock that one worker takes for a seed, with what it cost to set up. */
  private perSeed(elapsed: number): number {
    return Math.max(1e-3, (elapsed * Math.max(1, this.workers)) / Math.max(1, this.ranCount));
  }
}
