import type { Expression } from '../../model/code.ts';
import { type Facts, NO_FACTS, together } from './body.ts';
import type { Scope } from './scope.ts';

/** `slot.request` for a field of a variable, the name for a variable: what facts are kept about. Null for anything else. */
export function pathOf(expression: Expression): string | null {
  switch (expression.kind) {
    case 'local':
    case 'state':
    case 'parameter':
      return expression.name;
    case 'field': {
      const object = pathOf(expression.object);
      return object === null ? null : `${object}.${expression.name}`;
    }
    // The state of one node does not change while a property is looked at.
    case 'remote-state': {
      const node = pathOf(expression.node);
      return node === null ? null : `${node}.${expression.name}`;
    }
    default:
      return null;
  }
}

/** What is known where a condition came out as `truth`: after `x != none`, x is a value. */
export function factsOf(condition: Expression, truth: boolean): Facts {
  switch (condition.kind) {
    case 'unary':
      return condition.operator === 'not' ? factsOf(condition.operand, !truth) : NO_FACTS;
    case 'method':
      return condition.method === 'is_none' && !truth ? present(condition.receiver) : NO_FACTS;
    case 'binary':
      switch (condition.operator) {
        case 'and':
          return truth ? together(factsOf(condition.left, true), factsOf(condition.right, true)) : NO_FACTS;
        case 'or':
          return truth ? NO_FACTS : together(factsOf(condition.left, false), factsOf(condition.right, false));
        case 'implies':
          return truth ? NO_FACTS : together(factsOf(condition.left, true), factsOf(condition.right, false));
        case '==':
        case '!=': {
          if ((condition.operator === '!=') !== truth) return equalToValue(condition);
          return isNone(condition.right) ? present(condition.left) : isNone(condition.left) ? present(condition.right) : NO_FACTS;
        }
      }
      return NO_FACTS;
    default:
      return NO_FACTS;
  }
}

/** `x == 3` tells that x is not `none` either. */
function equalToValue(condition: Extract<Expression, { kind: 'binary' }>): Facts {
  const { left, right } = condition;
  if (right.kind === 'convert' && right.conversion === 'to-optional') return present(left);
  if (left.kind === 'convert' && left.conversion === 'to-optional') return present(right);
  return NO_FACTS;
}

const isNone = (expression: Expression): boolean => expression.kind === 'literal' && expression.value === null;

function present(expression: Expression): Facts {
  const path = expression.type.kind === 'Optional' ? pathOf(expression) : null;
  return path !== null && expression.type.kind === 'Optional' ? new Map([[path, expression.type.of]]) : NO_FACTS;
}

/** Runs `action` where `facts` are known in addition, and forgets them afterwards. */
export function assuming<T>(facts: Facts, scope: Scope, action: () => T): T {
  const { body } = scope;
  if (!body || facts.size === 0) return action();
  const before = body.facts;
  const during = together(before, facts);
  body.facts = during;
  const result = action();
  // What the action itself made us forget (a call that assigns state) stays forgotten.
  body.facts = body.facts === during ? before : new Map([...before].filter(([path]) => body.facts.has(path)));
  return result;
}

/** The expression with the narrower type that is known of it here. */
export function narrowed(expression: Expression, scope: Scope): Expression {
  const facts = scope.body?.facts;
  if (!facts || facts.size === 0 || expression.type.kind !== 'Optional') return expression;
  const path = pathOf(expression);
  const type = path === null ? undefined : facts.get(path);
  return type ? { ...expression, type } : expression;
}
