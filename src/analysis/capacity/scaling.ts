import type { Span } from '../../base/source.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { Deployment, System } from '../../model/system.ts';

/** How a protocol says that its work divides: both shares in 0..1. */
export interface Scaling {
  /** σ: the share of the work that is done one member after the other. */
  readonly serial: number;
  /** κ: what keeping each pair of members consistent costs, as a share of the work. */
  readonly crosstalk: number;
  /** Where the protocol says so. */
  readonly span: Span;
}

/** What the protocol declares, for one deployment; null when it declares nothing or what it declares is no share. */
export function scalingOf(system: System, deployment: Deployment): Scaling | null {
  const declared = system.protocols[deployment.protocol]?.scaling;
  if (!declared) return null;
  const environment = deploymentEnvironment(system, deployment);
  try {
    const serial = declared.serial === null ? 0 : evaluate(declared.serial, environment);
    const crosstalk = declared.crosstalk === null ? 0 : evaluate(declared.crosstalk, environment);
    return isShare(serial) && isShare(crosstalk) ? { serial, crosstalk, span: declared.span } : null;
  } catch (error) {
    // Reported where the deployment is expanded.
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

/** Speed-up of n members over one when the share `serial` of a fixed amount of work does not divide (Amdahl 1967). */
export function amdahl(n: number, serial: number): number {
  return 1 / (serial + (1 - serial) / n);
}

/** What no number of members reaches: 1 / s. Infinity without a serial share. */
export function amdahlLimit(serial: number): number {
  return 1 / serial;
}

/** Speed-up of n members when the work grows with them and the share `serial` of the time does not divide (Gustafson 1988). */
export function gustafson(n: number, serial: number): number {
  return serial + n * (1 - serial);
}

/** C(n): throughput of n members relative to one (universal scalability law, Gunther 1993); Amdahl's law for κ = 0. */
export function relativeCapacity(n: number, { serial, crosstalk }: Pick<Scaling, 'serial' | 'crosstalk'>): number {
  if (n === 0) return 0;
  return n / (1 + serial * (n - 1) + crosstalk * n * (n - 1));
}

/** n* = √((1 − σ) / κ): where C(n) is greatest over the reals. Infinity without crosstalk: more members never make it slower. */
export function peak({ serial, crosstalk }: Pick<Scaling, 'serial' | 'crosstalk'>): number {
  return crosstalk === 0 ? Number.POSITIVE_INFINITY : Math.sqrt((1 - serial) / crosstalk);
}

/** The whole number of members with the greatest C(n), the smaller one of two alike; Infinity without crosstalk. */
export function peakMembers(scaling: Pick<Scaling, 'serial' | 'crosstalk'>): number {
  const exact = peak(scaling);
  if (!Number.isFinite(exact)) return exact;
  const below = Math.max(1, Math.floor(exact));
  return relativeCapacity(below + 1, scaling) > relativeCapacity(below, scaling) ? below + 1 : below;
}
