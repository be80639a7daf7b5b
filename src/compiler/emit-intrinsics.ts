import type { Span } from '../base/source.ts';
import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { arrayOf, membersArray, setFromArray } from './emit-collections.ts';
import { emit, store } from './emit-expression.ts';
import { elementType } from './emit-loops.ts';
import { comparison, markedElements } from './emit-operators.ts';
import { isPlain } from './layout.ts';

type Intrinsic = Extract<Expression, { kind: 'intrinsic' }>;

/** Functions that the language gives; what the analysis answers (`questions.ts`) is not run. */
export function emitIntrinsic(e: Intrinsic, c: Context): string {
  const { module } = c;
  const span = module.span(e.span);
  const values = () => e.arguments.map((argument) => emit(argument, c));
  const [first, second, third] = e.arguments as readonly [Expression, Expression?, Expression?];
  switch (e.name) {
    case 'random':
      return emitRandom(first, e.type, c, span);
    case 'choose':
      needsHandler(e, c);
      if (second !== undefined) return setFromArray(chosenArray(first, second, e.span, c), elementType(first.type), c);
      if (isPeers(first)) return `choosePeer(${membersArray(c)},this.place,this.h,this.node,${span})`;
      return `choose(${arrayOf(first, c)},this.h,this.node,${span})`;
    case 'shuffle': {
      needsHandler(e, c);
      return markedElements(`new List(shuffle(${arrayOf(first, c)},this.h,this.node,${span}))`, e.type, c);
    }
    case 'text':
      return first.type.kind === 'String' ? emit(first, c) : `text(${module.operations(first.type)}.format(${emit(first, c)}),${span})`;
    case 'hash':
      return `hashText(${module.operations(first.type)}.canonical(${emit(first, c)}))`;
    case 'sign':
      needsHandler(e, c);
      return `new Signed(${store(first, c)},this.node)`;
    case 'log':
      return `logarithm(${values()},${span})`;
    case 'log10':
      return `logarithm10(${values()},${span})`;
    case 'normal_tail':
      return `normalTailOf(${values()},${span})`;
    case 'xor':
      return `xorInt(${values()},${span})`;
    case 'bit_and':
      return `andInt(${values()},${span})`;
    case 'bit_or':
      return `orInt(${values()},${span})`;
    case 'bit_length':
      return `lengthInBits(${values()},${span})`;
    case 'log2':
      return `logarithm2(${values()},${span})`;
    case 'sqrt':
      return `squareRoot(${values()},${span})`;
    case 'exp':
      return `exponential(${values()},${span})`;
    case 'ceil':
    case 'floor':
    case 'round':
      return e.type.kind === 'Int' ? `toInt(Math.${e.name}(${values()}),${span})` : `Math.${e.name}(${values()})`;
    case 'abs':
      return `Math.abs(${values()})`;
    case 'min':
    case 'max':
      return emitExtreme(e, c);
    case 'weight':
      return emitWeight(first, c);
    case 'majority':
      return `majorityOf(${nodesArray(first, c)})`;
    case 'atleast':
      if (second !== undefined && second.type.kind === 'List' && second.type.of.kind === 'Quorum')
        return `atleastOf(${emit(first, c)},${emit(second, c)}.items)`;
      return `atleastNodes(${emit(first, c)},${nodesArray(second as Expression, c)})`;
    case 'weighted':
      return `weightedOf(${nodesArray(first, c)},${emit(second as Expression, c)},${module.constant(weights(c))})`;
    case 'grid':
      return `gridOf(${nodesArray(first, c)},${emit(second as Expression, c)},${emit(third as Expression, c)})`;
    case 'uniform':
      return `({kind:'uniform',min:${values()[0]},max:${values()[1]}})`;
    case 'normal':
      return `({kind:'normal',mean:${values()[0]},sd:${values()[1]}})`;
    case 'lognormal':
      return `({kind:'lognormal',median:${values()[0]},sigma:${values()[1]}})`;
    case 'exponential':
      return `({kind:'exponential',mean:${values()[0]}})`;
    case 'pareto':
      return `({kind:'pareto',scale:${values()[0]},shape:${values()[1]}})`;
    case 'empirical':
      return `({kind:'empirical',values:${arrayOf(first, c)}.slice()})`;
    default:
      throw new Error(`\`${e.name}\` is known to requirements only`);
  }
}

