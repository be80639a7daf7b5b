import type { Expression, Place, Statement } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Assignment, Expression as ExpressionNode, Index, Member, NameUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { convert, tryConvert } from '../types/convert.ts';
import { operatorRow } from '../types/operators.ts';
import { INT, isError, sameType, typeToString } from '../types/type.ts';
import { combine, reportOperands } from './binary.ts';
import type { Elaboration } from './context.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { fieldsOf } from './names.ts';
import { nearest, type Scope } from './scope.ts';
import { noteEffect } from './symbols.ts';

/** An assignment, or a call for its effects where there is no operator. */
export function elaborateAssignment(node: Assignment, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  if (!node.target) return null;
  if (!node.operator) return elaborateCall(node.target, span, scope, context);
  const place = elaboratePlace(node.target, scope, context);
  if (!node.value) return null;
  if (!place) {
    inferExpression(node.value, null, scope, context);
    return null;
  }
  if (node.operator === '=') {
    const plain = inferExpression(node.value, place.type, scope, context);
    const value = convert(plain, place.type, context);
    afterWrite(place, scope);
    const path = pathOfPlace(place);
    if (path && place.type.kind === 'Optional' && plain.type.kind !== 'Optional' && plain.type.kind !== 'Never' && !isError(plain.type)) {
      scope.body?.learn(path, place.type.of);
    }
    return { kind: 'assign', place, operator: 'set', value, span };
  }
  const operator = node.operator === '+=' ? 'add' : 'remove';
  const path = pathOfPlace(place);
  const known = path === null || place.type.kind !== 'Optional' ? undefined : scope.body?.facts.get(path);
  if (!known || path === null) {
    const statement = elaborateChange(node, place, operator, scope, context);
    afterWrite(place, scope);
    return statement;
  }
  const statement = changeKnown(node, place, known, operator, scope, context);
  afterWrite(place, scope);
  scope.body?.learn(path, known);
  return statement;
}

/** A call on a line of its own. */
function elaborateCall(target: ExpressionNode, span: Statement['span'], scope: Scope, context: Elaboration): Statement | null {
  const call = inferExpression(target, null, scope, context);
  if (call.kind === 'call') return { kind: 'do', call, span };
  if (!isError(call.type)) {
    context.error('DS1024', span, 'this computes a value and does nothing with it', {
      help: call.type.kind === 'Bool' ? 'to compare is `==`, to assign is `=`; or write `assert …`' : 'assign it, or keep it in a `let`',
    });
  }
  return null;
}

function afterWrite(place: Place, scope: Scope): void {
  const { body } = scope;
  if (!body) return;
  const path = pathOfPlace(place);
  body.forget(path ?? place.root.name);
  if (place.root.kind === 'state') {
    body.writes.add(place.root.name);
    noteEffect(scope, `assigns the state variable \`${place.root.name}\``, place.span);
  }
}

/** `slot.request`; null when a step is an index. */
function pathOfPlace(place: Place): string | null {
  let path = place.root.name;
  for (const step of place.steps) {
    if (step.kind === 'index') return null;
    path += `.${step.name}`;
  }
  return path;
}

