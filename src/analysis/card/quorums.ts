import { counted, formatNumber, formatRate, formatRatio, listed } from '../../base/units.ts';
import type { Expression } from '../../model/code.ts';
import type { System } from '../../model/system.ts';
import type { QuorumSystem } from '../../model/values.ts';
import { dual, type Formula, leaves } from '../formula.ts';
import { betterSystem, choiceWords, type Deployed, deployedStrategy } from '../strategy/deployed.ts';
import type { Choice } from '../strategy/strategy.ts';
import { nodeNames } from '../words.ts';
import { OutOfWork } from '../work.ts';
import type { CardData, CardRow, CardSection, CardSubject } from './section.ts';

/**
 * The quorum systems of a deployment, and each pair that a requirement asks to intersect as reads and writes: how small,
 * how many, how resilient, and what they bear when quorums are chosen with the best probabilities.
 */
export function quorums(subject: CardSubject): CardSection | null {
  const systems = subject.deployment.quorums.flatMap(({ name, system }) =>
    system === null || system.kind === 'slices' ? [] : [{ name, system }],
  );
  const rows = [
    ...systems.flatMap((of) => attempt(`quorum \`${of.name}\``, () => systemRow(subject, of))),
    ...pairsOf(subject, systems).flatMap((pair) =>
      attempt(`reads \`${pair[0].name}\`, writes \`${pair[1].name}\``, () => pairRow(subject, pair)),
    ),
  ];
  if (rows.length === 0) return null;
  return {
    id: 'quorums',
    title: 'Quorum systems',
    rows,
    assumptions: [
      'Load and capacity are those of the best probabilities over quorums, while nothing has failed.',
      'An operation costs each node of its quorum one message of its mean `cpu`, and nobody else anything; a node without `cpu` takes no time.',
    ],
    sources: ['Naor & Wool 1998', 'Whittaker, Charapko, Hellerstein, Howard & Stoica 2021'],
  };
}

interface Named {
  readonly name: string;
  readonly system: QuorumSystem;
}

/** What takes too long is said to be undecided. */
function attempt(label: string, make: () => CardRow | null): CardRow[] {
  try {
    const row = make();
    return row === null ? [] : [row];
  } catch (error) {
    if (error instanceof OutOfWork) return [{ label, value: `undecided: ${error.reason}`, data: { undecided: error.reason } }];
    throw error;
  }
}

function systemRow(subject: CardSubject, { name, system }: Named): CardRow | null {
  const { facts } = subject;
  const label = `quorum \`${name}\``;
  const { nodes: blocking, size } = facts.blocking(system);
  if (blocking === null) return { label, value: 'the empty set is a quorum', data: { quorum: name, smallest: 0 } };
  if (blocking.length === 0) return { label, value: 'no quorum can form', data: { quorum: name, minimal: 0 } };
  const resilience = blocking.length - 1;
  const survival = resilience === 0 ? 'no node may be lost' : `any ${resilience} may be lost`;
  const lost = `Without ${listed(nodeNames(subject.system, blocking), 8)} no quorum is left.`;
  const known = { quorum: name, nodes: size, resilience, blocking: nodeNames(subject.system, blocking) };
  const strategies = attemptBoth(() => [
    deployedStrategy(facts, system, null, 1, 'alike'),
    deployedStrategy(facts, system, null, 1, 'cpu'),
  ]);
  if (typeof strategies === 'string') {
    return { label, value: `${survival}; load undecided: ${strategies}`, notes: [lost], data: { ...known, undecided: strategies } };
  }
  const [{ space, strategy: alike }, { strategy: busy }] = strategies;
  if (space === null || alike === null) return null;
  const workload = [{ reads: 1, weight: 1 }];
  const load = alike.load(workload);
  const capacity = busy?.capacity(workload) ?? Number.POSITIVE_INFINITY;
  const smallest = Math.min(...space.reads.map(({ example }) => example.length));
  const minimal = space.reads.reduce((sum, { ways }) => sum + ways, 0);
  const shown = busy !== null && Number.isFinite(capacity) ? busy : alike;
  return {
    label,
    value: [
      `at least ${smallest} of ${counted(size, 'node')}`,
      `${formatNumber(minimal)} minimal ${minimal === 1 ? 'quorum' : 'quorums'}`,
      survival,
      `the busiest node takes part in ${formatRatio(load)}`,
      ...(Number.isFinite(capacity) ? [`at most ${formatRate(capacity)} at one message each`] : []),
    ].join('; '),
    notes: [lost, `The best strategy asks: ${choiceWords(shown.choices.reads, shown.orbits, subject.system)}.`],
    data: {
      ...known,
      smallest,
      minimal,
      load,
      capacity: Number.isFinite(capacity) ? capacity : null,
      strategy: choicesData(shown.choices.reads, subject.system),
    },
  };
}

