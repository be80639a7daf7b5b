import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelaySum } from '../../../src/analysis/timing/delay-sum.ts';
import { legParts, pairGroups, pathBetween } from '../../../src/analysis/timing/pairs.ts';
import { slowest } from '../../../src/analysis/timing/slowest.ts';
import { Work } from '../../../src/analysis/work.ts';
import type { Deployment, System } from '../../../src/model/system.ts';
import { Cut } from '../../../src/simulator/cut.ts';
import { Links } from '../../../src/simulator/links.ts';
import { NodeStatus } from '../../../src/simulator/node-status.ts';
import { Routing } from '../../../src/simulator/routing.ts';
import { nowhere, sketch } from '../systems.ts';

const work = (): Work => new Work(1e8);
const latencies = [1e6, 5e6, 20e6, 100e6];

/** A network whose links have latencies of several classes. */
const networks = fc
  .integer({ min: 2, max: 8 })
  .chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      links: fc.array(
        fc.tuple(fc.integer({ min: 0, max: nodes - 1 }), fc.integer({ min: 0, max: nodes - 1 }), fc.integer({ min: 0, max: 3 })),
        { minLength: 1, maxLength: 16 },
      ),
      directed: fc.boolean(),
    }),
  )
  .map(({ nodes, links, directed }): System => {
    const kept = links.filter(([from, to]) => from !== to);
    const system = sketch({ nodes, links: kept.map(([from, to]): [number, number] => [from, to]), directed });
    const [first] = system.network.classes;
    return {
      ...system,
      network: {
        ...system.network,
        linkClass: Int32Array.from(kept, ([, , of]) => of),
        classes: latencies.map((value) => ({ ...first!, latency: { kind: 'constant', value } as const })),
      },
    };
  });

function everyone(system: System): Deployment {
  const members = system.nodes.map(({ index }) => index);
  return { index: 0, called: 'P', protocol: 0, span: nowhere, nameSpan: nowhere, members, roles: [], arguments: [], uses: [], quorums: [] };
}

/** The way that a message takes in a run. */
function wayInRun(system: System, from: number, to: number): number[] | null {
  const links = new Links(system);
  const routing = new Routing(links, new NodeStatus(system, 1), new Cut(system.nodes.length));
  const path = [from];
  for (let at = from; at !== to; ) {
    at = links.classOf(at, to) >= 0 ? to : routing.next(at, to);
    if (at < 0) return null;
    path.push(at);
  }
  return path;
}

describe('routes', () => {
  it('are those of a run, and delays are what they add up to', () => {
    fc.assert(
      fc.property(networks, (system) => {
        const all = system.nodes.map(({ index }) => index);
        const links = new Links(system);
        const length = (path: readonly number[] | null): number =>
          path === null
            ? Number.POSITIVE_INFINITY
            : path.slice(1).reduce((sum, node, i) => sum + (latencies[links.classOf(path[i] as number, node)] as number), 0);
        const groups = pairGroups(system, all, all, work());
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(all.length * (all.length - 1));
        let longest = 0;
        for (const from of all) {
          for (const to of all) {
            if (from === to) continue;
            const path = wayInRun(system, from, to);
            expect(pathBetween(system, from, to, work())).toEqual(path);
            longest = Math.max(longest, length(path));
          }
        }
        for (const { from, to, there, back } of groups) {
          const time = (leg: typeof there): number =>
            leg === null ? Number.POSITIVE_INFINITY : new DelaySum(legParts(system, leg)).quantile(0.5, work()).value;
          expect(time(there)).toBe(length(wayInRun(system, from, to)));
          expect(time(back)).toBe(length(wayInRun(system, to, from)));
        }
        expect(slowest(system, everyone(system), 'message', 0.001, work())?.time).toBe(longest);
      }),
    );
  });
});
