// Which arrow a pointer means.

/** Distance in pixels from a point to the segment from (x1, y1) to (x2, y2). */
export function distanceToSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length2));
  return Math.hypot(x - (x1 + along * dx), y - (y1 + along * dy));
}

export interface Segment {
  readonly row: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Row of the segment nearest to the point, when one is within `reachPx` pixels; of equally near ones the last drawn. */
export function nearestSegment(segments: readonly Segment[], x: number, y: number, reachPx: number): number | undefined {
  let best: number | undefined;
  let bestDistance = reachPx;
  for (const { row, x1, y1, x2, y2 } of segments) {
    const distance = distanceToSegment(x, y, x1, y1, x2, y2);
    if (distance <= bestDistance) {
      best = row;
      bestDistance = distance;
    }
  }
  return best;
}
