import type { BinaryOperator, Expression, ProtocolCode } from '../../model/code.ts';
import type { Value } from '../../model/values.ts';
import { draws, walkExpression } from '../../model/walk.ts';
import { type StateValues, valuesOf } from './possible-values.ts';

/** What a condition comes to whatever the state holds, with the parts that decide it; null where it depends. */
export interface Decision {
  readonly answer: boolean | null;
  /** The parts of the condition that are decided by themselves, in source order. */
  readonly decidedBy: readonly DecidedPart[];
}

export interface DecidedPart {
  readonly part: Expression;
  /** Why: the values of the state in it, both sides being the same, an empty domain, or the connectives alone. */
  readonly how: 'values' | 'same' | 'empty' | 'connectives';
  /** Whether an implication asks for nothing because this part, on its left, is never true. */
  readonly isAntecedent?: boolean;
}

/** Unknown parts of a condition that are tried together. */
const mostAtoms = 8;

/** Decides a condition by the values that state may hold, and by the laws of `and`, `or`, `not`, `implies` and comparisons. */
export function decide(condition: Expression, protocol: ProtocolCode, state: StateValues): Decision {
  return new Decider(protocol, state).decide(condition);
}

class Decider {
  private readonly decisions = new Map<Expression, Decision>();

  constructor(
    private readonly protocol: ProtocolCode,
    private readonly state: StateValues,
  ) {}

  decide(expression: Expression): Decision {
    const known = this.decisions.get(expression);
    if (known) return known;
    const decision = this.decided(expression);
    this.decisions.set(expression, decision);
    return decision;
  }

  private decided(expression: Expression): Decision {
    switch (expression.kind) {
      case 'convert':
        return this.decide(expression.value);
      case 'unary':
        if (expression.operator === 'not') {
          const { answer, decidedBy } = this.decide(expression.operand);
          return { answer: answer === null ? null : !answer, decidedBy };
        }
        return undecided;
      case 'quantifier':
        return this.quantified(expression);
      case 'binary':
        if (connectives.has(expression.operator)) return this.connected(expression);
        return this.compared(expression);
      default:
        return this.byValues(expression);
    }
  }

  private quantified(expression: Expression & { readonly kind: 'quantifier' }): Decision {
    const forall = expression.quantifier === 'forall';
    const domains = valuesOf(expression.domain, this.protocol, this.state);
    if (domains?.every(isEmpty)) return { answer: forall, decidedBy: [{ part: expression.domain, how: 'empty' }] };
    const { answer, decidedBy } = this.decide(expression.body);
    // A deployment has members; anything else may be empty.
    const inhabited = expression.domain.kind === 'given' && expression.domain.name === 'members';
    // Of an empty domain everything is true and nothing exists.
    return answer === null || (answer !== forall && !inhabited) ? undecided : { answer, decidedBy };
  }

  private connected(expression: Expression & { readonly kind: 'binary' }): Decision {
    const left = this.decide(expression.left);
    const right = this.decide(expression.right);
    const { operator } = expression;
    const one = operator === 'implies' ? negated(left) : left;
    if (operator === 'and') {
      if (one.answer === false) return one;
      if (right.answer === false) return right;
      if (one.answer && right.answer) return both(one, right);
    } else {
      if (one.answer === true) return operator === 'implies' ? antecedent(one) : one;
      if (right.answer === true) return right;
      if (one.answer === false && right.answer === false) return both(one, right);
    }
    return this.byConnectives(expression);
  }

  /** Whether it comes out the same whatever its unknown parts are: `a implies a`, `a or not a`. */
  private byConnectives(expression: Expression): Decision {
    const atoms = new Map<string, number>();
    const collect = (part: Expression): void => {
      const shape = connective(part);
      if (shape) for (const inner of shape) collect(inner);
      else if (this.decide(part).answer === null && !atoms.has(atomOf(part).key)) atoms.set(atomOf(part).key, atoms.size);
    };
    collect(expression);
    if (atoms.size === 0 || atoms.size > mostAtoms) return undecided;
    const evaluated = (part: Expression, bits: number): boolean => {
      if (part.kind === 'convert') return evaluated(part.value, bits);
      if (part.kind === 'unary' && part.operator === 'not') return !evaluated(part.operand, bits);
      if (part.kind === 'binary' && connectives.has(part.operator)) {
        const left = evaluated(part.left, bits);
        if (part.operator === 'and') return left && evaluated(part.right, bits);
        if (part.operator === 'or') return left || evaluated(part.right, bits);
        return !left || evaluated(part.right, bits);
      }
      const { answer } = this.decide(part);
      if (answer !== null) return answer;
      const { key, opposite } = atomOf(part);
      return ((bits >> (atoms.get(key) as number)) & 1) === (opposite ? 0 : 1);
    };
    const first = evaluated(expression, 0);
    for (let bits = 1; bits < 1 << atoms.size; bits++) if (evaluated(expression, bits) !== first) return undecided;
    return { answer: first, decidedBy: [{ part: expression, how: 'connectives' }] };
  }

