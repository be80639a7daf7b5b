import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/analysis/facts.ts';
import { smallestBlocking } from '../../src/analysis/federated/blocking-sets.ts';
import { federationOf } from '../../src/analysis/federated/federation.ts';
import { smallestSplitting } from '../../src/analysis/federated/splitting-sets.ts';
import { singleUnits } from '../../src/analysis/federated/units.ts';
import { Cancelled, OutOfWork, Work } from '../../src/analysis/work.ts';
import type { Deployment } from '../../src/model/system.ts';
import type { QuorumSystem, Slices } from '../../src/model/values.ts';
import { atleast, faults, nowhere, range, sketch, strike } from './systems.ts';

/** Twelve nodes each of which needs its two neighbours and 7 of the others: no two of them trust alike. */
const nodes = 12;
const slices: Slices[] = range(nodes).map((node) => {
  const near = [(node + 1) % nodes, (node + nodes - 1) % nodes];
  return {
    node,
    needs: atleast(3, [
      ...near,
      atleast(
        7,
        range(nodes).filter((other) => other !== node && !near.includes(other)),
      ),
    ]),
  };
});
const quorum: QuorumSystem = { kind: 'slices', slices };

function factsWith(limit: number): Facts {
  const deployment: Deployment = {
    index: 0,
    called: 'P',
    protocol: 0,
    span: nowhere,
    nameSpan: nowhere,
    members: range(nodes),
    roles: [],
    arguments: [],
    uses: [],
    quorums: [],
  };
  return new Facts(sketch({ nodes }), deployment, faults(strike('byzantine', 7, range(nodes))), { limit });
}

/** What the search says when it gives up. */
function reasonOf(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (error instanceof OutOfWork) return error.reason;
    throw error;
  }
  return 'it was decided';
}

describe('a federated search that runs out of work', () => {
  it('says what counting makes certain, and never that the quorums meet', () => {
    const reasons = [2_000, 60_000, 300_000].map((limit) => reasonOf(() => factsWith(limit).intersect(quorum, quorum)));
    expect(reasons).toMatchInlineSnapshot(`
      [
        "the search for two quorums that share no honest node passed its work limit; nothing is certain yet",
        "the search for two quorums that share no honest node passed its work limit; nothing is certain yet",
        "the search for two quorums that share no honest node passed its work limit; without liars any two quorums meet",
      ]
    `);
  });

  it('tells how far the smallest sets were searched', () => {
    const federation = federationOf(slices, nodes);
    const units = singleUnits(nodes);
    const splitting = smallestSplitting(federation, units, new Work(300_000));
    expect(splitting.kind).toBe('bounded');
    const exact = smallestSplitting(federation, units, new Work(300_000_000));
    if (splitting.kind !== 'bounded' || exact.kind !== 'exact') throw new Error('the limits are wrong');
    expect(splitting.none).toBeLessThan(exact.size);
    const blocking = smallestBlocking(federation, units, new Work(3_000));
    const whole = smallestBlocking(federation, units, new Work(300_000_000));
    if (blocking.kind !== 'bounded' || whole.kind !== 'exact') throw new Error('the limits are wrong');
    expect(blocking.none).toBeLessThan(whole.size);
  });

  it('ends when it is told to', () => {
    const stop = new Work(1_000_000_000, () => true);
    expect(() => smallestSplitting(federationOf(slices, nodes), singleUnits(nodes), stop)).toThrow(Cancelled);
  });
});
