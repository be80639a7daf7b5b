/** Calls that a scenario makes itself, and scenarios that leave out the workloads, chance in delays, and the choice of the seed. */
import { describe, expect, test } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { scenarioText } from '../../src/model/scenario-text.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { checkFile } from '../../src/pipeline/check.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import type { ScenarioResult } from '../../src/simulator/result.ts';
import { EventKind } from '../../src/simulator/trace.ts';

const uri = 'file:///calls.dsys';

const store = (scenario: string): string => `
protocol Store {
  operation Put(key: Int, note: String?): Int
  var sum = 0
  on op: Put {
    sum += op.key
    if op.key >= 0 { reply sum }
  }
}
system Shop {
  node replica[3]
  node client[2]
  link client -- replica with (latency: uniform(4ms, 6ms))
  run Store on replica
  workload load on client { call Put(key: unique, note: none) with (rate: 10/s) }
  ${scenario}
}`;

function check(text: string) {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  return checkFile(workspace, uri);
}

function run(scenario: string, seed: number | null = null): ScenarioResult {
  const { systems, findings } = check(store(scenario));
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const code = systems[0]!.code;
  return runScenarios({ code, scenarios: [], seed, runs: null, trace: true, constants: {}, limits: defaultLimits }).results[0]!;
}

/** `time ms: node kind → peer detail` of every call, answer and end of patience. */
function calls({ shown }: ScenarioResult): string[] {
  const trace = shown!.trace!;
  const words = new Map<number, string>([
    [EventKind.call, 'calls'],
    [EventKind.reply, 'hears'],
    [EventKind.giveUp, 'gives up'],
  ]);
  return [...trace.kind.keys()].flatMap((row) => {
    const kind = words.get(trace.kind[row]!);
    const peer = trace.peer[row]!;
    const name = peer < 0 ? '' : ` ${trace.nodes[peer]}`;
    return kind
      ? [`${trace.time[row]! / 1e6}: ${trace.nodes[trace.node[row]!]} ${kind}${name} ${trace.details[trace.detail[row]!] ?? ''}`.trim()]
      : [];
  });
}

describe('`call` in a scenario', () => {
  test('is made once, at its moment, by its client, to its target', () => {
    const result = run(`scenario One (duration: 1s, workloads: none, delays: mean) {
      at 20ms call Put(key: 7, note: "a") from client[1] to replica[2]
    }`);
    expect(calls(result)).toEqual(['20: client[1] calls replica[2] key: 7, note: "a"', '30: client[1] hears replica[2] 7']);
  });

  test('is made by each of several clients, beside the workloads', () => {
    const result = run('scenario All (duration: 1s, seeds: 1) { at 20ms call Put(key: 1000, note: none) from client to replica[0] }');
    expect(calls(result).filter((line) => line.includes('calls') && line.includes('1000'))).toHaveLength(2);
    expect(calls(result).filter((line) => line.includes('calls')).length).toBeGreaterThan(10);
  });

  test('tries a list of nodes one after the other', () => {
    const result = run(`scenario InTurn (duration: 1s, workloads: none, delays: mean) {
      at 0s crash(replica[2])
      at 1ms crash(replica[0])
      at 20ms call Put(key: 7, note: none) from client[0] to [replica[2], replica[0], replica[1]] with (timeout: 50ms, retries: 2)
    }`);
    expect(calls(result)).toEqual(['20: client[0] calls replica[2] key: 7, note: none', '130: client[0] hears replica[1] 7']);
  });

  test('is given up when all attempts have been made', () => {
    const result = run(`scenario GivenUp (duration: 1s, workloads: none) {
      call Put(key: -1, note: none) from client[0] with (timeout: 50ms, retries: 1)
    }`);
    expect(calls(result).map((line) => line.replace(/replica\[\d\]/, 'replica'))).toEqual([
      '0: client[0] calls replica key: -1, note: none',
      '100: client[0] gives up',
    ]);
  });

  test('is not made by a client that is down', () => {
    const result = run(`scenario Down (duration: 1s, workloads: none) {
      at 10ms crash(client[0])
      at 20ms call Put(key: 1, note: none) from client[0]
    }`);
    expect(calls(result)).toEqual([]);
  });

  test('takes the same generators as in a workload', () => {
    const result = run(`scenario Drawn (duration: 1s, workloads: none) {
      at 20ms call Put(key: unique, note: none) from client[0]
      at 40ms call Put(key: unique, note: none) from client[1]
    }`);
    expect(
      calls(result)
        .filter((line) => line.includes('calls'))
        .map((line) => /key: (\d)/.exec(line)?.[1]),
    ).toEqual(['1', '2']);
  });
});

