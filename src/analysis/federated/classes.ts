import { interchangeable } from '../formula.ts';
import type { Federation } from './federation.ts';

/** Classes of nodes that can be exchanged: listed in the same places, with the same needs. -1 for nodes in no quorum. */
export function exchangeable(federation: Federation, quorums: Uint8Array): Int32Array {
  const places = interchangeable(
    federation.kinds.map(({ formula }) => formula),
    federation.nodeCount,
  );
  const known = new Map<string, number>();
  return places.map((place, node) => {
    if (!quorums[node]) return -1;
    const key = `${place}/${federation.kindOf[node]}`;
    const at = known.get(key) ?? known.size;
    known.set(key, at);
    return at;
  });
}
