// Simulated time as text.

/** A moment as text, as precise as a step of `stepMs` asks for: `1.25 s`, `340 ms`, `12 us`. */
export function formatTime(timeMs: number, stepMs = 0.001): string {
  if (timeMs === 0) return '0 s';
  const [scale, unit] = Math.abs(timeMs) >= 1000 ? [1000, 's'] : Math.abs(timeMs) >= 1 ? [1, 'ms'] : [0.001, 'us'];
  const decimals = Math.min(6, Math.max(0, Math.ceil(-Math.log10(stepMs / scale) - 1e-9)));
  const text = (timeMs / scale).toFixed(decimals);
  return `${decimals > 0 ? text.replace(/\.?0+$/, '') : text} ${unit}`;
}

/** A moment in seconds with a fixed number of digits, for columns: `16.6899 s`. */
export function formatMoment(timeMs: number): string {
  return `${(timeMs / 1000).toFixed(4)} s`;
}
