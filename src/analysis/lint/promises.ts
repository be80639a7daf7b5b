import type { Span } from '../../base/source.ts';
import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { childrenOf } from '../../model/walk.ts';
import { alwaysReturns } from './unreachable.ts';

/**
 * To whom an answer goes. Peers and clients are told apart: what a node promises its peers shows in what it answers
 * them later; a hint for clients (who leads) is no promise to anybody.
 */
export type Audience = 'peer' | 'client';

/** What one handler does with state around its answers. */
export interface AnswerEffects {
  /** State set from what was received (or at the start) before an answer is sent (or others are told of it), with the place of both. */
  readonly promised: readonly { readonly state: string; readonly audience: Audience; readonly assigned: Span; readonly answered: Span }[];
  /** State that an answer tells, or that decides it by being compared with what was received. */
  readonly deciding: readonly { readonly state: string; readonly audience: Audience; readonly answered: Span }[];
}

/** What the value of an expression depends on. */
interface Origin {
  /** It comes from the message, its sender or the call. */
  readonly received: boolean;
  /** It is the sender itself. */
  readonly sender: boolean;
  readonly states: ReadonlySet<string>;
  /** State compared with received data on the way to this value. */
  readonly compared: ReadonlySet<string>;
}

const nothing: Origin = { received: false, sender: false, states: new Set(), compared: new Set() };

/** Steps of one handler's reading, functions inlined; beyond it the rest is not looked at. */
const stepLimit = 20_000;

const known = new WeakMap<Handler, AnswerEffects>();

/** Reads a handler, with the functions that it calls inlined, for what it promises and what decides its answers. */
export function answerEffects(protocol: ProtocolCode, handler: Handler): AnswerEffects {
  let effects = known.get(handler);
  if (effects === undefined) {
    effects = readEffects(protocol, handler);
    known.set(handler, effects);
  }
  return effects;
}

function readEffects(protocol: ProtocolCode, handler: Handler): AnswerEffects {
  const reading = new Reading(protocol, handler);
  const { trigger } = handler;
  const received: Origin = { ...nothing, received: true };
  const locals = new Map<string, Origin>();
  if (trigger.kind === 'message' || trigger.kind === 'operation') locals.set(trigger.variable, received);
  if (trigger.kind === 'message' && trigger.sender) locals.set(trigger.sender, { ...received, sender: true });
  reading.block(handler.body, { locals, enclosing: nothing, control: nothing, assigned: new Map(), returned: [] });
  return { promised: reading.promised, deciding: reading.deciding };
}

/** The state of a reading along one path. */
interface Path {
  readonly locals: Map<string, Origin>;
  /** Conditions of the statements around. */
  enclosing: Origin;
  /** Those and the guards passed: conditions whose other branch has returned. */
  control: Origin;
  /** State set from received data so far. */
  assigned: Map<string, Span>;
  /** What a function may return. */
  readonly returned: Origin[];
}

class Reading {
  readonly promised: AnswerEffects['promised'][number][] = [];
  readonly deciding: AnswerEffects['deciding'][number][] = [];
  private readonly active: string[] = [];
  /** What a node sets as it starts counts as what it received: it comes about once. */
  private readonly starts: boolean;
  private steps = 0;

  constructor(
    private readonly protocol: ProtocolCode,
    private readonly handler: Handler,
  ) {
    this.starts = handler.trigger.kind === 'start';
  }

  block(statements: readonly Statement[], path: Path): void {
    for (const statement of statements) {
      if (++this.steps > stepLimit) return;
      this.statement(statement, path);
      if (alwaysReturns(statement)) return;
    }
  }

  private statement(statement: Statement, path: Path): void {
    const origin = (expression: Expression): Origin => this.origin(expression, path);
    switch (statement.kind) {
      case 'let':
        path.locals.set(statement.name, origin(statement.value));
        break;
      case 'assign': {
        const steps = statement.place.steps.flatMap((step) => (step.kind === 'index' ? [origin(step.index)] : []));
        const value = joinAll([origin(statement.value), ...steps]);
        const { root } = statement.place;
        if (root.kind === 'local') path.locals.set(root.name, join(path.locals.get(root.name) ?? nothing, value));
        else if (value.received || path.enclosing.received || this.starts) path.assigned.set(root.name, statement.span);
        break;
      }
      case 'if':
        this.branches(origin(statement.condition), [statement.then, statement.otherwise], path);
        break;
      case 'match':
        this.branches(
          joinAll([origin(statement.subject), ...statement.arms.flatMap((arm) => arm.patterns.map(origin))]),
          statement.arms.map((arm) => arm.body),
          path,
        );
        break;
      case 'for': {
        const domain = origin(statement.domain);
        path.locals.set(statement.variable, domain);
        this.branches(domain, [statement.body], path);
        break;
      }
      case 'return':
        path.returned.push(join(statement.value ? origin(statement.value) : nothing, path.control));
        break;
      case 'send': {
        const target = origin(statement.target);
        const told = statement.fields.map(origin);
        if (target.sender) this.answer('peer', statement.span, told, path);
        this.announce(statement.span, told, path);
        break;
      }
      case 'reply-message':
        this.answer('peer', statement.span, statement.fields.map(origin), path);
        break;
      case 'reply-call': {
        const { trigger } = this.handler;
        // In a function another call may have the same name: one that was kept in state, and not received now.
        const own =
          trigger.kind === 'operation' &&
          statement.call.kind === 'local' &&
          statement.call.name === trigger.variable &&
          origin(statement.call).received;
        const told = statement.value ? [origin(statement.value)] : [];
        if (own) this.answer('client', statement.span, told, path);
        break;
      }
      case 'broadcast':
        this.announce(statement.span, statement.fields.map(origin), path);
        break;
      case 'emit':
        statement.fields.forEach(origin);
        break;
      case 'set-timer':
        origin(statement.delay);
        break;
      case 'assert':
        origin(statement.condition);
        break;
      case 'do':
        origin(statement.call);
        break;
      case 'sync':
        for (const { name, durable } of this.protocol.state) if (durable) path.assigned.delete(name);
        break;
      case 'cancel-timer':
        break;
    }
  }

