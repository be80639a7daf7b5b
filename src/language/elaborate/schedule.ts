import type { AttributeCode } from '../../model/system-code.ts';
import type { Argument, Attribute } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { INT, STRING } from '../types/type.ts';
import { type Elaboration, givenDeclaration } from './context.ts';
import { elaborateExpression } from './expressions.ts';
import { nearest, type Scope } from './scope.ts';

/** The strategies, with the number that one takes. */
const strategies: ReadonlyMap<string, { readonly number: string | null; readonly documentation: string }> = new Map([
  ['latency', { number: null, documentation: 'Messages arrive as the latencies of their links say.' }],
  ['random', { number: null, documentation: 'Each pending delivery, and the next timer, is as likely as any other to be next.' }],
  [
    'pct',
    {
      number: 'depth',
      documentation:
        'Probabilistic concurrency testing: random priorities that change at depth - 1 steps. Finds a bug of that depth with a known probability.',
    },
  ],
  [
    'delay_bounded',
    { number: 'delays', documentation: 'Messages in the order in which they were sent, but for so many that are let wait.' },
  ],
  [
    'targeted',
    { number: null, documentation: 'Random, but messages that decide something are held back, mostly those of one node at a time.' },
  ],
]);

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
  const written = node.arguments?.items ?? [];
  const [first] = written;
  const text: AttributeCode = { name: 'schedule', value: { kind: 'literal', value: word, type: STRING, span }, span: spanOf(item) };
  context.use({ ...span, end: span.start + word.length }, givenDeclaration(word, word, strategy.documentation));
  if (strategy.number === null) {
    if (!node.arguments) return [text];
    context.error('DS1215', span, `\`${word}\` takes no number`, { help: `write \`schedule: ${word}\`` });
    return [];
  }
  if (!first || written.length > 1 || (first.name !== undefined && first.name !== strategy.number)) {
    context.error('DS1215', span, `\`${word}\` takes one number, its ${strategy.number}`, { help: `write \`schedule: ${word}(2)\`` });
    return [];
  }
  if (first.name) context.use(nameSpanOf(first), givenDeclaration(first.name, first.name, strategy.documentation));
  const number = elaborateExpression(first.value, INT, scope, context);
  return [text, { name: `schedule ${strategy.number}`, value: number, span: spanOf(first) }];
}
