/** Faults whose moment or whose nodes depend on what the nodes know: `when`, sets by state, `any`. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { System } from '../../src/model/system.ts';
import { type RunOutcome, runWithSample } from '../../src/simulator/run-once.ts';
import { runScenario } from '../../src/simulator/scenario.ts';
import { EventKind } from '../../src/simulator/trace.ts';
import { plantedBugs } from '../support/planted.ts';

function systemOf(text: string): System {
  const uri = 'file:///moments.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { system, findings: more } = expand(systems[0]!);
  expect(more.filter(({ severity }) => severity === 'error')).toEqual([]);
  return system!;
}

function run(system: System, seed = 1, actions = system.scenarios[0]!.actions): RunOutcome {
  const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
  const outcome = runWithSample(system, programs, { ...system.scenarios[0]!, actions }, seed, { trace: false });
  expect(outcome.result.error).toBeNull();
  return outcome;
}

/** `ns: kind nodes` of what was applied. */
const applied = (outcome: RunOutcome): string[] =>
  outcome.applied.map(({ at, action }) => `${at / 1e6}: ${action.kind} ${'nodes' in action ? action.nodes.join(' ') : ''}`.trim());

/** A token goes round: node i has it from 10·i ms on. */
const ring = (actions: string) =>
  systemOf(`
protocol Ring {
  message Token(round: Int)
  timer t
  var holds: Bool = false
  var seen: Int = 0
  on start { if self == members[0] { holds = true  set t after 10ms } }
  on timeout t { holds = false  send Token(seen) to members[(members.to_list().index_of(self).or(0) + 1) mod n] }
  on m: Token { holds = true  seen += 1  set t after 10ms }
}
system S {
  const wanted = 2
  node r[4]
  node other
  link r -- r with (latency: 1ms)
  run Ring on r
  scenario X (duration: 100ms, seeds: 1) { ${actions} }
}`);

describe('an action with `when`', () => {
  it('happens once, after the step that makes its condition hold', () => {
    const out = run(ring('when exists m in members: m.seen == 1  crash(r[3], for: 1ms)'));
    expect(applied(out)).toEqual(['11.000001: crash 3']);
  });

  it('may name groups, zones and constants of the system', () => {
    const out = run(ring('when r.count(m => m.seen >= 1) >= wanted  skew(r[0], 5ms)'));
    expect(applied(out)).toEqual(['22.000001: skew 0']);
  });

  it('waits for its time first, and then a while', () => {
    expect(applied(run(ring('at 5ms when exists m in r: m.holds  after 2ms  skew(r[0], 5ms)')))).toEqual(['7: skew 0']);
  });

  it('never happens where its condition never holds', () => {
    expect(applied(run(ring('when exists m in r: m.seen > 100  crash(r[0])')))).toEqual([]);
  });

  it('is independent of the others, whatever their order', () => {
    const out = run(
      ring('when exists m in r: m.seen == 1 and m == r[2]  skew(r[0], 1ms)  when exists m in r: m.seen == 1  skew(r[1], 1ms)'),
    );
    expect(applied(out)).toEqual(['11.000001: skew 1', '22.000001: skew 0']);
  });
});

describe('a call with `when`', () => {
  const asked = (calls: string, more = '') =>
    systemOf(`
protocol Counter {
  operation Add(by: Int): Int
  timer t
  var ticks = 0
  on start { set t after 10ms }
  on timeout t { ticks += 1  set t after 10ms }
  on op: Add { ticks += op.by  reply ticks }
}
system S {
  node server[2]
  node client
  link client -- server with (latency: 1ms)
  link server -- server with (latency: 1ms)
  run Counter on server
  scenario X (duration: 100ms, seeds: 2) { ${calls} ${more} }
}`);
  const invoked = (system: System): number[] => {
    const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
    const trace = runWithSample(system, programs, system.scenarios[0]!, 1, { trace: true }).result.trace!;
    return [...trace.kind.keys()].filter((row) => trace.kind[row] === EventKind.call).map((row) => trace.time[row]! / 1e6);
  };

  it('is made once, after the step that makes its condition hold', () => {
    expect(invoked(asked('when server[0].ticks == 3  call Add(by: 100) from client to server[0]'))).toEqual([30.000001]);
  });

  it('waits for its time first, and then a while', () => {
    const calls = 'at 5ms when server[1].ticks >= 0 after 2ms call Add(by: 1) from client to server[0]';
    expect(invoked(asked(calls))).toEqual([7]);
  });

  it('is not made where the condition never holds, and the verdicts say so', () => {
    const system = asked('when server[0].ticks > 1000  call Add(by: 1) from client to server[0]  when server[0].ticks == 2  heal()');
    expect(invoked(system)).toEqual([]);
    const result = runScenario({
      system,
      programs: [compileDeployment(system, 0)],
      scenario: system.scenarios[0]!,
      variant: null,
      firstSeed: 1,
      seeds: 2,
      trace: false,
    });
    expect(result.passed).toBe(true);
    expect(result.verdicts.map(({ kind, text, detail }) => `${kind} ${text}: ${detail}`)).toEqual([
      'when when server[0].ticks > 1000: never came true in 2 runs',
    ]);
  });

  it('and faults that are drawn wait too', () => {
    const system = asked('when server[0].ticks == 2  churn(server[1], up: 1ms, down: 2ms)');
    expect(applied(run(system)).slice(0, 2)).toEqual(['21.000001: leave 1', '23.000001: join 1']);
  });
});

