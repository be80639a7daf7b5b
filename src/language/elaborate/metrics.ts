import type { Span } from '../../base/source.ts';
import type { Expression, Metric, Statistic } from '../../model/code.ts';
import { criteria, isCriterion } from '../../model/consistency.ts';
import type { Type } from '../../model/types.ts';
import type { NameUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { DURATION, INT, RATE, REAL, SIZE, typeToString } from '../types/type.ts';
import { type Declaration, errorExpression, explained, givenDeclaration } from './context.ts';
import type { NamedSymbol, Scope, UseSite } from './scope.ts';
import { runMember, type SystemContext } from './system-context.ts';
import { resolveOffered } from './workload.ts';

interface MeasuredRule {
  readonly of: 'events' | 'operations';
  readonly type: Type;
  readonly documentation: string;
  /** What one might expect of it. */
  readonly example: string;
}

/** Metrics that are measured of one event or operation. */
const measured: Readonly<Record<string, MeasuredRule>> = {
  count: { of: 'events', type: INT, documentation: 'How often the event is emitted in a run, by all nodes together.', example: '>= 10' },
  reach: { of: 'events', type: REAL, documentation: 'The share of nodes that emit the event at least once.', example: '>= 99%' },
  throughput: { of: 'operations', type: RATE, documentation: 'Calls answered per second.', example: '>= 100/s' },
  success: { of: 'operations', type: REAL, documentation: 'The share of calls that are answered in time.', example: '>= 99.9%' },
  messages_per: { of: 'operations', type: REAL, documentation: 'Messages sent per call answered.', example: '<= 8' },
  rounds: {
    of: 'operations',
    type: REAL,
    documentation: 'Message delays in a row from a call to its answer, on average.',
    example: '<= 4',
  },
};

/** Metrics that are many numbers, of which a statistic makes one. */
const spread: Readonly<Record<string, { readonly of: 'events' | 'operations'; readonly documentation: string }>> = {
  latency: { of: 'operations', documentation: 'From a call to its answer; under `mean`, `p50`, `p90`, `p99`, `p999` or `max`.' },
  time_to: { of: 'events', documentation: 'From the start to the first such event; under `mean`, `p50`, `p90`, `p99`, `p999` or `max`.' },
};

const statistics: Readonly<Record<Statistic, string>> = {
  mean: 'The mean over all calls or runs.',
  p50: 'The median: half are at most this.',
  p90: 'Nine of ten are at most this.',
  p99: '99 of 100 are at most this.',
  p999: '999 of 1,000 are at most this.',
  max: 'The greatest.',
};

const totals: Readonly<Record<'messages' | 'bytes', { readonly type: Type; readonly documentation: string; readonly example: string }>> = {
  messages: { type: INT, documentation: 'Messages sent in a run.', example: '<= 10000' },
  bytes: { type: SIZE, documentation: 'Bytes sent in a run.', example: '<= 10MB' },
};

/** The system's names, and over them those of metrics. */
export function metricScope(system: SystemContext): Scope {
  const scope = system.scope.child();
  const declare = (declaration: Declaration, use: NamedSymbol['use'], callable = true): void => {
    scope.declare({ name: declaration.name, declaration, callable, given: true, use });
  };
  for (const name of Object.keys(measured)) declare(measuredDeclaration(name), (site) => measure(name, site, system));
  for (const name of Object.keys(spread)) declare(spreadDeclaration(name), (site) => bareSpread(name, site));
  for (const name of Object.keys(statistics)) {
    const outer = system.scope.find(name, true);
    declare(statisticDeclaration(name as Statistic), (site) => {
      const inner = site.node.arguments?.items[0]?.value;
      const isMetric = inner?.$type === 'NameUse' && Object.hasOwn(spread, inner.name);
      return !isMetric && outer ? outer.use(site) : statistic(name as Statistic, site, system);
    });
  }
  for (const [name, rule] of Object.entries(totals)) {
    const kind = name as keyof typeof totals;
    declare(totalDeclaration(kind), (site) => metric({ kind }, rule.type, site.span), false);
  }
  for (const name of ['violated', ...Object.keys(criteria)]) declare(expectationDeclaration(name), standsAlone);
  return scope;
}

/** `violated` or a criterion for histories, which stand alone behind `expect`, as the editor tells of it. */
export function expectationDeclaration(name: string): Declaration {
  if (!isCriterion(name)) {
    const documentation = 'Some run must break the property: an `invariant`, `eventually`, `always`, or an `assert` by its function.';
    return givenDeclaration(name, `${name}(Property)`, explained(documentation, `expect ${name}(Agreement)`));
  }
  const { summary, why } = criteria[name];
  const documentation = `${summary} In every run there must be ${why}; with \`not\`, some run must show that there is none.`;
  return givenDeclaration(
    name,
    `${name}(Specification)`,
    explained(documentation, `expect ${name}(Register)\nexpect not ${name}(Register)`),
  );
}

/** What an expectation may be made of: what it is taken of, and how the editor tells of it. */
export interface ExpectationWord {
  readonly of: 'property' | 'specification' | 'event' | 'operation' | 'spread' | 'nothing';
  readonly declaration: Declaration;
  /** It is many numbers, of which a statistic (`of` is `spread`) makes one. */
  readonly isMany?: boolean;
}

/** All words of expectations. */
export function expectationWords(): ExpectationWord[] {
  const subjects = { events: 'event', operations: 'operation' } as const;
  return [
    { of: 'property', declaration: expectationDeclaration('violated') },
    ...Object.keys(criteria).map((name) => ({ of: 'specification' as const, declaration: expectationDeclaration(name) })),
    ...Object.entries(measured).map(([name, rule]) => ({ of: subjects[rule.of], declaration: measuredDeclaration(name) })),
    ...Object.entries(spread).map(([name, rule]) => ({ of: subjects[rule.of], declaration: spreadDeclaration(name), isMany: true })),
    ...Object.keys(statistics).map((name) => ({ of: 'spread' as const, declaration: statisticDeclaration(name as Statistic) })),
    ...Object.keys(totals).map((name) => ({ of: 'nothing' as const, declaration: totalDeclaration(name as keyof typeof totals) })),
  ];
}

const metric = (value: Metric, type: Type, span: Span): Expression => ({ kind: 'metric', metric: value, type, span });

const subjectOf = (of: 'events' | 'operations'): string => (of === 'events' ? 'Event' : 'Operation');
const exampleSubject = (of: 'events' | 'operations'): string => (of === 'events' ? 'Committed' : 'Submit');

function measuredDeclaration(name: string): Declaration {
  const { of, type, documentation, example } = measured[name]!;
  const detail = `${name}(${subjectOf(of)}): ${typeToString(type)}`;
  return givenDeclaration(name, detail, explained(documentation, `expect ${name}(${exampleSubject(of)}) ${example}`));
}

function spreadDeclaration(name: string): Declaration {
  const { of, documentation } = spread[name]!;
  const example = `expect p99(${name}(${exampleSubject(of)})) <= 500ms`;
  return givenDeclaration(name, `${name}(${subjectOf(of)})`, explained(documentation, example));
}

function statisticDeclaration(name: Statistic): Declaration {
  return givenDeclaration(
    name,
    `${name}(latency(Operation)): Duration`,
    explained(statistics[name], `expect ${name}(latency(Submit)) <= 500ms`),
  );
}

function totalDeclaration(name: keyof typeof totals): Declaration {
  const { type, documentation, example } = totals[name];
  return givenDeclaration(name, `${name}: ${typeToString(type)}`, explained(documentation, `expect ${name} ${example}`));
}

function standsAlone(site: UseSite): Expression {
  site.context.error('DS1260', spanOf(site.node), `\`${site.node.name}\` stands alone in an \`expect\``, {
    help: 'write one `expect` for each thing expected',
  });
  return errorExpression(spanOf(site.node));
}

interface Subject {
  readonly name: string;
  readonly run: { readonly deployment: number; readonly of?: string };
}

/** The event or operation that a metric is of, and the run that has it. */
function subject(node: NameUse, of: 'events' | 'operations', system: SystemContext): Subject | null {
  const items = node.arguments?.items ?? [];
  const inner = runMember(items[0]?.value);
  const what = of === 'events' ? 'an event' : 'an operation';
  if (items.length !== 1 || !inner) {
    const example = of === 'events' ? `${node.name}(Committed)` : `${node.name}(Submit)`;
    system.context.error('DS1260', spanOf(node), `\`${node.name}\` takes the name of ${what}`, { help: `write it like \`${example}\`` });
    return null;
  }
  const other = of === 'events' ? 'operations' : 'events';
  if (system.offered(of, inner.name).length === 0 && system.offered(other, inner.name).length > 0) {
    system.context.error(
      'DS1260',
      inner.span,
      `\`${node.name}\` is measured of ${what}, and \`${inner.name}\` is ${of === 'events' ? 'an operation' : 'an event'}`,
      {
        help:
          of === 'events'
            ? 'use `throughput`, `success` or a statistic of `latency` for operations'
            : 'use `count`, `reach` or a statistic of `time_to` for events',
      },
    );
    return null;
  }
  const deployed = resolveOffered(of, inner, system, 'DS1261');
  return deployed && { name: inner.name, run: { deployment: deployed.run, ...(inner.of ? { of: inner.of.name } : {}) } };
}

function measure(name: string, site: UseSite, system: SystemContext): Expression {
  const rule = measured[name]!;
  const span = spanOf(site.node);
  const found = subject(site.node, rule.of, system);
  if (!found) return errorExpression(span);
  const value =
    rule.of === 'events' ? { kind: name, event: found.name, ...found.run } : { kind: name, operation: found.name, ...found.run };
  return metric(value as Metric, rule.type, span);
}

function statistic(name: Statistic, site: UseSite, system: SystemContext): Expression {
  const span = spanOf(site.node);
  const items = site.node.arguments?.items ?? [];
  const inner = items[0]?.value;
  if (items.length !== 1 || inner?.$type !== 'NameUse' || !Object.hasOwn(spread, inner.name)) {
    site.context.error('DS1260', span, `\`${name}\` is taken of \`latency(Operation)\` or \`time_to(Event)\``, {
      help: `write \`${name}(latency(Submit))\``,
    });
    return errorExpression(span);
  }
  const { of } = spread[inner.name]!;
  site.context.use(nameSpanOf(inner), spreadDeclaration(inner.name));
  const found = subject(inner, of, system);
  if (!found) return errorExpression(span);
  const { name: subjectName, run } = found;
  const value: Metric =
    inner.name === 'latency'
      ? { kind: 'latency', operation: subjectName, ...run, statistic: name }
      : { kind: 'time_to', event: subjectName, ...run, statistic: name };
  return metric(value, DURATION, span);
}

function bareSpread(name: string, site: UseSite): Expression {
  const span = spanOf(site.node);
  const text = site.context.textOf(span);
  site.context.error('DS1262', span, `\`${name}\` is many durations, one for each ${name === 'latency' ? 'call' : 'run'}`, {
    help: 'say which to compare: `mean`, `p50`, `p90`, `p99`, `p999` or `max`',
    fixes: ['p99', 'mean', 'max'].map((each) => ({ title: `Write \`${each}(${text})\``, edits: [{ span, text: `${each}(${text})` }] })),
  });
  return errorExpression(span);
}
