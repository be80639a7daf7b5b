import type { Type } from '../../model/types.ts';
import { BANDWIDTH, BOOL, DURATION, distributionOf, INT, RATE, REAL, typeToString } from '../types/type.ts';
import { type Declaration, explained, givenDeclaration } from './context.ts';
import { scheduleText } from './schedule-strategies.ts';

/** A named value that may stand in parentheses or behind `with`. */
export interface AttributeRule {
  readonly name: string;
  /**
   * `words`: one of these, written bare, each with what it means. `numbers`: a number, or a list of them. `loss`: a share, or
   * `bursty(share, length: …)`. `schedule`: a strategy, some with a number. `message`: the name of a message type.
   */
  readonly type: Type | 'numbers' | 'loss' | 'schedule' | 'message' | { readonly words: Readonly<Record<string, string>> };
  readonly documentation: string;
  readonly required?: boolean;
  /** A value as one would write it, where that of its type does not do. */
  readonly example?: string;
}

/** A value that one could write for an attribute. */
export function exampleOf({ type, example }: AttributeRule): string {
  if (example !== undefined) return example;
  if (type === 'message') return 'Vote';
  if (typeof type === 'object' && 'words' in type) return Object.keys(type.words)[0] ?? '';
  return typeof type === 'object' ? (examples[type.kind] ?? '1') : '1';
}

const examples: Readonly<Record<string, string>> = {
  Duration: '5s',
  Real: '10%',
  Int: '2',
  Rate: '1/s',
  Bandwidth: '1Gbps',
  Bool: 'true',
  Distribution: 'exponential(10s)',
};

/** The values that an attribute takes, in words: `Duration`, `send | receive | both`. */
export function valuesText({ type }: AttributeRule): string {
  if (type === 'numbers') return 'Real | List<Real>';
  if (type === 'loss') return 'Real | bursty(share, length)';
  if (type === 'schedule') return scheduleText;
  if (type === 'message') return 'Message';
  return 'words' in type ? Object.keys(type.words).join(' | ') : typeToString(type);
}

/** An attribute as the editor tells of it. */
export function attributeDeclaration(rule: AttributeRule): Declaration {
  const type = typeof rule.type === 'object' && 'kind' in rule.type ? rule.type : undefined;
  const documentation = explained(rule.documentation, `${rule.name}: ${exampleOf(rule)}`);
  return givenDeclaration(rule.name, `${rule.name}: ${valuesText(rule)}`, documentation, type);
}

const LATENCY = distributionOf(DURATION);

export const zoneAttributes: readonly AttributeRule[] = [
  {
    name: 'availability',
    type: REAL,
    example: '99.9%',
    documentation: 'The share of time that the zone as a whole is up, such as `99.9%`.',
  },
];

export const nodeAttributes: readonly AttributeRule[] = [
  { name: 'availability', type: REAL, example: '99.9%', documentation: 'The share of time that a node is up, such as `99.9%`.' },
  {
    name: 'mtbf',
    type: DURATION,
    example: '1000h',
    documentation: 'Mean time between failures of a node; with `mttr` it gives the availability.',
  },
  { name: 'mttr', type: DURATION, example: '2h', documentation: 'Mean time to repair a node.' },
  {
    name: 'cpu',
    type: LATENCY,
    example: '100us',
    documentation: 'Service time of one message: a node is a single-server queue. Default: none.',
  },
  {
    name: 'weight',
    type: 'numbers',
    documentation: 'The weight of each node in weighted quorums, or a list with one per node. Default: 1.',
  },
  { name: 'stake', type: 'numbers', documentation: 'The same as `weight`.' },
  {
    name: 'drift',
    type: REAL,
    example: '1%',
    documentation: 'Bound of the clocks’ drift: `1%` means that a second lasts 0.99 to 1.01 seconds.',
  },
  { name: 'compromise', type: REAL, example: '0.1%', documentation: 'The probability that a node turns Byzantine.' },
];

export const linkAttributes: readonly AttributeRule[] = [
  {
    name: 'latency',
    type: LATENCY,
    example: 'lognormal(2ms, 0.3)',
    documentation: 'One-way delay, a duration or a distribution of it. Default: 1ms.',
  },
  {
    name: 'loss',
    type: 'loss',
    example: '1%',
    documentation: 'The probability that a message is lost, or `bursty(5%, length: 10)` where losses come in bursts. Default: 0.',
  },
  { name: 'duplicate', type: REAL, documentation: 'The probability that a message arrives twice. Default: 0.' },
  {
    name: 'reorder',
    type: REAL,
    documentation:
      'The probability that a message is overtaken by the one sent after it. Default: 0, and links reorder as their latencies say.',
  },
  { name: 'bandwidth', type: BANDWIDTH, documentation: 'What passes in a second, such as `1Gbps`. Default: unlimited.' },
  { name: 'fifo', type: BOOL, documentation: 'Whether messages arrive in the order in which they were sent. Default: false.' },
];

export const timingAttributes: Readonly<Record<'synchronous' | 'partially_synchronous' | 'asynchronous', readonly AttributeRule[]>> = {
  synchronous: [{ name: 'delay', type: DURATION, example: '200ms', required: true, documentation: 'Δ: no message takes longer, ever.' }],
  partially_synchronous: [
    { name: 'delay', type: DURATION, example: '200ms', required: true, documentation: 'Δ: no message takes longer once GST has passed.' },
    { name: 'gst', type: DURATION, example: '2s', documentation: 'Global stabilisation time: when Δ begins to hold. Default: 0s.' },
  ],
  asynchronous: [],
};

