import { describe, expect, it } from 'vitest';
import { backgroundTraffic, operationFlow } from '../../src/analysis/flow/index.ts';
import { OutOfWork, Work } from '../../src/analysis/work.ts';
import type { System } from '../../src/model/system.ts';
import { librarySystem, messagesPer, roundsOf, simulate } from './simulated.ts';

/** What the analysis says of messages and delays, held against runs of the library's protocols. */

const seconds = 30;

function flowOf(system: System, operation: string) {
  const flow = operationFlow(system, system.deployments[0] as System['deployments'][number], operation);
  if (flow === null || flow.delays === null) throw new Error('no flow');
  return { ...flow, delays: flow.delays };
}

const cases: readonly {
  readonly name: string;
  readonly operation: string;
  readonly text: string;
  /** Of the estimate against the run, as a share. */
  readonly tolerance: number;
}[] = [
  {
    name: 'leader-based replication, any member called',
    operation: 'Submit',
    tolerance: 0.15,
    text: `import Raft from "dsys/consensus/raft"
      system S {
        node r[5]
        node c[2]
        link nodes -- nodes with (latency: lognormal(1ms, 0.3))
        timing partially_synchronous(delay: 50ms, gst: 0s)
        run Raft on r
        workload w on c { call Submit(command: unique) to any(r) with (rate: 20/s, start: 2s) }
        scenario A (duration: ${seconds}s) {}
      }`,
  },
  {
    name: 'three phases of all to all',
    operation: 'Submit',
    tolerance: 0.05,
    text: `import Pbft from "dsys/consensus/pbft"
      system S {
        node r[7]
        node c[2]
        link nodes -- nodes with (latency: lognormal(1ms, 0.3))
        timing partially_synchronous(delay: 50ms, gst: 0s)
        run Pbft on r
        workload w on c { call Submit(command: unique) to any(r) with (rate: 5/s, start: 1s) }
        scenario A (duration: ${seconds}s) {}
      }`,
  },
  {
    name: 'two phases to quorums',
    operation: 'Write',
    tolerance: 0.01,
    text: `import Register from "dsys/replication/register"
      system S {
        node r[5]
        node c[3]
        run Register on r
        workload w on c { call Write(v: unique) to any(r) with (rate: 5/s) }
        scenario A (duration: ${seconds}s) {}
      }`,
  },
  {
    name: 'reads of two quorums that differ, without write-back',
    operation: 'Read',
    tolerance: 0.01,
    text: `import Register from "dsys/replication/register"
      system S {
        node r[9]
        node c
        run Register(reads: 3, writes: 7, write_back: false) on r
        workload w on c { call Read() to r[0] with (rate: 5/s) }
        scenario A (duration: ${seconds}s) {}
      }`,
  },
  {
    name: 'roles: a coordinator and participants over a ring of links',
    operation: 'Commit',
    tolerance: 0.01,
    text: `protocol TwoPhase {
        message Prepare(number: Int)
        message Ready(number: Int)
        message Decide(number: Int)
        message Done(number: Int)
        role coordinator {
          operation Commit(number: Int): Bool
          var ready: Map<Int, Set<Node>> = {}
          var done: Map<Int, Set<Node>> = {}
          var calls: Map<Int, Call> = {}
          on op: Commit {
            ready[op.number] = {}
            done[op.number] = {}
            calls[op.number] = op
            send Prepare(op.number) to participant
          }
          on m: Ready from p {
            ready[m.number] = ready[m.number] | {p}
            if ready[m.number].size == participant.size { send Decide(m.number) to participant }
          }
          on m: Done from p {
            done[m.number] = done[m.number] | {p}
            if done[m.number].size == participant.size { reply true to calls[m.number] }
          }
        }
        role participant {
          on m: Prepare { reply Ready(m.number) }
          on m: Decide { reply Done(m.number) }
        }
      }
      system S {
        node c
        node r[6]
        link ring(r) with (latency: 1ms)
        link c -- r[0] with (latency: 1ms)
        run TwoPhase on coordinator: r[0], participant: r[1..5]
        workload w on c { call Commit(number: unique) to r[0] with (rate: 5/s) }
        scenario A (duration: ${seconds}s) {}
      }`,
  },
  {
    name: 'one vote for all',
    operation: 'Decide',
    tolerance: 0.05,
    text: `import MajorityVote from "dsys/consensus/majority_vote"
      system S {
        node r[6]
        node c
        run MajorityVote on r
        workload w on c { call Decide(value: "yes") to r[0] with (rate: 5/s, limit: 1) }
        scenario A (duration: ${seconds}s) {}
      }`,
  },
];