  private compared(expression: Expression & { readonly kind: 'binary' }): Decision {
    const known = this.byValues(expression);
    if (known.answer !== null) return known;
    const { operator, left, right } = expression;
    const same = left.kind === right.kind && keyOf(left) === keyOf(right) && !isDrawn(left);
    if (same && reflexive.has(operator)) return { answer: true, decidedBy: [{ part: expression, how: 'same' }] };
    if (same && irreflexive.has(operator)) return { answer: false, decidedBy: [{ part: expression, how: 'same' }] };
    // Nothing has fewer elements than none.
    if ((operator === '>=' && isCount(left) && isZero(right)) || (operator === '<=' && isZero(left) && isCount(right))) {
      return { answer: true, decidedBy: [{ part: expression, how: 'values' }] };
    }
    if ((operator === '<' && isCount(left) && isZero(right)) || (operator === '>' && isZero(left) && isCount(right))) {
      return { answer: false, decidedBy: [{ part: expression, how: 'values' }] };
    }
    return undecided;
  }

  private byValues(expression: Expression): Decision {
    const values = valuesOf(expression, this.protocol, this.state);
    if (values?.length !== 1 || typeof values[0] !== 'boolean') return undecided;
    return { answer: values[0], decidedBy: [{ part: expression, how: 'values' }] };
  }
}

const undecided: Decision = { answer: null, decidedBy: [] };
const connectives: ReadonlySet<BinaryOperator> = new Set(['and', 'or', 'implies']);
const reflexive: ReadonlySet<BinaryOperator> = new Set(['==', '<=', '>=']);
const irreflexive: ReadonlySet<BinaryOperator> = new Set(['!=', '<', '>']);

function negated({ answer, decidedBy }: Decision): Decision {
  return { answer: answer === null ? null : !answer, decidedBy };
}

function antecedent({ answer, decidedBy }: Decision): Decision {
  return { answer, decidedBy: decidedBy.map((part) => ({ ...part, isAntecedent: true })) };
}

function both(left: Decision, right: Decision): Decision {
  return { answer: right.answer, decidedBy: [...left.decidedBy, ...right.decidedBy] };
}

/** The conditions that `and`, `or`, `not` or `implies` joins; null for a condition that stands for itself. */
export function connective(part: Expression): readonly Expression[] | null {
  if (part.kind === 'convert') return [part.value];
  if (part.kind === 'unary' && part.operator === 'not') return [part.operand];
  if (part.kind === 'binary' && connectives.has(part.operator)) return [part.left, part.right];
  return null;
}

/** A part that stands for itself: comparisons in one of their forms, the others being its opposite. */
function atomOf(part: Expression): { readonly key: string; readonly opposite: boolean } {
  if (part.kind !== 'binary') return { key: keyOf(part), opposite: false };
  const left = keyOf(part.left);
  const right = keyOf(part.right);
  switch (part.operator) {
    case '==':
    case '!=':
      return { key: `== ${[left, right].sort().join(' ')}`, opposite: part.operator === '!=' };
    case '<':
    case '>=':
      return { key: `< ${left} ${right}`, opposite: part.operator === '>=' };
    case '>':
    case '<=':
      return { key: `< ${right} ${left}`, opposite: part.operator === '<=' };
    default:
      return { key: keyOf(part), opposite: false };
  }
}

/** An expression without its places: the same for what reads the same. */
function keyOf(expression: Expression): string {
  let key = keys.get(expression);
  if (key === undefined) {
    key = JSON.stringify(expression, (name, value) => (name === 'span' ? undefined : value));
    keys.set(expression, key);
  }
  return key;
}

const keys = new WeakMap<Expression, string>();

function isDrawn(expression: Expression): boolean {
  let drawn = false;
  walkExpression(expression, (part) => {
    if (draws(part)) drawn = true;
  });
  return drawn;
}

function isCount(expression: Expression): boolean {
  return expression.kind === 'method' && (expression.method === 'size' || expression.method === 'count');
}

function isZero(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.value === 0;
}

function isEmpty(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value.kind === 'list' || value.kind === 'set') return value.items.length === 0;
  if (value.kind === 'map') return value.entries.length === 0;
  return value.kind === 'range' && value.max < value.min;
}
