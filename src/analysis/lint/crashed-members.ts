import type { Finding } from '../../base/finding.ts';
import type { Expression, Property, ProtocolCode, Statement } from '../../model/code.ts';
import { walkExpression } from '../../model/walk.ts';
import { asWritten } from '../print.ts';
import { connective, decide } from './decide.ts';
import { initialValues, type StateValues } from './possible-values.ts';
import { environmentOf } from './small-deployments.ts';
import { sizeReached } from './thresholds.ts';

/** A part of an `eventually` that needs something of members, whether they are up or not. */
export interface Wait {
  readonly property: Property;
  /** `forall m in members: …`, or the comparison of a count over members. */
  readonly part: Expression;
  /** `members`, where a quantifier goes through it. */
  readonly domain: Expression | null;
  /** The comparison and the count in it; null where every member is needed. */
  readonly count: { readonly comparison: Expression & { readonly kind: 'binary' }; readonly count: Expression } | null;
  /** Whether a member that goes down loses what is asked of it; else only one that goes down too early lacks it. */
  readonly lost: boolean;
}

/**
 * Where a protocol's eventualities wait for members: a quantifier over `members` (or a count of them) whose body is false of
 * a node that has done nothing. A crashed member stays in `members`; its `var` reads as at the start, its `durable` state as
 * it was.
 */
export function waitsForMembers(protocol: ProtocolCode): Wait[] {
  return protocol.eventualities.flatMap((property) => {
    const waits: Wait[] = [];
    const look = (expression: Expression): void => {
      if (expression.kind === 'binary' && expression.operator === 'and') {
        look(expression.left);
        look(expression.right);
        return;
      }
      if (expression.kind === 'convert') {
        look(expression.value);
        return;
      }
      if (expression.kind === 'quantifier') {
        const { quantifier, domain, variable, body } = expression;
        const lost = quantifier === 'forall' && isMembers(domain) ? lacks(body, variable, protocol) : null;
        if (lost === null) look(body);
        else waits.push({ property, part: expression, domain, count: null, lost: lost === 'lost' });
        return;
      }
      const all = lambdaOver(expression, 'all');
      if (all) {
        const lost = lacks(all.body, all.variable, protocol);
        if (lost !== null) waits.push({ property, part: expression, domain: all.domain, count: null, lost: lost === 'lost' });
        return;
      }
      const counted = countOfMembers(expression);
      if (counted === null) return;
      const lost = lacks(counted.body, counted.variable, protocol);
      if (lost !== null) waits.push({ property, part: expression, domain: null, count: counted, lost: lost === 'lost' });
    };
    look(property.condition);
    return waits;
  });
}

function isMembers(expression: Expression): boolean {
  return expression.kind === 'given' && expression.name === 'members';
}

function lambdaOver(
  expression: Expression,
  method: string,
): { readonly domain: Expression; readonly variable: string; readonly body: Expression } | null {
  if (expression.kind !== 'method' || expression.method !== method || !isMembers(expression.receiver)) return null;
  const [lambda] = expression.arguments;
  const variable = lambda?.kind === 'lambda' ? lambda.parameters[0] : undefined;
  return lambda?.kind === 'lambda' && variable !== undefined ? { domain: expression.receiver, variable, body: lambda.body } : null;
}

/** `members.count(m => …) >= k` and `members.filter(m => …).size >= k`, either way round. */
function countOfMembers(expression: Expression): (Wait['count'] & { readonly variable: string; readonly body: Expression }) | null {
  if (expression.kind !== 'binary' || !['==', '>=', '>', '<=', '<'].includes(expression.operator)) return null;
  for (const count of [expression.left, expression.right]) {
    const inner = count.kind === 'method' && count.method === 'size' ? lambdaOver(count.receiver, 'filter') : lambdaOver(count, 'count');
    if (!inner) continue;
    // Only counts that more members help.
    const more = expression.operator === '==' || (count === expression.left) === expression.operator.startsWith('>');
    return more ? { comparison: expression, count, variable: inner.variable, body: inner.body } : null;
  }
  return null;
}

/**
 * Whether the body is false of a member that is down: `lost` when it is once its `var` is gone, `late` when it is if nothing
 * happened to it before. Null where neither is certain.
 */
function lacks(body: Expression, variable: string, protocol: ProtocolCode): 'lost' | 'late' | null {
  if (decide(body, protocol, afterCrash(variable, protocol)).answer === false) return 'lost';
  // What `on start` sets in any case is set before a node can go down.
  const set = new Set(
    protocol.handlers.flatMap(({ trigger, body: code }) => (trigger.kind === 'start' ? setInAnyCase(code, protocol) : [])),
  );
  const initial = initialValues(protocol);
  const untouched: StateValues = (name, node) => (set.has(name) ? null : initial(name, node));
  return decide(body, protocol, ofNode(variable, untouched)).answer === false ? 'late' : null;
}

function setInAnyCase(statements: readonly Statement[], protocol: ProtocolCode): string[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'assign') return [statement.place.root.name];
    if (statement.kind !== 'do' || statement.call.kind !== 'call') return [];
    const { call } = statement;
    const code = protocol.functions.find(({ name }) => name === call.function);
    // One level is what is written; deeper calls may be conditional on each other.
    return code?.body.flatMap((inner) => (inner.kind === 'assign' ? [inner.place.root.name] : [])) ?? [];
  });
}

/** State of the bound node as a crash leaves it; that of others may be anything. */
function afterCrash(variable: string, protocol: ProtocolCode): StateValues {
  const initial = initialValues(protocol);
  const isVolatile = (name: string): boolean => protocol.state.every((state) => state.name !== name || !state.durable);
  return ofNode(variable, (name, node) => (isVolatile(name) ? initial(name, node) : null));
}

