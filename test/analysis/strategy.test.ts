import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { smallestBlockingSet } from '../../src/analysis/blocking.ts';
import { dual, type Formula, holds } from '../../src/analysis/formula.ts';
import { searchSystem } from '../../src/analysis/strategy/search.ts';
import { type Objective, type ReadWriteSystem, type Strategy, StrategySpace, type Workload } from '../../src/analysis/strategy/strategy.ts';
import { Work } from '../../src/analysis/work.ts';

/** Published figures of read-write quorum systems: load, capacity, resilience, duals, strategies (Whittaker et al. 2021). */

interface Query {
  readonly op: string;
  readonly expect?: unknown;
  readonly expect_s?: number;
  readonly expect_expr?: string;
  readonly set?: string[];
  readonly read_fraction?: number | Record<string, number>;
  readonly write_fraction?: number;
  readonly f?: number;
  readonly optimize?: Objective['minimize'];
  readonly load_limit?: number;
  readonly sigma_r?: Record<string, number>;
  readonly sigma_w?: Record<string, number>;
  readonly latency_s?: number;
  readonly network_load?: number;
}

interface Vector {
  readonly id: string;
  readonly nodes: { name: string; read_capacity?: number; write_capacity?: number; latency_s?: number }[];
  readonly reads?: string;
  readonly expr?: string;
  readonly read_fraction_weights?: Record<string, number>;
  readonly search?: {
    resilience: number;
    f?: number;
    read_fraction?: number;
    optimize?: Objective['minimize'];
    latency_limit_s?: number;
    network_limit?: number;
  };
  readonly queries: Query[];
}

