import { exceeds, infimum, supremum, upperQuantile } from '../../model/distributions.ts';
import type { Distribution } from '../../model/values.ts';
import { Memo } from '../memo.ts';
import type { Work } from '../work.ts';

/** A delay that is drawn `count` times, independently each time. Draws below zero are cut at zero, those above `most` at `most`. */
export interface Part {
  readonly distribution: Distribution;
  readonly count: number;
  /** ns; Infinity where nothing bounds the delay. */
  readonly most: number;
}

export interface Quantile {
  /** ns. */
  readonly value: number;
  /** The true quantile differs from `value` by no more than this, ns; 0 where it is known exactly. */
  readonly error: number;
}

/** Steps between the least and the largest value of a grid; more where many delays are summed. */
const fineGrid = 1_024;
const coarseGrid = 192;

/**
 * The sum of independent delays: a path's links, a receiver's service time. One delay alone, constants and normals are
 * exact. Other sums are computed on a grid to whose points every draw is rounded, so that the sum of k draws moves by half
 * a step each at the most: bounds that hold for every distribution, heavy tails included.
 */
export class DelaySum {
  /** What varies; constants stand in `fixed`. */
  private readonly parts: readonly Part[];
  private readonly fixed: number;
  private readonly draws: number;

  constructor(parts: readonly Part[]) {
    const varying = new Map<string, Part>();
    let fixed = 0;
    for (const part of parts) {
      const least = lowest(part);
      if (part.count === 0) continue;
      if (highest(part) <= least) {
        fixed += part.count * least;
        continue;
      }
      const key = JSON.stringify([part.distribution, part.most]);
      const known = varying.get(key);
      varying.set(key, known === undefined ? part : { ...known, count: known.count + part.count });
    }
    this.parts = [...varying.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
    this.fixed = fixed;
    this.draws = this.parts.reduce((sum, part) => sum + part.count, 0);
  }

  /** The same for equal sums. */
  get key(): string {
    return JSON.stringify([this.fixed, this.parts.map(({ distribution, count, most }) => [distribution, count, most])]);
  }

  /** No draw of the sum lies below this. */
  get least(): number {
    return this.parts.reduce((sum, part) => sum + part.count * lowest(part), this.fixed);
  }

  /** No draw of the sum lies above this; Infinity where nothing bounds it. */
  get greatest(): number {
    return this.parts.reduce((sum, part) => sum + part.count * highest(part), this.fixed);
  }

  /** The value that is exceeded with probability `tail` (0 < tail < 1) at the most. Throws OutOfWork. */
  quantile(tail: number, work: Work): Quantile {
    const exact = this.exactQuantile(tail);
    if (exact !== null) return { value: exact, error: 0 };
    return remembered(quantiles, `${tail}|${this.key}`, work, () => this.gridQuantile(tail, work));
  }

  /** At least the quantile, by the union bound: cheap. */
  upperBound(tail: number): number {
    return this.parts.reduce((sum, part) => sum + part.count * upper(part, tail / this.draws), this.fixed);
  }

  /** The probability that the sum exceeds `bound`, ns. Throws OutOfWork. */
  exceeds(bound: number, work: Work): number {
    const rest = bound - this.fixed;
    if (this.draws === 0) return rest < 0 ? 1 : 0;
    if (bound < this.least) return 1;
    if (bound >= this.greatest) return 0;
    const [only] = this.parts;
    if (this.draws === 1) return tailOf(only as Part, rest);
    const normal = this.asNormal();
    if (normal !== null) return exceeds(normal, Math.max(0, bound));
    const least = this.least;
    return remembered(probabilities, `${bound}|${this.key}`, work, () => {
      const size = 2 * fineGrid;
      return this.onGrid((bound - least) / (size + 0.5), size, work).beyond;
    });
  }

  private exactQuantile(tail: number): number | null {
    if (this.draws === 0) return this.fixed;
    const [only] = this.parts;
    if (this.draws === 1) return this.fixed + upper(only as Part, tail);
    const normal = this.asNormal();
    return normal === null ? null : upperQuantile(normal, tail);
  }

  /** Normals add up to a normal where neither cut is ever felt: eight deviations away, one draw in 10^15. */
  private asNormal(): Distribution | null {
    let mean = this.fixed;
    let variance = 0;
    for (const { distribution, count, most } of this.parts) {
      if (distribution.kind !== 'normal') return null;
      if (distribution.mean < 8 * distribution.sd || distribution.mean + 8 * distribution.sd > most) return null;
      mean += count * distribution.mean;
      variance += count * distribution.sd ** 2;
    }
    return { kind: 'normal', mean, sd: Math.sqrt(variance) };
  }

  /** A coarse grid up to the union bound tells how far a fine one must reach. */
  private gridQuantile(tail: number, work: Work): Quantile {
    const { least } = this;
    const reach = this.upperBound(tail) - least;
    if (!(reach > 0)) return { value: least, error: 0 };
    const coarse = this.readOff(tail, reach, coarseGrid, work);
    const nearer = Math.min(reach, coarse.value - least + coarse.error);
    if (!(nearer > 0)) return coarse;
    return this.readOff(tail, nearer, this.draws > 8 ? 2 * fineGrid : fineGrid, work);
  }

  private readOff(tail: number, reach: number, size: number, work: Work): Quantile {
    const step = reach / (size - 0.5);
    const { mass, beyond } = this.onGrid(step, size, work);
    const error = (step * (this.draws + 1)) / 2;
    let above = beyond;
    for (let i = size; i >= 0; i--) {
      const here = mass[i] as number;
      if (above + here > tail) {
        // Within the step the mass counts as spread evenly.
        const share = Math.min(1, Math.max(0, (tail - above) / here));
        const value = this.least + (i + 0.5 - share) * step;
        return { value: Math.min(this.least + reach, Math.max(this.least, value)), error };
      }
      above += here;
    }
    return { value: this.least, error };
  }

  /** The probabilities of 0, step, …, size · step above the least value, and of what lies beyond. */
  private onGrid(step: number, size: number, work: Work): Grid {
    let sum: Grid | null = null;
    for (const part of this.parts) {
      const grid = power(discrete(part, step, size), part.count, work);
      sum = sum === null ? grid : convolve(sum, grid, work);
    }
    return sum as Grid;
  }
}

/** An answer and the steps that it took. */
interface Remembered<T> {
  readonly answer: T;
  readonly cost: number;
}

const quantiles = new Memo<Remembered<Quantile>>();
const probabilities = new Memo<Remembered<number>>();

/** A remembered answer counts for what it once cost: what a limit leaves undecided must not hang on what was asked before. */
function remembered<T>(memo: Memo<Remembered<T>>, key: string, work: Work, compute: () => T): T {
  let isNew = false;
  const { answer, cost } = memo.get(key, () => {
    isNew = true;
    const before = work.spent;
    const computed = compute();
    return { answer: computed, cost: work.spent - before };
  });
  if (!isNew) work.spend(cost);
  return answer;
}

interface Grid {
  readonly mass: Float64Array;
  readonly beyond: number;
}

/** Each draw at its nearest point of the grid, whose origin is the part's least value. */
function discrete(part: Part, step: number, size: number): Grid {
  const mass = new Float64Array(size + 1);
  const least = lowest(part);
  let above = 1;
  for (let i = 0; i <= size; i++) {
    const beyond = tailOf(part, least + (i + 0.5) * step);
    mass[i] = Math.max(0, above - beyond);
    above = beyond;
  }
  return { mass, beyond: above };
}

/** All terms are positive, so that small tails keep their digits. */
function convolve(a: Grid, b: Grid, work: Work): Grid {
  const size = a.mass.length - 1;
  work.spend((size * size) / 4);
  const mass = new Float64Array(size + 1);
  let tailOfB = b.beyond;
  let beyond = a.beyond;
  for (let i = 0; i <= size; i++) {
    const share = a.mass[i] as number;
    // P(a = i) · P(b > size - i): what is added up to beyond the grid.
    beyond += share * tailOfB;
    tailOfB += b.mass[size - i] as number;
    if (share === 0) continue;
    for (let j = 0; j <= size - i; j++) mass[i + j] = (mass[i + j] as number) + share * (b.mass[j] as number);
  }
  return { mass, beyond };
}

function power(grid: Grid, count: number, work: Work): Grid {
  let result: Grid | null = null;
  let squared = grid;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === null ? squared : convolve(result, squared, work);
    if (left > 1) squared = convolve(squared, squared, work);
  }
  return result as Grid;
}

function lowest({ distribution, most }: Part): number {
  return Math.min(most, infimum(distribution));
}

function highest({ distribution, most }: Part): number {
  return Math.min(most, Math.max(0, supremum(distribution)));
}

function upper({ distribution, most }: Part, tail: number): number {
  return Math.min(most, upperQuantile(distribution, tail));
}

function tailOf({ distribution, most }: Part, bound: number): number {
  if (bound < 0) return 1;
  return bound >= most ? 0 : exceeds(distribution, bound);
}
