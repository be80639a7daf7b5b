/** What befalls a run where several faults, or a fault and the end of the run, come together. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { runWithSample } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import { systemOf } from '../support/compile-text.ts';

function run(protocol: string, system: string, seed = 1) {
  const made = systemOf(protocol, { system: `system S { ${system} }` });
  const programs = made.deployments.map(({ index }) => compileDeployment(made, index));
  return runWithSample(made, programs, made.scenarios[0]!, seed, { trace: true, limits: { events: 100_000 } });
}

/** Rows of a kind: time in ms, node and text. */
function rows({ result }: ReturnType<typeof run>, kind: number): (readonly [number, number, string])[] {
  const trace = result.trace as Trace;
  return [...trace.kind.keys()]
    .filter((row) => trace.kind[row] === kind)
    .map((row) => [trace.time[row]! / 1e6, trace.node[row]!, trace.details[trace.detail[row]!] ?? ''] as const);
}

const pings = `protocol P {
  message Ping(n: Int)
  timer tick
  var sent = 0
  event Told(n: Int)
  on start { set tick after 10ms }
  on recover { set tick after 10ms }
  on timeout tick { sent += 1  broadcast Ping(sent)  set tick after 10ms }
  on m: Ping { emit Told(m.n) }
}`;

describe('a pause', () => {
  it('that outlasts the run ends it all the same, with a message in service', () => {
    const { result } = run(pings, 'node a[3] (cpu: 4ms)  run P on a  scenario Z (duration: 200ms) { at 12ms pause(a[0], for: 10s) }');
    expect(result.error).toBeNull();
    expect(result.end).toBe(200e6);
  });
});

describe('a node that stands still', () => {
  it('from the beginning starts when it goes on', () => {
    const outcome = run(pings, 'node a[2]  run P on a  scenario Z (duration: 1s) { pause(a[0], for: 100ms) }');
    expect(rows(outcome, EventKind.start).map(([time, node]) => [time, node])).toEqual([
      [0, 1],
      [100, 0],
    ]);
    expect(rows(outcome, EventKind.timeout).find(([, node]) => node === 0)?.[0]).toBe(110);
  });

  it('and crashes before it has started starts when it comes back', () => {
    const outcome = run(
      pings,
      'node a[2]  run P on a  scenario Z (duration: 1s) { pause(a[0], for: 100ms)  at 20ms crash(a[0], for: 200ms) }',
    );
    expect(rows(outcome, EventKind.start).map(([time, node]) => [time, node])).toEqual([
      [0, 1],
      [220, 0],
    ]);
  });

  it.each(['90%', '-50%'])('does nothing when its clock drifts meanwhile (%s), and fires what is due at the end', (rate) => {
    const outcome = run(
      pings,
      `node a[2]  run P on a  scenario Z (duration: 1s) { at 101ms pause(a[0], for: 500ms)  at 102ms drift(a[0], ${rate}, for: 100ms)  at 601ms drift(a[0], ${rate}) }`,
    );
    const times = rows(outcome, EventKind.timeout).flatMap(([time, node]) => (node === 0 ? [time] : []));
    expect(times.filter((time) => time > 101 && time < 601)).toEqual([]);
    expect(times).toContain(601);
  });

  it('does not act for the adversary that takes it over, nor for the honest instance that comes back', () => {
    const liar = 'adversary Liar for P { on start { set tick after 3ms } }';
    const made = run(
      `${pings}\n${liar}`,
      'node a[2]  run P on a  scenario Z (duration: 1s) { at 101ms pause(a[0], for: 500ms)  at 150ms byzantine(a[0], Liar, for: 200ms) }',
    );
    const times = rows(made, EventKind.timeout).flatMap(([time, node]) => (node === 0 ? [time] : []));
    expect(times.filter((time) => time > 101 && time < 620)).toEqual([611]);
  });
});

describe('two takeovers of one node', () => {
  it('end when the later one does', () => {
    const outcome = run(
      pings,
      'node a[2]  run P on a  scenario Z (duration: 1s) { at 100ms byzantine(a[0], silent, for: 200ms)  at 200ms byzantine(a[0], silent) }',
    );
    const heard = rows(outcome, EventKind.emit).flatMap(([time, node]) => (node === 1 ? [time] : []));
    expect(heard.length).toBeGreaterThan(5);
    expect(Math.max(...heard)).toBeLessThan(105);
  });
});

describe('messages that are counted', () => {
  it('are those of the protocol: copies of calls and answers are none', () => {
    const asks = `protocol Q { operation Ask(): Int  on op: Ask { reply 1 } }`;
    const { result } = run(
      asks,
      `node a[2]  node c  channel c -- a with (duplicate: 100%)  run Q on a
       workload w on c { call Ask() to any(a) with (rate: 50/s) }  scenario Z (duration: 1s) { }`,
    );
    expect(result.metrics.messages).toMatchObject({ sent: 0, delivered: 0, lost: 0, duplicated: 0 });
    expect(result.metrics.operations[0]!.succeeded).toBeGreaterThan(10);
  });
});

describe('a FIFO line under a strategy', () => {
  it.each(['random', 'pct(3)', 'delay_bounded(2)', 'targeted'])(
    'keeps its order when the deadline of several messages is the same: %s',
    (schedule) => {
      const outcome = run(
        pings,
        `node a[2]  link a -- a with (latency: 5ms, fifo: true)  timing partially_synchronous(delay: 30ms, gst: 400ms)
       run P on a  scenario Z (duration: 2s, schedule: ${schedule}) { at 100ms slow(a[0], factor: 3, for: 200ms) }`,
      );
      expect(outcome.result.error).toBeNull();
      for (const node of [0, 1]) {
        const heard = rows(outcome, EventKind.emit).flatMap(([, at, text]) => (at === node ? [Number(text.slice(3))] : []));
        expect(heard.length).toBeGreaterThan(100);
        expect(heard).toEqual(heard.toSorted((a, b) => a - b));
      }
    },
  );
});
