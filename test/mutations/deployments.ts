/** Tells everybody rumours of its own making. */
const inventor = `adversary Inventor for Gossip {
  on m: Tell { for r in m.rumours { send Tell({Rumour(self, r.number + 1000)}) to peers } }
}`;

/**
 * Deployments of each protocol of the library, by the file's name: at both sides of its bounds, so that a bound that is
 * moved shows. What a system's requirements accept must also go well in its scenario, where it has one.
 */
export const deployments: Readonly<Record<string, string>> = {
  raft: text('Raft', 'consensus/raft', [
    ...sizes('run Raft on replica'),
    // 2 * delay is 120 ms, close below the shortest patience of 150 ms.
    system('CloseToPatience', 3, crash(1), 'run Raft on replica', { delay: '60ms' }),
    system('BeyondPatience', 3, 'faults None { }', 'run Raft(heartbeat: 50ms, election: 150ms..160ms) on replica', {
      delay: '100ms',
      latency: '100ms',
      scenario: 'scenario Elects (duration: 15s) { expect count(Elected) >= 1 }',
    }),
    system('RareHeartbeats', 3, 'faults None { }', 'run Raft(heartbeat: 400ms, election: 150ms..300ms) on replica', {
      scenario: 'scenario KeepsItsLeader (duration: 10s) { expect count(Elected) <= 3 }',
    }),
    system('HeartbeatAtPatience', 3, 'faults None { }', 'run Raft(heartbeat: 150ms, election: 150ms..160ms) on replica', {
      scenario: 'scenario KeepsItsLeader (duration: 10s) { expect count(Elected) <= 3 }',
    }),
  ]),
  majority_vote: text('MajorityVote', 'consensus/majority_vote', [
    ...sizes('run MajorityVote on replica'),
    system('TwoOfThreeDown', 3, crash(2), 'run MajorityVote on replica', { scenario: answers('Decide(value: unique)', 2, 3, 'Decide') }),
  ]),
  register: text('Register', 'replication/register', [
    ...sizes('run Register on replica'),
    system('ReadOne', 3, crash(1), 'run Register(reads: 1, writes: 3) on replica', {
      scenario: answers('Write(v: unique)', 1, 3, 'Write'),
    }),
    system('WriteOne', 3, crash(1), 'run Register(reads: 3, writes: 1) on replica', { scenario: answers('Read()', 1, 3, 'Read') }),
    system('WriteOneOfThree', 3, crash(0), 'run Register(reads: 3, writes: 1) on replica'),
  ]),
  pbft: text('Pbft', 'consensus/pbft', [
    ...sizes('run Pbft on replica'),
    system('CloseToPatience', 4, byzantine(1), 'run Pbft(patience: 210ms) on replica'),
    system('BeyondPatience', 4, 'faults None { }', 'run Pbft(patience: 350ms) on replica', {
      delay: '100ms',
      latency: '100ms',
      scenario: calm('expect count(Entered) == 0'),
    }),
    system('AtPatience', 4, 'faults None { }', 'run Pbft(patience: 400ms) on replica', {
      delay: '100ms',
      latency: '100ms',
      scenario: calm('expect count(Entered) == 0'),
    }),
  ]),
  gossip: text('Gossip', 'broadcast/gossip', [
    inventor,
    ...[10, 20, 50].flatMap((n) =>
      [...new Set([1, 2, 8, 9, 10, 11, 12, n - 1, n])].map((fanout) =>
        system(`N${n}f${fanout}`, n, crash(1), `run Gossip(fanout: ${fanout}) on replica`),
      ),
    ),
    system('Liar', 20, byzantine(1), 'run Gossip on replica', {
      scenario: `
  workload news on replica[1] { call Publish(number: unique) to replica[1] with (rate: 5/s, limit: 1, timeout: 1s) }
  scenario Invented under Liars (duration: 3s) { at 0s byzantine(replica[0], Inventor) expect count(Learned) <= 20 }`,
    }),
  ]),
};

function upTo(most: number): number[] {
  return Array.from({ length: most }, (_, i) => i + 1);
}

function crash(count: number): string {
  return count === 0 ? 'faults None { }' : `faults Crash { crash ${count} of replica }`;
}

function byzantine(count: number): string {
  return `faults Liars { byzantine ${count} of replica }`;
}

function calm(expectation: string): string {
  return `
  node client
  workload calls on client { call Submit(command: unique) to any(replica) with (rate: 2/s, arrival: constant, timeout: 5s, limit: 8) }
  scenario Calm (duration: 10s) { ${expectation} }`;
}

interface Details {
  readonly delay?: string;
  readonly latency?: string;
  readonly scenario?: string;
}

function system(name: string, n: number, faults: string, run: string, details: Details = {}): string {
  const { delay = '50ms', latency, scenario = '' } = details;
  const link = latency === undefined ? '' : `link nodes -- nodes with (latency: ${latency})`;
  return `system ${name} {
  node replica[${n}]
  ${link}
  timing partially_synchronous(delay: ${delay}, gst: 0s)
  ${faults}
  ${run}
  ${scenario}
}`;
}

/** One to ten nodes without faults, with up to four of them crashing and with up to three liars. */
function sizes(run: string): string[] {
  return upTo(10).flatMap((n) => [
    system(`N${n}`, n, crash(0), run),
    ...upTo(Math.min(n, 4)).map((down) => system(`N${n}c${down}`, n, crash(down), run)),
    ...upTo(Math.min(n, 3)).map((lying) => system(`N${n}b${lying}`, n, byzantine(lying), run)),
  ]);
}

/** Calls to the replicas that are left when some crash, most of which must be answered. */
function answers(call: string, down: number, n: number, operation: string): string {
  return `
  node client
  workload calls on client { call ${call} to replica[${down}..${n - 1}] with (rate: 5/s, timeout: 500ms, limit: 5) }
  scenario Answers under Crash (duration: 5s) { at 0s crash(replica[0..${down - 1}]) expect success(${operation}) >= 50% }`;
}

function text(protocol: string, path: string, systems: readonly string[]): string {
  return `import ${protocol} from "dsys/${path}"\n\n${systems.join('\n')}\n`;
}
