/** Protocols that use others on the same node: local steps, calls, answers, events, state. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { System } from '../../src/model/system.ts';
import { describeEvent } from '../../src/report/trace-text.ts';
import type { RunResult } from '../../src/simulator/result.ts';
import { type RunOutcome, runWithSample } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';

function systemOf(text: string): System {
  const uri = 'file:///composition.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { system, findings: more } = expand(systems[0]!);
  expect(more.filter(({ severity }) => severity === 'error')).toEqual([]);
  return system!;
}

interface Options {
  readonly seed?: number;
  readonly trace?: boolean;
}

function outcomeOf(system: System, { seed = 1, trace = true }: Options = {}, scenario = system.scenarios[0]!): RunOutcome {
  const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
  return runWithSample(system, programs, scenario, seed, { trace });
}

function run(text: string, options: Options = {}): RunResult {
  const { result } = outcomeOf(systemOf(text), options);
  expect(result.error).toBeNull();
  return result;
}

/** What a variable of a node read last. */
function last({ trace }: RunResult, node: string, variable: string): string {
  const { kind, node: at, name, detail, nodes, names, details } = trace as Trace;
  let value = '';
  for (let row = 0; row < kind.length; row += 1) {
    if (kind[row] === EventKind.state && nodes[at[row]!] === node && names[name[row]!] === variable) value = details[detail[row]!]!;
  }
  return value;
}

const words = ({ trace }: RunResult, node: string): string[] =>
  [...trace!.kind.keys()].map((row) => describeEvent(trace!, row)).flatMap((event) => (event.node === node ? [event.text] : []));

/** A node with two protocols, one upon the other, and a note of what came when. */
const layers = (upper: string, scenario: string, more = '') => `
protocol Lower {
  var order: List<Int> = []
  var waiting: Call? = none
  operation Ask(x: Int): Int
  operation Tell(x: Int)
  operation Wait(x: Int): Int
  event Heard(x: Int)
  message Late
  on op: Ask { order += op.x  emit Heard(op.x)  emit Heard(op.x + 100)  reply op.x * 2 }
  on op: Tell { order += op.x  if op.x == 0 { reply  reply } }
  on op: Wait { waiting = op  send Late to self }
  on m: Late { let open = waiting  if open != none { reply open.x to open } }
}
protocol Upper {
  uses low: Lower
  var log: List<String> = []
  var inside = false
  message Own
${upper}
}
system S {
  node r[2]
  link r -- r with (latency: 1ms)
  run Lower on r
  run Upper on r
${more}
  scenario X (duration: 1s, seeds: 1) { ${scenario} }
}`;

