/** What a crash takes with it, nodes that stand still, and clocks: with compiled protocols. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';

function traceOf(text: string): Trace {
  const uri = 'file:///storage.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { system, findings: more } = expand(systems[0]!);
  expect(more.filter(({ severity }) => severity === 'error')).toEqual([]);
  const programs = system!.deployments.map(({ index }) => compileDeployment(system!, index));
  const { error, trace } = runOnce(system!, programs, system!.scenarios[0]!, 1, { trace: true });
  expect(error).toBeNull();
  return trace!;
}

/** `ms: detail` of the emitted events. */
function told(trace: Trace): string[] {
  return [...trace.kind.keys()]
    .filter((row) => trace.kind[row] === EventKind.emit)
    .map((row) => `${Math.round((trace.time[row] as number) / 1e5) / 10}: ${trace.details[trace.detail[row] as number]}`);
}

describe('a crash', () => {
  /** Writes every 10 ms; syncs after the second and the fourth write. */
  const log = (sync: string, actions: string) => `
protocol Log {
  event Back(log: List<Int>, seen: Map<Int, Int>, last: Int)
  timer t
  durable log: List<Int> = []
  durable seen: Map<Int, Int> = {}
  var last: Int = 0
  on start { set t after 10ms }
  on recover { emit Back(log, seen, last)  set t after 10ms }
  on timeout t {
    last += 1
    log += last
    seen[last] = log.size
    ${sync}
    set t after 10ms
  }
}
system S { node r  run Log on r  scenario X (duration: 200ms, seeds: 1) { ${actions} } }`;
  const everySecond = 'if last mod 2 == 0 { sync }';

  it('keeps what is durable, synced or not', () => {
    expect(told(traceOf(log(everySecond, 'at 35ms crash(r, for: 1ms)')))).toEqual([
      '36: log: [1, 2, 3], seen: {1: 1, 2: 2, 3: 3}, last: 0',
    ]);
  });

  it('that loses what is not synced goes back to the last `sync`', () => {
    expect(told(traceOf(log(everySecond, 'at 35ms crash(r, loses: unsynced, for: 1ms)')))).toEqual([
      '36: log: [1, 2], seen: {1: 1, 2: 2}, last: 0',
    ]);
  });

  it('before the first `sync` goes back to the beginning', () => {
    expect(told(traceOf(log(everySecond, 'at 15ms crash(r, loses: unsynced, for: 1ms)')))).toEqual(['16: log: [], seen: {}, last: 0']);
  });

  it('can lose the same writes twice: what is synced does not change with later writes', () => {
    const twice = 'at 35ms crash(r, loses: unsynced, for: 1ms)  at 50ms crash(r, loses: unsynced, for: 1ms)';
    expect(told(traceOf(log('if last == 2 and log.size == 2 { sync }', twice)))).toEqual([
      '36: log: [1, 2], seen: {1: 1, 2: 2}, last: 0',
      '51: log: [1, 2], seen: {1: 1, 2: 2}, last: 0',
    ]);
  });

  it('loses nothing durable where a protocol never syncs: every write is safe at once', () => {
    expect(told(traceOf(log('', 'at 35ms crash(r, loses: unsynced, for: 1ms)')))).toEqual([
      '36: log: [1, 2, 3], seen: {1: 1, 2: 2, 3: 3}, last: 0',
    ]);
  });

  it('amid the sends of a handler comes before a `sync` that stands behind them', () => {
    const answers = (order: string) => `
protocol Answers {
  message Ask
  message Done(n: Int)
  event Back(n: Int)
  event Heard(n: Int)
  durable n: Int = 0
  timer t
  on start { set t after 10ms }
  on timeout t { if self == members[0] { send Ask to members[1] } }
  on a: Ask from p { ${order} }
  on m: Done { emit Heard(m.n) }
  on recover { emit Back(n) }
}
system S { node r[2]  link r -- r with (latency: 1ms)  run Answers on r
  scenario X (duration: 50ms, seeds: 1) { crash(r[1], after_sends: 1, loses: unsynced, for: 10ms) } }`;
    const back = (order: string) => told(traceOf(answers(order)));
    expect(back('n += 1  send Done(n) to p  sync')).toEqual(['12: n: 1', '21: n: 0']);
    expect(back('n += 1  sync  send Done(n) to p')).toEqual(['12: n: 1', '21: n: 1']);
  });

  it('can lose everything: amnesia', () => {
    expect(told(traceOf(log(everySecond, 'at 45ms crash(r, loses: all, for: 1ms)')))).toEqual(['46: log: [], seen: {}, last: 0']);
  });
});

