/**
 * Sorts a linked list of events, the one pushed last at its head, by (time, order of insertion), and returns the first. By
 * insertion: buckets hold few events, and what was pushed in order of time stays so; where that does not help, by merging.
 */
export function sortBucket(newest: number, times: Float64Array, next: Int32Array): number {
  let first = -1;
  let stepsLeft = 256;
  let slot = newest;
  while (slot >= 0 && stepsLeft > 0) {
    const older = next[slot] as number;
    const time = times[slot] as number;
    let before = -1;
    let after = first;
    stepsLeft += 4;
    // Older events come before those of the same time.
    while (after >= 0 && (times[after] as number) < time) {
      before = after;
      after = next[after] as number;
      stepsLeft -= 1;
    }
    next[slot] = after;
    if (before < 0) first = slot;
    else next[before] = slot;
    slot = older;
  }
  if (slot < 0) return first;
  let count = 0;
  for (let rest = slot; rest >= 0; rest = next[rest] as number) count += 1;
  return merge(mergeSort(slot, count, times, next), first, times, next);
}

/** The first `count` of a list, the one pushed last at its head. */
function mergeSort(newest: number, count: number, times: Float64Array, next: Int32Array): number {
  if (count === 1) {
    next[newest] = -1;
    return newest;
  }
  const half = count >> 1;
  let middle = newest;
  for (let at = 0; at < half; at += 1) middle = next[middle] as number;
  const newer = mergeSort(newest, half, times, next);
  return merge(mergeSort(middle, count - half, times, next), newer, times, next);
}

/** Two sorted lists; of equal times, those of `older` come first. */
function merge(older: number, newer: number, times: Float64Array, next: Int32Array): number {
  let first = -1;
  let last = -1;
  let left = older;
  let right = newer;
  while (left >= 0 && right >= 0) {
    let slot = left;
    if ((times[left] as number) <= (times[right] as number)) {
      left = next[left] as number;
    } else {
      slot = right;
      right = next[right] as number;
    }
    if (last < 0) first = slot;
    else next[last] = slot;
    last = slot;
  }
  next[last] = left >= 0 ? left : right;
  return first;
}
