import type { Span } from '../../base/source.ts';
import type { Expression, IntrinsicName } from '../../model/code.ts';
import { type QuestionSignature, questionNames, questions } from '../../model/questions.ts';
import type { Type } from '../../model/types.ts';
import type { Argument, Expression as ExpressionNode } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { convert, tryConvert } from '../types/convert.ts';
import {
  distributionOf,
  INT,
  isCarriable,
  isError,
  isNodeSet,
  isOrdered,
  isQuantity,
  listOf,
  NODES,
  QUORUM,
  REAL,
  STRING,
  setOf,
  signedOf,
  typeToString,
} from '../types/type.ts';
import { unify } from './binary.ts';
import { errorExpression, givenDeclaration } from './context.ts';
import { asCollection, elaborateExpression, elaborateValue, inferExpression } from './expressions.ts';
import type { NamedSymbol, Setting, UseSite } from './scope.ts';
import { noteEffect } from './symbols.ts';

interface Checked {
  readonly arguments: readonly Expression[];
  readonly type: Type;
}

interface Intrinsic {
  readonly name: IntrinsicName;
  /** Parameter names; with `?` those that may be left out, with `…` the last one any number of times. */
  readonly parameters: readonly string[];
  /** Null: everywhere. */
  readonly settings: ReadonlySet<Setting> | null;
  readonly words: string;
  readonly documentation: string;
  readonly check: (nodes: readonly ExpressionNode[], site: UseSite, span: Span) => Checked | null;
}

const acting: ReadonlySet<Setting> = new Set(['handler', 'function']);
const requiring: ReadonlySet<Setting> = new Set(['requirement']);

const intrinsics: Intrinsic[] = [];
function define(
  name: IntrinsicName,
  parameters: string,
  documentation: string,
  check: Intrinsic['check'],
  settings: ReadonlySet<Setting> | null = null,
  words = '',
): void {
  intrinsics.push({ name, parameters: parameters === '' ? [] : parameters.split(', '), documentation, check, settings, words });
}

const take = (node: ExpressionNode, type: Type, site: UseSite): Expression => elaborateExpression(node, type, site.scope, site.context);
const infer = (node: ExpressionNode, hint: Type | null, site: UseSite): Expression => elaborateValue(node, hint, site.scope, site.context);

function mismatch(expression: Expression, wanted: string, site: UseSite, help?: string): null {
  if (isError(expression.type)) return null;
  site.context.error('DS1003', expression.span, `expected ${wanted}, but this is ${typeToString(expression.type)}`, help ? { help } : {});
  return null;
}

// ---- draws ----------------------------------------------------------------------------------------------------------

define(
  'random',
  'range',
  'Draws from a range (uniformly) or a distribution: `random(150ms..300ms)`.',
  (nodes, site) => {
    const source = infer(nodes[0]!, null, site);
    const { type } = source;
    if (type.kind === 'Range' || type.kind === 'Distribution') return { arguments: [source], type: type.of };
    const help =
      type.kind === 'List' || type.kind === 'Set'
        ? 'to draw an element write `choose(…)`'
        : 'give it a range: `random(0..9)`, `random(0ms..period)`';
    return mismatch(source, 'a range or a distribution', site, help);
  },
  acting,
  'in handlers and functions',
);
define(
  'choose',
  'collection, count?',
  'One element drawn at random, or with a count a set of at most so many.',
  (nodes, site) => {
    const source = asCollection(infer(nodes[0]!, null, site));
    const { type } = source;
    if (type.kind !== 'List' && type.kind !== 'Set') return mismatch(source, 'a list or a set', site);
    if (nodes.length === 1) return { arguments: [source], type: type.of };
    return { arguments: [source, take(nodes[1]!, INT, site)], type: setOf(type.of) };
  },
  acting,
  'in handlers and functions',
);
define(
  'shuffle',
  'collection',
  'The elements as a list in an order drawn at random.',
  (nodes, site) => {
    const source = asCollection(infer(nodes[0]!, null, site));
    const { type } = source;
    if (type.kind !== 'List' && type.kind !== 'Set') return mismatch(source, 'a list or a set', site);
    return { arguments: [source], type: listOf(type.of) };
  },
  acting,
  'in handlers and functions',
);
define(
  'hash',
  'value',
  'An Int from 0 to 2^53 - 1 that stands for the value, the same in every run: equal values have equal hashes, and nobody finds two values of one hash. Its low bits are as evenly spread as the whole: `hash(x) mod 2 ^ 16`.',
  (nodes, site) => ({
    arguments: [infer(nodes[0]!, null, site)],
    type: INT,
  }),
);
define(
  'sign',
  'value',
  "The value with this node's signature, which no other node can forge.",
  (nodes, site) => {
    const wanted = site.expected?.kind === 'Signed' ? site.expected.of : null;
    const value = wanted ? take(nodes[0]!, wanted, site) : infer(nodes[0]!, null, site);
    return { arguments: [value], type: signedOf(value.type) };
  },
  acting,
  'in handlers and functions',
);

