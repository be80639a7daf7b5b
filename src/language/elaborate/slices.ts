import type { Expression } from '../../model/code.ts';
import type { Expression as ExpressionNode, Slices } from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import { NODES, QUORUM } from '../types/type.ts';
import type { Elaboration } from './context.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import type { Scope } from './scope.ts';

/** `slices { v: atleast(2, [a, b])  group: majority(group) }`: the node, or each of the nodes, with what it needs. */
export function elaborateSlices(node: Slices, scope: Scope, context: Elaboration): Expression {
  return {
    kind: 'slices',
    entries: node.entries.map((entry) => ({
      nodes: nodesOf(entry.node, scope, context),
      needs: elaborateExpression(entry.value, QUORUM, scope, context),
      span: spanOf(entry),
    })),
    type: QUORUM,
    span: spanOf(node),
  };
}

/** A node is the set of it. */
function nodesOf(node: ExpressionNode, scope: Scope, context: Elaboration): Expression {
  const expression = inferExpression(node, NODES, scope, context);
  if (expression.type.kind === 'Node') return { kind: 'set', items: [expression], type: NODES, span: expression.span };
  return convert(expression, NODES, context);
}