/** Of omission budgets and the action `omit`. */
export const SIDE: AttributeRule = {
  name: 'side',
  type: {
    words: {
      send: 'What the node sends is lost.',
      receive: 'What is sent to the node is lost.',
      both: 'What the node sends is lost, and what is sent to it.',
    },
  },
  documentation: 'What the node fails to do. Default: both.',
};
/** Of crash budgets and the action `crash`. */
export const LOSES: AttributeRule = {
  name: 'loses',
  type: {
    words: {
      unsynced: 'A crash takes `durable` variables back to what they were at the last `sync`.',
      all: 'A crash takes `durable` variables back to their initial values.',
    },
  },
  documentation: 'What a crash loses of durable variables: what was written since the last `sync`, or everything. Default: nothing.',
};
const RECOVERS: AttributeRule = { name: 'recovers', type: BOOL, documentation: 'Whether what fails comes back. Default: false.' };
export const budgetAttributes: Readonly<
  Record<'crash' | 'omission' | 'timing' | 'byzantine' | 'outage' | 'partition', readonly AttributeRule[]>
> = {
  crash: [RECOVERS, LOSES],
  omission: [SIDE, RECOVERS],
  timing: [{ name: 'slowdown', type: REAL, example: '10', documentation: 'How many times slower the node may be. Default: 10.' }, RECOVERS],
  byzantine: [RECOVERS],
  outage: [RECOVERS],
  partition: [{ name: 'heals', type: DURATION, example: '30s', documentation: 'How long a partition lasts. Default: it never heals.' }],
};

export const callAttributes: readonly AttributeRule[] = [
  { name: 'rate', type: RATE, example: '50/s', documentation: 'Calls per second and client, such as `50/s`: an open loop.' },
  {
    name: 'arrival',
    type: {
      words: {
        poisson: 'The time between two calls of a client is drawn from an exponential distribution.',
        constant: 'The time between two calls of a client is always the same.',
      },
    },
    documentation: 'How calls of a given rate are spaced. Default: poisson.',
  },
  {
    name: 'think',
    type: LATENCY,
    example: 'exponential(100ms)',
    documentation: 'Pause between an answer and the next call: a closed loop, in place of `rate`.',
  },
  {
    name: 'timeout',
    type: DURATION,
    example: '1s',
    documentation: 'When a call without an answer is given up or tried again. Default: never.',
  },
  { name: 'retries', type: INT, example: '3', documentation: 'How often a call that timed out is tried again. Default: 0.' },
  { name: 'start', type: DURATION, example: '1s', documentation: 'When the first call is made at the earliest. Default: 0s.' },
  { name: 'limit', type: INT, example: '100', documentation: 'Calls per client at the most. Default: no limit.' },
];

/** Of a call that a scenario makes. */
export const scenarioCallAttributes: readonly AttributeRule[] = callAttributes.filter(
  ({ name }) => name === 'timeout' || name === 'retries',
);

/** Of a protocol's `scales with`. */
export const scalingAttributes: readonly AttributeRule[] = [
  {
    name: 'serial',
    type: REAL,
    example: '5%',
    documentation: 'The share of the work that no two members do at the same time, such as `5%`. Default: 0.',
  },
  {
    name: 'crosstalk',
    type: REAL,
    example: '0.1%',
    documentation: 'What keeping two members consistent costs, for each pair, as a share of the work, such as `0.1%`. Default: 0.',
  },
];

export const scenarioAttributes: readonly AttributeRule[] = [
  { name: 'duration', type: DURATION, example: '30s', required: true, documentation: 'How long each run lasts, in simulated time.' },
  { name: 'seeds', type: INT, example: '100', documentation: 'How many runs there are, each with a seed of its own. Default: 20.' },
  { name: 'seed', type: INT, example: '7', documentation: 'The first of the seeds. Default: 1.' },
  {
    name: 'workloads',
    type: { words: { all: 'The workloads make their calls.', none: 'Only the calls of the scenario itself are made.' } },
    documentation: 'Whether the workloads make their calls, or only those of the scenario are made. Default: all.',
  },
  {
    name: 'delays',
    type: {
      words: {
        drawn: 'Every latency and service time is drawn from its distribution.',
        mean: 'Every latency and service time is the mean of its distribution, or the median where there is none.',
      },
    },
    documentation:
      'Whether latencies and service times are drawn, or are all typical: the mean, or the median where there is none. Default: drawn.',
  },
  {
    name: 'schedule',
    type: 'schedule',
    example: 'pct(3)',
    documentation:
      'What decides the order of deliveries: `latency`, or a strategy that searches for an order that breaks something: `random`, `pct(3)`, `delay_bounded(2)`, `targeted`. Default: latency.',
  },
];

/** What may stand in place of a share where messages are lost. */
export const bursty: Declaration = givenDeclaration(
  'bursty',
  'bursty(share: Real, length: Real)',
  explained(
    'Losses that come in bursts: the share of messages lost in the mean, and how many are lost one after the other on average (Gilbert 1960, Elliott 1963).',
    'loss: bursty(5%, length: 10)',
  ),
);
