import fc from 'fast-check';

/** Random `.dsys` files, valid or slightly not: text, so that the whole pipeline has them to read. */

export interface Dice {
  readonly int: (min: number, max: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
}

/** A file in pieces whose order means nothing. Names stand in it as `§name§`. */
export interface RandomFile {
  readonly protocols: readonly string[];
  /** Each list keeps its order: what comes later may rest on what comes before. */
  readonly parts: readonly (readonly string[])[];
}

export type Naming = (name: string) => string;

export const plain: Naming = (name) => name;

export function textOf({ protocols, parts }: RandomFile, naming: Naming = plain): string {
  const system = parts.flatMap((part) => part.flatMap((declaration) => declaration.split('\n')));
  return `${[...protocols, `system §S§ {\n${system.map((line) => `  ${line}\n`).join('')}}\n`].join('\n')}`.replace(/§(\w+)§/g, (_, name) =>
    naming(name as string),
  );
}

function diceOf(draw: (min: number, max: number) => number): Dice {
  return {
    int: draw,
    chance: (percent) => draw(1, 100) <= percent,
    pick: <T>(list: readonly T[]): T => list[draw(0, list.length - 1)] as T,
  };
}

export const files: fc.Arbitrary<RandomFile> = fc.gen().map((gen) => randomFile(diceOf((min, max) => gen(fc.integer, { min, max }))));

interface Scene {
  readonly dice: Dice;
  readonly zones: readonly string[];
  readonly groups: readonly { readonly name: string; readonly size: number; readonly single: boolean }[];
  readonly models: readonly string[];
}

export function randomFile(dice: Dice): RandomFile {
  const { zones, text: zoneText } = randomZones(dice);
  const groups = Array.from({ length: dice.int(1, 3) }, (_, i) => {
    const single = dice.chance(12);
    return { name: `§g${i}§`, size: single ? 1 : dice.int(dice.chance(5) ? 0 : 1, 4), single };
  });
  const models = Array.from({ length: dice.pick([0, 1, 1, 1, 2, 3]) }, (_, i) => `§F${i}§`);
  const scene: Scene = { dice, zones, groups, models };
  const quorums = Array.from({ length: dice.pick([0, 0, 1, 2]) }, (_, i) => ({ name: `§Q${i}§`, slices: dice.chance(25) }));
  const protocols = Array.from({ length: dice.pick([1, 1, 2]) }, (_, i) => randomProtocol(scene, `§P${i}§`));
  const parts = [
    zoneText,
    groups.map((group) => randomGroup(scene, group)),
    randomLinks(scene),
    dice.chance(50) ? [] : [`channel ${side(scene)} -- ${side(scene)} with (${randomLinkAttributes(dice)})`],
    dice.chance(20) ? [] : [randomTiming(dice)],
    models.map((name) => `faults ${name} {\n${list(dice.int(dice.chance(10) ? 0 : 1, 3), () => `  ${randomBudget(scene)}\n`).join('')}}`),
    quorums.map(({ name, slices }) => `quorum ${name} = ${slices ? randomSlices(scene) : randomQuorum(scene, 2)}`),
    protocols.flatMap((protocol) =>
      dice.chance(5)
        ? []
        : [
            randomRun(
              scene,
              protocol,
              quorums.map(({ name }) => name),
            ),
          ],
    ),
    dice.chance(60) ? [] : [randomWorkload(scene)],
    dice.chance(60) ? [] : [randomScenario(scene)],
  ];
  return { protocols: protocols.map(({ text }) => text), parts };
}

const list = (length: number, make: (at: number) => string): string[] => Array.from({ length }, (_, at) => make(at));

function randomZones(dice: Dice): { readonly zones: string[]; readonly text: string[] } {
  const zones: string[] = [];
  const zone = (depth: number): string => {
    const name = `§z${zones.length}§`;
    zones.push(name);
    const availability = dice.chance(40) ? ` (availability: ${dice.pick(['99%', '99.9%', '99.95%', '1', '0', '50%'])})` : '';
    const inner = depth > 0 && dice.chance(45) ? ` { ${list(dice.int(1, 3), () => zone(depth - 1)).join(' ')} }` : '';
    return `zone ${name}${availability}${inner}`;
  };
  const text = dice.chance(35) ? [] : list(dice.int(1, 3), () => zone(2));
  return { zones, text };
}

function randomGroup({ dice, zones }: Scene, { name, size, single }: Scene['groups'][number]): string {
  const some = (): string => list(dice.int(1, 4), () => dice.pick(zones)).join(', ');
  const placed = zones.length > 0 && dice.chance(75);
  const where = placed ? ` in ${dice.pick([() => `[${some()}]`, () => dice.pick(zones), () => `spread(${dice.pick(zones)})`])()}` : '';
  const options = [
    () => `availability: ${dice.pick(['99%', '99.9%', '90%', '1', '0', '50%'])}`,
    () => `mtbf: ${dice.pick(['30d', '100h', '1s', '365d'])}, mttr: ${dice.pick(['1h', '10s', '0s', '30d'])}`,
    () => `cpu: ${randomDistribution(dice)}`,
    () =>
      dice.chance(50)
        ? `weight: ${dice.int(0, 5)}`
        : `weight: [${list(dice.chance(95) ? size : 2, () => dice.pick(['1', '2', '0.5', '3', '0', '0.1'])).join(', ')}]`,
    () => `stake: ${dice.int(1, 100)}`,
    () => `drift: ${dice.pick(['1%', '0.01%', '0', '50%', ...(dice.chance(10) ? ['100%', '200%'] : [])])}`,
    () => `compromise: ${dice.pick(['1%', '0', '0.5', '100%', '33%'])}`,
  ];
  const attributes = options.filter(() => dice.chance(25)).map((make) => make());
  return `node ${name}${single ? '' : `[${size}]`}${where}${attributes.length > 0 ? ` (${attributes.join(', ')})` : ''}`;
}

function randomDistribution(dice: Dice): string {
  return dice.pick([
    '10ms',
    '20us',
    '0s',
    'uniform(1ms, 5ms)',
    'normal(2ms, 0.5ms)',
    'normal(1ms, 10ms)',
    'lognormal(80ms, 0.2)',
    'lognormal(1ms, 2)',
    'exponential(5ms)',
    'pareto(1ms, 1.5)',
    'pareto(1ms, 0.5)',
    'empirical([1ms, 2ms, 100ms])',
  ]);
}

function randomLinkAttributes(dice: Dice): string {
  return dice.pick([
    () => `latency: ${randomDistribution(dice)}`,
    () => `latency: ${randomDistribution(dice)}, loss: ${dice.pick(['1%', '0', '100%', '0.01%'])}`,
    () => `latency: ${randomDistribution(dice)}, bandwidth: ${dice.pick(['1Gbps', '1kbps', '10Mbps'])}`,
    () => 'duplicate: 1%, fifo: true',
    () => 'loss: bursty(5%, length: 4), reorder: 10%',
  ])();
}

const groupName = ({ dice, groups }: Scene): string => dice.pick(groups).name;

function side(scene: Scene): string {
  const { dice, zones } = scene;
  return zones.length > 0 && dice.chance(40) ? dice.pick(zones) : groupName(scene);
}

function nodesOf(scene: Scene): string {
  const { dice, zones, groups } = scene;
  const group = dice.pick(groups);
  return dice.pick([
    () => group.name,
    () => group.name,
    () => 'nodes',
    () => `${group.name} + ${groupName(scene)}`,
    () => (group.single ? group.name : `${group.name}[${dice.int(0, Math.max(0, group.size - 1))}]`),
    () => (group.single ? group.name : `${group.name}[0..${dice.int(0, Math.max(0, group.size - 1))}]`),
    () => (zones.length > 0 ? dice.pick(zones) : group.name),
    () => `nodes \\ ${group.name}`,
  ])();
}

function randomLinks(scene: Scene): string[] {
  const { dice } = scene;
  if (dice.chance(50)) return [];
  const withAttributes = (): string => (dice.chance(50) ? ` with (${randomLinkAttributes(dice)})` : '');
  return list(dice.int(1, 4), () => {
    const shape = (): string => {
      const g = dice.chance(50) ? 'nodes' : groupName(scene);
      return dice.pick([
        `ring(${g})`,
        `line(${g})`,
        `star(${groupName(scene)}, ${g})`,
        `tree(${g}, fanout: 2)`,
        `mesh(${g})`,
        `grid(${g}, columns: 2)`,
        `hypercube(${g})`,
        `random(${g}, degree: 2)`,
        `small_world(${g}, neighbors: 2, rewire: 0.1)`,
        `scale_free(${g}, attach: 1)`,
      ]);
    };
    return `link ${dice.chance(40) ? shape() : `${nodesOf(scene)} ${dice.chance(25) ? '->' : '--'} ${nodesOf(scene)}`}${withAttributes()}`;
  });
}

function randomTiming(dice: Dice): string {
  const delay = dice.pick(['10ms', '200ms', '1s', '1us', ...(dice.chance(10) ? ['0s'] : [])]);
  return dice.pick([
    'timing asynchronous',
    `timing synchronous(delay: ${delay})`,
    `timing partially_synchronous(delay: ${delay}, gst: 5s)`,
  ]);
}

function randomBudget(scene: Scene): string {
  const { dice, zones } = scene;
  const count = dice.pick([0, 1, 1, 1, 2, 2, 3, 9]);
  const recovers = dice.chance(25) ? ' with (recovers: true)' : '';
  const options = [
    () => `crash ${count} of ${nodesOf(scene)}${recovers}`,
    () => `crash ${count} of ${nodesOf(scene)}${recovers}`,
    () => `byzantine ${count} of ${nodesOf(scene)}`,
    () => `omission ${count} of ${nodesOf(scene)}${dice.chance(50) ? ` with (side: ${dice.pick(['send', 'receive', 'both'])})` : ''}`,
    () => `timing ${count} of ${nodesOf(scene)} with (slowdown: 10)`,
    () => `partition${dice.pick(['', ' with (heals: 30s)', ' with (heals: 1ms)'])}`,
    () => `${dice.pick(['loss', 'duplicate'])} ${dice.pick(['1%', '50%', '100%', '0'])}${dice.chance(40) ? ` on ${nodesOf(scene)}` : ''}`,
    ...(zones.length > 0
      ? Array.from(
          { length: 3 },
          () => () =>
            `outage ${dice.int(0, 2)} of ${dice.chance(20) ? dice.pick(zones) : `[${[...new Set(list(dice.int(1, 4), () => dice.pick(zones)))].join(', ')}]`}${recovers}`,
        )
      : []),
  ];
  return dice.pick(options)();
}

function randomQuorum(scene: Scene, depth: number, of: () => string = () => nodesOf(scene)): string {
  const { dice } = scene;
  const inner = (): string => randomQuorum(scene, depth - 1, of);
  const options: (() => string)[] = [
    () => `majority(${of()})`,
    () => `atleast(${dice.pick([0, 1, 2, 2, 3, 3, 4, 7])}, ${of()})`,
    () => `weighted(${of()}, ${dice.pick(['0', '1', '2', '2.5', '3', '0.3', '100'])})`,
    () => `grid(${of()}, 2, ${dice.int(1, 3)})`,
  ];
  if (depth > 0) {
    options.push(
      () => `atleast(${dice.int(1, 3)}, [${list(dice.int(1, 3), inner).join(', ')}])`,
      () => `(${inner()}) ${dice.pick(['*', '+'])} (${inner()})`,
    );
  }
  return dice.pick(options)();
}

function randomSlices(scene: Scene): string {
  const { dice, groups } = scene;
  const keys = groups.filter(() => dice.chance(85));
  return `slices {\n${(keys.length > 0 ? keys : groups.slice(0, 1)).map(({ name }) => `  ${name}: ${randomQuorum(scene, 1)}\n`).join('')}}`;
}

interface RandomProtocol {
  readonly name: string;
  readonly text: string;
  /** Names of its parameters: `quorum`, `patience`, `count`. */
  readonly quorum: boolean;
  readonly needed: boolean;
}

function randomProtocol(scene: Scene, name: string): RandomProtocol {
  const { dice } = scene;
  const quorum = dice.chance(40);
  const own = list(dice.int(0, 2), (at) => `§${name.slice(1, -1)}D${at}§`);
  const parameters = [...(quorum ? ['§gvn§: Quorum'] : []), '§ptc§: Duration = 100ms', '§vts§: Int = n / 2 + 1'];
  const quorums = [...own, ...(quorum ? ['§gvn§'] : [])];
  const clause: Clause = { dice, quorums };
  const members = (): string => 'members';
  const lines = [
    ...own.map((q) => `quorum ${q} = ${dice.chance(30) ? 'atleast(§vts§, members)' : randomQuorum(scene, 1, members)}`),
    ...list(dice.int(1, 4), () => {
      const because = dice.chance(30) ? ' because "the author says so"' : '';
      return `requires ${dice.pick(['safety', 'liveness'])} ${boolean(clause, 2)}${because}`;
    }),
    ...(dice.chance(25)
      ? [
          `solves ${dice.pick(['consensus', 'total_order_broadcast', 'leader_election', 'atomic_commit', 'reliable_broadcast', 'atomic_storage', 'convergence'])}`,
        ]
      : []),
    ...(dice.chance(20) ? [`scales with (serial: ${dice.pick(['5%', '0', '100%'])}, crosstalk: ${dice.pick(['1%', '0', '10%'])})`] : []),
    ...(own[0] === undefined ? bodyWith('atleast(§vts§, members)', true) : bodyWith(own[0], false)),
  ];
  return {
    name,
    quorum,
    needed: quorum,
    text: `protocol ${name}(${parameters.join(', ')}) {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`,
  };
}

function bodyWith(quorum: string, declared: boolean): string[] {
  return [
    ...(declared ? [`quorum §Eno§ = ${quorum}`] : []),
    'var §hrd§: Set<Node> = {}',
    'var §opn§: Call? = none',
    'message Ask()',
    'message Answer()',
    'timer again',
    'operation Poll(): Int',
    'event Agreed(size: Int)',
    `on op: Poll {
    if §opn§ != none { reply 0  return }
    §opn§ = op
    §hrd§ = {self}
    broadcast Ask()
    set again after §ptc§
  }`,
    'on question: Ask from p { reply Answer() }',
    `on answer: Answer from p {
    §hrd§ += p
    let waiting = §opn§
    if ${declared ? '§Eno§' : quorum}.met(§hrd§) and waiting != none {
      §opn§ = none
      cancel again
      emit Agreed(§hrd§.size)
      reply §hrd§.size to waiting
    }
  }`,
    `on timeout again {
    let waiting = §opn§
    if waiting != none { reply 0 to waiting }
    §opn§ = none
  }`,
  ];
}

interface Clause {
  readonly dice: Dice;
  readonly quorums: readonly string[];
}

function boolean(clause: Clause, depth: number): string {
  const { dice } = clause;
  const q = (): string => quorumIn(clause);
  const set = (): string => nodesIn(dice);
  const options: (() => string)[] = [
    () => `available(${q()})`,
    () => `available(${q()})`,
    () => `intersect(${q()})`,
    () => `intersect(${q()}, ${q()})`,
    () => `intersect(${q()}, ${q()}, ${q()})`,
    () => `masking(${q()})`,
    () => `masking(${q()}, ${q()})`,
    () => `q2(${set()})`,
    () => `q3(${set()})`,
    () => `q4(${set()})`,
    () => `overlap(${q()})`,
    () => `chain_secure(${share(dice)}, ${number(dice)})`,
    ...Array.from({ length: 6 }, () => () => {
      const of = dice.pick([int, int, int, real, duration]);
      return `${of(clause, depth)} ${dice.pick(['<', '<=', '>', '>=', '==', '!='])} ${of(clause, depth)}`;
    }),
    () => `capacity(${q()}) >= ${dice.pick(['10/s', '1000000/s'])}`,
  ];
  if (depth > 0) {
    options.push(
      () => `not (${boolean(clause, depth - 1)})`,
      () => `(${boolean(clause, depth - 1)}) ${dice.pick(['and', 'or', 'implies'])} (${boolean(clause, depth - 1)})`,
      () => `forall w in ${set()}: weight({w}) ${dice.pick(['<', '>='])} ${int(clause, 0)}`,
      () => `exists e in ${set()}: eccentricity(e) <= ${dice.int(1, 4)}`,
    );
  }
  return dice.pick(options)();
}

function quorumIn({ dice, quorums }: Clause): string {
  if (quorums.length > 0 && dice.chance(85)) return dice.pick(quorums);
  return dice.pick(['majority(members)', `atleast(${dice.int(0, 5)}, members)`, 'weighted(members, 2.5)', 'grid(members, 2, 2)']);
}

const nodesIn = (dice: Dice): string => dice.pick(['members', 'members', '(members.filter(m => weight({m}) > 1))', '(members \\ members)']);
const share = (dice: Dice): string => dice.pick(['0', '10%', '33%', '50%', '100%', '1.5', '(0 - 1)']);
const number = (dice: Dice): string => dice.pick(['0', '0.1', '1', '3', '1000', '(0 - 2)', '1.0 / n']);
const small = (dice: Dice): string => dice.pick(['0', '1', '2', '3', 'n', 'faulty', '10', '(0 - 1)', '1000']);

function int(clause: Clause, depth: number): string {
  const { dice } = clause;
  const given = [
    'n',
    'crashed',
    'omitting',
    'byzantine',
    'faulty',
    'timing',
    'connectivity',
    'edge_connectivity',
    'degree',
    'diameter',
    'worst_diameter',
  ];
  const options: (() => string)[] = [
    () => dice.pick(given),
    () => dice.pick(given),
    () => dice.pick(given),
    () => `${dice.int(0, 9)}`,
    () => '§vts§',
    () => `resilience(${quorumIn(clause)})`,
    () => `splitting(${quorumIn(clause)})`,
    () => `rounds(${duration(clause, 0)})`,
    () => `members.map(m => eccentricity(m)).max`,
    () => 'gossip_rounds()',
    () => 'flood_messages()',
    () => `confirmations_for(${share(dice)}, ${share(dice)})`,
  ];
  if (depth > 0) {
    options.push(
      () => `${dice.int(2, 3)} * ${dice.pick(given)} + 1`,
      () => `(${int(clause, 0)}) ${dice.pick(['+', '-', '*', '/', 'mod'])} (${int(clause, 0)})`,
    );
  }
  return dice.pick(options)();
}

function real(clause: Clause, depth: number): string {
  const { dice } = clause;
  const s = (): string => share(dice);
  const k = (): string => small(dice);
  const q = (): string => quorumIn(clause);
  return dice.pick<() => string>([
    () => dice.pick(['crashed_weight', 'byzantine_weight', 'drift', 'peak_members', 'utilisation', 'weight(members)']),
    () => dice.pick(['crashed_weight', 'byzantine_weight', 'drift', 'peak_members', 'utilisation', 'weight(members)']),
    () => dice.pick(['0.5', '1.0', '99.9%', '0.0', 'weight(members) / 3']),
    () => `load(${q()})`,
    () => `load(${q()}, ${q()}, ${s()})`,
    () => `availability(${q()})`,
    () => `availability(${q()})`,
    () => `safety_probability(${q()})`,
    () => `safety_probability(${q()}, ${q()})`,
    () => `binomial_tail(${k()}, ${s()}, ${k()})`,
    () => `hypergeometric_tail(${k()}, ${k()}, ${k()}, ${k()})`,
    () => `poisson_tail(${number(dice)}, ${k()})`,
    () => `committee_failure(${k()}, ${k()}, ${k()}, ${k()}${dice.chance(50) ? `, ${k()}` : ''})`,
    () => `double_spend(${s()}, ${k()}${dice.chance(50) ? `, ${k()}` : ''})`,
    () => `double_spend_delayed(${s()}, ${k()}, ${number(dice)})`,
    () => `chain_tolerance(${number(dice)})`,
    () => `selfish_threshold(${s()})`,
    () => `data_loss(${k()}, ${s()})`,
    () => `erasure_loss(${k()}, ${k()}, ${s()})`,
    () => `annual_loss(${k()}, ${duration(clause, 0)}, ${duration(clause, 0)})`,
    () => `copyset_loss(${k()}, ${k()}, ${k()}, ${k()})`,
    () => `stale_read(${k()}, ${k()}, ${k()}${dice.chance(50) ? `, ${k()}` : ''})`,
    () => `gossip_reach(${number(dice)})`,
    () => `random_connectivity(${number(dice)})`,
    () => `messages_per("${dice.pick(['Poll', 'Poll', 'Nothing'])}")`,
    () => `message_delays("${dice.pick(['Poll', 'Poll', ''])}")`,
    () => (depth > 0 ? `(${real(clause, 0)}) / (${real(clause, 0)})` : 'byzantine_weight'),
  ])();
}

function duration(clause: Clause, depth: number): string {
  const { dice } = clause;
  return dice.pick<() => string>([
    () => 'delay',
    () => 'delay',
    () => '§ptc§',
    () => dice.pick(['0s', '10ms', '5s', '30d']),
    () => `message_time(${share(dice)})`,
    () => `round_trip(${share(dice)})`,
    () => `quorum_latency(${quorumIn(clause)})`,
    () => `mean_time_to_loss(${small(dice)}, ${dice.pick(['0s', '1h', '30d'])}, ${dice.pick(['0s', '1h', '30d'])})`,
    () => (depth > 0 ? `${dice.int(2, 4)} * ${duration(clause, 0)}` : 'delay'),
  ])();
}

function randomRun(scene: Scene, { name, quorum, needed }: RandomProtocol, quorums: readonly string[]): string {
  const { dice } = scene;
  const given = quorums.length > 0 && dice.chance(60) ? dice.pick(quorums) : randomQuorum(scene, 1);
  const options = [
    ...(quorum && (needed || dice.chance(50)) ? [`§gvn§: ${given}`] : []),
    ...(dice.chance(30) ? [`§vts§: ${dice.int(0, 6)}`] : []),
    ...(dice.chance(30) ? [`§ptc§: ${dice.pick(['1ms', '500ms', '10s', '0s'])}`] : []),
  ];
  return `run ${name}${options.length > 0 ? `(${options.join(', ')})` : ''} on ${nodesOf(scene)}`;
}

function randomWorkload(scene: Scene): string {
  const { dice } = scene;
  const pace = dice.pick(['rate: 50/s', 'rate: 100000/s', 'think: 10ms', 'rate: 1/s, arrival: constant', 'rate: 0.1/s']);
  const more = dice.pick(['', ', timeout: 1s', ', timeout: 1ms, retries: 3', ', limit: 5']);
  const target = dice.pick([() => '', () => ` to any(${nodesOf(scene)})`])();
  return `workload §wrk§ on ${nodesOf(scene)} {\n  call Poll()${target} with (${pace}${more})\n}`;
}

function randomScenario(scene: Scene): string {
  const { dice, models, zones } = scene;
  const under = models.length > 0 && dice.chance(80) ? ` under ${dice.pick(models)}` : '';
  const actions: (() => string)[] = [
    () => `at 1s crash(${nodesOf(scene)}${dice.chance(50) ? ', for: 2s' : ''})`,
    () => `at 2s partition(${groupName(scene)}, for: 1s)`,
    () => `at 1s isolate(${nodesOf(scene)})`,
    () => `at 1s slow(${nodesOf(scene)}, factor: 10, for: 1s)`,
    () => `at 1s byzantine(${nodesOf(scene)}, silent)`,
    () => `at 3s lose(${groupName(scene)}, ${groupName(scene)}, probability: 50%, for: 1s)`,
    () => `at 3s disconnect(${groupName(scene)}, ${nodesOf(scene)}, one_way: ${dice.chance(50)})`,
    () => `at 3s slow(${groupName(scene)}, ${groupName(scene)}, factor: 10)`,
    () => `at 3s delay(${groupName(scene)}, ${groupName(scene)}, by: 5ms, for: 1s)`,
    () => 'at 4s hold(for: 1s)',
    () => `at 1s churn(${nodesOf(scene)}, up: exponential(1s), down: 100ms, until: 5s)`,
    () => `at 1s churn(${groupName(scene)}, ${groupName(scene)}, up: exponential(1s), down: 100ms)`,
    () => 'chaos(rate: 1/s, until: 5s)',
    ...(zones.length > 0 ? [() => `at 1s outage(${dice.pick(zones)}, for: 2s)`] : []),
  ];
  const expectations = [
    'expect count(Agreed) >= 1',
    'expect count(Agreed) >= 0',
    'expect success(Poll) >= 99%',
    'expect p99(latency(Poll)) <= 1us',
    'expect messages >= 0',
    'expect success(Poll) > 1',
    'expect messages_per(Poll) <= 10',
    'expect rounds(Poll) <= 2',
    'expect reach(Agreed) >= 50%',
    'expect throughput(Poll) >= 1/s',
  ];
  const lines = [...list(dice.int(0, 2), () => dice.pick(actions)()), ...list(dice.int(0, 2), () => dice.pick(expectations))];
  return `scenario §Ngt§${under} (duration: 10s, seeds: 2) {\n${lines.map((line) => `  ${line}\n`).join('')}}`;
}

/** Dice from a seed (Marsaglia's xorshift): for runs of many thousand files outside the tests. */
export function seeded(seed: number): Dice {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let i = 0; i < 5; i++) next();
  return diceOf((min, max) => min + (next() % (max - min + 1)));
}