/** `place += value` and `place -= value`. */
function elaborateChange(node: Assignment, place: Place, operator: 'add' | 'remove', scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  const sign = operator === 'add' ? '+' : '-';
  const { type } = place;
  const valueNode = node.value!;
  if (type.kind === 'List' || type.kind === 'Set') {
    const literal = valueNode.$type === (type.kind === 'List' ? 'ListLiteral' : 'BraceLiteral');
    const value = inferExpression(valueNode, literal ? type : type.of, scope, context);
    if (isError(value.type)) return null;
    if (type.kind === 'List' && operator === 'remove') {
      context.error('DS1005', span, 'nothing can be subtracted from a list', {
        help: 'filter it: `xs = xs.filter(x => x != …)`; or keep a set',
      });
      return null;
    }
    const fitting = (value.type.kind === type.kind && tryConvert(value, type)) || tryConvert(value, type.of) || tryConvert(value, type);
    if (fitting) return { kind: 'assign', place, operator, value: fitting, span };
    if (value.type.kind === 'Optional') convert(value, type.of, context);
    else {
      context.error(
        'DS1003',
        value.span,
        `expected ${typeToString(type.of)} or ${typeToString(type)}, but this is ${typeToString(value.type)}`,
        {
          ...(value.type.kind === 'List' || value.type.kind === 'Set'
            ? { help: `convert it with \`.${type.kind === 'List' ? 'to_list' : 'to_set'}()\`` }
            : {}),
        },
      );
    }
    return null;
  }
  if (type.kind === 'Map') {
    if (operator === 'add') {
      inferExpression(valueNode, null, scope, context);
      context.error('DS1005', span, 'nothing can be added to a map with `+=`', { help: 'write `map[key] = value`' });
      return null;
    }
    return { kind: 'assign', place, operator, value: elaborateExpression(valueNode, type.key, scope, context), span };
  }
  const value = inferExpression(valueNode, type, scope, context);
  if (isError(value.type) || isError(type)) return null;
  const current = readPlace(place);
  const combined = combine(sign, current, value, type, span);
  if (!combined) {
    reportOperands(sign, current, value, span, context);
    return null;
  }
  if (!sameType(combined.type, type)) {
    const result = tryConvert(combined, type);
    if (!result) {
      context.error(
        'DS1003',
        span,
        `\`${node.operator}\` gives ${typeToString(combined.type)} here, but the variable is ${typeToString(type)}`,
        {
          ...(type.kind === 'Int' ? { help: 'round the value: `floor(x)`, `ceil(x)`, `round(x)`' } : {}),
        },
      );
      return null;
    }
  }
  // Strings have no `add` of their own in the code: they are set to the sum.
  if (type.kind === 'String') return { kind: 'assign', place, operator: 'set', value: combined, span };
  const row = operatorRow(sign, type, value.type);
  return { kind: 'assign', place, operator, value: (row && tryConvert(value, row.right)) ?? value, span };
}

/** `x += 1` where x may be `none` but is known not to be: it is set to the sum. */
function changeKnown(
  node: Assignment,
  place: Place,
  known: Type,
  operator: 'add' | 'remove',
  scope: Scope,
  context: Elaboration,
): Statement | null {
  const span = spanOf(node);
  const value = inferExpression(node.value!, known, scope, context);
  if (isError(value.type)) return null;
  const sign = operator === 'add' ? '+' : '-';
  const current = { ...readPlace(place), type: known };
  const combined = combine(sign, current, value, known, span);
  if (!combined) {
    reportOperands(sign, current, value, span, context);
    return null;
  }
  return { kind: 'assign', place, operator: 'set', value: convert(combined, place.type, context), span };
}

/** The expression that reads what a place holds. */
function readPlace(place: Place): Expression {
  const { span } = place;
  let expression: Expression = {
    kind: place.root.kind,
    name: place.root.name,
    type: place.steps.length === 0 ? place.type : { kind: 'Error' },
    span,
  };
  for (const [at, step] of place.steps.entries()) {
    const last = at === place.steps.length - 1;
    const next = place.steps[at + 1];
    const type: Type = last
      ? place.type
      : next?.kind === 'index'
        ? next.container
        : next
          ? { kind: 'Record', name: next.record }
          : place.type;
    expression =
      step.kind === 'index'
        ? { kind: 'index', object: { ...expression, type: step.container }, index: step.index, type, span }
        : { kind: 'field', object: { ...expression, type: { kind: 'Record', name: step.record } }, name: step.name, type, span };
  }
  return expression;
}

/** Where an assignment writes; null when that is nowhere (reported). */
function elaboratePlace(target: ExpressionNode, scope: Scope, context: Elaboration): Place | null {
  const path: (Member | Index)[] = [];
  let at: ExpressionNode | undefined = target;
  while (at && (at.$type === 'Member' || at.$type === 'Index')) {
    path.unshift(at);
    at = at.receiver;
    if (path.length > 100) {
      context.tooDeep(spanOf(target));
      return null;
    }
  }
  if (at?.$type !== 'NameUse' || at.arguments) {
    context.error('DS1023', spanOf(target), 'only variables, their fields and their elements can be assigned', {
      help:
        at?.$type === 'NameUse'
          ? 'the result of a call is a value of its own; assign it to a variable first'
          : 'write the name of a variable on the left of `=`',
    });
    return null;
  }
  const root = elaborateRoot(at, scope, context);
  if (!root) return null;
  let { type } = root;
  let known = at.name;
  const steps: Place['steps'][number][] = [];
  for (const node of path) {
    // A step into a field that may be none is allowed where it is known not to be.
    if (type.kind === 'Optional') type = scope.body?.facts.get(known) ?? type;
    if (isError(type)) return null;
    const step = node.$type === 'Index' ? indexStep(node, type, scope, context) : fieldStep(node, type, scope, context);
    if (!step) return null;
    steps.push(step.step);
    type = step.type;
    known = node.$type === 'Member' ? `${known}.${node.member}` : `${known}[]`;
  }
  return isError(type) ? null : { root: root.root, steps, type, span: spanOf(target) };
}

