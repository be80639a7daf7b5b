import { describe, expect, it } from 'vitest';
import { codeContent, flowContent } from '../../src/analysis/flow/content.ts';
import { flowProfile } from '../../src/analysis/flow/profile.ts';
import { Work } from '../../src/analysis/work.ts';
import type { System } from '../../src/model/system.ts';
import { librarySystem as systemOf } from './simulated.ts';

const text = `const burst = 2
protocol Pinger(pause: Duration = 100ms) {
  quorum Q = majority(members)
  requires liveness available(Q)
  message Ping(count: Int)
  message Pong(count: Int)
  operation Go(): Int
  var waiting: Call? = none
  on op: Go { waiting = op  for i in 1..burst { broadcast Ping(i) } }
  on m: Ping { reply Pong(m.count) }
  on m: Pong { if waiting != none { reply 1 to waiting  waiting = none } }
}
protocol Patient(pause: Duration) {
  message Hello()
  timer again
  on start { set again after pause }
  on timeout again { broadcast Hello()  set again after pause }
  on m: Hello { }
}
system S {
  node a[3] (cpu: 1ms)
  node b[3] (cpu: 2ms)
  node user[2] (cpu: 3ms)
  link a -- a with (latency: 4ms)
  link b -- b with (latency: 5ms)
  link user -- a with (latency: 6ms)
  link user -- b with (latency: 7ms)
  timing partially_synchronous(delay: 50ms, gst: 1s)
  faults F { crash 1 of a }
  run Pinger on a
  run Patient(pause: 1s) on b
  workload w on user { call Go() to any(a) with (rate: 10/s, timeout: 1s) }
}
`;

const keys = (system: System): string[] => system.deployments.map((deployment) => flowContent(system, deployment, [], null));
const known = keys(systemOf(text));

/** Whether the flow of `Pinger` on `a` and of `Patient` on `b` is told apart from that of the text as it was. */
function changed(from: string, to: string): boolean[] {
  expect(text).toContain(from);
  return keys(systemOf(text.replace(from, to))).map((key, i) => key !== known[i]);
}

describe('what a flow depends on', () => {
  it('is the same after a change of what it does not read', () => {
    expect(changed('rate: 10/s', 'rate: 11/s')).toEqual([false, false]);
    expect(changed('crash 1 of a', 'crash 2 of a')).toEqual([false, false]);
    expect(changed('requires liveness available(Q)', 'requires liveness available(Q) because "so"')).toEqual([false, false]);
    expect(changed('gst: 1s', 'gst: 2s')).toEqual([false, false]);
  });

  it('is another after a change of what only one deployment reads', () => {
    expect(changed('cpu: 1ms', 'cpu: 9ms')).toEqual([true, false]);
    expect(changed('cpu: 2ms', 'cpu: 9ms')).toEqual([false, true]);
    expect(changed('cpu: 3ms', 'cpu: 9ms')).toEqual([true, false]);
    expect(changed('pause: 1s', 'pause: 2s')).toEqual([false, true]);
    expect(changed('latency: 4ms', 'latency: 9ms')).toEqual([true, false]);
    expect(changed('latency: 6ms', 'latency: 9ms')).toEqual([true, false]);
    expect(changed('broadcast Ping(i)', 'broadcast Ping(i + 1)')).toEqual([true, false]);
    expect(changed('pause: Duration = 100ms', 'pause: Duration = 101ms')).toEqual([true, false]);
  });

  it('reads constants where the code names them, and the delay where it bounds a latency', () => {
    expect(changed('const burst = 2', 'const burst = 3')).toEqual([true, false]);
    expect(changed('delay: 50ms', 'delay: 51ms')).toEqual([false, false]);
    expect(changed('delay: 50ms', 'delay: 3ms')).toEqual([true, true]);
  });

  it('a remembered program does what one compiled anew does', () => {
    const later = systemOf(text.replace('latency: 4ms', 'latency: 8ms'));
    const [deployment] = later.deployments;
    if (deployment === undefined) throw new Error('nothing runs');
    const first = systemOf(text);
    expect(codeContent(later, deployment)).toBe(codeContent(first, first.deployments[0] ?? deployment));
    flowProfile(first, first.deployments[0] ?? deployment, { work: new Work() });
    const profile = flowProfile(later, deployment, { work: new Work() });
    // Request and answer 6 ms each, a round of 8 ms each way, and what is served: the request, four pings or pongs, the answer.
    expect(profile?.calls[0]?.latency).toBeGreaterThanOrEqual(28e6);
    expect(profile?.calls[0]?.total.mean).toBe(8);
  });
});
