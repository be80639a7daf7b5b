import { describe, expect, it } from 'vitest';
import { makeGraph } from '../../../src/analysis/graph.ts';
import { flooding } from '../../../src/analysis/network/flooding.ts';
import { gossipReach, gossipRounds, mostExactNodes, randomConnectivity } from '../../../src/analysis/network/random-graph.ts';
import { Work } from '../../../src/analysis/work.ts';
import { Random } from '../../../src/base/random.ts';
import { bits, components } from '../brute-force.ts';
import { range } from '../systems.ts';

const work = (): Work => new Work(1e9);

describe('a random graph', () => {
  it('is connected with the probability that all graphs together say', () => {
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const pairs = range(n).flatMap((a) => range(a).map((b) => [a, b] as const));
      for (const p of [0, 0.1, 0.5, 0.9, 1]) {
        let expected = 0;
        for (const set of range(1 << pairs.length)) {
          const links = pairs.filter((_, i) => (set >> i) & 1);
          if (components(links, (1 << n) - 1).length === 1) expected += p ** links.length * (1 - p) ** (pairs.length - links.length);
        }
        expect(randomConnectivity(n, p * (n - 1), work()).value).toBeCloseTo(expected, 12);
      }
    }
  });

  it('nears e^(−e^(−c)) as it grows, from above where it matters', () => {
    for (const n of [200, 500, 1_000]) {
      for (const c of [-1, 0, 1, 3, 7]) {
        const degree = ((Math.log(n) + c) * (n - 1)) / n;
        const { value, method } = randomConnectivity(n, degree, work());
        expect(method).toBe('exact');
        expect(Math.abs(value - Math.exp(-Math.exp(-c)))).toBeLessThan((3 * Math.log(n) ** 2) / n);
      }
    }
    const beyond = randomConnectivity(mostExactNodes + 1, 14, work());
    expect(beyond.method).toBe('limit');
    expect(beyond.value).toBeCloseTo(randomConnectivity(mostExactNodes, 14, work()).value, 3);
  });
});

/** Push gossip with `fanout` targets each, played out. */
function play(members: number, failed: number, fanout: number, random: Random): boolean {
  const known = new Uint8Array(members);
  known[0] = 1;
  const queue = [0];
  for (const teller of queue) {
    const others = random.shuffle(range(members).filter((node) => node !== teller));
    for (const told of others.slice(0, fanout)) {
      // The last ones have failed.
      if (known[told] || told >= members - failed) continue;
      known[told] = 1;
      queue.push(told);
    }
  }
  return queue.length === members - failed;
}

/** The same over all choices: each teller's targets are one of the sets of that size. */
function enumerate(members: number, failed: number, fanout: number): number {
  const sets = range(members).map((teller) => range(1 << members).filter((set) => !((set >> teller) & 1) && bits(set).length === fanout));
  const live = members - failed;
  let reached = 0;
  let all = 0;
  const choose = (teller: number, chosen: readonly number[]): void => {
    if (teller === live) {
      all++;
      let known = 1;
      for (;;) {
        let next = known;
        for (const node of bits(known)) next |= (chosen[node] as number) & ((1 << live) - 1);
        if (next === known) break;
        known = next;
      }
      if (known === (1 << live) - 1) reached++;
      return;
    }
    for (const set of sets[teller] as number[]) choose(teller + 1, [...chosen, set]);
  };
  choose(0, []);
  return reached / all;
}

