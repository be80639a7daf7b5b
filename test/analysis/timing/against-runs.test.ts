import { describe, expect, it } from 'vitest';
import { DelaySum } from '../../../src/analysis/timing/delay-sum.ts';
import { legParts, pairGroups } from '../../../src/analysis/timing/pairs.ts';
import { Work } from '../../../src/analysis/work.ts';
import type { Finding } from '../../../src/base/finding.ts';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import type { System } from '../../../src/model/system.ts';
import { checkFile } from '../../../src/pipeline/check.ts';
import { sampleKey } from '../../../src/simulator/metrics.ts';
import { librarySystem, simulate } from '../simulated.ts';

/** What is said of delays, timers and calls, held against runs of the same text. */

function findingsOf(text: string): readonly Finding[] {
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText('file:///test.dsys', text);
  return checkFile(workspace, 'file:///test.dsys').findings;
}

describe('a round trip over relays', () => {
  const text = `protocol Echo { operation Ping()  on op: Ping { reply } }
system S {
  node server (cpu: exponential(2ms))
  node relay (cpu: 50ms)
  node client (cpu: 1ms)
  link client -- relay with (latency: lognormal(3ms, 0.6))
  link relay -- server with (latency: uniform(1ms, 9ms))
  run Echo on server
  workload w on client { call Ping() to server with (think: 1ms, timeout: 10s) }
  scenario Run (duration: 200s, seeds: 1) { expect messages >= 0  expect p50(latency(Ping)) > 0ms and p99(latency(Ping)) > 0ms }
}`;
  it('takes as long as its links and the services at both ends, and none at the relay', () => {
    const system: System = librarySystem(text);
    const client = system.nodes.findIndex(({ name }) => name === 'client');
    const server = system.nodes.findIndex(({ name }) => name === 'server');
    const [group] = pairGroups(system, [client], [server], new Work(1e8));
    const sum = new DelaySum([...legParts(system, group!.there!), ...legParts(system, group!.back!)]);
    const { sample } = simulate(system, 1);
    const latencies = sample.operations.get(sampleKey(0, 'Ping'))?.latencies ?? [];
    expect(latencies.length).toBeGreaterThan(5_000);
    for (const tail of [0.9, 0.5, 0.1, 0.01]) {
      const { value } = sum.quantile(tail, new Work(1e8));
      const share = latencies.filter((latency) => latency > value).length / latencies.length;
      // Five standard deviations.
      expect(Math.abs(share - tail)).toBeLessThan(5 * Math.sqrt((tail * (1 - tail)) / latencies.length) + 0.001);
    }
  });
});

describe('timers and calls that are pointed out', () => {
  const election = (patience: string): string => `protocol Elect(patience: Range<Duration>) {
  message Ask(term: Int)
  message Yes(term: Int)
  timer wait
  event Elected(term: Int)
  var term = 0
  var votes: Set<Node> = {}
  on start { set wait after random(patience) }
  on recover { set wait after random(patience) }
  on timeout wait { term += 1  votes = {self}  broadcast Ask(term)  set wait after random(patience) }
  on m: Ask { reply Yes(m.term) }
  on m: Yes from p {
    if m.term == term { votes += p  if votes.size == n { emit Elected(term)  cancel wait } }
  }
}
system S {
  node a[3]
  link a -- a with (latency: normal(20ms, 1ms))
  run Elect(patience: ${patience}) on a
  scenario Run (duration: 10s, seeds: 1) { expect count(Elected) >= 1 }
}`;

  it('a timer below the round trip never sees its answers, one above does', () => {
    const early = election('20ms..35ms');
    expect(findingsOf(early).map(({ code }) => code)).toContain('DS3401');
    expect(simulate(librarySystem(early), 1).sample.events.get(sampleKey(0, 'Elected'))?.count).toBe(0);
    const enough = election('60ms..90ms');
    expect(findingsOf(enough).map(({ code }) => code)).not.toContain('DS3401');
    expect(simulate(librarySystem(enough), 1).sample.events.get(sampleKey(0, 'Elected'))?.count).toBeGreaterThan(0);
  });

  it('the mend that is offered was tried', () => {
    const finding = findingsOf(election('20ms..35ms')).find(({ code }) => code === 'DS3401');
    const [fix] = finding?.fixes ?? [];
    expect(fix?.title).toBe('Change `patience` of the run to 60ms..105ms');
    expect(fix?.preferred).toBe(true);
  });

  it('of calls no larger share is answered in a run than is said', () => {
    const calls = (timeout: string): string => `protocol Copy {
  message Put(v: Int)
  message Ok(v: Int)
  var waiting: Map<Int, Call> = {}
  operation Write(v: Int)
  on op: Write { waiting[op.v] = op  broadcast Put(op.v) }
  on m: Put { reply Ok(m.v) }
  on m: Ok { if m.v in waiting { reply to waiting[m.v]  waiting -= m.v } }
}
system S {
  node server[3] (cpu: 1ms)
  node near
  node far
  link server -- server with (latency: uniform(4ms, 8ms))
  link near -- server with (latency: exponential(10ms))
  link far -- server with (latency: lognormal(40ms, 0.4))
  run Copy on server
  workload w on near + far { call Write(v: unique) to any(server) with (rate: 5/s, timeout: ${timeout}) }
  scenario Run (duration: 200s, seeds: 1) { expect messages >= 0 }
}`;
    for (const timeout of ['12ms', '25ms', '40ms']) {
      const finding = findingsOf(calls(timeout)).find(({ code }) => code === 'DS3403');
      const sample = simulate(librarySystem(calls(timeout)), 3).sample.operations.get(sampleKey(0, 'Write'));
      const measured = (sample?.succeeded ?? 0) / (sample?.calls ?? 1);
      const said = finding?.numbers?.answered ?? 1;
      // Five standard deviations of the share among some 2,000 calls.
      expect(measured).toBeLessThanOrEqual(said + 0.06);
      if (timeout !== '40ms') expect(said).toBeLessThan(0.5);
    }
  });
});
