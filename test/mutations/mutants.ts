import { thresholdsOf } from '../../src/analysis/lint/thresholds.ts';
import { mentioned } from '../../src/analysis/mentions.ts';
import type { Span } from '../../src/base/source.ts';
import type { Expression, ProtocolCode } from '../../src/model/code.ts';
import { walkExpression } from '../../src/model/walk.ts';

/** A copy of a protocol's text with one threshold changed. */
export interface Mutant {
  /** What was changed into what, and where: `Majority: majority(members) → atleast(n / 2, members)`. */
  readonly name: string;
  readonly text: string;
}

/**
 * Every way to get a protocol's thresholds wrong by a little: in its quorum systems and the parameters they are made of,
 * in each clause of its requirements (also left out), and in the comparisons of handlers with a number of senders.
 */
export function mutantsOf(text: string, protocol: ProtocolCode): Mutant[] {
  const mutants = new Map<string, Mutant>();
  const source = (span: Span): string => text.slice(span.start, span.end);
  const changeIn =
    (place: string, whole: Span): Change =>
    (span, replacement) => {
      const before = source(whole);
      const after = text.slice(whole.start, span.start) + replacement + text.slice(span.end, whole.end);
      if (before === after) return;
      const name = `${place}${before} → ${after === '' ? 'left out' : after}`;
      mutants.set(name, { name, text: text.slice(0, whole.start) + after + text.slice(whole.end) });
    };

  for (const { name, value } of protocol.quorums) {
    if (value?.kind !== 'intrinsic') continue;
    const [first, second] = value.arguments;
    const change = changeIn(`${name}: `, value.span);
    if (value.name === 'majority' && first) {
      change(value.span, `atleast(n / 2, ${source(first.span)})`);
      change(value.span, `atleast(n / 2 + 2, ${source(first.span)})`);
    }
    if (value.name === 'atleast' && first && second) changeNumber(first, source, change);
  }

  const sizing = mentioned(protocol.quorums, 'parameter');
  for (const { name, value } of protocol.parameters) {
    if (value !== null && sizing.has(name)) changeNumber(value, source, changeIn(`default of ${name}: `, value.span));
  }

  for (const { kind, condition, text: clause, span } of protocol.requirements) {
    mutants.set(clause, { name: `requires ${kind} ${clause} → left out`, text: text.slice(0, span.start) + text.slice(span.end) });
    changeCondition(condition, source, changeIn(`requires ${kind} `, condition.span));
  }

  for (const { comparison, needed } of thresholdsOf(protocol)) {
    const change = changeIn('', comparison.span);
    changeStrictness(comparison, source, change);
    if (needed) changeNumber(needed, source, change);
  }
  return [...mutants.values()];
}

type Change = (span: Span, replacement: string) => void;

/** One more, one less, each whole number in it one more or less, each sum a difference. */
function changeNumber(expression: Expression, source: (span: Span) => string, change: Change): void {
  const whole = source(expression.span);
  const compound = expression.kind === 'binary' ? `(${whole})` : whole;
  change(expression.span, `${compound} + 1`);
  change(expression.span, `${compound} - 1`);
  walkExpression(expression, (part) => {
    if (part === expression) return;
    if (part.kind === 'literal' && typeof part.value === 'number' && part.type.kind === 'Int') {
      change(part.span, String(part.value + 1));
      if (part.value > 1) change(part.span, String(part.value - 1));
    }
  });
  walkExpression(expression, (part) => {
    if (part.kind !== 'binary' || (part.operator !== '+' && part.operator !== '-')) return;
    const between = { ...part.span, start: part.left.span.end, end: part.right.span.start };
    change(between, source(between).replace(part.operator, part.operator === '+' ? '-' : '+'));
  });
}

const strictness: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

function changeStrictness(expression: Expression & { readonly kind: 'binary' }, source: (span: Span) => string, change: Change): void {
  const other = strictness[expression.operator];
  if (other === undefined) return;
  const between = { ...expression.span, start: expression.left.span.end, end: expression.right.span.start };
  change(between, source(between).replace(expression.operator, other));
}

/** A clause's bounds: strictness, numbers, `==` as an upper bound one higher, parts of a conjunction and of a question. */
function changeCondition(condition: Expression, source: (span: Span) => string, change: Change): void {
  if (condition.kind === 'intrinsic' && condition.arguments.length === 2) {
    for (const argument of condition.arguments) change(condition.span, `${condition.name}(${source(argument.span)})`);
    return;
  }
  if (condition.kind !== 'binary') return;
  const { left, operator, right } = condition;
  if (operator === 'and') {
    change(condition.span, source(left.span));
    change(condition.span, source(right.span));
    changeCondition(left, source, change);
    changeCondition(right, source, change);
    return;
  }
  if (operator === '==') change(condition.span, `${source(left.span)} <= ${source(right.span)} + 1`);
  changeStrictness(condition, source, change);
  for (const side of [left, right]) {
    if (side.kind === 'binary' && (side.type.kind === 'Int' || side.type.kind === 'Real')) changeNumber(side, source, change);
    else
      walkExpression(side, (part) => {
        if (part.kind !== 'literal' || typeof part.value !== 'number' || part.type.kind !== 'Int' || operator === '==') return;
        change(part.span, String(part.value + 1));
        if (part.value > 0) change(part.span, String(part.value - 1));
      });
  }
}
