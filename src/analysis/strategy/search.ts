import { cheapestBlock } from '../blocking.ts';
import { dual, type Formula } from '../formula.ts';
import { OutOfWork, type Work } from '../work.ts';
import { type Objective, type ReadWriteSystem, type Strategy, StrategySpace, type Workload } from './strategy.ts';

export interface SearchOptions extends Objective {
  /** So many nodes may be lost, whichever they are, and both a read and a write quorum are left. */
  readonly resilience: number;
}

export interface Found {
  readonly reads: Formula;
  readonly writes: Formula;
  readonly strategy: Strategy;
  /** The expected load, network or latency that was made small. */
  readonly value: number;
}

/** More nodes make more systems than can be tried: some 7,000 over six nodes. */
export const mostSearched = 6;

/**
 * The best read-write quorum system over some nodes of all whose read quorums are thresholds of thresholds in which no node
 * stands twice, and whose write quorums are the sets that meet every read quorum (there are none better for these reads).
 * Null when none is within the limits. Throws OutOfWork beyond `mostSearched` nodes.
 */
export function searchSystem(
  nodes: readonly number[],
  figures: Omit<ReadWriteSystem, 'reads' | 'writes'>,
  workload: Workload,
  options: SearchOptions,
  work: Work,
): Found | null {
  if (nodes.length > mostSearched) throw new OutOfWork(`more than ${mostSearched} nodes make too many quorum systems`);
  const timed = options.latencyLimit !== undefined || options.minimize === 'latency';
  const kind = (node: number): string =>
    [figures.readCapacity(node), figures.writeCapacity(node), timed ? figures.latency(node) : 0].join();
  const strikable = new Uint8Array(figures.nodeCount).fill(1);
  const survives = (formula: Formula): boolean =>
    (cheapestBlock(formula, strikable, strikable)?.length ?? Number.POSITIVE_INFINITY) > options.resilience;
  let best: Found | null = null;
  for (const reads of new ReadOnce(kind, work).over(nodes)) {
    const writes = dual(reads);
    if (!survives(reads) || !survives(writes)) continue;
    const space = new StrategySpace({ ...figures, reads, writes }, work, options.failures);
    const strategy = space.best(workload, options);
    if (strategy === null) continue;
    const value = strategy[options.minimize ?? 'load'](workload);
    // What differs by rounding alone is no better.
    if (best === null || value < best.value * (1 - 1e-9)) best = { reads, writes, strategy, value };
  }
  return best;
}

/** All monotone formulas of thresholds over a set in which every node stands once, those alike but for like nodes once. */
class ReadOnce {
  private readonly known = new Map<string, readonly Formula[]>();

  constructor(
    private readonly kind: (node: number) => string,
    private readonly work: Work,
  ) {}

  over(nodes: readonly number[]): readonly Formula[] {
    const key = nodes.join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = new Map<string, Formula>();
    const [only] = nodes;
    if (nodes.length === 1 && only !== undefined) found.set('', { kind: 'node', node: only });
    for (const parts of partitions(nodes)) {
      if (parts.length < 2) continue;
      for (const of of this.choices(parts)) {
        for (let count = 1; count <= parts.length; count++) {
          // An alternative among alternatives, or a conjunct among conjuncts, is one level too many.
          if (count === 1 && of.some((part) => part.kind === 'atleast' && part.count === 1)) continue;
          if (count === parts.length && of.some((part) => part.kind === 'atleast' && part.count === part.of.length)) continue;
          const formula: Formula = { kind: 'atleast', count, of };
          const shape = this.shape(formula);
          if (!found.has(shape)) found.set(shape, formula);
          this.work.spend(10);
        }
      }
    }
    const result = [...found.values()];
    this.known.set(key, result);
    return result;
  }

  /** One formula over each part, in every way. */
  private choices(parts: readonly (readonly number[])[]): Formula[][] {
    return parts.reduce<Formula[][]>(
      (chosen, part) => chosen.flatMap((before) => this.over(part).map((formula) => [...before, formula])),
      [[]],
    );
  }

  /** The same for formulas that differ only in the order of parts and in which of like nodes stands where. */
  private shape(formula: Formula): string {
    if (formula.kind === 'node') return this.kind(formula.node);
    if (formula.kind === 'weighted') return '';
    return `${formula.count}(${formula.of
      .map((part) => this.shape(part))
      .sort()
      .join(';')})`;
  }
}

/** Every way to divide a list into parts, the first element in the first part. */
function* partitions(items: readonly number[]): Generator<number[][]> {
  const [first, ...rest] = items;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const parts of partitions(rest)) {
    yield [[first], ...parts];
    for (let i = 0; i < parts.length; i++) yield [[first, ...(parts[i] as number[])], ...parts.filter((_, other) => other !== i)];
  }
}
