import type { Expression, Statement } from '../model/code.ts';
import type { FieldType, Type } from '../model/types.ts';
import { expressionsOf, walkExpression, walkStatements } from '../model/walk.ts';
import type { Context } from './context.ts';
import { emit, emitOperand, ownCall, store } from './emit-expression.ts';
import { emitLoop } from './emit-loops.ts';
import { equality } from './emit-operators.ts';
import { emitAssignment } from './emit-place.ts';
import { stringText } from './emit-values.ts';
import { isFresh, isMarkable, meets, rootsOf } from './ownership.ts';
import { usedOperation } from './used.ts';

/** What a body's statements mean beyond the statement itself. */
export interface Body {
  /** What the function returns, null in handlers. */
  readonly result: Type | null;
  /** Where a specification's `reply` puts its value; null in protocols. */
  readonly replyTo: string | null;
}

export function emitBlock(statements: readonly Statement[], c: Context, body: Body): string {
  return c.block(() => {
    let text = '';
    statements.forEach((statement, i) => {
      const rest = statements.slice(i + 1);
      c.following.push(rest);
      text += protectLent(statement, c) + emitStatement(statement, rest, c, body);
      c.following.pop();
    });
    return text;
  });
}

/** `rest` is what follows in the block: as long lives what a `let` declares. */
function emitStatement(statement: Statement, rest: readonly Statement[], c: Context, body: Body): string {
  switch (statement.kind) {
    case 'let':
      return emitLet(statement, rest, c);
    case 'assign':
      return emitAssignment(statement, c);
    case 'if': {
      const condition = emit(statement.condition, c);
      const missed = c.hit('else', '', statement.otherwise[0]?.span ?? statement.span);
      const other = missed + (statement.otherwise.length === 0 ? '' : emitBlock(statement.otherwise, c, body));
      const otherwise = other === '' ? '' : `else{${other}}`;
      return `if(${condition}){${c.hit('then', '', statement.condition.span)}${emitBlock(statement.then, c, body)}}${otherwise}`;
    }
    case 'for': {
      const writes = c.module.effects.writesOf(statement.body, c.scope);
      return emitLoop(statement.domain, statement.variable, c, { span: statement.span, writes }, (element) => {
        const changed = writes.locals.has(statement.variable) && isMarkable(elementOf(statement.domain.type), c.module);
        c.following.push(statement.body);
        const inner = c.hit('loop', '', statement.span) + emitBlock(statement.body, c, body);
        c.following.pop();
        return `${changed ? `${markStatement(element, elementOf(statement.domain.type))}` : ''}${inner}`;
      });
    }
    case 'match':
      return emitMatch(statement, c, body);
    case 'return':
      if (statement.value === null) return 'return;';
      if (body.replyTo !== null) return `${body.replyTo}=${store(statement.value, c)};return;`;
      return `return ${store(statement.value, c, body.result ?? statement.value.type)};`;
    case 'assert':
      if (c.mode !== 'node') throw new Error('assert in a property');
      return `if(!${emit(statement.condition, c)})this.h.assertionFailed(this.node,${stringText(statement.text)},${c.module.span(statement.span)});`;
    case 'send':
      return emitSend(statement, c);
    case 'broadcast':
      return `this.h.broadcast(this.node,${message(statement.message, c)},${payload(statement.message, statement.fields, c)});`;
    case 'reply-message':
      return `this.h.send(this.node,from,${message(statement.message, c)},${payload(statement.message, statement.fields, c)});`;
    case 'reply-call': {
      const value = statement.value === null ? 'null' : store(statement.value, c, replyType(statement.call, statement.value, c));
      if (body.replyTo !== null) return `${body.replyTo}=${value};`;
      return `this.h.replyCall(this.node,${ownCall(statement.call, c)},${value});`;
    }
    case 'set-timer': {
      const delay = statement.delay;
      const timer = c.module.declarations.timer(statement.timer, c.scope.role);
      if (delay.kind === 'convert' && delay.conversion === 'to-distribution')
        return `this.h.setTimer(this.node,${timer},${emit(delay.value, c)});`;
      const text = emit(delay, c);
      const drawn = delay.type.kind === 'Distribution' ? `Math.max(0,this.h.draw(this.node,${text}))` : text;
      return `this.h.setTimer(this.node,${timer},${drawn});`;
    }
    case 'cancel-timer':
      return `this.h.cancelTimer(this.node,${c.module.declarations.timer(statement.timer, c.scope.role)});`;
    case 'sync':
      return 'if(this.h.canSync(this.node))this.sync();';
    case 'emit': {
      const event = c.module.declarations.event(statement.event);
      const fields = c.module.protocol.events[event]?.fields ?? [];
      return `this.h.emit(this.node,${event},new E${event}(${fieldTexts(statement.fields, fields, c)}));`;
    }
    case 'call-used':
      return emitCallUsed(statement, c);
    case 'do':
      return `${emit(statement.call, c)};`;
  }
}

/** The result type of the operation that is answered, where it is known: an empty collection has no type of its own. */
function replyType(call: Expression, value: Expression, c: Context): Type {
  if (call.type.kind !== 'Operation') return value.type;
  const name = call.type.name;
  return c.module.protocol.operations[c.module.declarations.operation(name)]?.result ?? value.type;
}

function elementOf(type: Type): Type {
  return type.kind === 'List' || type.kind === 'Set' || type.kind === 'Range' ? type.of : type.kind === 'Map' ? type.key : type;
}

