import { describe, expect, it } from 'vitest';
import { Workspace } from '../../../src/language/workspace.ts';
import { expand } from '../../../src/model/expand.ts';
import { parseSchedule } from '../../../src/model/schedule-text.ts';
import { defaultLimits } from '../../../src/pipeline/api.ts';
import { planOf, setUp } from '../../../src/pipeline/plan.ts';
import type { RunResult } from '../../../src/simulator/result.ts';
import { runOnce } from '../../../src/simulator/run-once.ts';
import { turns } from './bugs.ts';

const uri = 'file:///search.dsys';

/** Runs the first scenario of a text with a strategy and a seed. */
function runner(text: string, strategy: string): (seed: number, trace?: boolean) => RunResult {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const schedule = strategy === '' ? undefined : parseSchedule(strategy);
  if (schedule === null || !systems[0]) throw new Error(`no strategy ${strategy}`);
  const request = { code: systems[0], scenarios: [], seed: 1, runs: null, trace: false, constants: {}, schedule, limits: defaultLimits };
  const part = planOf(request).parts[0];
  const setup = part && setUp(request, part);
  if (!setup || 'findings' in setup) throw new Error('no scenario');
  return (seed, trace = false) => runOnce(setup.system, setup.programs, setup.scenario, seed, { trace });
}

/** The first seed whose run violates something, null when none of `most` does. */
function seedsNeeded(text: string, strategy: string, most: number): number | null {
  const run = runner(text, strategy);
  for (let seed = 1; seed <= most; seed += 1) {
    const result = run(seed);
    expect(result.error).toBeNull();
    if (result.violations.length > 0) return seed;
  }
  return null;
}

const shallow = turns([1]);
const window = turns([0, 1, 1, 0]);
const alternating = turns([0, 1, 0, 1]);

describe('seeds that a strategy needs for a bug of depth', () => {
  // null: not within 400 seeds. Latencies find none of them.
  it.each([
    ['latency', null, null, null],
    ['random', 95, null, 26],
    ['pct:1', 1, null, null],
    ['pct:2', 1, 4, null],
    ['pct:3', 2, 8, 388],
    ['delay_bounded:2', 3, 26, null],
    ['delay_bounded:4', 3, 64, 96],
    ['targeted', 3, 1, 4],
  ])('%s: depth 1 in %s, 2 in %s, 3 in %s', (strategy, ...needed) => {
    expect([shallow, window, alternating].map((text) => seedsNeeded(text, strategy, 400))).toEqual(needed);
  });

  it('pct finds bugs of its depth at least as often as it is proved to', () => {
    // Two chains of messages and the clock, and 2 × (2 × 12) steps at the most.
    const chains = 3;
    const steps = 48;
    const found = (text: string, depth: number): number => {
      const run = runner(text, `pct:${depth}`);
      return Array.from({ length: 1000 }, (_, at) => run(at + 1)).filter(({ violations }) => violations.length > 0).length;
    };
    expect(found(shallow, 1)).toBeGreaterThan(1000 / chains);
    expect(found(window, 2)).toBeGreaterThan(1000 / (chains * 14 * steps));
  });
});

const strategies = ['random', 'pct:3', 'delay_bounded:3', 'targeted'];

/** Each node floods numbers; the receivers note what breaks the rules of the network. */
const numbers = (timing: string, link: string): string => `
protocol Numbers {
  var last: Map<Node, Int> = {}
  var reordered = 0
  var late = 0
  var heard = 0
  var sent = 0
  var early = 0
  var due = 0s
  message Number(value: Int, at: Duration)
  timer next
  on start { due = now + 1ms  set next after 1ms }
  on timeout next {
    if now != due { early += 1 }
    if sent < 40 {
      sent += 1
      broadcast Number(value: sent, at: now)
      due = now + 1ms
      set next after 1ms
    }
  }
  on m: Number from p {
    heard += 1
    if p in last and last[p] > m.value { reordered += 1 }
    last[p] = m.value
    if now - m.at > 5ms { late += 1 }
  }
  invariant NoneReordered { forall m in members: m.reordered == 0 }
  invariant NoneLate { forall m in members: m.late == 0 }
  invariant TimersExact { forall m in members: m.early == 0 }
  eventually AllHeard { forall m in members: m.heard == 40 * (members.size - 1) }
}
system Search {
  node n[4]
  link n -- n with (${link})
  timing ${timing}
  run Numbers on n
  scenario S (duration: 200ms) {}
}`;