describe('steps between protocols of a node', () => {
  it('come after the step that causes them, one after the other, before anything else at the node', () => {
    const result = run(
      layers(
        `
  on start {
    if self == members.first {
      send Own to self
      call low.Ask(1) as c
      call low.Ask(2)
      inside = true
      log += "called"
      inside = false
    }
  }
  on m: Own { log += "own" }
  on e: low.Heard { assert not inside  log += if e.x < 100 then "heard" else "heard again" }
  on r: low.Ask { log += if r.result == 2 and r.x == 1 then "first" else "second" }`,
        '',
      ),
    );
    expect(last(result, 'r[0]', 'log')).toBe('["called", "heard", "heard again", "first", "heard", "heard again", "second", "own"]');
    expect(last(result, 'r[0]', 'order')).toBe('[1, 2]');
    expect(last(result, 'r[1]', 'log')).toBe('[]');
  });

  it('are told in words', () => {
    const result = run(layers('on start { if self == members.first { call low.Ask(1) as c } }  on e: low.Heard { log += "heard" }', ''));
    expect(words(result, 'r[0]').filter((text) => !/= (\[\]|none|false)$/.test(text))).toEqual([
      'starts',
      'calls Ask x: 1 on itself',
      'handles Ask',
      'emits Heard x: 1',
      'emits Heard x: 101',
      'order = [1]',
      'handles low.Heard',
      'log = ["heard"]',
      'handles low.Heard',
      'log = ["heard", "heard"]',
      'is answered Ask 2 by r[0]',
    ]);
  });

  it('reach all who use a deployment, in the order of the runs; each node starts from below', () => {
    const result = run(`
protocol Low {
  var value = 0
  event Rose(value: Int)
  on start { value = 7  emit Rose(value) }
}
protocol High {
  uses low: Low
  var seen = 0
  var began = 0
  event Saw(by: String)
  on start { began = low.value }
  on e: low.Rose { assert began == 7  seen = e.value  emit Saw("high") }
}
protocol Higher {
  uses low: Low
  uses high: High
  var seen: List<String> = []
  on e: high.Saw { seen += e.by }
  on e: low.Rose { seen += "low" }
}
system S { node r  run Higher on r  run High on r  run Low on r  scenario X (duration: 1s, seeds: 1) { } }`);
    expect(last(result, 'r', 'began')).toBe('7');
    // Higher is the first run, so that it takes the event of Low first.
    expect(last(result, 'r', 'seen')).toBe('["low", "high"]');
    expect(result.violations).toEqual([]);
  });

  it('have a budget of their own, and an end within an instant', () => {
    const { result } = outcomeOf(systemOf(layers('on start { call low.Ask(1) }  on r: low.Ask { call low.Ask(r.result mod 7) }', '')));
    expect(result.error?.message).toBe(
      '10000 steps follow one another within one instant: messages to oneself, timers without delay or protocols that call each other on a node, without an end (last: `Ask`)',
    );
    expect(result.error?.kind).toBe('limit');
    const busy = run(
      layers('on start { for i in 1..20 { call low.Ask(i) } }  on r: low.Ask { for i in 1..20000 { log = [] }  log += "done" }', ''),
    );
    expect(last(busy, 'r[0]', 'order')).toContain('20]');
  });
});

describe('calls of protocols that are used', () => {
  it('are comparable, keys of maps, and answered at most once', () => {
    const result = run(
      layers(
        `
  var waiting: Map<Call, Int> = {}
  var open: Set<Call> = {}
  on start {
    call low.Tell(0) as a
    call low.Tell(5) as b
    call low.Wait(6) as d
    waiting[a] = 1  waiting[b] = 2  waiting[d] = 3
    open = {a, b, d}
    assert a != b and open.size == 3
  }
  on r: low.Tell { assert waiting[r.call] == 1  waiting -= r.call  log += "told" }
  on r: low.Wait { assert r.result == 6 and waiting[r.call] == 3  waiting -= r.call  log += "waited" }`,
        '',
      ),
    );
    expect(last(result, 'r[0]', 'log')).toBe('["told", "waited"]');
    expect(last(result, 'r[0]', 'waiting')).toMatch(/^\{inner call \d+: 2\}$/);
    expect(result.violations).toEqual([]);
  });

  it('go to other nodes over the network, which may duplicate what it likes', () => {
    const result = run(
      layers(
        'on start { if self == members.first { call low.Ask(1) to members[1] as c  call low.Ask(2) to self } }  on r: low.Ask { log += if r.x == 1 then "other" else "own" }',
        'duplicate(r, r, 100%)',
      ),
    );
    expect(last(result, 'r[1]', 'order')).toBe('[1, 1]');
    expect(last(result, 'r[0]', 'order')).toBe('[2]');
    expect(last(result, 'r[0]', 'log')).toBe('["own", "other"]');
  });

  it('are forgotten by a caller that crashes', () => {
    const calling = 'on start { if self == members.first { call low.Ask(1) to members[1] } }  on r: low.Ask { log += "answered" }';
    expect(last(run(layers(calling, '')), 'r[0]', 'log')).toBe('["answered"]');
    expect(last(run(layers(calling, 'at 1ms crash(r[0], for: 100us)')), 'r[0]', 'log')).not.toContain('answered');
  });

  it('are not handled any more by a node that dies after its last message', () => {
    const upper = 'on start { if self == members.first { send Own to members[1]  call low.Tell(5) } }';
    expect(last(run(layers(upper, '')), 'r[0]', 'order')).toBe('[5]');
    const result = run(layers(upper, 'crash(r[0], after_sends: 1, for: 1ms)'));
    expect(last(result, 'r[0]', 'order')).not.toContain('5');
    expect(words(result, 'r[1]')).toContain('gets Own from r[0]');
  });

  it('to a node that does not run the protocol are an error that names it', () => {
    const text = layers('on start { call low.Ask(1) to members[1] }', '').replace('run Lower on r\n', 'run Lower on r[0]\n');
    const { result } = outcomeOf(systemOf(text));
    expect(result.error?.message).toBe('`r[1]` runs no `Lower` that could be called');
  });

  it('are no calls of the own operations', () => {
    const upper = 'operation Do(x: Int): Int  on op: Do { reply op.x }  on start { call low.Ask(1) as c  reply 3 to c }';
    const { result } = outcomeOf(systemOf(layers(upper, '')));
    expect(result.error?.message).toBe('this call was made by the node: it is no call of an operation of `Upper`');
  });

  it('of an operation of a role go to the nodes of that role', () => {
    const text = (target: string) => `
protocol Pair {
  role front { operation Ask: Int  on op: Ask { reply 1 } }
  role back { var idle = true }
}
protocol Upper { uses pair: Pair  var got = 0  on start { if self == members.first { call pair.Ask()${target} } }  on r: pair.Ask { got = r.result } }
system S { node r[2]  run Pair on front: r[0], back: r[1]  run Upper on r  scenario X (duration: 1s, seeds: 1) { } }`;
    expect(last(run(text('')), 'r[0]', 'got')).toBe('1');
    const { result } = outcomeOf(systemOf(text(' to members[1]')));
    expect(result.error?.message).toBe('`Ask` is an operation of the role `front` of `Pair`, which `r[1]` does not play');
  });
});

