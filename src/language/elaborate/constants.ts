import type { Expression } from '../../model/code.ts';
import type { ConstantCode } from '../../model/system-code.ts';
import type { Type } from '../../model/types.ts';
import type { Const } from '../generated/ast.ts';
import { nameSpanOf, spanOf, textOf } from '../syntax.ts';
import { resolveType } from '../types/resolve.ts';
import { typeToString } from '../types/type.ts';
import type { Elaboration } from './context.ts';
import { elaborateExpression, elaborateValue } from './expressions.ts';
import type { Scope } from './scope.ts';

/** A constant of a file or system; `scope` holds those before it. */
export function elaborateConstant(node: Const, scope: Scope, context: Elaboration): { code: ConstantCode; type: Type; detail: string } {
  const inner = scope.child('constant');
  const written = node.type ? resolveType(node.type, inner, context) : null;
  const value = written ? elaborateExpression(node.value, written, inner, context) : elaborateValue(node.value, null, inner, context);
  const type = written ?? value.type;
  const detail = `const ${node.name}: ${typeToString(type)} = ${textOf(node.value)}`;
  return { code: { name: node.name, value, span: spanOf(node), nameSpan: nameSpanOf(node) }, type, detail };
}

/** The expression with constants replaced by what they stand for, so that it means the same in any file. */
export function inlineConstants(expression: Expression, constants: ReadonlyMap<string, Expression>): Expression {
  const inline = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(inline);
    if (typeof part !== 'object' || part === null) return part;
    if ('kind' in part && part.kind === 'constant' && 'name' in part) return constants.get(String(part.name)) ?? part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === 'type' || key === 'span' ? value : inline(value)]));
  };
  return inline(expression) as Expression;
}