const broken = (text: string, strategy: string): string[] => {
  const run = runner(text, strategy);
  return [...new Set([1, 2, 3, 4, 5].flatMap((seed) => run(seed).violations.map(({ property }) => property)))].sort();
};

describe.each(strategies)('%s', (strategy) => {
  it('keeps the order of FIFO links', () => {
    expect(broken(numbers('asynchronous', 'latency: 2ms, fifo: true'), strategy)).not.toContain('NoneReordered');
  });

  it('keeps Δ, and timers come when they are due', () => {
    const text = numbers('synchronous(delay: 5ms)', 'latency: 2ms');
    expect(broken(text, strategy)).not.toContain('NoneLate');
    expect(broken(text, strategy)).not.toContain('TimersExact');
    expect(broken(text, strategy)).not.toContain('AllHeard');
  });

  it('is a function of the seed', () => {
    const run = runner(numbers('asynchronous', 'latency: 2ms'), strategy);
    expect(run(7).digest).toBe(run(7).digest);
    expect(run(7, true).digest).toBe(run(7).digest);
    expect(run(8).digest).not.toBe(run(7).digest);
  });
});

it('without Δ and FIFO, messages come late and out of order', () => {
  expect(broken(numbers('asynchronous', 'latency: 2ms'), 'random')).toEqual(expect.arrayContaining(['NoneLate', 'NoneReordered']));
  expect(broken(numbers('asynchronous', 'latency: 2ms'), 'latency')).toEqual([]);
});

it('before GST messages may take any time, after it Δ at the most', () => {
  const late = broken(numbers('partially_synchronous(delay: 5ms, gst: 100ms)', 'latency: 2ms'), 'random');
  expect(late).toContain('NoneLate');
  expect(late).not.toContain('AllHeard');
});

it.each(strategies)('%s works with faults, loss, service times and calls', (strategy) => {
  const text = `
protocol Store {
  durable value = 0
  message Copy(value: Int)
  operation Put(number: Int)
  on o: Put { value = o.number  broadcast Copy(value: o.number)  reply }
  on m: Copy { value = max(value, m.value) }
  invariant Sane { forall m in members: m.value >= 0 }
}
system Search {
  node n[4] (cpu: 100us)
  node client
  link n -- n with (latency: 2ms, loss: 5%, duplicate: 5%)
  link client -- n
  timing partially_synchronous(delay: 20ms, gst: 1s)
  faults Some { crash 1 of n with (recovers: true)  partition with (heals: 500ms) }
  run Store on n
  workload Puts on client { call Put(number: 3) to n with (rate: 100/s, timeout: 50ms, retries: 2) }
  scenario S under Some (duration: 3s) { chaos(rate: 3/s)  at 1s crash(n[0], for: 500ms) }
}`;
  const run = runner(text, strategy);
  const results = [1, 2, 3].map((seed) => run(seed));
  for (const { error, violations, delivered } of results) {
    expect(error).toBeNull();
    expect(violations).toEqual([]);
    expect(delivered).toBeGreaterThan(300);
  }
});

describe('schedule in a scenario', () => {
  const findings = (schedule: string): string[] => {
    const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
    workspace.setText(uri, shallow.replace('duration: 10s', `duration: 10s, schedule: ${schedule}`));
    const { systems, findings: found } = workspace.check(uri);
    const code = systems[0];
    const late = code ? expand(code, {}).findings : [];
    return [...found, ...late].map(({ code: id, message }) => `${id} ${message}`);
  };

  it('takes a strategy', () => {
    for (const schedule of ['latency', 'random', 'pct(3)', 'pct(depth: 3)', 'delay_bounded(2)', 'targeted']) {
      expect(findings(schedule)).toEqual([]);
    }
    expect(runner(shallow.replace('duration: 10s', 'duration: 10s, schedule: pct(1)'), '')(1).violations).toHaveLength(1);
  });

  it('refuses what is none', () => {
    expect(findings('randm')[0]).toContain('DS1215');
    expect(findings('pct')).toEqual(['DS1215 `pct` takes one number, its depth']);
    expect(findings('random(2)')).toEqual(['DS1215 `random` takes no number']);
    expect(findings('pct(0)')[0]).toContain('must be a whole number between 1 and 16');
  });
});