describe('what is read of a protocol that is used', () => {
  it('is a value: later steps below do not change it', () => {
    const result = run(
      layers(
        `
  var kept: List<Int> = []
  var sizes: List<Int> = []
  on start { call low.Tell(1)  call low.Tell(2)  call low.Ask(3) }
  on e: low.Heard { if kept.size == 0 { kept = low.order  call low.Tell(4) } }
  on r: low.Ask { sizes += kept.size  sizes += low.order.size }`,
        '',
      ),
    );
    expect(last(result, 'r[0]', 'kept')).toBe('[1, 2, 3]');
    expect(last(result, 'r[0]', 'order')).toBe('[1, 2, 3, 4]');
    expect(last(result, 'r[0]', 'sizes')).toBe('[3, 3]');
  });

  it('has records that both may write in place', () => {
    const result = run(`
protocol Low {
  record Slot(value: Int, heard: Set<Int>)
  var slot = Slot(0, {})
  operation Put(slot: Slot)
  on op: Put { slot = op.slot  slot.value += 1  slot.heard += 10 }
}
protocol High {
  uses low: Low
  var mine = low.Slot(1, {1})
  var seen: Map<Int, low.Slot> = {}
  timer t
  on start { call low.Put(mine)  set t after 1ms }
  on timeout t { seen[1] = low.slot  seen[1].value = 50  mine.value += 1  mine.heard += 2 }
}
system S { node r  run Low on r  run High on r  scenario X (duration: 1s, seeds: 1) { } }`);
    expect(last(result, 'r', 'slot')).toBe('Slot(value: 2, heard: {1, 10})');
    expect(last(result, 'r', 'seen')).toBe('{1: Slot(value: 50, heard: {1, 10})}');
    expect(last(result, 'r', 'mine')).toBe('Slot(value: 2, heard: {1, 2})');
  });

  it('is asked for in properties after steps below', () => {
    const text = `
protocol Low { var count = 0  timer t  on start { set t after 10ms }  on timeout t { count += 1  set t after 10ms } }
protocol High { uses low: Low  var own = 0  invariant Few { forall m in members: m.low.count < 3 + m.own }  eventually Some { forall m in members: m.low.count >= 2 } }
system S { node r[2]  run Low on r  run High on r  scenario X (duration: 1s, seeds: 1) { } }`;
    const result = run(text);
    expect(result.violations.map(({ property, time, detail }) => [property, time, detail])).toEqual([['Few', 30_000_000, 'm = r[0]']]);
  });

  it('is that of the deployment that each node is bound to', () => {
    const result = run(`
protocol Group(weight: Int = 1) { quorum Most = majority(members)  var leader = false  on start { leader = self == members.first } }
protocol High {
  uses group: Group
  var mine: Set<Node> = {}
  var weighs = 0
  var leads = false
  var met = false
  on start { mine = group.members  weighs = group.weight  leads = group.leader  met = group.Most.met({self}) }
}
system S {
  node a[3]  node b
  run Group on a
  run Group(weight: 5) on b
  run High on a + b
  scenario X (duration: 1s, seeds: 1) { }
}`);
    expect(['a[1]', 'b'].map((node) => ['mine', 'weighs', 'leads', 'met'].map((name) => last(result, node, name)))).toEqual([
      ['{a[0], a[1], a[2]}', '1', 'false', 'false'],
      ['{b}', '5', 'true', 'true'],
    ]);
  });
});

