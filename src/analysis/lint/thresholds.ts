import type { Span } from '../../base/source.ts';
import type { BinaryOperator, Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import { blocksOf, childrenOf, expressionsOf, walkExpression } from '../../model/walk.ts';
import { mentioned } from '../mentions.ts';
import { type Counter, countersOf } from './counters.ts';
import { Gathered } from './gathered.ts';
import { statementsReached } from './reached.ts';
import { alwaysReturns } from './unreachable.ts';

/** A comparison in code of how many senders were gathered with how many are enough. */
export interface Threshold {
  readonly comparison: Expression & { readonly kind: 'binary' };
  /** What is counted: a set of nodes, a map from nodes, or a number that counts messages. */
  readonly collected: Expression;
  /** The expression that counts: `votes.size`. */
  readonly count: Expression;
  /** The state that gathers it, of several the first; empty when that is not known. */
  readonly state: string;
  /** Nodes behind the count beyond those counted: what is added to it, and the node itself where it never counts itself. */
  readonly beside: number;
  /** The side of the comparison that is held against the count, where the count stands alone. */
  readonly needed: Expression | null;
  /**
   * Among whom the senders are: null for all members, the name of a role for its nodes; undefined where that is not known, in
   * protocols with roles of which the comparison names none or several.
   */
  readonly among: string | null | undefined;
  /** The role of the node that counts; null in a protocol without roles. */
  readonly role: string | null;
  /** Whether the node itself may be among those counted. */
  readonly countsItself: boolean;
  /** What is done once it is reached: a place that decides something; null where nothing is. */
  readonly decides: Span | null;
}

const comparisons: ReadonlySet<BinaryOperator> = new Set(['<', '<=', '>', '>=', '==', '!=']);

const known = new WeakMap<ProtocolCode, readonly Threshold[]>();

/** The thresholds on gathered senders in a protocol's handlers and functions, in order. */
export function thresholdsOf(protocol: ProtocolCode): readonly Threshold[] {
  const cached = known.get(protocol);
  if (cached) return cached;
  const gathered = new Gathered(protocol);
  const found: Threshold[] = [];
  const counters = countersOf(protocol);
  const visit = (body: readonly Statement[], owner: Handler | { readonly function: string }, role: string | null): void => {
    const locals = gathered.localsOf(body, owner);
    const look = (expression: Expression, positive: boolean, gate: (reached: boolean) => Span | null): void => {
      if (expression.kind === 'unary' && expression.operator === 'not') {
        look(expression.operand, !positive, gate);
        return;
      }
      if (expression.kind === 'binary' && comparisons.has(expression.operator)) {
        const counted = countIn(expression, counters);
        const { collected } = counted ?? {};
        const counter = collected?.kind === 'state' ? counters.get(collected.name) : undefined;
        const sources = counter ? { sender: true, self: counter.self } : collected && gathered.sourcesOf(collected, locals);
        if (counted && sources?.sender) {
          const state = collected?.kind === 'state' ? collected.name : gatheringState(counted.collected, gathered);
          const decides = gate(isReachedWhenTrue(expression, counted.count) === positive);
          const among = rolesIn(expression, protocol);
          // A node of another role is not one of those that are counted.
          const beside = counted.added + (sources.self || role !== among ? 0 : 1);
          found.push({ ...counted, comparison: expression, state, beside, among, role, countsItself: sources.self, decides });
          return;
        }
      }
      for (const child of childrenOf(expression)) look(child, positive, gate);
    };
    const block = (statements: readonly Statement[], after: readonly Statement[]): void => {
      statements.forEach((statement, at) => {
        const rest = [...statements.slice(at + 1), ...after];
        const gate = (reached: boolean): Span | null => {
          if (statement.kind !== 'if') return decision([statement, ...rest], protocol);
          if (reached) return decision(statement.then, protocol);
          return decision([...statement.otherwise, ...(statement.then.some(alwaysReturns) ? rest : [])], protocol);
        };
        for (const expression of expressionsOf(statement)) look(expression, true, gate);
        for (const inner of blocksOf(statement)) block(inner, rest);
      });
    };
    block(body, []);
  };
  for (const handler of protocol.handlers) visit(handler.body, handler, handler.role);
  for (const code of protocol.functions) visit(code.body, { function: code.name }, code.role);
  known.set(protocol, found);
  return found;
}

/** `votes.size >= k`, `k < votes.size + 1`, `2 * votes.size > n`: what is counted, and what is added to the count. */
function countIn(
  comparison: Expression & { readonly kind: 'binary' },
  counters: ReadonlyMap<string, Counter>,
): { collected: Expression; count: Expression; added: number; needed: Expression | null } | null {
  for (const [side, other] of [
    [comparison.left, comparison.right],
    [comparison.right, comparison.left],
  ] as const) {
    const direct = countOf(side, counters);
    if (direct) return { ...direct, added: 0, needed: other };
    if (side.kind !== 'binary') continue;
    const left = countOf(side.left, counters);
    const right = countOf(side.right, counters);
    const counted = left ?? right;
    const factor = left ? side.right : side.left;
    if (!counted || factor.kind !== 'literal' || typeof factor.value !== 'number') continue;
    if (side.operator === '+') return { ...counted, added: factor.value, needed: null };
    if (side.operator === '*') return { ...counted, added: 0, needed: null };
  }
  return null;
}

function countOf(expression: Expression, counters: ReadonlyMap<string, Counter>): { collected: Expression; count: Expression } | null {
  if (expression.kind === 'convert') return countOf(expression.value, counters);
  if (expression.kind === 'state' && counters.has(expression.name)) return { collected: expression, count: expression };
  if (expression.kind !== 'method' || (expression.method !== 'size' && expression.method !== 'count')) return null;
  const { receiver } = expression;
  const { type } = receiver;
  const ofNodes = (type.kind === 'Set' && type.of.kind === 'Node') || (type.kind === 'Map' && type.key.kind === 'Node');
  if (!ofNodes) return null;
  // `members.count(m => m in acks)` counts what its condition names.
  return { collected: expression.method === 'count' ? expression : receiver, count: expression };
}

function rolesIn(comparison: Expression, protocol: ProtocolCode): string | null | undefined {
  if (protocol.roles.length === 0) return null;
  const [role, ...others] = mentioned(comparison, 'role');
  return others.length === 0 ? role : undefined;
}

function gatheringState(collected: Expression, gathered: Gathered): string {
  let state = '';
  walkExpression(collected, (part) => {
    if (state === '' && part.kind === 'state' && gathered.state.get(part.name)?.sender) state = part.name;
  });
  return state;
}

/** Whether more of the count makes the comparison true. */
function isReachedWhenTrue({ operator, left }: Expression & { readonly kind: 'binary' }, count: Expression): boolean {
  let onLeft = false;
  walkExpression(left, (part) => {
    if (part === count) onLeft = true;
  });
  if (operator === '==') return true;
  if (operator === '!=') return false;
  return onLeft === (operator === '>' || operator === '>=');
}

/** The first place of some statements, functions looked into, that others or a later self will rely on. */
function decision(statements: readonly Statement[], protocol: ProtocolCode): Span | null {
  return statementsReached(protocol, statements).find((statement) => isDecisive(statement, protocol))?.span ?? null;
}

function isDecisive(statement: Statement, protocol: ProtocolCode): boolean {
  switch (statement.kind) {
    case 'emit':
    case 'send':
    case 'broadcast':
    case 'reply-message':
    case 'reply-call':
      return true;
    case 'assign': {
      const { root } = statement.place;
      return root.kind === 'state' && (protocol.state.find(({ name }) => name === root.name)?.durable ?? false);
    }
    default:
      return false;
  }
}

/**
 * How many nodes are behind the smallest count that reaches a threshold among `n` members, the node itself included where
 * it stands beside the count; null when no count does, or its value is not known before a run.
 */
export function sizeReached(
  threshold: Pick<Threshold, 'comparison' | 'count' | 'beside'>,
  n: number,
  environment: Environment,
): number | null {
  const { comparison, count, beside } = threshold;
  const wanted = isReachedWhenTrue(comparison, count);
  try {
    for (let size = 0; size <= 2 * n + 64; size++) {
      if ((evaluate(replaced(comparison, count, size), environment) === true) === wanted) return size + beside;
    }
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
  }
  return null;
}

/** The expression with a number in the place of one of its parts; only arithmetic is looked into. */
function replaced(expression: Expression, part: Expression, value: number): Expression {
  if (expression === part) return { kind: 'literal', value, type: part.type, span: part.span };
  if (expression.kind === 'binary')
    return { ...expression, left: replaced(expression.left, part, value), right: replaced(expression.right, part, value) };
  if (expression.kind === 'convert') return { ...expression, value: replaced(expression.value, part, value) };
  return expression;
}
