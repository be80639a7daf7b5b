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
