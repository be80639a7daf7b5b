import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAvailable } from '../../src/analysis/availability.ts';
import { FaultFamily } from '../../src/analysis/fault-sets.ts';
import { compile } from '../../src/analysis/formula.ts';
import { findSplit } from '../../src/analysis/intersection.ts';
import { OutOfWork, Work } from '../../src/analysis/work.ts';
import type { FaultModel, System } from '../../src/model/system.ts';
import type { QuorumSystem } from '../../src/model/values.ts';
import { atleast, faults, outage, range, sketch, strike, weighted } from './systems.ts';

/** Numbers that others have published, each with its source. */

/** Steps that are enough for every question below. */
const steps = 5_000_000;

function split(system: System, model: FaultModel, first: QuorumSystem, second: QuorumSystem = first) {
  const one = compile(first);
  const two = first === second ? one : compile(second);
  const strikes = new FaultFamily(system, model).strikes(['byzantine']);
  return findSplit({ first: one, second: two, nodeCount: system.nodes.length, strikes, work: new Work(steps) });
}

function available(system: System, model: FaultModel, quorum: QuorumSystem): boolean {
  return isAvailable(new FaultFamily(system, model), quorum, new Work(steps)).verdict === 'holds';
}

const crashes = (n: number, f: number): FaultModel => faults(strike('crash', f, range(n)));
const liars = (n: number, f: number): FaultModel => faults(strike('byzantine', f, range(n)));
const majority = (n: number): QuorumSystem => atleast(Math.floor(n / 2) + 1, range(n));

/** The most faults under which a quorum is left. */
function tolerance(n: number, quorum: QuorumSystem, model = crashes): number {
  return range(n + 1).filter((f) => available(sketch({ nodes: n }), model(n, f), quorum)).length - 1;
}

interface Table {
  readonly id: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}
