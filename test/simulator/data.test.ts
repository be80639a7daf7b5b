/** Values that a protocol carries without looking into them: through another protocol's state, through liars, and into a reduced run. */
import { describe, expect, it } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { checkFile } from '../../src/pipeline/check.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import type { ScenarioResult } from '../../src/simulator/result.ts';

function run(text: string, shrink = false): ScenarioResult[] {
  const uri = 'file:///data.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = checkFile(workspace, uri);
  expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const { code } = systems[0]!;
  const request = { code, scenarios: [], seed: null, runs: null, trace: false, constants: {}, limits: defaultLimits };
  return [...runScenarios({ ...request, ...(shrink ? { shrink: { runs: 200, expected: false } } : {}) }).results];
}

const verdictsOf = (results: readonly ScenarioResult[]) =>
  results.flatMap(({ verdicts }) => verdicts.map(({ text, passed, detail }) => (passed ? text : `${text} FAILS: ${detail}`)));

/** The first node orders commands and tells them to all; it knows nothing of what they are. */
const log = `
protocol Log {
  var entries: List<Data> = []
  var known: Set<Data> = {}
  message Tell(index: Int, command: Data)
  event Ordered(index: Int, command: Data)
  operation Submit(command: Data): Int
  on c: Submit {
    known += c.command
    entries += c.command
    broadcast Tell(entries.size, c.command)
    emit Ordered(entries.size, c.command)
    reply entries.size to c
  }
  on m: Tell { entries += m.command  emit Ordered(m.index, m.command) }
}
protocol Store {
  uses log: Log
  record Put(key: Int, value: Data, tags: List<Int>)
  record Drop(key: Int)
  var values: Map<Int, Data> = {}
  var waiting: Map<Call, Call> = {}
  var last: Data = 0
  operation Set(key: Int, value: Data)
  operation Get(key: Int): Data?
  on op: Set {
    call log.Submit(if op.key == 3 then Drop(3) else Put(op.key, op.value, [1])) to members.first as c
    waiting[c] = op
  }
  on op: Get { reply values.get(op.key) to op }
  on e: log.Ordered {
    last = e.command
    if e.command is Drop { values -= (e.command as Drop).key }
    if e.command is Put {
      let put = e.command as Put
      put.tags += 2
      assert put.tags == [1, 2] and (e.command as Put).tags == [1]
      values[put.key] = put.value
    }
  }
  on r: log.Submit {
    reply to waiting[r.call]
    waiting -= r.call
  }
  invariant Carried { forall m in members: m.last == 0 or m.last is Put or m.last is Drop }
  invariant Same { forall m in members: forall d in m.log.entries: d is Put or d is Drop }
}`;

describe('a command record of one protocol in the log of another', () => {
  it('comes back as it went in, at every node', () => {
    const results = run(`${log}
specification Values {
  var values: Map<Int, Data> = {}
  operation Set(key: Int, value: Data) { if key != 3 { values[key] = value }  reply }
  operation Get(key: Int): Data? { reply values.get(key) }
}
system S {
  node replica[3]
  node client[2]
  run Log on replica
  run Store on replica
  workload w on client {
    call Set(key: uniform_key(4), value: unique) to replica[0] with (rate: 20/s)
    call Set(key: uniform_key(4), value: random(1..9)) to replica[0] with (rate: 20/s)
    call Get(key: uniform_key(4)) to replica[0] with (rate: 40/s)
  }
  scenario Calm (duration: 3s, seeds: 4) {
    expect count(Ordered) >= 300
    expect success(Set) >= 95%
    expect linearizable(Values)
  }
}`);
    expect(verdictsOf(results)).toEqual([
      'count(Ordered) >= 300',
      'success(Set) >= 95%',
      'linearizable(Values)',
      'invariant Carried',
      'invariant Same',
    ]);
  });
});

const register = `
protocol Register {
  enum Level { Low, High }
  record Note(level: Level, of: Data)
  var heard: Data = 0
  message Tell(value: Data)
  event Heard(value: Data)
  operation Write(value: Data)
  on c: Write { broadcast Tell(Note(Level.Low, [c.value]))  reply to c }
  on m: Tell { heard = m.value  emit Heard(m.value) }
  invariant Whole { forall m in members: m.heard == 0 or m.heard is Note }
  invariant True {
    forall m in members: m.heard == 0 or ((m.heard as Note).level == Level.Low and (m.heard as Note).of == [5])
  }
}`;

it('a liar alters what a Data carries and not its type', () => {
  const results = run(`${register}
system S {
  node r[3]
  node client
  run Register on r
  workload w on client { call Write(value: 5) to r[0] with (rate: 20/s) }
  scenario Lies (duration: 2s, seeds: 4) {
    byzantine(r[0], corrupt)
    expect count(Heard) >= 40
    expect violated(True)
  }
}`);
  expect(verdictsOf(results)).toEqual(['count(Heard) >= 40', 'violated(True)', 'invariant Whole']);
});

it('a liar alters nothing that holds a Data with a signature in it', () => {
  const results = run(`
protocol Notary {
  var heard: Set<Data> = {}
  var told = 0
  message Tell(values: Set<Data>, number: Int)
  event Heard(number: Int)
  operation Write(value: Data)
  on c: Write { told += 1  broadcast Tell({told, {sign(c.value)}}, told)  reply to c }
  on m: Tell from p { if m.values.any(v => v is Set<Signed<Data>>) { heard = m.values  emit Heard(m.number) } }
  invariant Signed { forall m in members: m.heard.is_empty or m.heard.size == 2 and m.heard.any(v => v is Set<Signed<Data>>) }
}
system S {
  node r[3]
  node client
  run Notary on r
  workload w on client { call Write(value: 5) to r[0] with (rate: 20/s) }
  scenario Lies (duration: 2s, seeds: 4) {
    byzantine(r[0], corrupt)
    expect count(Heard) >= 40
  }
}`);
  expect(verdictsOf(results)).toEqual(['count(Heard) >= 40', 'invariant Signed']);
});

it('a reduced run makes its calls with what they carried', () => {
  const [result] = run(
    `${register}
system S {
  node r[3]
  node client
  run Register on r
  workload w on client {
    call Write(value: random(3ms..9ms)) to r[0] with (rate: 20/s)
    call Write(value: unique) to r[0] with (rate: 20/s)
  }
  scenario Once (duration: 2s, seeds: 1) { expect count(Heard) >= 40 }
}`,
    true,
  );
  const [report] = result!.shrunk!;
  expect(report!.failure).toBe('True');
  expect(report!.text).toMatch(/call Write\(value: ("v\d+"|[\d.]+[mun]s)\) from client to r\[0\]/);
  expect(report!.after.requests).toBe(1);
});