describe('gossip', () => {
  it('reaches everybody with the probability that all draws together say', () => {
    for (const [members, failed, fanout] of [
      [2, 0, 1],
      [3, 0, 1],
      [4, 0, 1],
      [4, 0, 2],
      [5, 0, 1],
      [5, 0, 2],
      [5, 1, 2],
      [5, 2, 3],
      [6, 2, 2],
    ] as const) {
      expect(gossipReach({ members, failed, fanout }, work()).value).toBeCloseTo(enumerate(members, failed, fanout), 12);
    }
  });

  it('and with what many runs say', () => {
    const random = new Random(3, 'gossip');
    for (const [members, failed, fanout] of [
      [40, 0, 4],
      [40, 8, 6],
    ] as const) {
      const runs = 4_000;
      const { value } = gossipReach({ members, failed, fanout }, work());
      const hits = range(runs).filter(() => play(members, failed, fanout, random)).length;
      // Four standard deviations.
      expect(Math.abs(hits / runs - value)).toBeLessThan(4 * Math.sqrt((value * (1 - value)) / runs));
    }
  });

  it('nears the theorem of Kermarrec, Massoulié & Ganesh: fanout (ln n + c)/(1 − ε) gives e^(−e^(−c))', () => {
    const members = 1_000;
    for (const failed of [0, 100, 300]) {
      for (const c of [1, 3, 7]) {
        const fanout = ((Math.log(members - failed) + c) * (members - 1)) / (members - failed - 1);
        const { value, method } = gossipReach({ members, failed, fanout }, work());
        expect(method).toBe('exact');
        expect(Math.abs(value - Math.exp(-Math.exp(-c)))).toBeLessThan(0.02);
      }
    }
    expect(gossipReach({ members: 5_000, failed: 0, fanout: 15 }, work()).method).toBe('limit');
  });

  it('more told is more reached, and the ends are certain', () => {
    let last = 0;
    for (const fanout of [0, 0.5, 1, 1.5, 2, 3, 5, 9]) {
      const { value } = gossipReach({ members: 30, failed: 3, fanout }, work());
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
    expect(gossipReach({ members: 30, failed: 0, fanout: 29 }, work()).value).toBe(1);
    expect(gossipReach({ members: 30, failed: 29, fanout: 0 }, work()).value).toBe(1);
    expect(gossipReach({ members: 1, failed: 0, fanout: 0 }, work()).value).toBe(1);
    expect(gossipReach({ members: 0, failed: 0, fanout: 2 }, work()).value).toBe(1);
  });

  it('rounds: ⌈log₂ n + ln n⌉', () => {
    expect([0, 1, 2, 4, 10, 1_000].map(gossipRounds)).toEqual([0, 0, 2, 4, 6, 17]);
  });

  it('the rounds of runs are about that many', () => {
    const random = new Random(5, 'push');
    const n = 512;
    const took = range(40).map(() => {
      const known = new Uint8Array(n);
      known[0] = 1;
      for (let round = 1; ; round++) {
        for (const teller of range(n).filter((node) => known[node])) {
          const told = random.nextInt(n - 1);
          known[told < teller ? told : told + 1] = 2;
        }
        for (const node of range(n)) if (known[node]) known[node] = 1;
        if (known.every((state) => state === 1)) return round;
      }
    });
    const mean = took.reduce((sum, rounds) => sum + rounds, 0) / took.length;
    expect(Math.abs(mean - gossipRounds(n))).toBeLessThan(2);
  });
});

describe('flooding', () => {
  const both = (n: number, links: readonly (readonly [number, number])[]) =>
    makeGraph(
      n,
      links.flatMap(([a, b]) => [
        [a, b],
        [b, a],
      ]),
    );

  it('takes 2|E| − n + 1 messages, in whatever order they arrive', () => {
    const random = new Random(7, 'flood');
    for (let round = 0; round < 50; round++) {
      const n = 2 + random.nextInt(8);
      const links = [
        ...range(n - 1).map((node) => [node + 1, random.nextInt(node + 1)] as const),
        ...range(random.nextInt(8)).map(() => [random.nextInt(n), random.nextInt(n)] as const),
      ].filter(([a, b]) => a !== b);
      const graph = both(n, links);
      const known = new Set([0]);
      let messages = 0;
      const under: [number, number][] = (graph.out[0] as number[]).map((to) => [0, to]);
      while (under.length > 0) {
        const [[from, to]] = under.splice(random.nextInt(under.length), 1) as [[number, number]];
        messages++;
        if (known.has(to)) continue;
        known.add(to);
        for (const next of graph.out[to] as number[]) if (next !== from) under.push([to, next]);
      }
      expect(flooding(graph, range(n))).toMatchObject({ kind: 'messages', messages });
    }
  });

  it('has no number where members are joined by others, or links go one way', () => {
    const star = both(4, [
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(flooding(star, [0, 1, 2])).toEqual({ kind: 'apart', reached: [0] });
    expect(flooding(star, range(4))).toMatchObject({ messages: 3 });
    expect(flooding(makeGraph(2, [[0, 1]]), [0, 1])).toEqual({ kind: 'one-way' });
    expect(flooding(makeGraph(2, [[0, 1]]), [1])).toMatchObject({ messages: 0 });
    expect(flooding({ nodeCount: 4, complete: true, directed: false, out: [], in: [] }, range(4))).toMatchObject({ messages: 9, links: 6 });
  });
});
