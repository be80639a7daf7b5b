import type { Expression, FunctionCode, ProtocolCode, Statement } from '../../model/code.ts';
import type { Scope } from '../../model/evaluate.ts';
import { expressionsOf, walkExpression, walkStatements } from '../../model/walk.ts';
import type { Known } from './decide.ts';
import { either, exactly, type Interval, never, repeated, sum } from './interval.ts';

/**
 * Whom a message goes to: every other member, the sender of what is handled, the node itself, or nodes that the code does
 * not name (at most all).
 */
export type Addressee = 'others' | 'sender' | 'self' | 'any';

/** What one run of a handler or function does, over all runs of the protocol. */
export interface Effects {
  /** Messages to each addressee by `kind addressee`; to `others`: how many rounds of one to each. */
  readonly sends: ReadonlyMap<string, Interval>;
  readonly timers: ReadonlyMap<string, Interval>;
  readonly answers: Interval;
}

export const noEffects: Effects = { sends: new Map(), timers: new Map(), answers: never };

export function sendKey(message: string, to: Addressee): string {
  return `${message} ${to}`;
}

/** How a list of statements ends: whether it goes on behind it. */
type Ends = 'goes on' | 'may stop' | 'stops';

interface Outcome {
  readonly effects: Effects;
  readonly ends: Ends;
}

/** Work of one statement. */
const workOfStatement = 20;

/** Bounds on what handlers do, by abstract interpretation: conditions that no run can change are decided, both ways of all others count. */
export class Interpreter {
  private readonly functions: ReadonlyMap<string, FunctionCode>;
  /** Functions that are being looked at: one that is met again is a recursion. */
  private readonly active = new Set<FunctionCode>();

  constructor(
    protocol: ProtocolCode,
    private readonly known: Known,
  ) {
    this.functions = new Map(protocol.functions.map((code) => [code.name, code]));
  }

  handler(body: readonly Statement[]): Effects {
    return this.block(body, null).effects;
  }

  private block(statements: readonly Statement[], outer: Scope | null): Outcome {
    let effects = noEffects;
    let ends: Ends = 'goes on';
    let scope = outer;
    for (const statement of statements) {
      const outcome = this.statement(statement, scope);
      effects = join(effects, ends === 'goes on' ? outcome.effects : optional(outcome.effects), sum);
      if (outcome.ends === 'stops') return { effects, ends: ends === 'goes on' ? 'stops' : 'may stop' };
      if (outcome.ends === 'may stop') ends = 'may stop';
      if (statement.kind === 'let') {
        const value = this.known.value(statement.value, scope);
        // An unknown one hides the known one of the same name.
        scope = value === undefined ? hide(scope, statement.name) : { name: statement.name, value, outer: scope };
      }
    }
    return { effects, ends };
  }

  private statement(statement: Statement, scope: Scope | null): Outcome {
    this.known.spend(workOfStatement);
    const outcome = this.act(statement, scope);
    // Functions called within expressions may send; whether they are reached is not asked.
    const inside = statement.kind === 'do' ? callArguments(statement.call) : expressionsOf(statement);
    let effects = outcome.effects;
    for (const expression of inside) {
      walkExpression(expression, (part) => {
        if (part.kind === 'call') effects = join(effects, optional(this.call(part, scope)), sum);
      });
    }
    return effects === outcome.effects ? outcome : { ...outcome, effects };
  }

  private act(statement: Statement, scope: Scope | null): Outcome {
    switch (statement.kind) {
      case 'if': {
        const decided = this.known.condition(statement.condition, scope);
        if (decided !== null) return this.block(decided ? statement.then : statement.otherwise, scope);
        return choice([this.block(statement.then, scope), this.block(statement.otherwise, scope)]);
      }
      case 'match': {
        const arms = statement.arms.map(({ body }) => this.block(body, scope));
        const complete = statement.arms.some(({ patterns }) => patterns.length === 0) || statement.subject.type.kind === 'Enum';
        return choice(complete ? arms : [...arms, { effects: noEffects, ends: 'goes on' }]);
      }
      case 'for': {
        const times = this.known.size(statement.domain, scope);
        const body = this.block(statement.body, hide(scope, statement.variable));
        const effects = scale(body.effects, times);
        if (body.ends === 'goes on' || times.most === 0) return { effects, ends: 'goes on' };
        // A loop that may be left early runs once, if at all, for sure.
        const least = times.least >= 1 ? body.effects : optional(body.effects);
        return { effects: join(effects, least, (all, once) => ({ least: once.least, most: all.most })), ends: 'may stop' };
      }
      case 'return':
        return { effects: noEffects, ends: 'stops' };
      case 'send':
        return goesOn(sendTo(statement.message, this.addressees(statement.target, scope)));
      case 'broadcast':
        return goesOn(sendTo(statement.message, [['others', exactly(1)]]));
      case 'reply-message':
        return goesOn(sendTo(statement.message, [['sender', exactly(1)]]));
      case 'reply-call':
        return goesOn({ ...noEffects, answers: exactly(1) });
      case 'set-timer':
        return goesOn({ ...noEffects, timers: new Map([[statement.timer, exactly(1)]]) });
      case 'do':
        return goesOn(statement.call.kind === 'call' ? this.call(statement.call, scope) : noEffects);
      default:
        return goesOn(noEffects);
    }
  }

