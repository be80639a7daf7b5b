import { Draws } from './random-program.ts';

/** A file with a random system and one scenario `Z`, which strikes it with everything that there is. Valid for the checks. */
export interface RandomScenario {
  readonly text: string;
}

const messages = ['Ping', 'Pong', 'News'];

/** A protocol of timers, answers, relayed news and a counter that is asked by calls. */
function protocol(draws: Draws): string {
  const sync = draws.below(2) === 0 ? 'sync' : '';
  const pace = 5 + draws.below(40);
  return `protocol P {
  durable kept = 0
  durable log: List<Int> = []
  var lost = 0
  var leads = false
  var last = 0ms
  var waits = false
  var seen: Map<Node, Int> = {}
  message Ping(n: Int)
  message Pong(n: Int)
  message News(n: Int, of: Node, hops: Int)
  timer tick
  timer late
  operation Ask(n: Int): Int
  event Told(at: Duration)
  on start { leads = self == members.first  set tick after ${pace}ms  set late after ${draws.below(80)}ms }
  on recover { set tick after ${pace}ms }
  on timeout tick {
    kept += 1
    ${sync}
    waits = true
    broadcast Ping(kept)
    emit Told(now)
    ${draws.below(2) === 0 ? 'if kept mod 3 == 0 { send News(kept, self, 2) to choose(members) }' : ''}
    set tick after ${draws.below(2) === 0 ? `${pace}ms` : `random(1ms..${pace + 1}ms)`}
  }
  on timeout late { lost += 1  cancel tick  set tick after 3ms  set late after 90ms  leads = not leads }
  on m: Ping from p { seen[p] = m.n  reply Pong(m.n)  lost = m.n mod 7 }
  on m: Pong { waits = false  if log.size < 20 { log += m.n } }
  on m: News { if m.hops > 0 { send News(m.n, m.of, m.hops - 1) to choose(members) }  kept += 0 }
  on op: Ask { ${draws.below(3) === 0 ? 'if lost == 3 { return }' : ''} kept += 1 ${sync} reply kept }
  invariant Bounded { forall m in members: m.lost < ${draws.below(3) === 0 ? 6 : 1000} }
  eventually Heard within ${50 + draws.below(200)}ms { exists m in members: m.log.size > 2 }
  eventually Answered within ${20 + draws.below(200)}ms { forall m in members: m.waits leads_to not m.waits }
  always OneLeader after ${draws.below(300)}ms { members.count(m => m.leads) <= 3 }
}
adversary Liar for P { on m: Ping from p { send Pong(0 - m.n) to p  send Ping(m.n + 1) to peers } on start { set tick after 5ms } }
specification Counter { var value = 0  operation Ask(n: Int): Int { value += 1  reply value } }`;
}

const pick = <T>(draws: Draws, items: readonly T[]): T => draws.of(items);

function delay(draws: Draws): string {
  const base = 1 + draws.below(20);
  return pick(draws, [
    `${base}ms`,
    `uniform(${base}ms, ${base * 2}ms)`,
    `normal(${base}ms, ${base}ms)`,
    `lognormal(${base}ms, 0.5)`,
    `exponential(${base}ms)`,
    `pareto(${base}ms, 2.5)`,
    `empirical([${base}ms, 3ms, 0ms])`,
  ]);
}

function link(draws: Draws, fifo: boolean, line: boolean): string {
  const parts = [`latency: ${delay(draws)}`];
  if (draws.below(3) === 0) parts.push(draws.below(2) === 0 ? 'loss: 10%' : 'loss: bursty(10%, length: 4)');
  if (draws.below(3) === 0) parts.push('duplicate: 15%');
  if (fifo) parts.push('fifo: true');
  else if (draws.below(3) === 0) parts.push('reorder: 25%');
  if (line) parts.push('bandwidth: 1Mbps');
  return `(${parts.join(', ')})`;
}

/** Runs and scenarios of a file are told by `seed` alone. */
export function randomScenario(seed: number): RandomScenario {
  const draws = new Draws(seed * 7919 + 13);
  draws.below(2);
  const size = 3 + draws.below(4);
  const fifo = draws.below(4) === 0;
  const line = draws.below(3) === 0;
  const timing = pick(draws, [
    '',
    'timing asynchronous',
    'timing partially_synchronous(delay: 30ms, gst: 200ms)',
    'timing partially_synchronous(delay: 10ms, gst: 500ms)',
  ]);
  const shape = pick(draws, ['', 'a -- a', 'ring(a)', 'star(a[0], a)', 'line(a)', 'random(a, degree: 2)']);
  const listed = shape !== '';
  const links = listed
    ? [`link ${shape} with ${link(draws, fifo, line)}`, `link c -- a with ${link(draws, fifo, line)}`]
    : [`channel a -- a with ${link(draws, fifo, line)}`, `channel c -- a with ${link(draws, fifo, line)}`];
  if (draws.below(2) === 0) links.push(`channel a[0] -> a[1] with ${link(draws, fifo, line)}`);
  const node = [
    ...(draws.below(3) === 0 ? [`cpu: ${pick(draws, ['1ms', 'exponential(2ms)', '100us'])}`] : []),
    ...(draws.below(3) === 0 ? ['drift: 5%'] : []),
  ];
  const faults = [
    ...(draws.below(2) === 0
      ? [`crash 2 of a with (recovers: true${pick(draws, ['', ', loses: unsynced', ', loses: all'])})`]
      : ['crash 1 of a']),
    ...(draws.below(3) === 0 ? ['byzantine 1 of a'] : []),
    ...(draws.below(2) === 0 ? ['omission 1 of a'] : []),
    ...(draws.below(2) === 0 ? ['timing 1 of a with (slowdown: 4)'] : []),
    ...(draws.below(2) === 0 ? ['outage 1 of [z1, z2] with (recovers: true)'] : []),
    ...(draws.below(2) === 0 ? [`partition with (heals: ${100 + draws.below(200)}ms)`] : []),
    ...(draws.below(3) === 0 ? ['loss 3%', 'duplicate 2%'] : []),
  ];
  const schedule = pick(draws, ['latency', 'latency', 'latency', 'random', 'pct(3)', 'delay_bounded(2)', 'targeted']);
  const count = draws.below(14);
  const actions = Array.from({ length: count }, () => action(draws, size));
  const attributes = ['duration: 1s', 'seeds: 2', `schedule: ${schedule}`, ...(draws.below(8) === 0 ? ['delays: mean'] : [])];
  const text = `${protocol(draws)}
system S {
  zone z { zone z1  zone z2 }
  node a[${size}] in [z1, z2]${node.length > 0 ? ` (${node.join(', ')})` : ''}
  node c[2]
  ${links.join('\n  ')}
  ${timing}
  faults F { ${faults.join('  ')} }
  run P on a
  workload w on c { call Ask(n: unique) to any(a) with (${pick(draws, ['rate: 30/s', 'think: 20.000011ms'])}, timeout: ${pick(draws, [5, 50])}ms, retries: ${draws.below(3)}) }
  scenario Z under F (${attributes.join(', ')}) {
    ${actions.join('\n    ')}
    expect linearizable(Counter)
    expect not monotonic_reads(Counter)
    expect messages >= 1
  }
}
`;
  return { text };
}

