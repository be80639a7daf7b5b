import { formatNumber } from '../base/units.ts';
import type { RunProgress } from '../pipeline/api.ts';

/** `Bank.Chaos: 312 of 10000 seeds, 2 failing, 104 runs/s, 1 min 33 s left`; what is not known yet is left out. */
export function progressText(
  system: string,
  { scenario, variant, done, total, failing, shrinking }: RunProgress,
  milliseconds: number,
): string {
  const name = `${system}.${scenario}${variant === null ? '' : ` [${variant}]`}`;
  if (shrinking !== undefined) return `${name}: shrinking: ${shrinking}`;
  const parts = [`${name}: ${done} of ${total} seeds`];
  if (failing > 0) parts.push(`${failing} failing`);
  const perSecond = (done / milliseconds) * 1e3;
  if (done > 0 && perSecond > 0 && Number.isFinite(perSecond)) {
    parts.push(`${formatNumber(perSecond)} runs/s`);
    if (done < total) parts.push(`${timeLeft((total - done) / perSecond)} left`);
  }
  return parts.join(', ');
}

/** Of seconds, in two units at the most, whole: `45 s`, `2 min 5 s`, `3 h 20 min`. */
export function timeLeft(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