describe('conditions of a scenario', () => {
  it('may ask for the state of a protocol that is used', () => {
    const { applied } = outcomeOf(
      systemOf(`
protocol Low { var count = 0  timer t  on start { set t after 10ms }  on timeout t { count += 1  set t after 10ms } }
protocol High { uses low: Low  var own = 0  on start { own = 1 } }
system S {
  node r[2]
  run Low on r
  run High on r
  faults F { crash 1 of r }
  scenario X under F (duration: 1s, seeds: 1) { when exists m in r: m.low.count >= m.own + 2  crash(r[1]) }
}`),
    );
    expect(applied.map(({ at, action }) => [at, action.kind])).toEqual([[30_000_001, 'crash']]);
  });
});

describe('parameters that hold nodes', () => {
  it('may be sets, lists, and lists of sets of nodes', () => {
    const result = run(`
protocol Client(stores: Set<Node>, order: List<Node>, shards: List<Set<Node>>) {
  uses low: Low
  var sizes: List<Int> = []
  var got = 0
  on start {
    sizes = [stores.size, order.size, shards.size, shards[1].size]
    for p in shards[1] { call low.Ask() to p as c }
    call low.Ask() to order.first as d
  }
  on r: low.Ask { got += 1 }
}
protocol Low { operation Ask: Int  on op: Ask { reply 1 } }
system S {
  node store[4]
  node client
  run Low on store
  run Client(stores: store, order: [store[3], store[0]], shards: [store[0..1], store[2..3]]) on client
  scenario X (duration: 1s, seeds: 1) { }
}`);
    expect(last(result, 'client', 'sizes')).toBe('[4, 2, 2, 2]');
    expect(last(result, 'client', 'got')).toBe('3');
  });
});

