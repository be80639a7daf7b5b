import type { Expression } from '../../model/code.ts';
import type { Carried } from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import { resolveType } from '../types/resolve.ts';
import { BOOL, DATA, isCarriable, isError, typeToString } from '../types/type.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { elaborateValue } from './expressions.ts';
import type { Scope } from './scope.ts';

/** `d as T`, the value that a Data carries, and `d is T`, whether it carries one of that type. */
export function elaborateCarried(node: Carried, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  // The parser's recovery may leave a part out; it has said so.
  if (!node.value || !node.type) return errorExpression(span);
  const value = elaborateValue(node.value, null, scope, context);
  const type = resolveType(node.type, scope, context);
  if (isError(value.type) || isError(type)) return errorExpression(span);
  const known = value.type.kind === 'Optional' ? value.type.of : value.type;
  if (known.kind !== 'Data') {
    context.error('DS1005', value.span, `\`${node.question}\` asks what a Data carries, and this is ${typeToString(value.type)}`, {
      help: 'the type of every other value is known as it is written',
    });
    return errorExpression(span);
  }
  const data = convert(value, DATA, context);
  if (isError(data.type)) return errorExpression(span);
  if (type.kind === 'Data' || !isCarriable(type)) {
    context.error('DS1005', spanOf(node.type), `no Data carries ${typeToString(type)}`, {
      why:
        type.kind === 'Optional'
          ? 'what may be `none` flows into a Data only as a value'
          : 'it carries values of records, enums, numbers, texts, nodes and collections',
      ...(type.kind === 'Optional' ? { help: `write \`${node.question} ${typeToString(type.of)}\`` } : {}),
    });
    return errorExpression(span);
  }
  if (node.question === 'is') return { kind: 'carries', value: data, of: type, type: BOOL, span };
  return { kind: 'convert', conversion: 'from-data', value: data, type, span };
}