// ---- numbers --------------------------------------------------------------------------------------------------------

for (const [name, documentation] of [
  ['log', 'The natural logarithm.'],
  ['log2', 'The logarithm to base 2.'],
  ['log10', 'The logarithm to base 10.'],
  ['sqrt', 'The square root.'],
  ['exp', 'e to the power of x.'],
] as const) {
  define(name, 'x', documentation, (nodes, site) => ({ arguments: [take(nodes[0]!, REAL, site)], type: REAL }));
}
for (const [name, documentation] of [
  ['ceil', 'The least Int that is not below x.'],
  ['floor', 'The greatest Int that is not above x.'],
  ['round', 'The Int nearest to x.'],
] as const) {
  define(name, 'x', documentation, (nodes, site) => ({ arguments: [take(nodes[0]!, REAL, site)], type: INT }));
}
for (const [name, documentation] of [
  ['xor', 'The Int whose binary digits are those in which two Ints from 0 on differ: the distance of Kademlia.'],
  ['bit_and', 'The Int of the binary digits that two Ints from 0 on share.'],
  ['bit_or', 'The Int of the binary digits that either of two Ints from 0 on has.'],
] as const) {
  define(name, 'a, b', documentation, (nodes, site) => ({ arguments: nodes.map((node) => take(node, INT, site)), type: INT }));
}
define('bit_length', 'x', 'How many binary digits an Int from 0 on has: 0 for 0, 3 for 4 to 7.', (nodes, site) => ({
  arguments: [take(nodes[0]!, INT, site)],
  type: INT,
}));
define(
  'normal_tail',
  'x, mean, sd',
  'The probability that a normal distribution gives more than x, never 0: `-log10(normal_tail(now - last, mean, sd))` is the φ of an accrual failure detector.',
  (nodes, site) => {
    const x = infer(nodes[0]!, null, site);
    if (!isQuantity(x.type)) return mismatch(x, 'a number or a quantity', site);
    const of = x.type.kind === 'Int' ? REAL : x.type;
    return { arguments: [tryConvert(x, of) ?? x, ...nodes.slice(1).map((node) => take(node, of, site))], type: REAL };
  },
);
define('text', 'value', 'The value as a text, a String as it is: `"session " + text(id)`.', (nodes, site) => {
  const value = infer(nodes[0]!, null, site);
  const { type } = value;
  const known = type.kind === 'Optional' ? type.of : type;
  return known.kind === 'Data' || isCarriable(known)
    ? { arguments: [value], type: STRING }
    : mismatch(value, 'a value that has a text', site);
});
define('abs', 'x', 'The number or quantity without its sign.', (nodes, site) => {
  const x = infer(nodes[0]!, null, site);
  return isQuantity(x.type) ? { arguments: [x], type: x.type } : mismatch(x, 'a number or a quantity', site);
});
for (const name of ['min', 'max'] as const) {
  const documentation = `The ${name === 'min' ? 'least' : 'greatest'} of its arguments.`;
  define(name, 'a, b…', documentation, (nodes, site) => {
    let values = [infer(nodes[0]!, site.expected, site)];
    for (const node of nodes.slice(1)) {
      const first = values[0]!;
      const value = infer(node, first.type, site);
      const pair = isError(first.type) || isError(value.type) ? null : unify(first, value);
      if (!pair && !isError(first.type) && !isError(value.type)) {
        site.context.error('DS1003', value.span, `\`${name}\` compares ${typeToString(first.type)} with ${typeToString(value.type)}`);
        return null;
      }
      values = pair ? [...values.map((each) => tryConvert(each, pair[0].type) ?? each), pair[1]] : [...values, value];
    }
    const type = values[0]!.type;
    if (isOrdered(type, site.context.types)) return { arguments: values, type };
    return mismatch(values[0]!, 'values that have an order', site);
  });
}
define('weight', 'nodes', 'The sum of the weights (or stakes) of a set of nodes.', (nodes, site) => {
  const set = infer(nodes[0]!, NODES, site);
  if (set.type.kind === 'Node') return { arguments: [{ kind: 'set', items: [set], type: NODES, span: set.span }], type: REAL };
  return { arguments: [convert(set, NODES, site.context)], type: REAL };
});