  private addressees(target: Expression, scope: Scope | null): readonly (readonly [Addressee, Interval])[] {
    if (target.kind === 'given' && target.name === 'self') return [['self', exactly(1)]];
    if (target.kind === 'given' && target.name === 'peers') return [['others', exactly(1)]];
    if (target.kind === 'given' && target.name === 'members') {
      return [
        ['others', exactly(1)],
        ['self', exactly(1)],
      ];
    }
    return [['any', this.known.size(target, scope)]];
  }

  private call(call: Expression & { readonly kind: 'call' }, scope: Scope | null): Effects {
    const code = this.functions.get(call.function);
    if (code === undefined) return noEffects;
    if (this.active.has(code)) return this.anything(code);
    this.active.add(code);
    let inner: Scope | null = null;
    code.parameters.forEach(({ name }, i) => {
      const argument = call.arguments[i];
      const value = argument === undefined ? undefined : this.known.value(argument, scope);
      if (value !== undefined) inner = { name, value, outer: inner };
    });
    const { effects } = this.block(code.body, inner);
    this.active.delete(code);
    return effects;
  }

  /** Of a recursion: whatever it and all that it calls may do, any number of times. */
  private anything(code: FunctionCode): Effects {
    let effects = noEffects;
    const often: Interval = { least: 0, most: Number.POSITIVE_INFINITY };
    const seen = new Set([code]);
    for (const each of seen) {
      walkStatements(
        each.body,
        (statement) => {
          const own = statement.kind !== 'if' && statement.kind !== 'for' && statement.kind !== 'match' && statement.kind !== 'do';
          if (own) effects = join(effects, scale(this.act(statement, null).effects, often), sum);
        },
        (expression) => {
          const called = expression.kind === 'call' ? this.functions.get(expression.function) : undefined;
          if (called !== undefined) seen.add(called);
        },
      );
    }
    return effects;
  }
}

function callArguments(call: Expression): readonly Expression[] {
  return call.kind === 'call' ? call.arguments : [call];
}

/** The scope without what is known of a name. */
function hide(scope: Scope | null, name: string): Scope | null {
  if (scope === null) return null;
  const outer = hide(scope.outer, name);
  if (scope.name === name) return outer;
  return outer === scope.outer ? scope : { ...scope, outer };
}

function goesOn(effects: Effects): Outcome {
  return { effects, ends: 'goes on' };
}

function sendTo(message: string, addressees: readonly (readonly [Addressee, Interval])[]): Effects {
  return { ...noEffects, sends: new Map(addressees.map(([to, times]) => [sendKey(message, to), times])) };
}

function choice(outcomes: readonly Outcome[]): Outcome {
  const [first, ...rest] = outcomes;
  if (first === undefined) return goesOn(noEffects);
  const effects = rest.reduce((all, { effects: each }) => join(all, each, either), first.effects);
  const stops = outcomes.every(({ ends }) => ends === 'stops');
  const on = outcomes.every(({ ends }) => ends === 'goes on');
  return { effects, ends: stops ? 'stops' : on ? 'goes on' : 'may stop' };
}

function optional(effects: Effects): Effects {
  return scale(effects, { least: 0, most: 1 });
}

function scale(effects: Effects, times: Interval): Effects {
  const each = (map: ReadonlyMap<string, Interval>) => new Map([...map].map(([key, count]) => [key, repeated(count, times)]));
  return { sends: each(effects.sends), timers: each(effects.timers), answers: repeated(effects.answers, times) };
}

/** Key by key; what one side does not do it does never. */
export function join(a: Effects, b: Effects, how: (a: Interval, b: Interval) => Interval): Effects {
  const each = (left: ReadonlyMap<string, Interval>, right: ReadonlyMap<string, Interval>) =>
    new Map([...new Set([...left.keys(), ...right.keys()])].map((key) => [key, how(left.get(key) ?? never, right.get(key) ?? never)]));
  return { sends: each(a.sends, b.sends), timers: each(a.timers, b.timers), answers: how(a.answers, b.answers) };
}
