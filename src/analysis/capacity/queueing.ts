import { exp, normalTail } from '../../base/exact-math.ts';
import { mean } from '../../model/distributions.ts';
import type { Distribution } from '../../model/values.ts';

/** A service time by its first two moments: all that the mean wait in a single-server queue depends on. */
export interface Service {
  /** ns. */
  readonly mean: number;
  /** E[S²], ns²; Infinity for a tail too heavy to have one. */
  readonly secondMoment: number;
}

export const noService: Service = { mean: 0, secondMoment: 0 };

/** The moments of a distribution whose draws below zero count as zero. */
export function serviceOf(distribution: Distribution): Service {
  switch (distribution.kind) {
    case 'constant':
      return { mean: Math.max(0, distribution.value), secondMoment: Math.max(0, distribution.value) ** 2 };
    case 'uniform': {
      const { min, max } = distribution;
      if (min < 0) return cutUniform(min, max);
      return { mean: (min + max) / 2, secondMoment: (min * min + min * max + max * max) / 3 };
    }
    case 'normal': {
      const { mean: mu, sd } = distribution;
      if (sd === 0) return { mean: Math.max(0, mu), secondMoment: Math.max(0, mu) ** 2 };
      // E[max(0, X)] = μΦ(μ/σ) + σφ(μ/σ), E[max(0, X)²] = (μ² + σ²)Φ(μ/σ) + μσφ(μ/σ).
      const z = mu / sd;
      const above = normalTail(-z);
      const density = exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);
      return { mean: mu * above + sd * density, secondMoment: (mu * mu + sd * sd) * above + mu * sd * density };
    }
    case 'lognormal':
      return { mean: mean(distribution), secondMoment: distribution.median ** 2 * exp(2 * distribution.sigma ** 2) };
    case 'exponential':
      return { mean: distribution.mean, secondMoment: 2 * distribution.mean ** 2 };
    case 'pareto': {
      const { scale, shape } = distribution;
      return { mean: mean(distribution), secondMoment: shape <= 2 ? Number.POSITIVE_INFINITY : (shape * scale * scale) / (shape - 2) };
    }
    case 'empirical': {
      const values = distribution.values.map((value) => Math.max(0, value));
      const count = Math.max(1, values.length);
      return {
        mean: values.reduce((sum, value) => sum + value, 0) / count,
        secondMoment: values.reduce((sum, value) => sum + value * value, 0) / count,
      };
    }
  }
}

function cutUniform(min: number, max: number): Service {
  if (max <= 0) return noService;
  const width = max - min;
  return { mean: (max * max) / (2 * width), secondMoment: max ** 3 / (3 * width) };
}

/** ρ = λE[S]: the share of time that a single server is busy; 1 or more is no share, the queue then grows without bound. `rate` per second. */
export function utilisation(rate: number, service: Service): number {
  // Nobody asks for an endless service: 0 × ∞ has no value.
  return rate === 0 ? 0 : (rate * service.mean) / 1e9;
}

/**
 * Mean wait before service, ns, in a single-server queue with Poisson arrivals (M/G/1): λE[S²] / 2(1 − ρ) (Pollaczek 1930,
 * Khinchine 1932). Infinity from ρ = 1 on. With exponential services it is ρ/(μ − λ), as in M/M/1.
 */
export function meanWait(rate: number, service: Service): number {
  if (rate === 0 || service.mean === 0) return 0;
  const busy = utilisation(rate, service);
  return busy >= 1 ? Number.POSITIVE_INFINITY : (rate * (service.secondMoment / 1e9)) / (2 * (1 - busy));
}

/** L = λW: how many are there in the mean, whatever the distributions, in a steady state (Little 1961). `time` in ns. */
export function meanNumber(rate: number, time: number): number {
  return (rate * time) / 1e9;
}