// ---- quorum systems -------------------------------------------------------------------------------------------------

/** The parts of a quorum system: a set of nodes, or a list of quorum systems. */
function parts(node: ExpressionNode, site: UseSite): Expression | null {
  // `[a, b * c]`: quorum systems; the nodes among them are the smallest ones.
  if (node.$type === 'ListLiteral') return take(node, listOf(QUORUM), site);
  const expression = infer(node, NODES, site);
  const { type } = expression;
  if (type.kind === 'List' && type.of.kind === 'Node') {
    return { kind: 'method', receiver: expression, method: 'to_set', arguments: [], type: NODES, span: expression.span };
  }
  if (isNodeSet(type) || (type.kind === 'List' && type.of.kind === 'Quorum')) return expression;
  return tryConvert(expression, NODES) ?? mismatch(expression, 'a set of nodes or a list of quorum systems', site);
}

define('majority', 'nodes', 'More than half of the nodes.', (nodes, site) => {
  const of = parts(nodes[0]!, site);
  return of && { arguments: [of], type: QUORUM };
});
define('atleast', 'count, nodes', 'At least `count` of the nodes, or of the quorum systems in a list.', (nodes, site) => {
  const count = take(nodes[0]!, INT, site);
  const of = parts(nodes[1]!, site);
  return of && { arguments: [count, of], type: QUORUM };
});
define('weighted', 'nodes, threshold', 'Nodes whose weights sum to at least the threshold.', (nodes, site) => {
  const of = parts(nodes[0]!, site);
  const threshold = take(nodes[1]!, REAL, site);
  return of && { arguments: [of, threshold], type: QUORUM };
});
define('grid', 'nodes, rows, columns', 'A full row and one node of every row: nodes laid out in a grid, row by row.', (nodes, site) => {
  const of = parts(nodes[0]!, site);
  const rows = take(nodes[1]!, INT, site);
  const columns = take(nodes[2]!, INT, site);
  return of && { arguments: [of, rows, columns], type: QUORUM };
});
// ---- questions that the analysis answers ----------------------------------------------------------------------------

for (const name of questionNames) {
  const { parameters, result, documentation, page }: QuestionSignature = questions[name];
  const form = parameters.map((parameter) => (parameter.optional ? `${parameter.name}?` : parameter.name)).join(', ');
  define(
    name,
    form,
    page === undefined ? documentation : `${documentation}\n\nTheory and an example: \`dsys explain ${page}\`.`,
    (nodes, site) => ({ arguments: nodes.map((node, index) => take(node, parameters[index]!.type, site)), type: result }),
    requiring,
    'in `requires`',
  );
}

// ---- distributions --------------------------------------------------------------------------------------------------

/** The type that a distribution draws: that of its first parameters, numbers counting as Real unless Int is wanted. */
function drawn(nodes: readonly ExpressionNode[], site: UseSite): { values: Expression[]; of: Type } | null {
  const wanted = site.expected?.kind === 'Distribution' ? site.expected.of : null;
  if (wanted) return { values: nodes.map((node) => take(node, wanted, site)), of: wanted };
  const first = infer(nodes[0]!, null, site);
  if (isError(first.type)) return null;
  if (!isQuantity(first.type)) return mismatch(first, 'a number or a quantity', site);
  const of = first.type.kind === 'Int' ? REAL : first.type;
  return { values: [tryConvert(first, of) ?? first, ...nodes.slice(1).map((node) => take(node, of, site))], of };
}