const file = new URL('./vectors/replication-tables.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Table[] };
const rows = (id: string) => vectors.find((table) => table.id === id)?.rows ?? [];

describe('replication tables', () => {
  it('etcd: size of the cluster, majority, failures tolerated', () => {
    expect(rows('etcd cluster size table').length).toBeGreaterThan(5);
    for (const row of rows('etcd cluster size table')) {
      const n = row.n as number;
      expect(tolerance(n, majority(n))).toBe(row.failure_tolerance);
      expect(split(sketch({ nodes: n }), faults(), majority(n))).toBeNull();
      if (n > 1) expect(split(sketch({ nodes: n }), faults(), atleast((row.majority as number) - 1, range(n)))).not.toBeNull();
    }
  });

  it('YugabyteDB: replication factor and faults tolerated', () => {
    for (const row of rows('yugabyte RF table')) expect(tolerance(row.rf as number, majority(row.rf as number))).toBe(row.ft);
  });

  it('Cassandra: reads and writes intersect exactly when R + W > RF', () => {
    const size = (level: unknown, rf: number): number => (level === 'one' ? 1 : level === 'all' ? rf : Math.floor(rf / 2) + 1);
    const table = rows('cassandra calculator (Janne Jalkanen)');
    expect(table.length).toBeGreaterThan(20);
    for (const row of table) {
      const rf = row.RF as number;
      const read = atleast(size(row.R, rf), range(rf));
      const write = atleast(size(row.W, rf), range(rf));
      const expected = row.expect as { consistent: boolean; survive_loss_without_impact: number };
      expect(split(sketch({ nodes: rf }), faults(), read, write) === null).toBe(expected.consistent);
      expect(Math.min(tolerance(rf, read), tolerance(rf, write))).toBe(expected.survive_loss_without_impact);
    }
  });
});

describe('Byzantine quorums', () => {
  it('2f + 1 of 6 with one liar need not meet, and 4 do (bounds Q7)', () => {
    const system = sketch({ nodes: 6 });
    expect(split(system, liars(6, 1), atleast(3, range(6)))).toMatchObject({ first: [0, 1, 2], second: [3, 4, 5], shared: [] });
    expect(split(system, liars(6, 1), atleast(4, range(6)))).toBeNull();
    expect(tolerance(6, atleast(4, range(6)), liars)).toBe(2);
  });

  it('dissemination quorums of ⌈(n + f + 1) / 2⌉ are safe, one less is not; live exactly from n = 3f + 1 (Malkhi & Reiter 1998)', () => {
    for (let n = 1; n <= 13; n++) {
      for (let f = 0; f <= 4 && f < n; f++) {
        const q = Math.ceil((n + f + 1) / 2);
        if (q > n) continue;
        const quorum = atleast(q, range(n));
        expect(split(sketch({ nodes: n }), liars(n, f), quorum)).toBeNull();
        expect(split(sketch({ nodes: n }), liars(n, f), atleast(q - 1, range(n)))).not.toBeNull();
        expect(available(sketch({ nodes: n }), liars(n, f), quorum)).toBe(n >= 3 * f + 1);
      }
    }
  });

  it('masking quorums of ⌈(n + 2f + 1) / 2⌉ share 2f + 1: safe against twice the liars; live exactly from n = 4f + 1', () => {
    for (let n = 2; n <= 13; n++) {
      for (let f = 1; f <= 3; f++) {
        const q = Math.ceil((n + 2 * f + 1) / 2);
        if (q > n) continue;
        expect(split(sketch({ nodes: n }), liars(n, 2 * f), atleast(q, range(n)))).toBeNull();
        expect(available(sketch({ nodes: n }), liars(n, f), atleast(q, range(n)))).toBe(n >= 4 * f + 1);
      }
    }
  });

  it('weights: quorums above (W + W_f) / 2, where W_f is the heaviest fault set (Gifford 1979; Garcia-Molina & Barbara 1985)', () => {
    const weights = [5, 4, 3, 2, 1, 1];
    const system = sketch({ nodes: 6, weights });
    expect(split(system, liars(6, 1), weighted(11, weights))).toBeNull();
    expect(split(system, liars(6, 1), weighted(10, weights))).not.toBeNull();
    expect(new FaultFamily(system, liars(6, 2)).maximum(['byzantine'], range(6), new Work(), weights)).toMatchObject({
      value: 9,
      faults: { byzantine: [0, 1] },
    });
  });
});

describe('flexible quorums (Howard, Malkhi & Spiegelman 2016)', () => {
  it('only quorums of different phases must meet', () => {
    const system = sketch({ nodes: 6 });
    const elect = atleast(5, range(6));
    const decide = atleast(2, range(6));
    expect(split(system, faults(), elect, decide)).toBeNull();
    expect(split(system, faults(), decide)).not.toBeNull();
  });
});

describe('zones', () => {
  const zones = (...sizes: readonly number[]) => {
    let first = 0;
    return sizes.map((size) => {
      const nodes = range(size).map((i) => first + i);
      first += size;
      return { parent: -1, nodes };
    });
  };

  it('two are never enough for a majority, three are (etcd on two availability zones)', () => {
    for (let n = 2; n <= 9; n++) {
      for (let one = 1; one < n; one++) {
        const system = sketch({ nodes: n, zones: zones(one, n - one) });
        expect(available(system, faults(outage(1, [0, 1])), majority(n))).toBe(false);
      }
    }
    expect(available(sketch({ nodes: 5, zones: zones(2, 2, 1) }), faults(outage(1, [0, 1, 2])), majority(5))).toBe(true);
  });

  it('a node in a zone that is out is not lost twice', () => {
    const system = sketch({ nodes: 5, zones: zones(2, 1, 2) });
    const model = faults(strike('crash', 2, range(5)), outage(1, [0, 1, 2]));
    expect(new FaultFamily(system, model).maximum(['crash'], range(5), new Work())).toEqual({
      value: 4,
      faults: { outages: [0], crashed: [2, 3], omitting: [], byzantine: [], slow: [] },
    });
  });
});

describe('large systems', () => {
  it('a thousand interchangeable nodes take few steps', () => {
    const n = 1000;
    const system = sketch({ nodes: n, zones: range(10).map((z) => ({ parent: -1, nodes: range(100).map((i) => z * 100 + i) })) });
    const model = faults(strike('crash', 299, range(n)), strike('byzantine', 100, range(n)), outage(1, range(10)));
    expect(available(system, model, majority(n))).toBe(true);
    expect(available(system, faults(strike('crash', 400, range(n)), outage(1, range(10))), majority(n))).toBe(false);
    expect(split(system, liars(n, 100), atleast(551, range(n)))).toBeNull();
    expect(split(system, liars(n, 100), atleast(550, range(n)))).not.toBeNull();
  });

  it('twenty-four organisations of three decide by a sum, not by search', () => {
    const organisations = range(24).map((o) => atleast(2, [3 * o, 3 * o + 1, 3 * o + 2]));
    const quorum = atleast(17, organisations);
    const system = sketch({ nodes: 72 });
    expect(split(system, liars(72, 9), quorum)).toBeNull();
    expect(split(system, liars(72, 10), quorum)).not.toBeNull();
    expect(tolerance(72, quorum)).toBe(15);
  });

  it('a grid of ten by ten meets where rows cross columns', () => {
    const at = (row: number, column: number): number => 10 * row + column;
    const quorum = atleast(2, [
      atleast(
        1,
        range(10).map((row) =>
          atleast(
            10,
            range(10).map((column) => at(row, column)),
          ),
        ),
      ),
      atleast(
        1,
        range(10).map((column) =>
          atleast(
            10,
            range(10).map((row) => at(row, column)),
          ),
        ),
      ),
    ]);
    const system = sketch({ nodes: 100 });
    expect(split(system, liars(100, 1), quorum)).toBeNull();
    expect(split(system, liars(100, 2), quorum)).not.toBeNull();
    expect(tolerance(100, quorum)).toBe(9);
  });

  it('twenty-five nodes of different weights are exact', () => {
    const weights = range(25).map((i) => 1000 + 37 * i + ((i * i) % 11));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const system = sketch({ nodes: 25, weights });
    expect(split(system, faults(), weighted(Math.floor(total / 2) + 1, weights))).toBeNull();
    const even = split(system, faults(), weighted(Math.floor(total / 2) - 20, weights));
    expect(even?.shared).toEqual([]);
  });

  it('says that it does not know instead of trying for ever', () => {
    // Weights whose halves cannot be equal, as all are even and the total is not twice an even number.
    const weights = range(60).map((i) => 2 * (100_003 + 7919 * i));
    const odd = weights.map((weight, i) => (i === 0 ? weight + 2 : weight));
    const total = odd.reduce((sum, weight) => sum + weight, 0);
    const quorum = weighted(total / 2, odd);
    const ask = () => {
      const one = compile(quorum);
      const strikes = new FaultFamily(sketch({ nodes: 60 }), faults()).strikes(['byzantine']);
      return findSplit({ first: one, second: one, nodeCount: 60, strikes, work: new Work(2_000_000) });
    };
    try {
      const found = ask();
      // A search may be lucky: then what it found must be true.
      if (found !== null) expect(found.shared).toEqual([]);
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfWork);
    }
  });
});
