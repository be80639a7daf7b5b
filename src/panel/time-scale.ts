// The time axis without a screen: which stretch of a run is in view, where a moment lies on it, and its ticks.

/** The stretch of the run in view, in milliseconds of simulated time. */
export interface TimeView {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The shortest stretch one can zoom to: a microsecond still tells two events of a fast network apart. */
const spanMinMs = 0.001;

/** Position in pixels of a moment on an axis of `width` pixels. */
export function xOf(view: TimeView, width: number, timeMs: number): number {
  return ((timeMs - view.fromMs) / (view.toMs - view.fromMs)) * width;
}

/** Moment at a position in pixels on an axis of `width` pixels. */
export function timeAt(view: TimeView, width: number, x: number): number {
  return view.fromMs + (x / width) * (view.toMs - view.fromMs);
}

/** The view scaled by `factor` (below 1: closer) with the moment `aroundMs` kept where it is, inside the run. */
export function zoomed(view: TimeView, factor: number, aroundMs: number, durationMs: number): TimeView {
  const span = Math.min(durationMs, Math.max(spanMinMs, (view.toMs - view.fromMs) * factor));
  const share = (aroundMs - view.fromMs) / (view.toMs - view.fromMs);
  return clamped(aroundMs - share * span, span, durationMs);
}

/** The view moved by so many milliseconds, inside the run. */
export function panned(view: TimeView, byMs: number, durationMs: number): TimeView {
  return clamped(view.fromMs + byMs, view.toMs - view.fromMs, durationMs);
}

/** The view itself when the moment is in it, else one of equal length around the moment. */
export function revealing(view: TimeView, timeMs: number, durationMs: number): TimeView {
  if (timeMs >= view.fromMs && timeMs <= view.toMs) return view;
  const span = view.toMs - view.fromMs;
  return clamped(timeMs - span / 2, span, durationMs);
}

function clamped(fromMs: number, spanMs: number, durationMs: number): TimeView {
  const span = Math.min(spanMs, durationMs);
  const from = Math.min(Math.max(0, fromMs), durationMs - span);
  return { fromMs: from, toMs: from + span };
}

/** Round moments for the axis, at least `gapPx` pixels apart. */
export function ticks(view: TimeView, width: number, gapPx: number): readonly number[] {
  const step = roundStep(((view.toMs - view.fromMs) * gapPx) / Math.max(1, width));
  const first = Math.ceil(view.fromMs / step);
  const last = Math.floor(view.toMs / step);
  const moments: number[] = [];
  // Multiples, not a running sum: adding up a decimal step drifts away from round numbers.
  for (let count = first; count <= last; count += 1) moments.push(Number((count * step).toPrecision(12)));
  return moments;
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  return 10 * power;
}