function ofNode(variable: string, values: StateValues): StateValues {
  return (name, node) => (node?.kind === 'local' && node.name === variable ? values(name, node) : null);
}

/** DS4022: an `eventually` that waits for every member, also for those that are down. */
export function waitsForEverybody(protocol: ProtocolCode): Finding[] {
  return waitsForMembers(protocol)
    .filter(({ count }) => count === null || [2, 3, 4, 7, 10].every((n) => neededOf(count, n, protocol) === n))
    .map(({ property, part, domain, lost }) => ({
      code: 'DS4022',
      severity: 'information',
      span: part.span,
      message: `\`${property.name}\` waits for every member, also for those that ${lost ? 'are down' : 'went down before they got there'}.`,
      why: `A crashed node stays in \`members\`. ${lost ? 'Its `var` reads as at the start' : 'What it has not done it will not do'} while it is down, so the property cannot hold if it stays down.`,
      help: 'Ask `correct`: the members that are up and not Byzantine.',
      fixes: domain
        ? [{ title: 'Ask `correct` instead of `members`', edits: [{ span: domain.span, text: 'correct' }], preferred: true }]
        : [],
    }));
}

/** How many members a count must reach among n; null when it is not known. */
function neededOf(count: NonNullable<Wait['count']>, n: number, protocol: ProtocolCode): number | null {
  return sizeReached({ ...count, beside: 0 }, n, environmentOf(protocol, n, new Map()));
}

/**
 * DS4023: an invariant over `members` that a crash breaks though nothing is wrong: it ties what is durable to a `var` of the
 * same node, and the `var` of a node that is down reads as at the start.
 */
export function brokenByCrash(protocol: ProtocolCode): Finding[] {
  return protocol.invariants.flatMap((property) => {
    const { condition } = property;
    if (condition.kind !== 'quantifier' || condition.quantifier !== 'forall' || !isMembers(condition.domain)) return [];
    const { domain, variable, body } = condition;
    const reset = resetBreaks(body, variable, protocol);
    if (reset === null) return [];
    const [name] = reset;
    return [
      {
        code: 'DS4023',
        severity: 'information',
        span: property.nameSpan,
        message: `A crash can break \`${property.name}\`: \`${name}\` of a member that is down reads as at the start, and its durable state as before.`,
        why: 'Invariants are asked of `members` whether they are up or not. A run would report a violation where nothing went wrong but the crash.',
        help: `Ask \`correct\`, or make \`${name}\` durable.`,
        labels: [{ span: body.span, message: `\`${asWritten(body).slice(0, 80)}\`` }],
        fixes: [{ title: 'Ask `correct` instead of `members`', edits: [{ span: domain.span, text: 'correct' }] }],
      },
    ];
  });
}

/** Conditions that are tried together. */
const mostParts = 8;

/**
 * The `var`s whose reset turns the condition from true to false for some values of the durable parts; null when none does,
 * or when the condition has parts of other kinds.
 */
function resetBreaks(body: Expression, variable: string, protocol: ProtocolCode): readonly string[] | null {
  const parts: Expression[] = [];
  const collect = (part: Expression): void => {
    const inner = connective(part);
    if (inner) inner.forEach(collect);
    else parts.push(part);
  };
  collect(body);
  const kinds = parts.map((part) => readsOf(part, variable, protocol));
  if (parts.length > mostParts || kinds.includes('other') || !kinds.includes('var') || !kinds.includes('durable')) return null;
  const crashed = afterCrash(variable, protocol);
  const reset = parts.map((part, at) => (kinds[at] === 'var' ? decide(part, protocol, crashed).answer : null));
  if (reset.some((answer, at) => kinds[at] === 'var' && answer === null)) return null;
  const holds = (answers: readonly boolean[]): boolean => evaluated(body, new Map(parts.map((part, at) => [part, answers[at] as boolean])));
  for (let bits = 0; bits < 1 << parts.length; bits++) {
    const before = parts.map((_, at) => ((bits >> at) & 1) === 1);
    const after = before.map((answer, at) => reset[at] ?? answer);
    if (!holds(before) || holds(after)) continue;
    const changed = parts.filter((_, at) => before[at] !== after[at]);
    return [...new Set(changed.flatMap(statesIn))];
  }
  return null;
}

function evaluated(expression: Expression, answers: ReadonlyMap<Expression, boolean>): boolean {
  const known = answers.get(expression);
  if (known !== undefined) return known;
  if (expression.kind === 'convert') return evaluated(expression.value, answers);
  if (expression.kind === 'unary') return !evaluated(expression.operand, answers);
  if (expression.kind !== 'binary') return false;
  const left = evaluated(expression.left, answers);
  const right = evaluated(expression.right, answers);
  if (expression.operator === 'and') return left && right;
  return expression.operator === 'or' ? left || right : !left || right;
}

/** Whether a part reads only the node's `var`s, only its durable state, or anything else. */
function readsOf(part: Expression, variable: string, protocol: ProtocolCode): 'var' | 'durable' | 'other' {
  const kinds = new Set<'var' | 'durable' | 'other'>();
  walkExpression(part, (inner) => {
    if (inner.kind === 'quantifier' || inner.kind === 'call' || inner.kind === 'state') kinds.add('other');
    if (inner.kind !== 'remote-state') return;
    const own = inner.node.kind === 'local' && inner.node.name === variable;
    const durable = protocol.state.find(({ name }) => name === inner.name)?.durable;
    kinds.add(!own || durable === undefined ? 'other' : durable ? 'durable' : 'var');
  });
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? kind : 'other';
}

function statesIn(part: Expression): string[] {
  const names: string[] = [];
  walkExpression(part, (inner) => {
    if (inner.kind === 'remote-state') names.push(inner.name);
  });
  return names;
}