function action(draws: Draws, size: number): string {
  const at = (): string => `${draws.below(90) * 10}ms`;
  const last = (): string => `${1 + draws.below(40) * 10}ms`;
  const one = (): string => `a[${draws.below(size)}]`;
  const some = (): string =>
    pick(draws, [one(), one(), 'a', `a[0..${draws.below(size)}]`, `any(a)`, 'a.filter(m => m.lost mod 2 == 0)', 'z1', 'c[0]']);
  const fixed = (): string => pick(draws, [one(), 'a', `a[0..${draws.below(size)}]`, 'c']);
  const lasts = (): string => (draws.below(4) === 0 ? '' : `, for: ${last()}`);
  const type = (): string => pick(draws, ['', '', `, message: ${pick(draws, messages)}`]);
  const share = (): string => pick(draws, ['', ', 30%', ', probability: 50%']);
  const behaviors = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random', 'Liar', 'Liar'];
  // Not at the very moment of a fault: which of the two comes first is then up to the order in which they were planned.
  if (draws.below(12) === 0)
    return `at ${draws.below(90) * 10}.000013ms call Ask(n: ${draws.below(100)}) from c to ${pick(draws, ['any(a)', one(), '[a[0], a[1]]'])} with (timeout: 40ms, retries: 1)`;
  const what = pick(draws, [
    () => `crash(${some()}${pick(draws, ['', ', loses: unsynced', ', loses: all'])}${lasts()})`,
    () => `crash(${some()}, after_sends: ${1 + draws.below(5)}${draws.below(2) === 0 ? `, within: ${last()}` : ''}${lasts()})`,
    () => `recover(${some()})`,
    () => `outage(${pick(draws, ['z', 'z1', 'z2'])}${lasts()})`,
    () => `partition(a[0..${draws.below(size - 1)}], ${pick(draws, ['c', `a[${size - 1}]`])}${lasts()})`,
    () => 'heal()',
    () => `isolate(${some()}${lasts()})`,
    () => `slow(${some()}, factor: ${1 + draws.below(20)}${lasts()})`,
    () => `slow(${fixed()}, ${fixed()}, factor: ${1 + draws.below(20)}${pick(draws, ['', ', one_way: true'])}${lasts()})`,
    () => `pause(${some()}, for: ${last()})`,
    () => `pause(${some()}, for: ${last()})`,
    () => `drift(${some()}, ${draws.below(2) === 0 ? '-' : ''}${1 + draws.below(90)}%${lasts()})`,
    () => `omit(${some()}${pick(draws, ['', ', side: send', ', side: receive'])}${pick(draws, ['', ', share: 40%'])}${lasts()})`,
    () => `${pick(draws, ['lose', 'duplicate', 'reorder'])}(${fixed()}, ${fixed()}${share()}${type()}${lasts()})`,
    () => `delay(${fixed()}, ${fixed()}, by: ${last()}${type()}${lasts()})`,
    () => `hold(${fixed()}, ${fixed()}${type()}, for: ${last()})`,
    () => `disconnect(${fixed()}, ${fixed()}${pick(draws, ['', ', one_way: true'])}${lasts()})`,
    () => `churn(${fixed()}, up: ${delay(draws)}, down: ${delay(draws)}, until: ${500 + draws.below(400)}ms)`,
    () => `churn(${fixed()}, ${fixed()}, up: ${delay(draws)}, down: ${delay(draws)}, until: ${500 + draws.below(400)}ms)`,
    () => `skew(${some()}, ${draws.below(2) === 0 ? '-' : ''}${last()})`,
    () => `byzantine(${one()}, ${pick(draws, behaviors)}${lasts()})`,
    () => `leave(${some()})`,
    () => `join(${some()})`,
    () => `chaos(rate: ${1 + draws.below(30)}/s, until: 800ms)`,
  ])();
  if (/^(chaos|churn)/.test(what)) return `at ${at()} ${what}`;
  const when = `when exists m in members: m.kept > ${1 + draws.below(20)}${draws.below(2) === 0 ? ` after ${last()}` : ''} `;
  return `${draws.below(5) === 0 ? '' : `at ${at()} `}${draws.below(5) === 0 ? when : ''}${what}`;
}