describe('messages and delays of one call', () => {
  for (const { name, operation, text, tolerance } of cases) {
    it(`${name}: within the bounds, and near what runs count`, () => {
      const system = librarySystem(text);
      const flow = flowOf(system, operation);
      const { sample } = simulate(system, 7);
      const deployment = system.deployments[0] as System['deployments'][number];
      const answered = sample.operations.get(`0 ${operation}`)?.succeeded ?? 0;
      // Runs count the background too.
      const background = ((backgroundTraffic(system, deployment)?.total ?? 0) * seconds) / answered;
      const counted = messagesPer(sample, operation) - background;
      expect(counted).toBeGreaterThanOrEqual(flow.total.least);
      expect(counted).toBeLessThanOrEqual(flow.total.most);
      expect(flow.total.expected).toBeGreaterThanOrEqual(flow.total.least);
      expect(flow.total.expected).toBeLessThanOrEqual(flow.total.most);
      expect(Math.abs(flow.total.expected - counted) / counted, `${flow.total.expected} and ${counted} in runs`).toBeLessThan(tolerance);

      // Bytes too, where nothing goes on besides.
      if (background === 0) {
        const bytes = flow.messages.reduce((sum, message) => sum + message.expected * message.bytes, 0);
        expect(Math.abs(bytes - sample.bytes / answered) / bytes).toBeLessThan(0.1);
      }

      const rounds = roundsOf(sample, operation);
      expect(rounds[0]).toBeGreaterThanOrEqual(flow.delays.least);
      expect(rounds.at(-1)).toBeLessThanOrEqual(flow.delays.most);
      const mean = rounds.reduce((sum, value) => sum + value, 0) / rounds.length;
      expect(Math.abs(flow.delays.expected - mean) / mean, `${flow.delays.expected} and ${mean} in runs`).toBeLessThan(0.25);
    });
  }

  it('is exact where the code leaves no choice', () => {
    const system = librarySystem(cases[2]?.text ?? '');
    const flow = flowOf(system, 'Write');
    expect(flow.messages.map(({ kind, from, to, least, expected }) => [kind, from, to, least, expected])).toEqual([
      ['Query', 'called', 'others', 4, 4],
      ['State', 'others', 'called', 4, 4],
      ['Store', 'called', 'others', 0, 4],
      ['Stored', 'others', 'called', 0, 4],
    ]);
    expect(flow.delays).toEqual({ least: 6, expected: 6, most: 6 });
  });

  it('knows that a quorum of one needs nobody else', () => {
    const system = librarySystem(`import Register from "dsys/replication/register"
      system S {
        node r[3]
        node c
        run Register(reads: 1, writes: 3, write_back: false) on r
        workload w on c { call Read() to any(r) with (rate: 5/s) }
      }`);
    const flow = flowOf(system, 'Read');
    // The code alone does not tell that no read gets to the second phase.
    expect(flow.total).toEqual({ least: 0, expected: 0, most: 4 });
    expect(flow.delays.least).toBe(2);
    expect(flow.delays.expected).toBe(2);
  });
});

describe('calls that go through protocols that are used', () => {
  const text = `import Raft from "dsys/consensus/raft"
    import ReplicatedStore from "dsys/replication/replicated_store"
    system S {
      node r[5] (cpu: 20us)
      node c[2]
      link nodes -- nodes with (latency: lognormal(1ms, 0.3))
      timing partially_synchronous(delay: 50ms, gst: 0s)
      run Raft on r
      run ReplicatedStore on r
      workload w on c { call Put(key: uniform_key(5), value: unique) to any(r) with (rate: 20/s, start: 2s) }
      scenario A (duration: ${seconds}s) {}
    }`;

  it('cost what these send for them, as runs count it', () => {
    const system = librarySystem(text);
    const [raft, store] = system.deployments as [System['deployments'][number], System['deployments'][number]];
    const flow = operationFlow(system, store, 'Put');
    const { sample } = simulate(system, 7);
    const answered = sample.operations.get('1 Put')?.succeeded ?? 0;
    const background = ((backgroundTraffic(system, raft)?.total ?? 0) * seconds) / answered;
    const counted = (sample.sentBy[1] as number) / answered - background;
    const expected = flow?.total.expected ?? 0;
    expect(Math.abs(expected - counted) / counted, `${expected} and ${counted} in runs`).toBeLessThan(0.15);
    // 4(n − 1) of the log, and one more where a follower was called; answered after 4 delays, or 6.
    expect(flow?.messages.map(({ kind }) => kind)).toEqual(['Raft.Append', 'Raft.Appended', 'Raft.Forward']);
    expect(expected).toBeCloseTo(16.8, 5);
    expect(flow?.delays?.expected).toBeCloseTo(5.6, 5);
    // Nothing of it is known by the code of the store alone.
    expect(flow?.total).toMatchObject({ least: 0, most: Number.POSITIVE_INFINITY });
  });

  it('are no part of the background, which is that of each deployment alone', () => {
    const system = librarySystem(text);
    const [raft, store] = system.deployments as [System['deployments'][number], System['deployments'][number]];
    expect(backgroundTraffic(system, store)?.total).toBe(0);
    expect(backgroundTraffic(system, raft)?.total).toBeGreaterThan(100);
  });
});