function elaborateRoot(node: NameUse, scope: Scope, context: Elaboration): { root: Place['root']; type: Type } | null {
  const span = nameSpanOf(node);
  const symbol = scope.find(node.name);
  if (!symbol) {
    // Says that there is no such name, with the nearest ones.
    inferExpression(node, null, scope, context);
    return null;
  }
  context.use(span, symbol.declaration);
  if (!symbol.assignable) {
    const { kind } = symbol.declaration;
    const help =
      kind === 'local'
        ? `keep a copy in a \`let\` and change that`
        : kind === 'parameter' || kind === 'constant'
          ? 'what changes while a node runs is declared with `var` or `durable`'
          : kind === 'uses'
            ? 'its state is its own: call one of its operations'
            : undefined;
    context.error('DS1023', span, `\`${node.name}\` is ${wordFor(kind, symbol.declaration.detail)} and cannot be assigned`, {
      ...(help ? { help } : {}),
    });
    return null;
  }
  if (symbol.assignable.root.kind === 'state' && !['handler', 'function', 'specification'].includes(scope.setting)) {
    context.error('DS1023', span, 'state changes only in handlers and functions');
    return null;
  }
  context.hover(span, symbol.assignable.type);
  return symbol.assignable;
}

function wordFor(kind: string, detail: string): string {
  if (kind === 'local') return `the ${/\((?:an? )?([^()]*)\)$/.exec(detail)?.[1] ?? 'local'}`;
  if (kind === 'given') return 'given by the language';
  if (kind === 'uses') return 'another protocol, which is used,';
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function indexStep(node: Index, type: Type, scope: Scope, context: Elaboration): { step: Place['steps'][number]; type: Type } | null {
  if (!node.index) return null;
  if (type.kind === 'List') {
    return { step: { kind: 'index', container: type, index: elaborateExpression(node.index, INT, scope, context) }, type: type.of };
  }
  if (type.kind === 'Map') {
    return { step: { kind: 'index', container: type, index: elaborateExpression(node.index, type.key, scope, context) }, type: type.value };
  }
  const optional = type.kind === 'Optional' && (type.of.kind === 'List' || type.of.kind === 'Map');
  context.error(
    optional ? 'DS1004' : 'DS1023',
    spanOf(node.receiver),
    `${optional ? 'this may be `none`, so its elements' : `elements of ${typeToString(type)}`} cannot be assigned`,
    {
      help:
        type.kind === 'Set'
          ? 'add and remove elements with `+=` and `-=`'
          : optional
            ? 'compare it with `none` first'
            : 'lists and maps have elements that can be assigned',
    },
  );
  return null;
}

function fieldStep(node: Member, type: Type, scope: Scope, context: Elaboration): { step: Place['steps'][number]; type: Type } | null {
  const span = spanOfProperty(node, 'member');
  if (type.kind === 'Optional' && type.of.kind === 'Record') {
    context.error('DS1004', spanOf(node.receiver), `this may be \`none\`: it is ${typeToString(type)}`, {
      help: 'compare it with `none` first, or assign a whole record',
    });
    return null;
  }
  if (type.kind !== 'Record') {
    const message =
      type.kind === 'Message' || type.kind === 'Operation' || type.kind === 'Call'
        ? 'what came in a message cannot be changed'
        : `${typeToString(type)} has no fields that can be assigned`;
    context.error(
      'DS1023',
      span,
      message,
      type.kind === 'Node' ? { why: 'a node changes its own state only', help: 'send it a message' } : {},
    );
    return null;
  }
  const fields = fieldsOf(type, scope, context);
  const field = fields.find((each) => each.name === node.member);
  if (!field) {
    const suggestion = nearest(
      node.member,
      fields.map((each) => each.name),
    );
    context.error('DS1006', span, `record \`${typeToString(type)}\` has no field \`${node.member}\``, {
      help: suggestion ? `did you mean \`${suggestion}\`?` : `its fields are ${fields.map((each) => `\`${each.name}\``).join(', ')}`,
      fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
    });
    return null;
  }
  context.use(span, field.declaration);
  context.hover(span, field.type);
  return { step: { kind: 'field', record: type.name, name: field.name }, type: field.type };
}