describe('a pause', () => {
  const clock = (actions: string, attributes = '') => `
protocol Beat {
  message Ping(n: Int)
  event Got(n: Int)
  event Tick
  timer t
  timer once
  var n: Int = 0
  on start { set t after 10ms  set once after 25ms }
  on timeout once { emit Tick }
  on timeout t { n += 1  if self == members[0] { send Ping(n) to members[1] }  set t after 10ms }
  on m: Ping { emit Got(m.n) }
}
system S {
  node r[2]${attributes}
  link r -- r with (latency: 1ms)
  run Beat on r
  scenario X (duration: 65ms, seeds: 1) { ${actions} }
}`;

  it('holds messages and timers back; then all come, timers first, messages in order', () => {
    expect(told(traceOf(clock('at 15ms pause(r[1], for: 30ms)')))).toEqual(
      ['11: n: 1', '25: ', '45: ', '45: n: 2', '45: n: 3', '45: n: 4', '51: n: 5', '61: n: 6'].map((line) =>
        line.replace(/: $/, ': undefined'),
      ),
    );
  });

  it('holds the service of a message back too', () => {
    const lines = told(traceOf(clock('at 11500us pause(r[1], for: 30ms)', ' (cpu: 1ms)'))).filter((line) => line.includes('n:'));
    expect(lines).toEqual(['41.5: n: 1', '42.5: n: 2', '43.5: n: 3', '44.5: n: 4', '52: n: 5', '62: n: 6']);
  });

  it('ends with a crash, which loses what waited', () => {
    const lines = told(traceOf(clock('at 15ms pause(r[1], for: 30ms)  at 35ms crash(r[1], for: 1ms)'))).filter((line) =>
      line.includes('n:'),
    );
    expect(lines).toEqual(['11: n: 1', '41: n: 4', '51: n: 5', '61: n: 6']);
  });

  it('is one with another that overlaps', () => {
    const lines = told(traceOf(clock('at 15ms pause(r[1], for: 30ms)  at 20ms pause(r[1], for: 35ms)'))).filter((line) =>
      line.includes('n:'),
    );
    expect(lines).toEqual(['11: n: 1', '55: n: 2', '55: n: 3', '55: n: 4', '55: n: 5', '61: n: 6']);
  });
});

describe('a clock that drifts', () => {
  const clock = (actions: string) => `
protocol Clock {
  event Time(local: Duration)
  timer t
  on start { set t after 40ms }
  on timeout t { emit Time(now)  set t after 40ms }
}
system S { node r  run Clock on r  scenario X (duration: 150ms, seeds: 1) { ${actions} } }`;

  it('takes the timers that are set with it, and is continuous', () => {
    // 20 ms by the clock are left at 20 ms; at twice the rate they take 10 ms.
    expect(told(traceOf(clock('at 20ms drift(r, 100%)')))).toEqual([
      '30: local: 40ms',
      '50: local: 80ms',
      '70: local: 120ms',
      '90: local: 160ms',
      '110: local: 200ms',
      '130: local: 240ms',
      '150: local: 280ms',
    ]);
  });

  it('runs as before when that ends', () => {
    expect(told(traceOf(clock('at 20ms drift(r, -50%, for: 20ms)')))).toEqual(['50: local: 40ms', '90: local: 80ms', '130: local: 120ms']);
  });

  it('of a later drift is not ended by an earlier one', () => {
    expect(told(traceOf(clock('at 20ms drift(r, -50%, for: 20ms)  at 30ms drift(r, 100%)')))).toEqual([
      '37.5: local: 40ms',
      '57.5: local: 80ms',
      '77.5: local: 120ms',
      '97.5: local: 160ms',
      '117.5: local: 200ms',
      '137.5: local: 240ms',
    ]);
  });
});
