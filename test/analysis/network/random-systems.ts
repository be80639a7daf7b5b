import fc from 'fast-check';
import { type Graph, graphOf } from '../../../src/analysis/graph.ts';
import type { Budget, FaultModel, System } from '../../../src/model/system.ts';
import { faults, outage, range, sketch, strike } from '../systems.ts';

export type Pairs = readonly (readonly [number, number])[];

export interface RandomGraph {
  readonly n: number;
  /** Distinct, without loops. */
  readonly links: Pairs;
  readonly directed: boolean;
  readonly members: readonly number[];
}

/** Graphs of 1 to `most` nodes; members are all nodes or some. */
export function randomGraphs(most: number, mostLinks = 24): fc.Arbitrary<RandomGraph> {
  return fc.integer({ min: 1, max: most }).chain((n) => {
    const node = fc.integer({ min: 0, max: n - 1 });
    return fc.boolean().chain((directed) =>
      fc.record({
        n: fc.constant(n),
        links: fc
          .uniqueArray(fc.tuple(node, node), {
            maxLength: mostLinks,
            selector: ([a, b]) => (directed ? `${a} ${b}` : `${Math.min(a, b)} ${Math.max(a, b)}`),
          })
          .map((pairs) => pairs.filter(([a, b]) => a !== b)),
        directed: fc.constant(directed),
        members: fc.oneof(fc.constant(range(n)), fc.subarray(range(n), { minLength: 1 })),
      }),
    );
  });
}

export function systemOf({ n, links, directed }: RandomGraph, zones: System['zones'] | null = null): System {
  const system = sketch({ nodes: n, links, directed });
  return zones === null ? system : { ...system, zones };
}

export function graphFor(random: RandomGraph): Graph {
  return graphOf(systemOf(random).network, random.n);
}

export interface RandomFaults {
  readonly system: System;
  readonly model: FaultModel;
  readonly random: RandomGraph;
}

/** A random graph with zones (a tree of two levels) and budgets of every kind. */
export function randomFaults(most: number, mostLinks = 14): fc.Arbitrary<RandomFaults> {
  return randomGraphs(most, mostLinks).chain((random) => {
    const { n, links, directed } = random;
    const kind = fc.constantFrom('crash', 'omission', 'byzantine', 'timing' as const);
    const some = fc.oneof(fc.constant(range(n)), fc.subarray(range(n), { minLength: 1 }));
    return fc
      .record({
        zoneOf: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: n, maxLength: n }),
        strikes: fc.array(fc.tuple(kind, fc.integer({ min: 0, max: 2 }), some), { maxLength: 3 }),
        outages: fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.subarray(range(4), { minLength: 1 })), { maxLength: 1 }),
      })
      .map(({ zoneOf, strikes, outages }) => {
        const inside = (zone: number): number[] => range(n).filter((node) => zoneOf[node] === zone);
        // Zone 3 holds zones 0 and 1.
        const zones = [
          { parent: 3, nodes: inside(0) },
          { parent: 3, nodes: inside(1) },
          { parent: -1, nodes: inside(2) },
          { parent: -1, nodes: [] },
        ];
        const system = withOuterZone(sketch({ nodes: n, links, directed, zones }));
        const budgets: Budget[] = [
          ...strikes.map(([of, count, nodes]) => strike(of as 'crash', count, nodes)),
          ...outages.map(([count, of]) => outage(count, of)),
        ];
        return { system, model: faults(...budgets), random };
      });
  });
}

/** `sketch` gathers the nodes of inner zones only where they come later: here the outer zone is the last. */
function withOuterZone(system: System): System {
  const zones = system.zones.map((zone) =>
    zone.index === 3
      ? { ...zone, nodes: [...(system.zones[0]?.nodes ?? []), ...(system.zones[1]?.nodes ?? [])].sort((a, b) => a - b) }
      : zone,
  );
  return { ...system, zones };
}