describe('nodes chosen by state', () => {
  it('are those that the states tell at that moment', () => {
    expect(applied(run(ring('at 15ms pause(r.filter(m => m.holds), for: 1ms)  at 30ms crash(r.filter(m => m.seen > 0))')))).toEqual([
      '15: pause 1',
      '30: crash 1 2',
    ]);
  });

  it('are none where there are none', () => {
    expect(applied(run(ring('at 5ms crash(members.filter(m => m.seen > 5))')))).toEqual([]);
  });

  it('may be one of several, drawn by the seed', () => {
    const system = ring('at 25ms crash(any(r.filter(m => m.seen > 0)))  at 30ms skew(any(r), 1ms)');
    const seen = new Set(Array.from({ length: 20 }, (_, seed) => applied(run(system, seed))[0]));
    expect([...seen].sort()).toEqual(['25: crash 1', '25: crash 2']);
  });

  it('give the same run as a schedule with the times and nodes written', () => {
    const system = ring('when exists m in r: m.seen == 1  pause(any(r), for: 7ms)  at 50ms slow(r.filter(m => m.seen > 0), factor: 3)');
    for (let seed = 1; seed <= 10; seed += 1) {
      const first = run(system, seed);
      expect(first.applied).toHaveLength(2);
      expect(run(system, seed, first.applied).result.digest).toBe(first.result.digest);
    }
  });
});

describe('Figure 8 of Raft as a schedule', () => {
  const schedule = `
system Figure8 {
  node replica[3]
  link replica -- replica with (latency: 5ms)
  run Raft on replica
  scenario Schedule (duration: 10s, seeds: 1) {
    // The first leader has an entry that nobody else has (it begins with one), and crashes.
    when exists m in replica: m.log.size > 0  isolate(replica.filter(m => m.leading), for: 3s)
    when exists m in replica: m.log.size > 0  after 1ms  crash(replica.filter(m => m.leading), for: 3s)
    // So does the next one.
    when replica.count(m => m.log.size > 0) == 2  isolate(replica.filter(m => m.leading), for: 20s)
    when replica.count(m => m.log.size > 0) == 2  after 1ms  crash(replica.filter(m => m.leading))
    // The first comes back, leads, and the third has its entry too; what it sends then comes late. It is cut off, which takes
    // nothing of what it has committed, and the second comes back.
    when replica.all(m => m.log.size > 0)  slow(replica.filter(m => m.leading), factor: 200)
    when replica.all(m => m.log.size > 0)  after 20ms  heal()
    when replica.all(m => m.log.size > 0)  after 21ms  isolate(replica.filter(m => m.leading))
    when replica.all(m => m.log.size > 0)  after 22ms  recover(replica.filter(m => replica.any(o => o.log.first.term < m.log.first.term)))
  }
}`;

  /** Invariants that some of ten runs break, and how many runs got to the end of the schedule. */
  function outcome(protocol: string): { readonly broken: Set<string>; readonly through: number } {
    const system = systemOf(protocol + schedule.replace('run Raft', `run ${/^protocol (\w+)/m.exec(protocol)?.[1]}`));
    const runs = Array.from({ length: 10 }, (_, seed) => run(system, seed + 1));
    const broken = runs.flatMap(({ result }) =>
      result.violations.filter(({ kind }) => kind === 'invariant').map(({ property }) => property),
    );
    return { broken: new Set(broken), through: runs.filter((each) => each.applied.length === 8).length };
  }

  it('breaks a leader that commits entries of earlier terms by counting, and the library’s does not', () => {
    const bug = plantedBugs().find(({ id }) => id === 'R1')!;
    expect([...outcome(bug.protocol).broken]).not.toEqual([]);
    const twin = outcome(bug.twinText);
    expect([...twin.broken]).toEqual([]);
    expect(twin.through).toBeGreaterThanOrEqual(3);
  });
});
