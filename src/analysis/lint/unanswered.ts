import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { childrenOf, expressionsOf, walkExpression, walkStatements } from '../../model/walk.ts';
import { alwaysReturns } from './unreachable.ts';

/**
 * DS4015: an operation's handler that neither answers nor hands the call on: it has no `reply`, calls no function with
 * it, and keeps it nowhere. Answers may come later from another handler, so anything that uses the call counts.
 * DS4024: one that does so on some of its paths only.
 */
export function unansweredOperations(protocol: ProtocolCode): Finding[] {
  return protocol.handlers.flatMap((handler) => {
    const { trigger } = handler;
    if (trigger.kind !== 'operation') return [];
    return handlesCall(handler, trigger.variable)
      ? unansweredPaths(handler, trigger, protocol)
      : [neverAnswered(handler, trigger.operation)];
  });
}

function neverAnswered(handler: Handler, operation: string): Finding {
  return {
    code: 'DS4015',
    severity: 'warning',
    span: handler.headSpan,
    message: `\`${operation}\` is never answered: its handler neither replies nor keeps the call.`,
    why: 'A client waits for the answer until its timeout, and counts the call as failed.',
    help: 'Write `reply …`, or keep the call in state and `reply … to` it later.',
  };
}

function handlesCall(handler: Handler, variable: string): boolean {
  let handled = false;
  walkStatements(handler.body, (statement) => {
    if (statement.kind === 'reply-call' || usesItself(statement, variable)) handled = true;
  });
  return handled;
}

/** Whether a statement uses a call as a whole, not only a field of it. */
function usesItself(statement: Statement, variable: string): boolean {
  return expressionsOf(statement).some((expression) => holdsItself(expression, variable));
}

function holdsItself(expression: Expression, variable: string): boolean {
  if (expression.kind === 'local') return expression.name === variable;
  if (expression.kind === 'field' && expression.object.kind === 'local') return false;
  return childrenOf(expression).some((child) => holdsItself(child, variable));
}

function unansweredPaths(
  handler: Handler,
  trigger: Handler['trigger'] & { readonly kind: 'operation' },
  protocol: ProtocolCode,
): Finding[] {
  const paths = new Paths(protocol);
  const left = paths.block(handler.body, trigger.variable, { byCall: false });
  const ends = [...paths.ends, ...(left ? [{ ...left, span: left.span ?? handler.headSpan }] : [])];
  return ends.map(({ span, byCall }) => ({
    code: 'DS4024',
    // A call that was seen before may rightly be left: its first attempt is kept, and an answer to that one counts.
    severity: byCall ? 'information' : 'warning',
    span,
    message: `On the way that ends here \`${trigger.operation}\` is neither answered nor kept.`,
    why: 'A client whose call is dropped waits until its timeout, or for ever without one, and counts it as failed.',
    help: 'Write `reply …` before the end, keep the call and answer it later, or hand it on.',
    labels: [{ span: handler.headSpan, message: 'the call comes in here' }],
  }));
}

/** Ways on which a call has not been dealt with so far. */
interface Open {
  /** Whether something that the call says decides that they are taken. */
  readonly byCall: boolean;
  /** Where a function let it go; absent for the handler itself. */
  readonly span?: Span;
}

/** Follows a call through statements, branch by branch, and into the functions that it is passed to. */
class Paths {
  readonly ends: { readonly span: Span; readonly byCall: boolean }[] = [];
  private readonly active = new Set<string>();

  constructor(private readonly protocol: ProtocolCode) {}

  /** What is still open behind the statements; null for none. */
  block(statements: readonly Statement[], variable: string, before: Open, ends: Open[] | null = null): Open | null {
    let open: Open | null = before;
    for (const statement of statements) {
      if (open === null) return null;
      open = this.statement(statement, variable, open, ends);
      if (alwaysReturns(statement)) return null;
    }
    return open;
  }