const file = new URL('./vectors/read-write-quorums.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

/** `a*b + choose(2,[c,d,e])`: + is one of, * is all of. */
function parse(text: string, names: readonly string[]): Formula {
  let at = 0;
  const skip = (token: string): boolean => {
    while (text[at] === ' ') at++;
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const list = (): Formula[] => {
    const items: Formula[] = [];
    do items.push(sum());
    while (skip(','));
    return items;
  };
  const atom = (): Formula => {
    if (skip('choose(')) {
      const count = Number.parseInt(text.slice(at), 10);
      while (text[at] !== '[') at++;
      at++;
      const of = list();
      skip(']');
      skip(')');
      return { kind: 'atleast', count, of };
    }
    if (skip('majority([')) {
      const of = list();
      skip(']');
      skip(')');
      return { kind: 'atleast', count: Math.floor(of.length / 2) + 1, of };
    }
    if (skip('(')) {
      const inner = sum();
      skip(')');
      return inner;
    }
    while (text[at] === ' ') at++;
    const node = names.indexOf(text[at++] as string);
    if (node < 0) throw new Error(`no such node in ${text} before ${at}`);
    return { kind: 'node', node };
  };
  const product = (): Formula => {
    const of = [atom()];
    while (skip('*')) of.push(atom());
    return of.length === 1 ? (of[0] as Formula) : { kind: 'atleast', count: of.length, of };
  };
  const sum = (): Formula => {
    const of = [product()];
    while (skip('+')) of.push(product());
    return of.length === 1 ? (of[0] as Formula) : { kind: 'atleast', count: 1, of };
  };
  const formula = sum();
  while (text[at] === ' ') at++;
  if (at < text.length) throw new Error(`${text} is not read to its end`);
  return formula;
}

function workloadOf(query: Query, vector: Vector): Workload {
  const given = query.read_fraction ?? (query.write_fraction === undefined ? vector.read_fraction_weights : 1 - query.write_fraction);
  if (given === undefined) throw new Error('no read fraction');
  if (typeof given === 'number') return [{ reads: given, weight: 1 }];
  const total = Object.values(given).reduce((sum, weight) => sum + weight, 0);
  return Object.entries(given).map(([reads, weight]) => ({ reads: Number(reads), weight: weight / total }));
}

function figuresOf(vector: Vector): Omit<ReadWriteSystem, 'reads' | 'writes'> {
  return {
    nodeCount: vector.nodes.length,
    readCapacity: (node) => vector.nodes[node]?.read_capacity ?? 1,
    writeCapacity: (node) => vector.nodes[node]?.write_capacity ?? 1,
    latency: (node) => vector.nodes[node]?.latency_s ?? 0,
  };
}

const near = (value: number, expected: number): void => expect(Math.abs(value / expected - 1)).toBeLessThan(1e-3);

for (const vector of vectors) {
  const names = vector.nodes.map(({ name }) => name);
  const nodeCount = names.length;
  const text = vector.reads ?? vector.expr;
  const reads = text === undefined ? undefined : parse(text, names);
  const figures = figuresOf(vector);
  const resilience = (formula: Formula): number => (smallestBlockingSet(formula, nodeCount, new Work())?.length ?? 0) - 1;
  const spaceOf = (failures = 0): StrategySpace => {
    if (reads === undefined) throw new Error('no quorum system');
    return new StrategySpace({ ...figures, reads, writes: dual(reads) }, new Work(), failures);
  };
  /** All quorums with the profiles found, by name. */
  const spelled = (formula: Formula, failures: number): string[] => {
    // Distinct latencies set every node apart, so that each profile is one quorum.
    const apart = new StrategySpace({ ...figures, latency: (node) => node, reads: formula, writes: formula }, new Work(), failures);
    return apart.reads.map(({ example }) => example.map((node) => names[node]).join()).sort();
  };
  const best = (query: Query): { strategy: Strategy; workload: Workload } => {
    const workload = workloadOf(query, vector);
    const objective: Objective = {
      ...(query.optimize === undefined ? {} : { minimize: query.optimize }),
      ...(query.load_limit === undefined ? {} : { loadLimit: query.load_limit }),
    };
    const strategy = spaceOf(query.f).best(workload, objective);
    if (strategy === null) throw new Error('no strategy');
    return { strategy, workload };
  };
  const explicit = (query: Query): Strategy => {
    if (reads === undefined) throw new Error('no quorum system');
    const space = new StrategySpace({ ...figures, latency: (node) => node, reads, writes: dual(reads) }, new Work());
    const weights = (orbits: StrategySpace['reads'], sigma: Record<string, number> = {}): number[] =>
      orbits.map(({ example }) => sigma[example.map((node) => names[node]).join()] ?? 0);
    return space.strategy(weights(space.reads, query.sigma_r), weights(space.writes, query.sigma_w));
  };
  const present = (set: readonly string[] = []): Uint8Array => Uint8Array.from(names, (name) => (set.includes(name) ? 1 : 0));

  const checks: Record<string, (query: Query) => void> = {
    read_quorums: ({ expect: quorums }) =>
      expect(spelled(reads as Formula, 0)).toEqual((quorums as string[][]).map((quorum) => quorum.join()).sort()),
    write_quorums: ({ expect: quorums }) =>
      expect(spelled(dual(reads as Formula), 0)).toEqual((quorums as string[][]).map((quorum) => quorum.join()).sort()),
    minimal_f_resilient_read_quorums: ({ f = 0, expect: quorums }) =>
      expect(spelled(reads as Formula, f)).toEqual((quorums as string[][]).map((quorum) => quorum.join()).sort()),
    minimal_f_resilient_write_quorums: ({ f = 0, expect: quorums }) =>
      expect(spelled(dual(reads as Formula), f)).toEqual((quorums as string[][]).map((quorum) => quorum.join()).sort()),
    is_read_quorum: ({ set, expect: is }) => expect(holds(reads as Formula, present(set))).toBe(is),
    is_write_quorum: ({ set, expect: is }) => expect(holds(dual(reads as Formula), present(set))).toBe(is),
    read_resilience: ({ expect: value }) => expect(resilience(reads as Formula)).toBe(value),
    expr_resilience: ({ expect: value }) => expect(resilience(reads as Formula)).toBe(value),
    write_resilience: ({ expect: value }) => expect(resilience(dual(reads as Formula))).toBe(value),
    resilience: ({ expect: value }) => expect(Math.min(resilience(reads as Formula), resilience(dual(reads as Formula)))).toBe(value),
    dual_equals: ({ expect_expr = '' }) => {
      const expected = parse(expect_expr, names);
      for (let mask = 0; mask < 1 << nodeCount; mask++) {
        const set = Uint8Array.from(names, (_, node) => (mask >> node) & 1);
        expect(holds(dual(reads as Formula), set)).toBe(holds(expected, set));
      }
    },
    load: (query) => {
      const { strategy, workload } = best(query);
      near(strategy.load(workload), query.expect as number);
    },
    capacity: (query) => {
      const { strategy, workload } = best(query);
      near(strategy.capacity(workload), query.expect as number);
    },
    latency: (query) => {
      const { strategy, workload } = best(query);
      near(strategy.latency(workload), query.expect_s as number);
    },
    uniform_strategy_capacity: (query) => near(spaceOf().uniform().capacity(workloadOf(query, vector)), query.expect as number),
    uniform_strategy_latency: (query) => near(spaceOf().uniform().latency(workloadOf(query, vector)), query.expect_s as number),
    strategy_load: (query) => near(explicit(query).load(workloadOf(query, vector)), query.expect as number),
    strategy_node_load: (query) => {
      const strategy = explicit(query);
      const loads = strategy.nodeLoads(query.read_fraction as number);
      for (const [name, load] of Object.entries(query.expect as Record<string, number>)) {
        near(loads[strategy.orbits.kinds.of[names.indexOf(name)] as number] as number, load);
      }
    },
    search_capacity_at_least: (query) => {
      const { strategy, workload } = searched(query);
      expect(strategy.capacity(workload)).toBeGreaterThan((query.expect as number) * (1 - 1e-3));
    },
    search_latency_at_most: (query) => {
      const { strategy, workload } = searched(query);
      expect(strategy.latency(workload)).toBeLessThan((query.expect_s as number) * (1 + 1e-3));
    },
  };
  const searched = (query: Query): { strategy: Strategy; workload: Workload } => {
    const { search } = vector;
    if (search === undefined) throw new Error('no search');
    const workload = workloadOf(search.read_fraction === undefined ? query : { op: '', read_fraction: search.read_fraction }, vector);
    const minimize = query.optimize ?? search.optimize;
    const failures = query.f ?? search.f;
    const found = searchSystem(
      names.map((_, node) => node),
      figures,
      workload,
      {
        resilience: search.resilience,
        ...(minimize === undefined ? {} : { minimize }),
        ...(failures === undefined ? {} : { failures }),
        ...(query.load_limit === undefined ? {} : { loadLimit: query.load_limit }),
        ...(search.latency_limit_s === undefined ? {} : { latencyLimit: search.latency_limit_s }),
        ...(search.network_limit === undefined ? {} : { networkLimit: search.network_limit }),
      },
      new Work(Number.POSITIVE_INFINITY),
    );
    if (found === null) throw new Error('nothing found');
    return { strategy: found.strategy, workload };
  };

  describe(vector.id, () => {
    vector.queries.forEach((query, i) => {
      it(`${i + 1}: ${query.op}`, () => {
        const check = checks[query.op];
        if (check === undefined) throw new Error(`no check for ${query.op}`);
        check(query);
      });
    });
  });
}
