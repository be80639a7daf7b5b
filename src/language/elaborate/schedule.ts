import type { AttributeCode } from '../../model/system-code.ts';
import type { Argument, Attribute } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { INT, STRING } from '../types/type.ts';
import { type Elaboration, givenDeclaration } from './context.ts';
import { elaborateExpression } from './expressions.ts';
import { strategies, strategyDeclaration } from './schedule-strategies.ts';
import { nearest, type Scope } from './scope.ts';

/** `schedule: pct(3)`: the strategy's name as a text, and its number as an attribute `schedule depth` of its own. */
export function elaborateSchedule(item: Attribute | Argument, scope: Scope, context: Elaboration): AttributeCode[] {
  const { value: node } = item;
  const span = spanOf(node);
  const word = node.$type === 'NameUse' ? node.name : '';
  const strategy = strategies.get(word);
  if (node.$type !== 'NameUse' || !strategy) {
    const near = word === '' ? null : nearest(word, strategies.keys());
    context.error('DS1215', span, '`schedule` is one of `latency`, `random`, `pct(3)`, `delay_bounded(2)`, `targeted`', {
      help: near ? `did you mean \`${near}\`?` : 'write one of these',
    });
    return [];
  }
  const items = node.arguments?.items ?? [];
  const [first] = items;
  const text: AttributeCode = { name: 'schedule', value: { kind: 'literal', value: word, type: STRING, span }, span: spanOf(item) };
  context.use({ ...span, end: span.start + word.length }, strategyDeclaration(word, strategy));
  if (strategy.number === null) {
    if (!node.arguments) return [text];
    context.error('DS1215', span, `\`${word}\` takes no number`, { help: `write \`schedule: ${word}\`` });
    return [];
  }
  if (!first || items.length > 1 || (first.name !== undefined && first.name !== strategy.number)) {
    context.error('DS1215', span, `\`${word}\` takes one number, its ${strategy.number}`, { help: `write \`schedule: ${word}(2)\`` });
    return [];
  }
  if (first.name) context.use(nameSpanOf(first), givenDeclaration(first.name, first.name, strategy.documentation));
  const number = elaborateExpression(first.value, INT, scope, context);
  return [text, { name: `schedule ${strategy.number}`, value: number, span: spanOf(first) }];
}