function markStatement(name: string, type: Type): string {
  return type.kind === 'Optional' ? `if(${name}!==null)${name}.shared=2;` : `${name}.shared=2;`;
}

/** A name for a value is lent the value, unless the name itself is assigned to. */
function emitLet(statement: Extract<Statement, { kind: 'let' }>, rest: readonly Statement[], c: Context): string {
  const { value, type, name } = statement;
  if (!isMarkable(type, c.module) || isFresh(value)) return `let ${c.declare(name)}=${emit(value, c, type)};`;
  if (c.module.effects.writesOf(rest, c.scope).locals.has(name)) return `let ${c.declare(name)}=${store(value, c, type)};`;
  const text = emit(value, c, type);
  const roots = rootsOf(value, c);
  const js = c.declare(name);
  c.lent = [...c.lent, { name, js, type, roots, depth: c.following.length - 1 }];
  return `let ${js}=${text};`;
}

/** Marks what is lent, is still needed, and belongs to a variable that this statement writes. */
function protectLent(statement: Statement, c: Context): string {
  if (c.lent.length === 0) return '';
  const state = new Set<number>();
  const own = expressionsOf(statement);
  for (const part of own) for (const variable of c.module.effects.writesOfExpression(part, c.scope)) state.add(variable);
  const calls = state.size > 0;
  const locals = new Set<string>();
  if (statement.kind === 'assign') {
    const { root } = statement.place;
    if (root.kind === 'local') locals.add(root.name);
    else state.add(c.module.declarations.stateVariable(root.name, c.scope).index);
  }
  let text = '';
  for (const lent of c.lent) {
    if (!meets(lent.roots, { state, locals })) continue;
    const needed =
      (calls && own.some((part) => mentions(part, lent.name))) || c.following.slice(lent.depth).some((rest) => usedIn(rest, lent.name));
    if (needed) text += markStatement(lent.js, lent.type);
  }
  return text;
}

function mentions(expression: Expression, name: string): boolean {
  let found = false;
  walkExpression(expression, (part) => {
    if (part.kind === 'local' && part.name === name) found = true;
  });
  return found;
}

function usedIn(statements: readonly Statement[], name: string): boolean {
  let found = false;
  walkStatements(
    statements,
    (statement) => {
      if (statement.kind === 'assign' && statement.place.root.kind === 'local' && statement.place.root.name === name) found = true;
    },
    (part) => {
      if (part.kind === 'local' && part.name === name) found = true;
    },
  );
  return found;
}

function emitMatch(statement: Extract<Statement, { kind: 'match' }>, c: Context, body: Body): string {
  const { subject } = statement;
  const held = c.module.fresh('l');
  const text = emitOperand(
    subject,
    statement.arms.flatMap((arm) => arm.patterns),
    c,
  );
  const arms = statement.arms.map((arm) => {
    const place = arm.patterns[0]?.span ?? arm.body[0]?.span ?? statement.span;
    const block = `{${c.hit('arm', '', place)}${emitBlock(arm.body, c, body)}}`;
    if (arm.patterns.length === 0) return block;
    const tests = arm.patterns.map((pattern) => equality(held, emit(pattern, c, subject.type), subject.type, pattern.span, c));
    return `if(${tests.join('||')})${block}`;
  });
  // An arm behind `else` is never reached.
  const end = statement.arms.findIndex((arm) => arm.patterns.length === 0);
  return `{const ${held}=${text};${arms.slice(0, end < 0 ? arms.length : end + 1).join('else ')}}`;
}

function message(name: string, c: Context): number {
  return c.module.declarations.message(name);
}

function payload(name: string, values: readonly Expression[], c: Context): string {
  const index = c.module.declarations.message(name);
  return `new M${index}(${fieldTexts(values, c.module.protocol.messages[index]?.fields ?? [], c)})`;
}

function fieldTexts(values: readonly Expression[], fields: readonly FieldType[], c: Context): string {
  return values.map((value, i) => store(value, c, fields[i]?.type)).join(',');
}

/** The Call is a name of the block that follows. */
function emitCallUsed(statement: Extract<Statement, { kind: 'call-used' }>, c: Context): string {
  const called = usedOperation(`${statement.use}.${statement.operation}`, c.module);
  if (called === null) throw new Error(`unknown operation ${statement.use}.${statement.operation}`);
  const fields = fieldTexts(statement.arguments, called.operation.fields, c);
  const target = statement.target ? emit(statement.target, c) : '-1';
  const made = `new U${called.use}_${called.index}(${fields})`;
  const call = `this.h.callUsed(this.node,${called.use},${called.index},${made},${target},${c.module.span(statement.span)})`;
  return statement.variable === null ? `${call};` : `const ${c.declare(statement.variable)}=${call};`;
}

function emitSend(statement: Extract<Statement, { kind: 'send' }>, c: Context): string {
  const index = message(statement.message, c);
  const made = payload(statement.message, statement.fields, c);
  if (statement.target.type.kind === 'Node') return `this.h.send(this.node,${emit(statement.target, c)},${index},${made});`;
  const held = c.module.fresh('p');
  const loop = emitLoop(statement.target, null, c, { span: statement.span }, (node) => `this.h.send(this.node,${node},${index},${held});`);
  return `{const ${held}=${made};${loop}}`;
}
