import type { Span } from '../base/source.ts';
import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { addTo, arrayOf } from './emit-collections.ts';
import { emit, emitOperand, store } from './emit-expression.ts';
import { elementType, emitLoop, type LoopOptions } from './emit-loops.ts';
import { arithmetic, comparison, standIn } from './emit-operators.ts';
import { mapText, setText } from './emit-values.ts';
import { hasDirectKeys } from './layout.ts';
import { isMarkable, marked } from './ownership.ts';

type Lambda = Extract<Expression, { kind: 'lambda' }>;

export function isLambdaMethod(_method: string, parameters: readonly Expression[]): boolean {
  return parameters.some((parameter) => parameter.kind === 'lambda');
}

/**
 * A method that takes a function, as a loop with the function's body in it. The loop goes into a function of its own
 * (Context.lift), so that no closure is made.
 */
export function emitLambdaMethod(
  receiver: Expression,
  method: string,
  parameters: readonly Expression[],
  type: Type,
  span: Span,
  c: Context,
): string {
  const lambda = parameters.find((parameter): parameter is Lambda => parameter.kind === 'lambda') as Lambda;
  if (method === 'merge') return c.lift((inner) => mergeMaps(receiver, parameters[0] as Expression, lambda, span, inner));
  return c.lift((inner) => {
    const writes = { state: inner.module.effects.writesOfExpression(lambda.body, inner.scope), locals: new Set<string>() };
    const loop = new LambdaLoop(receiver, lambda, { span, writes }, inner);
    switch (method) {
      case 'any':
        return `${loop.emit((value) => `if(${value()})return true;`)}return false;`;
      case 'all':
        return `${loop.emit((value) => `if(!${value()})return false;`)}return true;`;
      case 'count':
        return `let r=0;${loop.emit((value) => `if(${value()})r++;`)}return r;`;
      case 'sum': {
        const add = (value: string) => arithmetic('+', type, 'r', value, type, lambda.body.type, span, inner);
        return `let r=0;${loop.emit((value) => `r=${add(value())};`)}return r;`;
      }
      case 'map':
        return collect(type, inner, (add) => loop.emit((value) => add(value(elementType(type)))));
      case 'flat_map': {
        const of = elementType(type);
        const each = () => `paid(${arrayOf(lambda.body, inner)},${inner.host},${inner.module.span(span)})`;
        return collect(type, inner, (add) => loop.emit(() => `for(const y of ${each()})${add(sharedElement('y', of, inner))}`));
      }
      case 'find':
        return `${loop.emit((value, element) => `if(${value()})return ${element};`)}return null;`;
      case 'filter':
        if (receiver.type.kind === 'Map') return filterMap(loop, receiver.type, inner);
        return collect(type, inner, (add) =>
          loop.emit((value, element) => `if(${value()})${add(sharedElement(element, elementType(type), inner))}`),
        );
      case 'min_by':
      case 'max_by':
        return best(loop, lambda, method, span, inner);
      case 'sorted_by': {
        const compare = comparison('a', 'b', lambda.body.type, inner);
        const of = elementType(type);
        const items = loop.emit((value, element) => `k.push(${value()});v.push(${sharedElement(element, of, inner)});`);
        return `const k=[],v=[];${items}return new List(sortedBy(v,k,(a,b)=>${compare},${inner.host},${inner.module.span(span)}));`;
      }
      case 'associate':
        return associate(loop, type, inner);
      case 'map_values':
        return mapValues(loop, type, inner);
      case 'fold': {
        const start = parameters.find((parameter) => parameter.kind !== 'lambda') as Expression;
        const init = store(start, inner, type);
        // A name of its own: methods within the lambda that use it take it as parameter, beside their own `r`.
        const total = inner.module.fresh('l');
        return `let ${total}=${init};${loop.emit((result) => `${total}=${result(type)};`, total)}return ${total};`;
      }
      default:
        throw new Error(`no method ${method} takes a function`);
    }
  });
}

type Body = (value: (type?: Type) => string, element: string) => string;

/** The loop over the receiver with the lambda's parameters bound; `value` emits the lambda's body. */
class LambdaLoop {
  constructor(
    readonly receiver: Expression,
    readonly lambda: Lambda,
    private readonly options: LoopOptions,
    private readonly c: Context,
  ) {}

  /** `accumulator` is the JavaScript name of the first of two parameters (`fold`). */
  emit(body: Body, accumulator: string | null = null): string {
    const { c, lambda } = this;
    const names = lambda.parameters;
    return c.block(() => {
      if (accumulator !== null) {
        c.declare(names[0] as string, { js: accumulator });
        return this.over(names[1] as string, body);
      }
      if (this.receiver.type.kind === 'Map') return this.overMap(body);
      return this.over(names[0] as string, body);
    });
  }

  private over(name: string, body: Body): string {
    const value = (type?: Type) => store(this.lambda.body, this.c, type ?? this.lambda.body.type);
    return emitLoop(this.receiver, name, this.c, this.options, (element) => body(value, element));
  }

