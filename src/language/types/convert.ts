import type { Fix } from '../../base/finding.ts';
import type { Conversion, Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { type Elaboration, errorExpression } from '../elaborate/context.ts';
import { containsKind, INT, isAssignable, isCarriable, isError, isNodeSet, listOf, sameType, typeToString } from './type.ts';

/**
 * The expression as one of type `target`, with the language's conversions made explicit. Reports a mismatch (naming both
 * types) and then gives an expression of type Error.
 */
export function convert(expression: Expression, target: Type, context: Elaboration): Expression {
  const converted = tryConvert(expression, target);
  if (converted) return converted;
  reportMismatch(expression, target, context);
  return errorExpression(expression.span);
}

/** The same without a report: null when the language has no such conversion. */
export function tryConvert(expression: Expression, target: Type): Expression | null {
  const from = expression.type;
  if (isError(from) || isError(target) || sameType(from, target)) return expression;
  switch (target.kind) {
    case 'Optional': {
      if (from.kind === 'Never') return { kind: 'literal', value: null, type: target, span: expression.span };
      if (from.kind === 'Optional') return isAssignable(from, target) && from.of.kind === 'Never' ? { ...expression, type: target } : null;
      const inner = tryConvert(expression, target.of);
      return inner && conversion('to-optional', inner, target);
    }
    case 'Real':
      if (from.kind !== 'Int') return null;
      return expression.kind === 'literal' ? { ...expression, type: target } : conversion('int-to-real', expression, target);
    case 'Data':
      return isCarriable(from) ? conversion('to-data', expression, target) : null;
    case 'Call':
      return from.kind === 'Operation' ? { ...expression, type: target } : null;
    case 'Quorum':
      return from.kind === 'Node' || isNodeSet(from) ? conversion('node-to-quorum', expression, target) : null;
    case 'Distribution': {
      if (from.kind === 'Distribution') return isAssignable(from.of, target.of) ? { ...expression, type: target } : null;
      const inner = tryConvert(expression, target.of);
      return inner && conversion('to-distribution', inner, target);
    }
    case 'List':
    case 'Set':
      if (from.kind === 'Range' && from.of.kind === 'Int' && target.of.kind === 'Int') {
        const list = rangeToList(expression);
        return target.kind === 'List'
          ? list
          : { kind: 'method', receiver: list, method: 'to_set', arguments: [], type: target, span: expression.span };
      }
      // A single node of a system where a set of nodes is wanted: `client + replica`.
      if (isNodeSet(target) && from.kind === 'Node' && isGroupNode(expression)) {
        return { kind: 'set', items: [expression], type: target, span: expression.span };
      }
      break;
    case 'Map':
      if (expression.kind === 'set' && expression.items.length === 0) {
        return { kind: 'map', entries: [], type: target, span: expression.span };
      }
      break;
  }
  return isAssignable(from, target) ? { ...expression, type: target } : null;
}

function conversion(kind: Conversion, value: Expression, type: Type): Expression {
  return { kind: 'convert', conversion: kind, value, type, span: value.span };
}

/** A Range of Int as the List of its numbers. */
export function rangeToList(range: Expression): Expression {
  return conversion('range-to-list', range, listOf(INT));
}

/** Whether the expression is a node of a system by its group: `client`, `replica[0]`. */
function isGroupNode(expression: Expression): boolean {
  return expression.kind === 'group' || (expression.kind === 'index' && expression.object.kind === 'group');
}

function reportMismatch(expression: Expression, target: Type, context: Elaboration): void {
  const { type: from, span } = expression;
  const wanted = typeToString(target);
  if (from.kind === 'Unit') {
    context.error('DS1003', span, `${wanted} is expected here, but this gives no value`, {
      help: 'call it on a line of its own, or give the function a result type and a `return`',
    });
    return;
  }
  if (from.kind === 'Never') {
    context.error('DS1003', span, `\`none\` cannot stand for ${article(wanted)}`, {
      why: `only an optional type such as ${wanted}? has a \`none\``,
    });
    return;
  }
  if (from.kind === 'Optional' && tryConvert({ ...expression, type: from.of }, target)) {
    const text = context.textOf(span);
    const standIn = defaultText(from.of);
    const fixes: Fix[] = standIn
      ? [
          {
            title: `Give a value for \`none\`: \`.or(${standIn})\``,
            edits: [{ span, text: `${operand(text)}.or(${standIn})` }],
          },
        ]
      : [];
    context.error('DS1004', span, `this may be \`none\`: it is ${typeToString(from)}, and ${wanted} is expected`, {
      help: `compare it with \`none\` first (\`if x != none { … }\`), or give a value in its place with \`.or(${standIn ?? '…'})\``,
      fixes,
    });
    return;
  }
  const { help, fixes } = advice(expression, target, context);
  context.error('DS1003', span, `expected ${wanted}, but this is ${typeToString(from)}`, {
    ...(help ? { help } : {}),
    ...(fixes ? { fixes } : {}),
  });
}

const article = (noun: string): string => `${/^[AEIOU]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** A text as the operand of what binds tightest. */
function operand(text: string): string {
  return /^[\p{L}_][\p{L}\p{N}_.]*(\(.*\)|\[.*\])?$/u.test(text) ? text : `(${text})`;
}

/** What to do about the mismatches that people make. */
function advice(expression: Expression, target: Type, context: Elaboration): { help?: string; fixes?: Fix[] } {
  const { type: from, span } = expression;
  const text = context.textOf(span);
  const rewrite = (replacement: string): Fix[] => [{ title: `Write \`${replacement}\``, edits: [{ span, text: replacement }] }];
  const wanted = target.kind === 'Optional' || target.kind === 'Distribution' ? target.of : target;
  if ((from.kind === 'Int' || from.kind === 'Real') && wanted.kind === 'Duration') {
    const help = 'a duration is written with its unit: `10ms`, `2s`, `1min`';
    return expression.kind === 'literal' ? { help, fixes: [...rewrite(`${text}ms`), ...rewrite(`${text}s`)] } : { help };
  }
  if ((from.kind === 'Int' || from.kind === 'Real') && wanted.kind === 'Rate') {
    return {
      help: 'a rate is written with its unit: `50/s`, `10/min`',
      ...(expression.kind === 'literal' ? { fixes: rewrite(`${text}/s`) } : {}),
    };
  }
  if ((from.kind === 'Int' || from.kind === 'Real') && wanted.kind === 'Size')
    return { help: 'a size is written with its unit: `64KiB`, `1MB`' };
  if ((from.kind === 'Int' || from.kind === 'Real') && wanted.kind === 'Bandwidth') {
    return { help: 'a bandwidth is written with its unit: `100Mbps`, `1Gbps`' };
  }
  if (from.kind === 'Real' && wanted.kind === 'Int') return { help: 'choose how to round: `floor(x)`, `ceil(x)` or `round(x)`' };
  if (from.kind === 'Range' && sameType(from.of, wanted)) {
    return { help: 'draw one value from the range with `random(…)`', fixes: rewrite(`random(${text})`) };
  }
  if (from.kind === 'List' && wanted.kind === 'Set' && sameType(from.of, wanted.of)) {
    if (expression.kind === 'list') return { help: 'a set is written with braces', fixes: rewrite(`{${text.slice(1, -1)}}`) };
    return { help: 'make a set of the list with `.to_set()`', fixes: rewrite(`${text}.to_set()`) };
  }
  if (from.kind === 'Set' && wanted.kind === 'List' && sameType(from.of, wanted.of)) {
    if (expression.kind === 'set') return { help: 'a list is written with brackets', fixes: rewrite(`[${text.slice(1, -1)}]`) };
    return { help: 'make a list of the set with `.to_list()`', fixes: rewrite(`${text}.to_list()`) };
  }
  if (from.kind === 'Node' && isNodeSet(wanted)) return { help: 'a set of one node is written in braces', fixes: rewrite(`{${text}}`) };
  if (from.kind === 'Signed' && sameType(from.of, wanted)) {
    return { help: 'the signed value is its `.value`', fixes: rewrite(`${text}.value`) };
  }
  if (wanted.kind === 'Data') {
    return containsKind(from, 'Never')
      ? { help: 'say what it is a collection of: `let empty: List<Int> = []`' }
      : { help: 'a Data carries every value but calls, quorum systems and distributions' };
  }
  if (from.kind === 'Data') return { help: `what a Data carries is got by \`${operand(text)} as ${typeToString(wanted)}\`` };
  if (from.kind === 'Quorum' && wanted.kind === 'Bool') return { help: 'ask whether a set of nodes contains a quorum with `.met(votes)`' };
  return {};
}

/** A value to suggest in place of `none`. */
function defaultText(type: Type): string | null {
  switch (type.kind) {
    case 'Int':
    case 'Real':
      return '0';
    case 'Bool':
      return 'false';
    case 'String':
      return '""';
    case 'Duration':
      return '0ms';
    case 'List':
      return '[]';
    case 'Set':
    case 'Map':
      return '{}';
    default:
      return null;
  }
}