function isPeers(e: Expression): boolean {
  return e.kind === 'given' && e.name === 'peers';
}

/** The elements of `choose(collection, count)` as an array, in the order in which they were drawn. */
export function chosenArray(collection: Expression, count: Expression, place: Span, c: Context): string {
  const span = c.module.span(place);
  if (isPeers(collection)) return `choosePeers(${membersArray(c)},this.place,${emit(count, c)},this.h,this.node,${span})`;
  return `chooseSome(${arrayOf(collection, c)},${emit(count, c)},this.h,this.node,${span})`;
}

function needsHandler(e: Intrinsic, c: Context): void {
  if (c.mode !== 'node') throw new Error(`\`${e.name}\` needs a node`);
}

function emitRandom(range: Expression, type: Type, c: Context, span: string): string {
  if (c.mode !== 'node') throw new Error('`random` needs a node');
  if (range.type.kind === 'Distribution') return `this.h.draw(this.node,${emit(range, c)})`;
  const draw = type.kind === 'Int' ? 'randomInt' : type.kind === 'Duration' ? 'randomDuration' : 'randomReal';
  const bounds =
    range.kind === 'binary' && range.operator === '..' ? `${emit(range.left, c)},${emit(range.right, c)}` : `...bounds(${emit(range, c)})`;
  return `${draw}(this.h,this.node,${span},${bounds})`;
}

/** `min(a, b, …)` of values, or `min(c)` of a collection. */
function emitExtreme(e: Intrinsic, c: Context): string {
  const [first] = e.arguments;
  if (first !== undefined && e.arguments.length === 1 && ['List', 'Set', 'Range'].includes(first.type.kind)) {
    const element = elementType(first.type);
    const items = `paid(${arrayOf(first, c)},${c.host},${c.module.span(e.span)})`;
    if (isPlain(element)) return `${e.name}Plain(${items},${c.module.span(e.span)})`;
    return `${e.name}By(${items},(a,b)=>${comparison('a', 'b', element, c)},${c.module.span(e.span)})`;
  }
  if (isPlain(e.type) && e.type.kind !== 'String') {
    // `a < b ? a : b` on temporaries: Math.min is slower and does not know strings or records.
    return e.arguments
      .map((argument) => emit(argument, c))
      .reduce((left, right) => {
        const a = c.temp();
        const b = c.temp();
        return `(${a}=${left},${b}=${right},${a}${e.name === 'min' ? '<=' : '>='}${b}?${a}:${b})`;
      });
  }
  const values = e.arguments.map((argument) => emit(argument, c)).join(',');
  return `${e.name}By([${values}],(a,b)=>${comparison('a', 'b', e.type, c)},${c.module.span(e.span)})`;
}

const weightsOf = new WeakMap<object, readonly number[]>();

function weights(c: Context): readonly number[] {
  let known = weightsOf.get(c.module.system);
  if (known === undefined) {
    known = c.module.system.nodes.map((node) => node.weight);
    weightsOf.set(c.module.system, known);
  }
  return known;
}

function emitWeight(nodes: Expression, c: Context): string {
  const table = c.module.constant(weights(c));
  if (nodes.type.kind === 'Node') return `${table}[${emit(nodes, c)}]`;
  return `weightOf(${arrayOf(nodes, c)},${table})`;
}

function nodesArray(e: Expression, c: Context): string {
  if (e.type.kind === 'List' && e.type.of.kind === 'Quorum') return `${emit(e, c)}.items`;
  return e.type.kind === 'Node' ? `[${emit(e, c)}]` : arrayOf(e, c);
}