describe('background', () => {
  it('is what timers send that nobody called for', () => {
    const system = librarySystem(`import Raft from "dsys/consensus/raft"
      system S {
        node r[4]
        timing partially_synchronous(delay: 10ms, gst: 0s)
        run Raft(heartbeat: 40ms) on r
      }`);
    const background = backgroundTraffic(system, system.deployments[0] as System['deployments'][number]);
    // Three heartbeats and three answers, 25 times a second; the leader gets the answers.
    expect(background?.total).toBeCloseTo(150, -1);
    expect(background?.messages.map(({ kind }) => kind)).toEqual(['Append', 'Appended']);
    expect(Math.max(...(background?.arrivals ?? []))).toBeCloseTo(75, -1);
  });

  it('is nothing where nobody sets a timer', () => {
    const system = librarySystem(`import Register from "dsys/replication/register"
      system S { node r[3] run Register on r }`);
    expect(backgroundTraffic(system, system.deployments[0] as System['deployments'][number])?.total).toBe(0);
  });
});

describe('bad code', () => {
  const deployed = (protocol: string) => librarySystem(`${protocol} system S { node r[3] node c run P on r }`);
  const first = (system: System) => system.deployments[0] as System['deployments'][number];

  it('that fails at run time has no flow', () => {
    const system = deployed('protocol P { operation Do() on op: Do { let xs: List<Int> = [] let x = xs[3] reply } }');
    expect(operationFlow(system, first(system), 'Do')).toBeNull();
  });

  it('that never stops sending is cut off, and has no most', () => {
    const system = deployed('protocol P { message M operation Do() on op: Do { broadcast M() reply } on m: M { broadcast M() } }');
    expect(() => operationFlow(system, first(system), 'Do', { work: new Work(1e6) })).toThrow(OutOfWork);
  });

  it('whose state and messages grow without bound uses up its work, not the memory', () => {
    const system = deployed(`protocol P {
      message M(xs: List<Int>)
      operation Do
      var log: List<Int> = []
      timer t
      on start { set t after 0ms }
      on timeout t { log += 1 broadcast M(log) set t after 0ms }
      on m: M { log += m.xs }
      on op: Do { reply }
    }`);
    const before = process.memoryUsage().heapUsed;
    expect(() => operationFlow(system, first(system), 'Do', { work: new Work(40e6) })).toThrow(OutOfWork);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(500e6);
  });

  it('that recurses is bounded from below by what it does in any case', () => {
    const system = deployed(
      'protocol P { message M operation Do() var k = 0 on op: Do { k = 3 down() broadcast M() reply } fun down() { k -= 1 if k > 0 { broadcast M() down() } } on m: M { } }',
    );
    const flow = flowOf(system, 'Do');
    expect(flow.total).toEqual({ least: 2, expected: 6, most: Number.POSITIVE_INFINITY });
  });

  it('without operations has none', () => {
    const system = deployed('protocol P { message M on start { broadcast M() } on m: M { } }');
    expect(operationFlow(system, first(system), 'Do')).toBeNull();
  });
});

describe('edits', () => {
  it('that only move a protocol are not analysed again', () => {
    const protocol = 'protocol P { message M operation Do() on op: Do { broadcast M() reply } on m: M { } }';
    const one = librarySystem(`${protocol} system S { node r[3] node c run P on r }`);
    const two = librarySystem(`// a line more\n${protocol} system S { node r[3] node c run P on r }`);
    const flow = operationFlow(one, one.deployments[0] as System['deployments'][number], 'Do');
    // Without any work to spend, only what is remembered can be told.
    expect(operationFlow(two, two.deployments[0] as System['deployments'][number], 'Do', { work: new Work(0) })).toEqual(flow);
  });
});