describe('scenario attributes', () => {
  test('`seed` is the first seed unless another one is asked for', () => {
    const scenario = 'scenario Seeded (duration: 100ms, seeds: 2, seed: 17) { }';
    expect(run(scenario).runs.map(({ seed }) => seed)).toEqual([17, 18]);
    expect(run(scenario, 5).runs.map(({ seed }) => seed)).toEqual([5, 6]);
  });

  test('`delays: mean` leaves latencies nothing to chance', () => {
    const scenario = (delays: string) => `scenario Latencies (duration: 1s, seeds: 1, delays: ${delays}) { }`;
    const latency = (delays: string) => run(scenario(delays)).shown!.metrics.operations[0]!.latency!;
    expect(latency('mean').max).toBe(10e6);
    expect(latency('mean').mean).toBe(10e6);
    expect(latency('drawn').max).toBeGreaterThan(10e6);
  });
});

describe('what is wrong with a call', () => {
  const findings = (member: string): string[] =>
    check(store(`scenario Wrong (duration: 1s) { ${member} }`))
      .findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ code, message }) => `${code} ${message}`);

  test.each([
    ['at 20ms call Get(key: 7) from client[0]', 'DS1240 no protocol that the system runs has an operation `Get`'],
    ['at 20ms call Put(key: "a", note: none) from client[0]', 'DS1003 expected Int, but this is String'],
    ['at 20ms call Put(key: 7) from client[0]', 'DS1242 the call gives no `note`'],
    ['at 20ms call Put(key: 7, note: none) from client[0] to client[1]', 'DS2112 `client[1]` does not offer `Put`'],
    ['at 20ms call Put(key: 7, note: none) from client[0] with (rate: 5/s)', "DS1212 a scenario's call has no `rate`"],
    ['at 20s call Put(key: 7, note: none) from client[0]', 'DS2010 This happens at 20s'],
    ['at 20ms call Put(key: 7, note: none) from client[0] to []', 'DS2002 `to` must be at least one node'],
    ['at 20ms call Put(key: 7, note: none)', 'DS0002'],
  ])('%s', (member, expected) => {
    const told = findings(member);
    expect(
      told.some((line) => line.startsWith(expected)),
      told.join('\n'),
    ).toBe(true);
  });
});

describe('several runs of one protocol', () => {
  const system = `
protocol Store {
  operation Put(key: Int): Int
  event Stored
  var sum = 0
  on op: Put { sum += op.key  emit Stored  reply sum }
  invariant Small { forall m in members: m.sum < 10 }
}
system Shop {
  node east[2]
  node west[2]
  run Store as eastern on east
  run Store as western on west
  scenario Mixed (duration: 1s) {
    at 10ms call eastern.Put(3) from west[0] to east[0]
    at 20ms call western.Put(30) from west[0] to west[1]
    expect violated(western.Small)
    expect count(eastern.Stored) == 1
    expect count(western.Stored) == 1
    expect success(western.Put) == 100%
  }
}`;
  test('each has its own calls, events and properties', () => {
    const { systems, findings } = check(system);
    expect(findings).toEqual([]);
    const code = systems[0]!.code;
    const [result] = runScenarios({ code, scenarios: [], seed: 1, runs: null, trace: false, constants: {}, limits: defaultLimits }).results;
    expect(result?.verdicts.map(({ text }) => text)).toContain('invariant eastern.Small');
    expect(result?.verdicts.filter(({ passed }) => !passed).map(({ text, detail }) => `${text}: ${detail}`)).toEqual([]);
  });

  test('a scenario that is written out says which is called', () => {
    const { systems } = check(system);
    const expanded = systems[0]!.system!;
    expect(scenarioText(expanded.scenarios[0]!, expanded)).toContain('at 20ms call western.Put(key: 30) from west[0] to west[1]');
  });
});
