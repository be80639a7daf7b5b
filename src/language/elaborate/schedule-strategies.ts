import { type Declaration, explained, givenDeclaration } from './context.ts';

export interface Strategy {
  /** What the number in its parentheses is; null for one without. */
  readonly number: string | null;
  readonly documentation: string;
}

/** What decides the order of deliveries, by the name in the language. */
export const strategies: ReadonlyMap<string, Strategy> = new Map<string, Strategy>([
  ['latency', { number: null, documentation: 'Messages arrive as the latencies of their links say.' }],
  ['random', { number: null, documentation: 'Each pending delivery, and the next timer, is as likely as any other to be next.' }],
  [
    'pct',
    {
      number: 'depth',
      documentation:
        'Probabilistic concurrency testing: random priorities that change at depth - 1 steps. Finds a bug of that depth with a known probability.',
    },
  ],
  [
    'delay_bounded',
    { number: 'delays', documentation: 'Messages in the order in which they were sent, but for so many that are let wait.' },
  ],
  [
    'targeted',
    { number: null, documentation: 'Random, but messages that decide something are held back, mostly those of one node at a time.' },
  ],
]);

const written = (name: string, { number }: Strategy): string => (number === null ? name : `${name}(${number})`);

/** What `schedule` may be, in words: `latency | random | pct(depth) | …`. */
export const scheduleText = [...strategies].map(([name, strategy]) => written(name, strategy)).join(' | ');

/** A strategy as the editor tells of it. */
export function strategyDeclaration(name: string, strategy: Strategy): Declaration {
  const example = strategy.number === null ? name : `${name}(${strategy.number === 'depth' ? 3 : 2})`;
  return givenDeclaration(name, written(name, strategy), explained(strategy.documentation, `schedule: ${example}`));
}
