import type { Work } from '../work.ts';
import type { UnitBudget } from './counting.ts';
import { SplitEncoding } from './encoding.ts';
import { closure, everyNode, type Federation, mark, marked, minimalQuorumIn, withoutNodes } from './federation.ts';
import { isSurelyTogether, type MeetTable, meetTable } from './precheck.ts';
import type { Units } from './units.ts';

/** Two quorums of honest nodes that share nobody, once the nodes of `lying` are deleted from all slices. Ascending. */
export interface FederatedSplit {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly lying: readonly number[];
  /** The units that lie. */
  readonly units: readonly number[];
}

/** Whether quorums stay together, asked again and again with other liars: what can be shared between the questions is. */
export class SplitSearch {
  private table: MeetTable | null = null;

  constructor(
    readonly federation: Federation,
    readonly units: Units,
    readonly work: Work,
  ) {}

  /**
   * Quorum intersection despite every set of liars within the budgets (Mazières 2015, definition 6): two quorums that break it, or null. Liars are
   * deleted: they satisfy whoever lists them, and are in no quorum. Exact, or throws OutOfWork.
   */
  within(budgets: readonly UnitBudget[]): FederatedSplit | null {
    const named = budgets.filter(({ capacity }) => capacity > 0);
    const most = named.reduce((sum, { capacity, units }) => sum + Math.min(capacity, units.length), 0);
    if (this.isTogether(most)) return null;
    const encoding = new SplitEncoding(this.federation, this.units, this.work);
    encoding.bound(named);
    if (!encoding.sat.solve(this.work)) return null;
    return this.reported(encoding);
  }

  /** Whether counting alone proves that no so many units split the quorums. */
  isTogether(most: number): boolean {
    this.table ??= meetTable(this.federation, this.units, this.work);
    return isSurelyTogether(this.federation, this.table, this.units, most, this.work);
  }

  /** What the solver found, made minimal: no liar that is not needed, then minimal quorums. */
  private reported(encoding: SplitEncoding): FederatedSplit {
    const { federation } = this;
    const found = encoding.found();
    return this.minimal({ first: mark(found.first, federation.nodeCount), second: mark(found.second, federation.nodeCount) }, found.lying);
  }

  private minimal(sides: { readonly first: Uint8Array; readonly second: Uint8Array }, liars: readonly number[]): FederatedSplit {
    const { federation, work } = this;
    let units = [...liars].sort((a, b) => a - b);
    const lyingOf = (of: readonly number[]): Uint8Array =>
      mark(
        of.flatMap((unit) => this.units.members[unit] ?? []),
        federation.nodeCount,
      );
    for (const unit of [...units].reverse()) {
      const fewer = units.filter((other) => other !== unit);
      const lying = lyingOf(fewer);
      const holds = (side: Uint8Array): boolean => closure(federation, side, work, lying).includes(1);
      if (holds(sides.first) && holds(sides.second)) units = fewer;
    }
    const lying = lyingOf(units);
    const shrink = (side: Uint8Array): number[] => marked(minimalQuorumIn(federation, closure(federation, side, work, lying), work, lying));
    const [one, two] = [shrink(sides.first), shrink(sides.second)];
    // The same sets whatever side the solver put them on.
    const ordered = (one[0] as number) <= (two[0] as number);
    return { first: ordered ? one : two, second: ordered ? two : one, lying: marked(lying), units };
  }
}

/**
 * Quorum intersection despite exactly these liars: two quorums of the others that share nobody, or null. `first` and `second`, where given, are nodes that
 * must be in the one and in the other. Exact, or throws OutOfWork.
 */
export function splitDespite(
  federation: Federation,
  lying: Uint8Array,
  work: Work,
  first?: number,
  second?: number,
): Pick<FederatedSplit, 'first' | 'second'> | null {
  const rest = withoutNodes(federation, lying);
  const nobody: Units = { members: [], of: new Int32Array(federation.nodeCount).fill(-1) };
  const search = new SplitSearch(rest, nobody, work);
  if (first === undefined || second === undefined) return search.within([]);
  if (search.isTogether(0)) return null;
  const encoding = new SplitEncoding(rest, nobody, work);
  const [one, two] = [encoding.onSide(0, first), encoding.onSide(1, second)];
  return one !== null && two !== null && encoding.sat.solve(work, [one, two]) ? encoding.found() : null;
}

/** Whether all nodes together contain a quorum at all. */
export function hasQuorum(federation: Federation, work: Work): boolean {
  return closure(federation, everyNode(federation), work).includes(1);
}
