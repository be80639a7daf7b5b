/**
 * Delta debugging (Zeller & Hildebrandt 2002): a subset of `items` for which `fails` still holds and from which no single
 * item can be taken away. `fails` holds of all of them. Items keep their order; at most quadratic in their number, near
 * linear where few matter. `fails` may answer no to everything once it has had enough.
 */
export function ddmin<Item>(items: readonly Item[], fails: (kept: readonly Item[]) => boolean): readonly Item[] {
  if (items.length === 0 || fails([])) return [];
  let kept = items;
  let parts = 2;
  while (kept.length >= 2) {
    const size = Math.ceil(kept.length / parts);
    const starts = Array.from({ length: Math.ceil(kept.length / size) }, (_, part) => part * size);
    const current = kept;
    const chunk = starts.map((start) => current.slice(start, start + size)).find(fails);
    if (chunk) {
      kept = chunk;
      parts = 2;
      continue;
    }
    // Of two halves each is what the other one leaves.
    const rests = starts.length > 2 ? starts : [];
    const rest = rests.map((start) => [...current.slice(0, start), ...current.slice(start + size)]).find(fails);
    if (rest) {
      kept = rest;
      parts = Math.max(starts.length - 1, 2);
    } else if (size === 1) break;
    else parts = Math.min(kept.length, 2 * parts);
  }
  return kept;
}
