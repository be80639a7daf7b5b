import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import type { FaultAction } from '../../src/model/scenario.ts';
import type { LinkAttributes } from '../../src/model/system.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import { at, constant, makeProgram, makeScenario, makeSystem, ms, type ProgramOptions, s } from './kit.ts';

/** Values in the order in which node 1 gets what node 0 sends it at once: 0, 1, 2, … */
function received(link: Partial<LinkAttributes>, count: number, actions: FaultAction[] = [], seed = 1): number[] {
  const values: number[] = [];
  const program = makeProgram({
    members: [0, 1],
    start: (node) => {
      if (node.node === 0) for (let value = 0; value < count; value += 1) node.send(1, value);
    },
    message: (_, __, value) => values.push(value),
  });
  runOnce(makeSystem({ nodes: 2, link }), [program], makeScenario({ duration: s, actions }), seed);
  return values;
}

/** Lengths of the gaps in ascending numbers: the bursts of loss. */
function gaps(values: readonly number[]): number[] {
  return values.slice(1).flatMap((value, index) => (value - (values[index] as number) > 1 ? [value - (values[index] as number) - 1] : []));
}

/** How many arrive after one that was sent later. */
function overtaken(values: readonly number[]): number {
  let latest = -1;
  let count = 0;
  for (const value of values) {
    if (value < latest) count += 1;
    latest = Math.max(latest, value);
  }
  return count;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const ascending = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('loss in bursts', () => {
  const count = 200_000;

  it.each([
    { share: 0.05, length: 10 },
    { share: 0.2, length: 3 },
    { share: 0.01, length: 50 },
    { share: 0.5, length: 1 },
  ])('loses $share in the mean, $length at a time', ({ share, length }) => {
    const values = received({ loss: share, burst: length }, count);
    // Variance of the mean of a two-state chain, whose correlation after one step is λ; a burst's length is geometric.
    const lambda = 1 - 1 / length - share / ((1 - share) * length);
    const deviation = Math.sqrt((share * (1 - share) * (1 + lambda)) / (1 - lambda) / count);
    expect(Math.abs(1 - values.length / count - share)).toBeLessThanOrEqual(4 * deviation + 2 / count);
    const bursts = gaps(values);
    expect(bursts.length).toBeGreaterThan(20);
    expect(Math.abs(mean(bursts) - length)).toBeLessThanOrEqual((4 * Math.sqrt(length * (length - 1))) / Math.sqrt(bursts.length));
  });

  it('is independent loss where a burst is as long as chance makes it', () => {
    const bursts = gaps(received({ loss: 0.2, burst: 1 / 0.8 }, count));
    const independent = gaps(received({ loss: 0.2 }, count));
    expect(mean(bursts)).toBeCloseTo(mean(independent), 1);
  });

  it('strikes each line on its own', () => {
    const lost = [0, 0];
    const program = makeProgram({
      members: [0, 1],
      start: (node) => {
        for (let value = 0; value < 1000; value += 1) node.send(1 - node.node, value);
      },
      message: (node) => {
        lost[node.node]! += 1;
      },
    });
    runOnce(makeSystem({ nodes: 2, link: { loss: 0.5, burst: 50 } }), [program], makeScenario({ duration: s }), 3);
    expect(lost[0]).not.toBe(lost[1]);
  });

  it('comes with the losses of rules', () => {
    const lose: FaultAction['action'] = { kind: 'lose', from: [0], to: [1], probability: 0.5, message: null, for: null };
    const values = received({ loss: 0.2, burst: 2 }, count, [at(0, lose)]);
    expect(values.length / count).toBeCloseTo(0.8 * 0.5, 2);
  });
});

describe('reordering', () => {
  const count = 50_000;

  it.each([0.01, 0.1, 0.5])('has a share of %d overtaken', (share) => {
    const values = received({ reorder: share }, count);
    expect(values.toSorted((a, b) => a - b)).toEqual(ascending(count));
    expect(Math.abs(overtaken(values) / count - share)).toBeLessThanOrEqual(4 * Math.sqrt((share * (1 - share)) / count));
  });

  it('lets a message arrive right behind the next one that is not struck', () => {
    const values = received({ reorder: 0.5 }, 1000);
    // Whoever was passed over waits in a row, and then all of them come in the order in which they were sent.
    for (let index = 0; index + 1 < values.length; ) {
      let end = index + 1;
      while (end < values.length && (values[end] as number) < (values[index] as number)) end += 1;
      const run = values.slice(index + 1, end);
      expect(run).toEqual(run.toSorted((a, b) => a - b));
      expect(run).toEqual(Array.from({ length: run.length }, (_, back) => (values[index] as number) - run.length + back));
      index = end;
    }
  });

  it('changes nothing for a message that none follows before it would arrive', () => {
    const times: number[] = [];
    const program: Omit<ProgramOptions, 'members'> = {
      start: (node) => node.node === 0 && node.host.setTimer(0, 0, 10 * ms),
      timeout: (node) => {
        node.send(1, 1);
        node.host.setTimer(0, 0, 10 * ms);
      },
      message: (node) => times.push(node.host.now(1)),
    };
    const system = makeSystem({ nodes: 2, link: { latency: constant(4 * ms), reorder: 1 } });
    runOnce(system, [makeProgram({ members: [0, 1], ...program })], makeScenario({ duration: 50 * ms }), 1);
    expect(times).toEqual([14 * ms, 24 * ms, 34 * ms, 44 * ms]);
  });

  it('leaves a FIFO link alone, whatever rule is in force', () => {
    const jitter = { kind: 'uniform', min: 0, max: 10 * ms } as const;
    const reorder: FaultAction['action'] = { kind: 'reorder', from: [0], to: [1], probability: 0.5, message: null, for: null };
    expect(received({ latency: jitter, fifo: true }, 1000, [at(0, reorder)])).toEqual(ascending(1000));
    expect(overtaken(received({}, 1000, [at(0, reorder)]))).toBeGreaterThan(400);
  });
});

describe('bandwidth', () => {
  it('makes messages wait as long as M/D/1 says', () => {
    // Each takes 1 ms on the line; they come as a Poisson process at 70 % of what it carries.
    const load = 0.7;
    const waits: number[] = [];
    const sent: number[] = [];
    const arrivals = new Random(7, 'arrivals');
    const pause = (): number => Math.max(1, Math.floor((-ms / load) * Math.log(1 - arrivals.nextFloat())));
    const program = makeProgram({
      members: [0, 1],
      size: 1000,
      start: (node) => node.node === 0 && node.host.setTimer(0, 0, pause()),
      timeout: (node) => {
        node.send(1, sent.length);
        sent.push(node.host.now(0));
        node.host.setTimer(0, 0, pause());
      },
      message: (node, _, value) => waits.push(node.host.now(1) - (sent[value] as number) - ms - 5 * ms),
    });
    const link = { latency: constant(5 * ms), bandwidth: 8e6 };
    runOnce(makeSystem({ nodes: 2, link }), [program], makeScenario({ duration: 100 * s }), 1);
    const batch = Math.floor(waits.length / 30);
    const means = Array.from({ length: 30 }, (_, index) => mean(waits.slice(index * batch, (index + 1) * batch)) / ms);
    const average = mean(means);
    const deviation = Math.sqrt(mean(means.map((each) => (each - average) ** 2)) / 29);
    // Pollaczek and Khinchine: the mean wait is ρ / (2 (1 − ρ)) services.
    expect(Math.abs(average - load / (2 * (1 - load)))).toBeLessThanOrEqual(4 * deviation);
    expect(deviation).toBeLessThan(0.1);
  });
});

describe('what is not used', () => {
  const chatter = (): Omit<ProgramOptions, 'members'> => ({
    start: (node) => node.broadcast(0),
    message: (node, _, value, sender) => {
      node.keep(node.kept + value);
      if (value < 6) node.send(sender, value + 1);
    },
  });
  const link = { latency: { kind: 'normal', mean: 5 * ms, sd: 2 * ms }, loss: 0.1, duplicate: 0.1 } as const;
  const digest = (actions: FaultAction[]): string => {
    const program = makeProgram({ members: [0, 1, 2, 3], ...chatter() });
    return runOnce(makeSystem({ nodes: 4, link }), [program], makeScenario({ duration: s, actions }), 5).digest;
  };
  const all = [0, 1, 2, 3];
  const ends = { from: all, to: all };

  it.each<FaultAction['action']>([
    { kind: 'lose', ...ends, probability: 1, message: 'Pong', for: null },
    { kind: 'duplicate', ...ends, probability: 0.5, message: 'Pong', for: 20 * ms },
    { kind: 'reorder', ...ends, probability: 0.5, message: 'Pong', for: null },
    { kind: 'delay', ...ends, by: ms, message: 'Pong', for: null },
    { kind: 'hold', ...ends, message: 'Pong', for: 10 * ms },
    { kind: 'lose', ...ends, probability: 0, message: null, for: null },
    { kind: 'slow_links', from: [0], to: [0], factor: 10, oneWay: false, for: null },
    { kind: 'disconnect', from: [0], to: [0], oneWay: false, for: null },
    { kind: 'churn', nodes: [0], up: constant(2 * s), down: constant(s), until: null },
    { kind: 'churn_links', ...ends, up: constant(2 * s), down: constant(s), until: null },
  ])('moves nothing: $kind', (action) => {
    expect(digest([at(0, action)])).toBe(digest([]));
  });

  it('and what is used does', () => {
    expect(digest([at(0, { kind: 'delay', ...ends, by: ms, message: 'Ping', for: null })])).not.toBe(digest([]));
  });
});
