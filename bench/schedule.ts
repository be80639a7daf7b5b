// Steps a second of two-phase commit, one coordinator and seven participants, when a strategy chooses the order of deliveries
// and an invariant is checked after each step. Reference: the same by hand in JavaScript (a pool of messages from which one is
// taken at random, the same invariant after each step over all pairs with the node that acted), in the same process, in turn.
import { prepare, simulate, timed } from './dsys.ts';
import { report } from './report.ts';

const participants = 7;
const seconds = Number(process.argv[2] ?? 5);
const rounds = 5;

/** The scenario with a schedule. */
const specification = (schedule: string): string => `
protocol TwoPhaseCommit {
  message Prepare(round: Int)
  message Vote(round: Int, yes: Bool)
  message Decide(round: Int, commit: Bool)
  message Done(round: Int)
  role coordinator {
    var round = 0
    var votes = 0
    var aborted = false
    var done = 0
    on start { begin() }
    fun begin() {
      round += 1
      votes = 0
      aborted = false
      done = 0
      broadcast Prepare(round)
    }
    on m: Vote {
      if m.round == round {
        votes += 1
        if not m.yes { aborted = true }
        if votes == ${participants} { broadcast Decide(round, commit: not aborted) }
      }
    }
    on m: Done {
      if m.round == round {
        done += 1
        if done == ${participants} { begin() }
      }
    }
  }
  role participant {
    var decided = 0
    var committed = false
    on m: Prepare from p { send Vote(round: m.round, yes: random(0..9) < 9) to p }
    on m: Decide from p {
      decided = m.round
      committed = m.commit
      send Done(round: m.round) to p
    }
  }
  invariant Agreement {
    forall a in participant, b in participant: a.decided == b.decided implies a.committed == b.committed
  }
}
system Bench {
  node boss
  node worker[${participants}]
  link boss -- worker with (latency: 10us)
  timing asynchronous
  run TwoPhaseCommit on coordinator: boss, participant: worker
  scenario Search (duration: ${seconds}s, seeds: 1, schedule: ${schedule}) { expect messages >= 1 }
}`;

/** Takes so many steps by hand. */
function byHand(most: number): number {
  const [prepareCode, voteCode, decideCode, doneCode] = [0, 1, 2, 3];
  const pool: { kind: number; to: number; round: number; flag: boolean }[] = [];
  const decided = new Array<number>(participants + 1).fill(0);
  const committed = new Array<boolean>(participants + 1).fill(false);
  let round = 0;
  let votes = 0;
  let aborted = false;
  let done = 0;
  const tell = (kind: number, flag: boolean) => {
    for (let to = 1; to <= participants; to += 1) pool.push({ kind, to, round, flag });
  };
  const begin = () => {
    round += 1;
    votes = 0;
    done = 0;
    aborted = false;
    tell(prepareCode, false);
  };
  begin();
  let steps = 0;
  while (steps < most) {
    const at = Math.floor(Math.random() * pool.length);
    const message = pool[at] as (typeof pool)[number];
    pool[at] = pool[pool.length - 1] as (typeof pool)[number];
    pool.pop();
    steps += 1;
    const { kind, to } = message;
    if (kind === prepareCode) pool.push({ kind: voteCode, to: 0, round: message.round, flag: Math.random() < 0.9 });
    else if (kind === voteCode) {
      votes += 1;
      if (!message.flag) aborted = true;
      if (votes === participants) tell(decideCode, !aborted);
    } else if (kind === doneCode) {
      done += 1;
      if (done === participants) begin();
    } else {
      decided[to] = message.round;
      committed[to] = message.flag;
      for (let other = 1; other <= participants; other += 1) {
        if (decided[other] === decided[to] && committed[other] !== committed[to]) throw new Error('disagreement');
      }
      pool.push({ kind: doneCode, to: 0, round: message.round, flag: false });
    }
  }
  return steps;
}

for (const schedule of ['random', 'latency', 'pct(3)', 'delay_bounded(3)', 'targeted']) {
  const prepared = prepare(specification(schedule));
  const best = { ours: 0, hand: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const run = timed(() => simulate(prepared, round + 1).steps);
    best.ours = Math.max(best.ours, run.value / run.ms / 1000);
    const hand = timed(() => byHand(run.value));
    best.hand = Math.max(best.hand, hand.value / hand.ms / 1000);
  }
  report({
    name: `two-phase commit, ${schedule}, an invariant after each step`,
    value: best.ours,
    unit: 'M/s',
    reference: { name: 'by hand', value: best.hand },
    ...(schedule === 'random' ? { atLeast: 1 } : {}),
  });
}