for (const [name, parameters, own, documentation] of [
  ['uniform', 'min, max', 2, 'Every value between the two is as likely.'],
  ['normal', 'mean, sd', 2, 'The bell curve; what falls below zero is cut at zero.'],
  ['lognormal', 'median, sigma', 1, 'A product of many small factors: latencies over a wide area.'],
  ['exponential', 'mean', 1, 'Times between independent events.'],
  ['pareto', 'scale, shape', 1, 'A heavy tail: rare values that are very large.'],
] as const) {
  define(name, parameters, documentation, (nodes, site) => {
    const draws = drawn(nodes.slice(0, own), site);
    const rest = nodes.slice(own).map((node) => take(node, REAL, site));
    return draws && { arguments: [...draws.values, ...rest], type: distributionOf(draws.of) };
  });
}
define('empirical', 'values', 'One of the values listed, each as likely.', (nodes, site) => {
  const wanted = site.expected?.kind === 'Distribution' ? listOf(site.expected.of) : null;
  const values = wanted ? take(nodes[0]!, wanted, site) : infer(nodes[0]!, null, site);
  if (values.type.kind !== 'List' || !isQuantity(values.type.of)) return mismatch(values, 'a list of numbers or quantities', site);
  return { arguments: [values], type: distributionOf(values.type.of) };
});

// ---- use ------------------------------------------------------------------------------------------------------------

function intrinsicSymbol(intrinsic: Intrinsic): NamedSymbol {
  const { name, parameters } = intrinsic;
  const form = `${name}(${parameters.join(', ')})`;
  return {
    name,
    declaration: givenDeclaration(name, form, intrinsic.documentation),
    callable: true,
    given: true,
    use(site) {
      const { node, scope, context } = site;
      const span = spanOf(node);
      if (!node.arguments) {
        context.error('DS1013', span, `function \`${name}\` is not called`, { help: `write \`${form}\`` });
        return errorExpression(span);
      }
      const nodes = orderArguments(node.arguments.items, intrinsic, form, site);
      if (!nodes) {
        // Names within the arguments are checked all the same.
        for (const item of node.arguments.items)
          if (item.value && item.value.$type !== 'Lambda') inferExpression(item.value, null, scope, context);
        return errorExpression(span);
      }
      if (intrinsic.settings && !intrinsic.settings.has(scope.setting)) {
        context.error('DS1014', site.span, `\`${name}\` can be used only ${intrinsic.words}`, { why: intrinsic.documentation });
        return errorExpression(span);
      }
      if (intrinsic.settings === acting) noteEffect(scope, `calls \`${name}\``, span);
      const checked = intrinsic.check(nodes, site, span);
      if (!checked) return errorExpression(span);
      return { kind: 'intrinsic', name, arguments: checked.arguments, type: checked.type, span };
    },
  };
}

function orderArguments(items: readonly Argument[], intrinsic: Intrinsic, form: string, site: UseSite): ExpressionNode[] | null {
  const { parameters, name } = intrinsic;
  const many = parameters.at(-1)?.endsWith('…') ?? false;
  const required = parameters.filter((parameter) => !parameter.endsWith('?')).length;
  if (items.length < required || (!many && items.length > parameters.length)) {
    const wanted = required === 1 ? 'one argument' : `${required} arguments`;
    site.context.error(
      'DS1007',
      spanOf(site.node),
      `\`${name}\` takes ${many ? 'at least ' : ''}${wanted}, but ${items.length === 0 ? 'none is' : `${items.length} are`} given`,
      {
        help: `write \`${form}\``,
      },
    );
    return null;
  }
  const ordered: (ExpressionNode | undefined)[] = [];
  for (const [at, item] of items.entries()) {
    const index = item.name === undefined ? at : parameters.findIndex((parameter) => parameter.replace(/[?…]/, '') === item.name);
    if (index < 0 || ordered[index]) {
      site.context.error(
        'DS1008',
        nameSpanOf(item),
        index < 0 ? `\`${name}\` has no \`${item.name}\`` : `\`${item.name}\` is given twice`,
        { help: `write \`${form}\`` },
      );
      return null;
    }
    ordered[index] = item.value;
  }
  return ordered.every((value) => value) ? (ordered as ExpressionNode[]) : null;
}

export const intrinsicSymbols: readonly NamedSymbol[] = intrinsics.map(intrinsicSymbol);
