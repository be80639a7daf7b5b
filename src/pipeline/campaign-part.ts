import type { Finding } from '../base/finding.ts';
import { type LostSeed, lostSeedsMost } from '../simulator/lost-seeds.ts';
import type { ScenarioResult } from '../simulator/result.ts';
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
  /** Seeds done that make the scenario fail by themselves. */
  failing = 0;
  /** Workers that run seeds of it. */
  workers = 0;
  readonly lost: LostSeed[] = [];

  private readonly outcomes = new Map<number, string>();
  /** Seeds that workers have died before, ascending. */
  private returned: number[] = [];
  private nextSeed: number;
  /** Seeds from here on are not run. */
  private end: number;
  /** When the first seed was given out, ms. */
  private since: number | null = null;
  /** Seeds run since. */
  private ranCount = 0;

  constructor(readonly plan: PlannedPart) {
    this.nextSeed = plan.firstSeed;
    this.end = plan.firstSeed + plan.seeds;
  }

  /** Seeds that no worker is on yet. */
  get waiting(): number {
    return this.refusal ? 0 : Math.max(0, this.end - this.nextSeed) + this.returned.length;
  }

  get done(): number {
    return this.outcomes.size + this.lost.length;
  }

  get isFinished(): boolean {
    return this.workers === 0 && !this.concluding && (this.result !== null || this.refusal !== null);
  }

  get mayConclude(): boolean {
    return this.waiting === 0 && this.workers === 0 && !this.concluding && this.result === null && this.refusal === null;
  }

  texts(): readonly string[] {
    return [...this.outcomes.values()];
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
      seeds.push(this.nextSeed);
      this.nextSeed += 1;
    }
    return seeds;
  }

  /** Seeds that have been run. Those behind one that reached a limit are not needed. */
  ran(done: readonly DoneSeed[]): void {
    for (const { seed, outcome, fails, limit } of done) {
      this.outcomes.set(seed, outcome);
      this.ranCount += 1;
      if (fails) this.failing += 1;
      if (limit) this.endAfter(seed);
    }
  }

  /** A worker is through with what it was given. */
  ended(): void {
    this.workers -= 1;
  }

  /** A worker has died while it was at seed `lost` of those that it was given. */
  diedAt(given: readonly number[], lost: LostSeed): void {
    // It may have died just behind a seed that it has told of.
    if (!this.outcomes.has(lost.seed)) this.lost.push(lost);
    this.returned.push(...given.filter((seed) => seed !== lost.seed && !this.outcomes.has(seed) && seed < this.end));
    this.returned.sort((a, b) => a - b);
    const last = this.lost.map(({ seed }) => seed).sort((a, b) => a - b)[lostSeedsMost - 1];
    if (last !== undefined) this.endAfter(last);
  }

  /** No further seed is given out. */
  dropWaiting(): void {
    this.end = Math.min(this.end, this.nextSeed);
    this.returned = [];
  }

  private endAfter(seed: number): void {
    this.end = Math.min(this.end, Math.max(seed + 1, this.plan.firstSeed));
    this.returned = this.returned.filter((other) => other < this.end);
  }

  /** ms of the clock that one worker takes for a seed, with what it cost to set up. */
  private perSeed(elapsed: number): number {
    return Math.max(1e-3, (elapsed * Math.max(1, this.workers)) / Math.max(1, this.ranCount));
  }
}
