import { counted } from '../../base/units.ts';
import type { QuorumSystem } from '../../model/values.ts';
import type { Availability } from '../availability.ts';
import type { FaultFamily } from '../fault-sets.ts';
import type { Split } from '../intersection.ts';
import { OutOfWork, Work } from '../work.ts';
import { isFederatedAvailable } from './available.ts';
import { smallestBlocking } from './blocking-sets.ts';
import { liarBudgets } from './fault-budgets.ts';
import { type Federation, federationOf } from './federation.ts';
import { hasQuorum, SplitSearch } from './split.ts';
import { smallestSplitting } from './splitting-sets.ts';
import { singleUnits } from './units.ts';

/** A quorum system of federated slices. */
export type Federated = QuorumSystem & { readonly kind: 'slices' };

const federations = new WeakMap<Federated, Map<number, Federation>>();

/** Made once for each system of slices. Throws OutOfWork when weights are too large to be added exactly. */
export function compiledFederation(quorum: Federated, nodeCount: number): Federation {
  const bySize = federations.get(quorum) ?? new Map<number, Federation>();
  federations.set(quorum, bySize);
  const known = bySize.get(nodeCount);
  if (known !== undefined) return known;
  const federation = federationOf(quorum.slices, nodeCount);
  bySize.set(nodeCount, federation);
  return federation;
}

const contents = new WeakMap<QuorumSystem, string>();

/** A quorum system as text, for memos; needs that many nodes share are written once. */
export function quorumContent(quorum: QuorumSystem): string {
  if (quorum.kind !== 'slices') return JSON.stringify(quorum);
  const known = contents.get(quorum);
  if (known !== undefined) return known;
  const places = new Map<QuorumSystem, number>();
  const written: QuorumSystem[] = [];
  const slices = quorum.slices.map(({ node, needs }) => {
    const place = places.get(needs) ?? written.push(needs) - 1;
    places.set(needs, place);
    return [node, place];
  });
  const content = `slices ${JSON.stringify([slices, written])}`;
  contents.set(quorum, content);
  return content;
}

/** `available` of slices. Throws OutOfWork. */
export function federatedAvailability(family: FaultFamily, quorum: Federated, work: Work): Availability {
  return isFederatedAvailable(family, compiledFederation(quorum, family.nodeCount), work);
}

/** Two quorums, with their liars, that share only liars; null when there are none, undefined when there is no quorum at all. Throws OutOfWork. */
export function federatedSplit(family: FaultFamily, quorum: Federated, work: Work): Split | null | undefined {
  const federation = compiledFederation(quorum, family.nodeCount);
  if (!hasQuorum(federation, work)) return undefined;
  const { units, budgets } = liarBudgets(family.strikes(['byzantine']), family.nodeCount);
  const search = new SplitSearch(federation, units, work);
  try {
    const split = search.within(budgets);
    if (split === null) return null;
    const { first, second, lying } = split;
    const with_ = (honest: readonly number[]): number[] => [...honest, ...lying].sort((a, b) => a - b);
    return { first: with_(first), second: with_(second), shared: lying, faulty: lying };
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    throw new OutOfWork(
      knownSoFar(
        federation,
        budgets.reduce((sum, { capacity }) => sum + capacity, 0),
        work.limit,
      ),
    );
  }
}

/** What counting alone still says once the search has run out of work. */
function knownSoFar(federation: Federation, most: number, limit: number): string {
  const units = singleUnits(federation.nodeCount);
  let sure = -1;
  try {
    const search = new SplitSearch(federation, units, new Work(limit));
    while (sure < most && search.isTogether(sure + 1)) sure++;
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
  }
  const known =
    sure < 0
      ? 'nothing is certain yet'
      : sure === 0
        ? 'without liars any two quorums meet'
        : `no split exists with up to ${counted(sure, 'liar')}, whichever nodes they are`;
  return `the search for two quorums that share no honest node passed its work limit; ${known}`;
}

/** The smallest blocking set; null when even losing all nodes leaves a quorum, which slices never do. Throws OutOfWork. */
export function federatedBlocking(
  quorum: Federated,
  nodeCount: number,
  work: Work,
): { readonly nodes: readonly number[] | null; readonly size: number } {
  const federation = compiledFederation(quorum, nodeCount);
  const smallest = smallestBlocking(federation, singleUnits(nodeCount), work);
  if (smallest.kind === 'exact') return { nodes: smallest.found, size: federation.nodes.length };
  const known = smallest.known === null ? '' : `, and ${counted(smallest.known.length, 'node')} were found that do`;
  throw new OutOfWork(`the search passed its work limit: no ${counted(smallest.none, 'node')} take every quorum away${known}`);
}

/** The smallest set of liars that splits the quorums, null when none does. Throws OutOfWork. */
export function federatedSplitting(
  quorum: Federated,
  nodeCount: number,
  work: Work,
): { readonly nodes: readonly number[] | null; readonly size: number } {
  const federation = compiledFederation(quorum, nodeCount);
  if (!hasQuorum(federation, work)) return { nodes: null, size: federation.nodes.length };
  const smallest = smallestSplitting(federation, singleUnits(nodeCount), work);
  if (smallest.kind === 'exact') return { nodes: smallest.found?.lying ?? null, size: federation.nodes.length };
  throw new OutOfWork(
    `the search passed its work limit: no split was found among sets of up to ${counted(Math.max(0, smallest.none), 'node')}`,
  );
}