  private statement(statement: Statement, variable: string, open: Open, ends: Open[] | null): Open | null {
    switch (statement.kind) {
      case 'reply-call':
        return holdsItself(statement.call, variable) ? null : open;
      case 'return': {
        if (statement.value && holdsItself(statement.value, variable)) return null;
        const end = { span: statement.span, byCall: open.byCall };
        if (ends) ends.push(end);
        else this.ends.push(end);
        return null;
      }
      case 'if': {
        if (holdsItself(statement.condition, variable)) return null;
        const inner = { ...open, byCall: open.byCall || mentions(statement.condition, variable) };
        const then = this.block(statement.then, variable, inner, ends);
        const otherwise = this.block(statement.otherwise, variable, inner, ends);
        return after(open, inner, [then, otherwise], statement.then.some(alwaysReturns) || statement.otherwise.some(alwaysReturns));
      }
      case 'match': {
        const inner = { ...open, byCall: open.byCall || mentions(statement.subject, variable) };
        const arms = statement.arms.map((arm) => this.block(arm.body, variable, inner, ends));
        const complete = statement.arms.some((arm) => arm.patterns.length === 0);
        return after(
          open,
          inner,
          complete ? arms : [...arms, inner],
          statement.arms.some((arm) => arm.body.some(alwaysReturns)),
        );
      }
      case 'for':
        // It may run zero times.
        this.block(statement.body, variable, open, ends);
        return open;
      case 'do':
        return this.call(statement.call, variable, open);
      default:
        return usesItself(statement, variable) ? null : open;
    }
  }

  /** A function without a result that the call is passed to as an argument of its own is looked into. */
  private call(call: Expression, variable: string, open: Open): Open | null {
    if (!holdsItself(call, variable)) return open;
    if (call.kind !== 'call') return null;
    const code = this.protocol.functions.find(({ name }) => name === call.function);
    const at = call.arguments.findIndex((argument) => argument.kind === 'local' && argument.name === variable);
    const parameter = code?.parameters[at];
    if (!code || !parameter || this.active.has(code.name)) return null;
    this.active.add(code.name);
    const ends: Open[] = [];
    const left = this.block(code.body, parameter.name, open, ends);
    this.active.delete(code.name);
    if (left) ends.push({ ...left, span: left.span ?? code.nameSpan });
    return ends.find(({ byCall }) => !byCall) ?? ends[0] ?? null;
  }
}

/** What is open behind branches: a branch that has returned leaves the others under its condition. */
function after(outer: Open, inner: Open, branches: readonly (Open | null)[], guarded: boolean): Open | null {
  const open = branches.filter((branch) => branch !== null);
  const first = open.find(({ span }) => span !== undefined) ?? open[0];
  if (first === undefined) return null;
  const whole = open.length === branches.length && !guarded;
  return { ...first, byCall: whole ? outer.byCall : inner.byCall };
}

function mentions(expression: Expression, variable: string): boolean {
  let found = false;
  walkExpression(expression, (part) => {
    if (part.kind === 'local' && part.name === variable) found = true;
  });
  return found;
}

/**
 * DS4025: an operation's handler that keeps its call in the place of the last one, whatever has become of that. Left
 * alone where the state is asked first: a handler that looks at it may know that nobody waits.
 */
export function overwrittenCalls(protocol: ProtocolCode): Finding[] {
  return protocol.handlers.flatMap((handler) => {
    const { trigger, body } = handler;
    if (trigger.kind !== 'operation') return [];
    const findings: Finding[] = [];
    let asked = false;
    // Statement by statement at the top: what stands in a branch is decided by its condition.
    for (const statement of body) {
      if (readsState(statement)) asked = true;
      if (asked) break;
      if (statement.kind !== 'assign' || statement.operator !== 'set' || statement.place.steps.length > 0) continue;
      const { root, type } = statement.place;
      const isCollection = type.kind === 'List' || type.kind === 'Set' || type.kind === 'Map';
      if (root.kind !== 'state' || isCollection || !holdsItself(statement.value, trigger.variable)) continue;
      findings.push({
        code: 'DS4025',
        severity: 'warning',
        span: statement.span,
        message: `\`${root.name}\` keeps one call, and a second \`${trigger.operation}\` takes the place of one that still waits.`,
        why: 'The earlier call is then answered by nobody; its client waits until its timeout. Calls of several clients, or at a rate, overlap.',
        help: `Keep the calls in a list or a map, or ask first: \`if ${root.name} != none { … }\`.`,
      });
    }
    return findings;
  });
}

/** Whether a branch or an answer of the statement rests on the node's state. */
function readsState(statement: Statement): boolean {
  let reads = false;
  if (
    statement.kind === 'if' ||
    statement.kind === 'match' ||
    statement.kind === 'for' ||
    statement.kind === 'let' ||
    statement.kind === 'do'
  ) {
    walkStatements(
      [statement],
      () => {},
      (expression) => {
        if (expression.kind === 'state' || expression.kind === 'call') reads = true;
      },
    );
  }
  return reads;
}