describe('adversaries of a protocol that uses others', () => {
  it('may handle what these give', () => {
    const text = layers('on start { call low.Ask(1) }  on e: low.Heard { log += "honest" }', 'byzantine(r[0], Liar)').replace(
      'system S {',
      'adversary Liar for Upper { on e: low.Heard { log += "lie" } }\nsystem S {',
    );
    const result = run(text);
    expect(last(result, 'r[0]', 'log')).toBe('["lie", "lie"]');
    expect(last(result, 'r[1]', 'log')).toBe('["honest", "honest"]');
  });

  it('of the built-in kinds alter values of used types too', () => {
    const { result } = outcomeOf(
      systemOf(`
protocol Low { enum Kind { A, B }  record Slot(value: Int, kind: Kind)  var slot = Slot(1, Kind.A) }
protocol High {
  uses low: Low
  var seen: List<low.Slot> = []
  message Told(slot: low.Slot)
  timer t
  on start { set t after 1ms }
  on timeout t { broadcast Told(low.slot)  if seen.size < 20 { set t after 10ms } }
  on m: Told { seen += m.slot }
}
system S { node r[2]  run Low on r  run High on r  scenario X (duration: 300ms, seeds: 1) { byzantine(r[0], corrupt) } }`),
    );
    expect(result.error).toBeNull();
    expect(last(result, 'r[1]', 'seen')).toMatch(/Slot\(value: [02], kind: Kind\.A\)|Slot\(value: 1, kind: Kind\.B\)/);
  });

  it('of the built-in kinds lie to callers on other nodes as to clients, not to themselves', () => {
    const text = (behavior: string) =>
      layers(
        'on start { call low.Ask(1) to members[0]  call low.Ask(2) }  on r: low.Ask { log += if r.x == 1 then "remote" else "own" }',
        `byzantine(r[0], ${behavior})`,
      );
    expect(last(run(text('silent')), 'r[1]', 'log')).toBe('["own"]');
    expect(last(run(text('replay')), 'r[1]', 'log')).toBe('["own", "remote"]');
  });
});

describe('runs with protocols that use others', () => {
  const text = (schedule: string) => `
protocol Detector {
  var alive: Set<Node> = {}
  var heard: Set<Node> = {}
  message Beat
  timer tick
  event Suspected(node: Node)
  on start { alive = members  heard = members  set tick after 20ms }
  on recover { alive = members  heard = members  set tick after 20ms }
  on timeout tick {
    broadcast Beat
    for p in peers \\ heard { if p in alive { alive -= p  emit Suspected(p) } }
    heard = {}
    set tick after random(20ms..30ms)
  }
  on m: Beat from p { heard += p  alive += p }
}
protocol Counter {
  uses health: Detector
  durable count = 0
  var open: Map<Call, Call> = {}
  operation Add(x: Int): Int
  event Counted(count: Int)
  on op: Add { count += op.x  emit Counted(count)  reply count }
  on e: health.Suspected { count += 0 }
}
protocol Front {
  uses counter: Counter
  uses health: Detector
  var open: Map<Call, Call> = {}
  operation Push(x: Int): Int
  on op: Push { call counter.Add(op.x) to choose(health.alive) as c  open[c] = op }
  on r: counter.Add { if r.call in open { reply r.result to open[r.call]  open -= r.call } }
  on e: health.Suspected { open = {} }
}
system S {
  node r[3]
  node client
  link r -- r with (latency: exponential(3ms), loss: 2%, duplicate: 5%)
  link client -- r
  run Detector on r
  run Counter on r
  run Front on r
  faults F { crash 1 of r with (recovers: true) }
  workload w on client { call Push(x: 1) to any(r) with (rate: 50/s, timeout: 200ms, retries: 1) }
  scenario X under F (duration: 2s, seeds: 1${schedule}) { chaos(rate: 2/s) }
}`;

  for (const schedule of ['', ', schedule: random', ', schedule: pct(3)']) {
    it(`have one digest, with a trace and without, and with their faults in place of chaos${schedule}`, () => {
      const system = systemOf(text(schedule));
      const digests = new Set<string>();
      for (const seed of [1, 2, 3]) {
        const outcome = outcomeOf(system, { seed });
        expect(outcome.result.error).toBeNull();
        expect(outcome.sample.operations.get('2 Push')!.succeeded).toBeGreaterThan(10);
        const { digest } = outcome.result;
        expect(outcomeOf(system, { seed, trace: false }).result.digest).toBe(digest);
        const actions = outcome.applied;
        expect(outcomeOf(system, { seed, trace: false }, { ...system.scenarios[0]!, actions }).result.digest).toBe(digest);
        digests.add(digest);
      }
      expect(digests.size).toBe(3);
    });
  }

  it('count the messages of what is used for those who use it', () => {
    const { sample } = outcomeOf(systemOf(text('')));
    expect(sample.sentBy[2]).toBe(sample.sentBy[0]);
    expect(sample.sentBy[0]).toBeGreaterThan(0);
  });
});