  /** Reads branches side by side; what either sets may be set behind them, and a branch that returns leaves a guard. */
  private branches(condition: Origin, blocks: readonly (readonly Statement[])[], path: Path): void {
    const after = new Map(path.assigned);
    let guarded = false;
    for (const block of blocks) {
      const branch: Path = {
        locals: path.locals,
        enclosing: join(path.enclosing, condition),
        control: join(path.control, condition),
        assigned: new Map(path.assigned),
        returned: path.returned,
      };
      this.block(block, branch);
      if (block.some(alwaysReturns)) guarded = true;
      else for (const [state, span] of branch.assigned) after.set(state, span);
    }
    path.assigned.clear();
    for (const [state, span] of after) path.assigned.set(state, span);
    if (guarded) path.control = join(path.control, condition);
  }

  private answer(audience: Audience, span: Span, told: readonly Origin[], path: Path): void {
    for (const [state, assigned] of path.assigned) this.promised.push({ state, audience, assigned, answered: span });
    const all = joinAll(told);
    const deciding = union(all.states, join(all, path.control).compared);
    for (const state of deciding) this.deciding.push({ state, audience, answered: span });
  }

  /** What a node tells others of itself when it starts, unasked: they may rely on it as on an answer. */
  private announce(span: Span, told: readonly Origin[], path: Path): void {
    if (!this.starts) return;
    const states = new Set(told.flatMap((origin) => [...origin.states]));
    for (const [state, assigned] of path.assigned) {
      if (states.has(state)) this.promised.push({ state, audience: 'peer', assigned, answered: span });
    }
  }

  private origin(expression: Expression, path: Path): Origin {
    if (++this.steps > stepLimit) return nothing;
    switch (expression.kind) {
      case 'local':
        return path.locals.get(expression.name) ?? nothing;
      case 'state':
        return { ...nothing, states: new Set([expression.name]) };
      case 'convert':
        return this.origin(expression.value, path);
      case 'call':
        return this.call(expression, path);
      case 'lambda':
        return withoutSender(this.origin(expression.body, path));
      case 'binary': {
        const left = this.origin(expression.left, path);
        const right = this.origin(expression.right, path);
        return comparisons.has(expression.operator) ? compare(left, right) : join(left, right);
      }
      case 'method': {
        const receiver = this.origin(expression.receiver, path);
        for (const argument of expression.arguments) {
          if (argument.kind === 'lambda') for (const name of argument.parameters) path.locals.set(name, withoutSender(receiver));
        }
        const parts = joinAll(expression.arguments.map((argument) => this.origin(argument, path)));
        return expression.method === 'contains' ? compare(receiver, parts) : join(receiver, parts);
      }
      case 'quantifier': {
        const domain = this.origin(expression.domain, path);
        path.locals.set(expression.variable, withoutSender(domain));
        return join(domain, this.origin(expression.body, path));
      }
      default:
        return joinAll(childrenOf(expression).map((child) => this.origin(child, path)));
    }
  }

  /**
   * A function is read in place of its call, with what its arguments depend on; recursion is cut. Within it a `send` is
   * no answer, even to the sender: it starts something new as often (the next batch, another round).
   */
  private call(expression: Expression & { readonly kind: 'call' }, path: Path): Origin {
    const parts = expression.arguments.map((argument) => this.origin(argument, path));
    const code = this.protocol.functions.find(({ name }) => name === expression.function);
    if (!code || this.active.includes(code.name)) return joinAll(parts);
    const inner: Path = {
      locals: new Map(code.parameters.map((parameter, i) => [parameter.name, withoutSender(parts[i] ?? nothing)])),
      enclosing: path.enclosing,
      control: path.control,
      assigned: path.assigned,
      returned: [],
    };
    this.active.push(code.name);
    this.block(code.body, inner);
    this.active.pop();
    return joinAll(inner.returned);
  }
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

function compare(left: Origin, right: Origin): Origin {
  const joined = join(left, right);
  let { compared } = joined;
  if (left.received) compared = union(compared, right.states);
  if (right.received) compared = union(compared, left.states);
  return compared === joined.compared ? joined : { ...joined, compared };
}

function joinAll(origins: readonly Origin[]): Origin {
  return origins.reduce(join, nothing);
}

/** What depends on both; most of the time one of the two says it all, and is the answer. */
function join(left: Origin, right: Origin): Origin {
  if (right === nothing) return withoutSender(left);
  if (left === nothing) return withoutSender(right);
  const received = left.received || right.received;
  const states = union(left.states, right.states);
  const compared = union(left.compared, right.compared);
  const same = !left.sender && received === left.received && states === left.states && compared === left.compared;
  return same ? left : { received, sender: false, states, compared };
}

/** One of the two where it holds the other. */
function union(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  if (left === right || right.size === 0) return left;
  if (left.size === 0) return right;
  const both = new Set(left);
  for (const name of right) both.add(name);
  return both.size === left.size ? left : both;
}

function withoutSender(origin: Origin): Origin {
  return origin.sender ? { ...origin, sender: false } : origin;
}
