import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { AttributeCode } from '../../model/system-code.ts';
import type { Type } from '../../model/types.ts';
import type { Argument, Attribute, Attributes, Expression as ExpressionNode, NameUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import { BANDWIDTH, BOOL, DURATION, distributionOf, INT, listOf, RATE, REAL, STRING } from '../types/type.ts';
import { elaborateArguments, type FormalParameter } from './arguments.ts';
import { type Elaboration, errorExpression, givenDeclaration } from './context.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { elaborateSchedule } from './schedule.ts';
import { nearest, type Scope } from './scope.ts';

/** A named value that may stand in parentheses or behind `with`. */
export interface AttributeRule {
  readonly name: string;
  /**
   * `words`: one of these, written bare. `numbers`: a number, or a list of them. `loss`: a share, or `bursty(share, length: …)`.
   * `schedule`: a strategy, some with a number.
   */
  readonly type: Type | 'numbers' | 'loss' | 'schedule' | { readonly words: readonly string[] };
  readonly documentation: string;
  readonly required?: boolean;
}

const LATENCY = distributionOf(DURATION);

export const zoneAttributes: readonly AttributeRule[] = [
  { name: 'availability', type: REAL, documentation: 'The share of time that the zone as a whole is up, such as `99.9%`.' },
];

export const nodeAttributes: readonly AttributeRule[] = [
  { name: 'availability', type: REAL, documentation: 'The share of time that a node is up, such as `99.9%`.' },
  { name: 'mtbf', type: DURATION, documentation: 'Mean time between failures of a node; with `mttr` it gives the availability.' },
  { name: 'mttr', type: DURATION, documentation: 'Mean time to repair a node.' },
  { name: 'cpu', type: LATENCY, documentation: 'Service time of one message: a node is a single-server queue. Default: none.' },
  {
    name: 'weight',
    type: 'numbers',
    documentation: 'The weight of each node in weighted quorums, or a list with one per node. Default: 1.',
  },
  { name: 'stake', type: 'numbers', documentation: 'The same as `weight`.' },
  { name: 'drift', type: REAL, documentation: 'Bound of the clocks’ drift: `1%` means that a second lasts 0.99 to 1.01 seconds.' },
  { name: 'compromise', type: REAL, documentation: 'The probability that a node turns Byzantine.' },
];

export const linkAttributes: readonly AttributeRule[] = [
  { name: 'latency', type: LATENCY, documentation: 'One-way delay, a duration or a distribution of it. Default: 1ms.' },
  {
    name: 'loss',
    type: 'loss',
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
  synchronous: [{ name: 'delay', type: DURATION, required: true, documentation: 'Δ: no message takes longer, ever.' }],
  partially_synchronous: [
    { name: 'delay', type: DURATION, required: true, documentation: 'Δ: no message takes longer once GST has passed.' },
    { name: 'gst', type: DURATION, documentation: 'Global stabilisation time: when Δ begins to hold. Default: 0s.' },
  ],
  asynchronous: [],
};

/** Of omission budgets and the action `omit`. */
export const SIDE: AttributeRule = {
  name: 'side',
  type: { words: ['send', 'receive', 'both'] },
  documentation: 'What the node fails to do. Default: both.',
};
/** Of crash budgets and the action `crash`. */
export const LOSES: AttributeRule = {
  name: 'loses',
  type: { words: ['unsynced', 'all'] },
  documentation: 'What a crash loses of durable variables: what was written since the last `sync`, or everything. Default: nothing.',
};
const RECOVERS: AttributeRule = { name: 'recovers', type: BOOL, documentation: 'Whether what fails comes back. Default: false.' };
export const budgetAttributes: Readonly<
  Record<'crash' | 'omission' | 'timing' | 'byzantine' | 'outage' | 'partition', readonly AttributeRule[]>
> = {
  crash: [RECOVERS, LOSES],
  omission: [SIDE, RECOVERS],
  timing: [{ name: 'slowdown', type: REAL, documentation: 'How many times slower the node may be. Default: 10.' }, RECOVERS],
  byzantine: [RECOVERS],
  outage: [RECOVERS],
  partition: [{ name: 'heals', type: DURATION, documentation: 'How long a partition lasts. Default: it never heals.' }],
};

export const callAttributes: readonly AttributeRule[] = [
  { name: 'rate', type: RATE, documentation: 'Calls per second and client, such as `50/s`: an open loop.' },
  { name: 'arrival', type: { words: ['poisson', 'constant'] }, documentation: 'How calls of a given rate are spaced. Default: poisson.' },
  { name: 'think', type: LATENCY, documentation: 'Pause between an answer and the next call: a closed loop, in place of `rate`.' },
  { name: 'timeout', type: DURATION, documentation: 'When a call without an answer is given up or tried again. Default: never.' },
  { name: 'retries', type: INT, documentation: 'How often a call that timed out is tried again. Default: 0.' },
  { name: 'start', type: DURATION, documentation: 'When the first call is made at the earliest. Default: 0s.' },
  { name: 'limit', type: INT, documentation: 'Calls per client at the most. Default: no limit.' },
];

/** Of a call that a scenario makes. */
export const scenarioCallAttributes: readonly AttributeRule[] = callAttributes.filter(
  ({ name }) => name === 'timeout' || name === 'retries',
);

/** Of a protocol's `scales with`. */
export const scalingAttributes: readonly AttributeRule[] = [
  { name: 'serial', type: REAL, documentation: 'The share of the work that no two members do at the same time, such as `5%`. Default: 0.' },
  {
    name: 'crosstalk',
    type: REAL,
    documentation: 'What keeping two members consistent costs, for each pair, as a share of the work, such as `0.1%`. Default: 0.',
  },
];

export const scenarioAttributes: readonly AttributeRule[] = [
  { name: 'duration', type: DURATION, required: true, documentation: 'How long each run lasts, in simulated time.' },
  { name: 'seeds', type: INT, documentation: 'How many runs there are, each with a seed of its own. Default: 20.' },
  { name: 'seed', type: INT, documentation: 'The first of the seeds. Default: 1.' },
  {
    name: 'workloads',
    type: { words: ['all', 'none'] },
    documentation: 'Whether the workloads make their calls, or only those of the scenario are made. Default: all.',
  },
  {
    name: 'delays',
    type: { words: ['drawn', 'mean'] },
    documentation:
      'Whether latencies and service times are drawn, or are all typical: the mean, or the median where there is none. Default: drawn.',
  },
  {
    name: 'schedule',
    type: 'schedule',
    documentation:
      'What decides the order of deliveries: `latency`, or a strategy that searches for an order that breaks something: `random`, `pct(3)`, `delay_bounded(2)`, `targeted`. Default: latency.',
  },
];

/** Checks attributes against those known in their place. `what` names the owner in messages: "a node group". */
export function elaborateAttributes(
  node: Attributes | undefined,
  rules: readonly AttributeRule[],
  what: string,
  owner: Span,
  scope: Scope,
  context: Elaboration,
): AttributeCode[] {
  return elaborateNamedValues(node?.items ?? [], rules, what, owner, scope, context);
}

/** The same for named arguments, which look alike. */
export function elaborateNamedValues(
  items: readonly (Attribute | Argument)[],
  rules: readonly AttributeRule[],
  what: string,
  owner: Span,
  scope: Scope,
  context: Elaboration,
): AttributeCode[] {
  const found = new Map<string, AttributeCode>();
  for (const item of items) {
    const name = item.name ?? '';
    const nameSpan = nameSpanOf(item);
    const rule = rules.find((candidate) => candidate.name === name);
    if (!rule) {
      unknownAttribute(name, nameSpan, rules, what, context);
      inferExpression(item.value, null, scope, context);
      continue;
    }
    const earlier = found.get(name);
    if (earlier) {
      context.error('DS1213', nameSpan, `\`${name}\` is given twice`, { labels: [{ span: earlier.span, message: 'first here' }] });
      continue;
    }
    const type = typeof rule.type === 'object' && 'kind' in rule.type ? rule.type : undefined;
    context.use(nameSpan, givenDeclaration(name, type ? `${name}` : name, rule.documentation, type));
    if (rule.type === 'loss' && item.value.$type === 'NameUse' && item.value.name === 'bursty' && !scope.find('bursty')) {
      for (const part of elaborateBursts(item.value, scope, context)) found.set(part.name, part);
      continue;
    }
    if (rule.type === 'schedule') {
      for (const each of elaborateSchedule(item, scope, context)) found.set(each.name, each);
      continue;
    }
    found.set(name, { name, value: elaborateRuleValue(item.value, rule.type, rule.name, scope, context), span: spanOf(item) });
  }
  for (const rule of rules) {
    if (!rule.required || found.has(rule.name)) continue;
    context.error('DS1214', owner, `${what} needs a \`${rule.name}\``, {
      why: rule.documentation,
      help: `add \`${rule.name}: …\` in parentheses`,
    });
  }
  return [...found.values()];
}

function elaborateRuleValue(
  node: ExpressionNode,
  type: Exclude<AttributeRule['type'], 'schedule'>,
  name: string,
  scope: Scope,
  context: Elaboration,
): Expression {
  if (type === 'numbers') {
    if (node.$type === 'ListLiteral') return elaborateExpression(node, listOf(REAL), scope, context);
    const value = inferExpression(node, REAL, scope, context);
    return value.type.kind === 'List'
      ? convert(value, value.type.of.kind === 'Int' ? value.type : listOf(REAL), context)
      : convert(value, REAL, context);
  }
  if (type === 'loss') return elaborateExpression(node, REAL, scope, context);
  if ('words' in type) return elaborateWord(node, name, type.words, context);
  return elaborateExpression(node, type, scope, context);
}

const BURSTS: readonly FormalParameter[] = [
  { name: 'share', type: REAL, required: true },
  { name: 'length', type: REAL, required: true },
];

/** `bursty(share, length: messages)` as two attributes: `loss` and the `length` of a burst. */
function elaborateBursts(node: NameUse, scope: Scope, context: Elaboration): AttributeCode[] {
  const documentation =
    'Losses that come in bursts: the share of messages lost in the mean, and how many are lost one after the other on average (Gilbert 1960, Elliott 1963).';
  context.use(nameSpanOf(node), givenDeclaration('bursty', 'bursty(share: Real, length: Real)', documentation));
  const values = elaborateArguments(BURSTS, node.arguments, '`bursty`', spanOf(node), scope, context);
  const [loss, length] = values ?? [];
  return loss && length
    ? [
        { name: 'loss', value: loss, span: spanOf(node) },
        { name: 'length', value: length, span: spanOf(node) },
      ]
    : [];
}

/** One of a few words, written bare: `side: send`. */
function elaborateWord(node: ExpressionNode, name: string, words: readonly string[], context: Elaboration): Expression {
  const span = spanOf(node);
  const word = wordOf(node);
  if (word !== undefined && words.includes(word)) return { kind: 'literal', value: word, type: STRING, span };
  const near = word === undefined ? null : nearest(word, words);
  context.error('DS1215', span, `\`${name}\` is one of ${words.map((each) => `\`${each}\``).join(', ')}`, {
    help: near ? `did you mean \`${near}\`?` : 'write one of these words',
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
  return errorExpression(span);
}

function wordOf(node: ExpressionNode): string | undefined {
  if (node.$type === 'NoneLiteral') return 'none';
  if (node.$type === 'StringLiteral') return node.value;
  return node.$type === 'NameUse' && !node.arguments ? node.name : undefined;
}

function unknownAttribute(name: string, span: Span, rules: readonly AttributeRule[], what: string, context: Elaboration): void {
  const names = rules.map((rule) => rule.name);
  const near = nearest(name, names);
  const known = names.length > 0 ? `it has ${names.map((each) => `\`${each}\``).join(', ')}` : 'it has none';
  context.error('DS1212', span, `${what} has no \`${name}\``, {
    help: near ? `did you mean \`${near}\`?` : known,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
}