/** The strategies, or why they are undecided. */
function attemptBoth(make: () => readonly [Deployed, Deployed]): readonly [Deployed, Deployed] | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof OutOfWork) return error.reason;
    throw error;
  }
}

const shares = [0.1, 0.5, 0.9];

function pairRow(subject: CardSubject, [reads, writes]: readonly [Named, Named]): CardRow | null {
  const { facts, system } = subject;
  const points = shares.map((share) => {
    const { strategy: alike } = deployedStrategy(facts, reads.system, writes.system, share, 'alike');
    const { strategy: busy } = deployedStrategy(facts, reads.system, writes.system, share, 'cpu');
    if (alike === null || busy === null) return null;
    const workload = [{ reads: share, weight: 1 }];
    const capacity = busy.capacity(workload);
    return { share, load: alike.load(workload), capacity, strategy: Number.isFinite(capacity) ? busy : alike };
  });
  if (points.some((point) => point === null)) return null;
  const known = points.filter((point) => point !== null);
  const half = known.find(({ share }) => share === 0.5)?.strategy;
  const better = betterSystem(facts, reads.system, writes.system, 0.5);
  const text = (formula: Formula): string => formulaText(formula, system);
  return {
    label: `reads \`${reads.name}\`, writes \`${writes.name}\``,
    value: known
      .map(
        ({ share, load, capacity }) =>
          `${formatRatio(share)} reads: load ${formatRatio(load)}${Number.isFinite(capacity) ? `, at most ${formatRate(capacity)}` : ''}`,
      )
      .join('; '),
    notes: [
      ...(half === undefined
        ? []
        : [
            `With half reads the best strategy asks, to read: ${choiceWords(half.choices.reads, half.orbits, system)}; to write: ${choiceWords(half.choices.writes, half.orbits, system)}.`,
          ]),
      ...(better === null
        ? []
        : [
            `Over the same nodes, with half reads and no less resilience, ${formatNumber(better.times)} times as much is possible: reads \`${text(better.reads)}\`, writes \`${text(dual(better.reads))}\`.`,
          ]),
    ],
    data: {
      reads: reads.name,
      writes: writes.name,
      shares: known.map(({ share, load, capacity, strategy }) => ({
        reads: share,
        load,
        capacity: Number.isFinite(capacity) ? capacity : null,
        readStrategy: choicesData(strategy.choices.reads, system),
        writeStrategy: choicesData(strategy.choices.writes, system),
      })),
      better: better === null ? null : { times: better.times, reads: text(better.reads), writes: text(dual(better.reads)) },
    },
  };
}

/** Pairs of different quorum systems in `intersect(A, B)`, each once, in the order of the requirements. */
function pairsOf({ system, deployment }: CardSubject, systems: readonly Named[]): (readonly [Named, Named])[] {
  const pairs = new Map<string, readonly [Named, Named]>();
  const visit = (code: unknown): void => {
    if (Array.isArray(code)) {
      for (const part of code) visit(part);
      return;
    }
    if (typeof code !== 'object' || code === null) return;
    if ('kind' in code && code.kind === 'intrinsic') {
      const { name, arguments: [one, two, ...more] = [] } = code as Expression & { kind: 'intrinsic' };
      const first = systems.find((known) => one?.kind === 'quorum' && known.name === one.name);
      const second = systems.find((known) => two?.kind === 'quorum' && known.name === two.name);
      if (name === 'intersect' && more.length === 0 && first && second && first !== second)
        pairs.set(`${first.name},${second.name}`, [first, second]);
    }
    for (const part of Object.values(code)) visit(part);
  };
  visit(system.protocols[deployment.protocol]?.requirements.map(({ condition }) => condition));
  return [...pairs.values()];
}

/** Enough for anyone who reads on; the rest is left to other tools. */
const mostChoices = 20;

function choicesData(choices: readonly Choice[], system: System): CardData {
  return choices.slice(0, mostChoices).map(({ orbit, probability }) => ({
    probability,
    quorums: orbit.ways,
    quorum: nodeNames(system, orbit.example),
  }));
}

/** A formula as the language writes it. */
function formulaText(formula: Formula, system: System, inner = false): string {
  if (formula.kind === 'node') return nodeNames(system, [formula.node])[0] ?? '';
  if (formula.kind === 'weighted') return `weighted(${leaves(formula).length} nodes, ${formula.threshold})`;
  const { count, of } = formula;
  if (count === 1 || count === of.length) {
    const text = of.map((part) => formulaText(part, system, true)).join(count === 1 ? ' + ' : ' * ');
    return inner ? `(${text})` : text;
  }
  return `atleast(${count}, [${of.map((part) => formulaText(part, system)).join(', ')}])`;
}
