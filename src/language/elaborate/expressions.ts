import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Expression as ExpressionNode } from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import { type Elaboration, errorExpression } from './context.ts';
import type { Scope } from './scope.ts';

/**
 * Checks an expression and gives it as typed code. With `expected` the result has that type, by conversion where the
 * language has one; what is wrong is reported once and stands in the code as an expression of type Error.
 */
export function elaborateExpression(node: ExpressionNode, _expected: Type | null, _scope: Scope, _context: Elaboration): Expression {
  return errorExpression(spanOf(node));
}

/** The same without conversion: `hint` only helps where a type is open (`{}`, `none`, number literals, lambdas). */
export function inferExpression(node: ExpressionNode, _hint: Type | null, _scope: Scope, _context: Elaboration): Expression {
  return errorExpression(spanOf(node));
}
