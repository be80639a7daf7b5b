import { exp, ln } from '../base/exact-math.ts';
import type { Random } from '../base/random.ts';
import type { Distribution } from '../model/values.ts';
import { standardNormal } from './ziggurat.ts';

const kinds = { constant: 0, uniform: 1, normal: 2, lognormal: 3, exponential: 4, pareto: 5, empirical: 6 } as const;

/**
 * A distribution made ready for many draws. One class for all kinds, so that the caller's site stays monomorphic.
 * Draws below zero are cut at zero; the unit is the distribution's.
 */
export class Sampler {
  private readonly kind: number;
  private readonly first: number;
  private readonly second: number;
  private readonly values: Float64Array;

  constructor(readonly distribution: Distribution) {
    this.kind = kinds[distribution.kind];
    this.values = distribution.kind === 'empirical' ? Float64Array.from(distribution.values) : new Float64Array(0);
    [this.first, this.second] = parameters(distribution);
  }

  /** Whether every draw is alike, so that none is needed. */
  get isConstant(): boolean {
    return this.kind === kinds.constant;
  }

  draw(random: Random): number {
    const value = this.drawSigned(random);
    return Math.max(value, 0);
  }

  /** A draw as whole nanoseconds. */
  drawTime(random: Random): number {
    const value = this.drawSigned(random);
    return value > 0 ? Math.floor(value + 0.5) : 0;
  }

  private drawSigned(random: Random): number {
    switch (this.kind) {
      case kinds.constant:
        return this.first;
      case kinds.normal:
        return this.first + this.second * standardNormal(random);
      case kinds.lognormal:
        return this.first * exp(this.second * standardNormal(random));
      case kinds.uniform:
        return this.first + this.second * random.nextFloat();
      case kinds.exponential:
        return -this.first * ln(1 - random.nextFloat());
      case kinds.pareto:
        // Inverse transform: scale · u^(-1/shape), u in (0, 1].
        return this.first * exp(-this.second * ln(1 - random.nextFloat()));
      default:
        return this.values.length === 0 ? 0 : (this.values[random.nextInt(this.values.length)] as number);
    }
  }
}

function parameters(distribution: Distribution): readonly [number, number] {
  switch (distribution.kind) {
    case 'constant':
      return [distribution.value, 0];
    case 'uniform':
      return [distribution.min, distribution.max - distribution.min];
    case 'normal':
      return [distribution.mean, distribution.sd];
    case 'lognormal':
      return [distribution.median, distribution.sigma];
    case 'exponential':
      return [distribution.mean, 0];
    case 'pareto':
      return [distribution.scale, 1 / distribution.shape];
    case 'empirical':
      return [0, 0];
  }
}