  /** One parameter is the value, two are key and value. */
  private overMap(body: Body): string {
    const { c, lambda } = this;
    const type = this.receiver.type as Extract<Type, { kind: 'Map' }>;
    const map = c.module.fresh('d');
    const item = c.module.fresh('l');
    const text = emit(this.receiver, c);
    const key = lambda.parameters.length > 1 ? (lambda.parameters[0] as string) : null;
    const held: Expression = { kind: 'local', name: map, type, span: this.receiver.span };
    c.declare(map, { js: map });
    const get = (element: string) => (hasDirectKeys(type) ? `${map}.get(${element})` : `${map}.get(${standIn(element, type.key, c)})`);
    const loop = emitLoop(held, key, c, this.options, (element) => {
      c.declare(lambda.parameters[lambda.parameters.length - 1] as string, { js: item });
      const value = (wanted?: Type) => store(lambda.body, c, wanted ?? lambda.body.type);
      return `const ${item}=${get(element)};${body(value, element)}`;
    });
    return `const ${map}=${text};${loop}`;
  }

  /** Within `emit` over a map: the value of the entry at hand. */
  valueName(): string {
    return this.c.lookup(this.lambda.parameters[this.lambda.parameters.length - 1] as string).js;
  }
}

function sharedElement(element: string, type: Type, c: Context): string {
  return isMarkable(type, c.module) ? marked(element, type, c) : element;
}

/** Builds a list or set of what `fill` adds. */
function collect(type: Type, c: Context, fill: (add: (value: string) => string) => string): string {
  if (type.kind === 'Set') {
    const body = fill((value) => addTo('r', value, type.of, c));
    return `let r=${setText([], type.of, c.module)};${body}return r;`;
  }
  return `const r=[];${fill((value) => `r.push(${value});`)}return new List(r);`;
}

function putText(type: Extract<Type, { kind: 'Map' }>, key: string, value: string, c: Context): string {
  return hasDirectKeys(type) ? `r.put(${key},${value});` : `r.put(${standIn(key, type.key, c)},${key},${value});`;
}

function filterMap(loop: LambdaLoop, type: Extract<Type, { kind: 'Map' }>, c: Context): string {
  const body = loop.emit((value, key) => `if(${value()}){${putText(type, key, sharedElement(loop.valueName(), type.value, c), c)}}`);
  return `const r=${mapText([], type, c.module)};${body}return r;`;
}

function mapValues(loop: LambdaLoop, type: Type, c: Context): string {
  if (type.kind !== 'Map') throw new Error('map_values gives a Map');
  const body = loop.emit((value, key) => putText(type, key, value(type.value), c));
  return `const r=${mapText([], type, c.module)};${body}return r;`;
}

/** The entries of both maps; where both have a key, what the lambda makes of their values. */
function mergeMaps(receiver: Expression, other: Expression, lambda: Lambda, span: Span, c: Context): string {
  const type = receiver.type;
  if (type.kind !== 'Map') throw new Error('merge needs a Map');
  const [mine, theirs, key, a, b] = ['d', 'd', 'l', 'l', 'l'].map((prefix) => c.module.fresh(prefix)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const get = (map: string) => `${map}.get(${hasDirectKeys(type) ? key : standIn(key, type.key, c)})`;
  const over = (map: string, body: string) => `for(const ${key} of paid(${map}.keys(),${c.host},${c.module.span(span)})){${body}}`;
  const put = (value: string) => putText(type, key, value, c);
  const alone = (value: string) => put(sharedElement(value, type.value, c));
  const head = `const ${mine}=${emitOperand(receiver, [other, lambda.body], c)},${theirs}=${emitOperand(other, [lambda.body], c, type)},r=${mapText([], type, c.module)};`;
  return c.block(() => {
    lambda.parameters.forEach((name, i) => {
      c.declare(name, { js: i === 0 ? a : b });
    });
    const both = put(store(lambda.body, c, type.value));
    const first = over(mine, `const ${a}=${get(mine)},${b}=${get(theirs)};if(${b}===undefined){${alone(a)}}else{${both}}`);
    return `${head}${first}${over(theirs, `if(${get(mine)}===undefined){${alone(get(theirs))}}`)}return r;`;
  });
}

function associate(loop: LambdaLoop, type: Type, c: Context): string {
  if (type.kind !== 'Map') throw new Error('associate gives a Map');
  const body = loop.emit((value, element) => putText(type, sharedElement(element, type.key, c), value(type.value), c));
  return `const r=${mapText([], type, c.module)};${body}return r;`;
}

/** The first of the elements with the least (greatest) value. */
function best(loop: LambdaLoop, lambda: Lambda, method: 'min_by' | 'max_by', span: Span, c: Context): string {
  const order = comparison('k', 'least', lambda.body.type, c);
  const better = method === 'min_by' ? `${order}<0` : `${order}>0`;
  const body = loop.emit((value, element) => `{const k=${value()};if(!any||${better}){any=true;least=k;r=${element};}}`);
  return `let any=false,least=null,r=null;${body}if(!any)emptyFailure('${method}',${c.module.span(span)});return r;`;
}
