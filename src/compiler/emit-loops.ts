import type { Span } from '../base/source.ts';
import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { emit, store } from './emit-expression.ts';
import { roleNodes, topConstant } from './emit-given.ts';
import { isFresh, isMarkable, meets, rootsOf } from './ownership.ts';

/** One step of a loop, paid. */
export function paidStep(span: Span, c: Context): string {
  return `if(--${c.host}.fuel<0)limit(${c.module.span(span)});`;
}

/** What a collection holds when a loop goes over it. */
export function elementType(type: Type): Type {
  switch (type.kind) {
    case 'List':
    case 'Set':
    case 'Range':
      return type.of;
    case 'Map':
      return type.key;
    default:
      throw new Error(`no loop over a ${type.kind}`);
  }
}

export interface LoopOptions {
  readonly span: Span;
  /** What the body may write: a domain whose owner is among it is marked, so that the loop sees it as it was. */
  readonly writes?: { readonly state: ReadonlySet<number>; readonly locals: ReadonlySet<string> };
}

/**
 * A loop over a collection in the language's order. `body` gets the JavaScript name of the element and gives statements;
 * `name` is declared for it (null when nothing in the body is bound to it).
 */
export function emitLoop(
  domain: Expression,
  name: string | null,
  c: Context,
  options: LoopOptions,
  body: (element: string) => string,
): string {
  return c.block(() => {
    const step = paidStep(options.span, c);
    const property = c.mode === 'property' ? propertyDomain(domain, c) : null;
    if (property !== null) return nodeArrayLoop(property, name, c, step, body);
    const element = c.module.fresh('l');
    const type = domain.type;
    if (type.kind === 'Range') return rangeLoop(domain, element, name, c, step, body);
    const protectedDomain =
      options.writes !== undefined && isMarkable(type, c.module) && !isFresh(domain) && meets(rootsOf(domain, c), options.writes);
    const text = protectedDomain ? store(domain, c) : emit(domain, c);
    if (name !== null) c.declare(name, { js: element });
    const inner = `${step}${body(element)}`;
    const i = c.module.fresh('i');
    switch (c.module.layout(type)) {
      case 'mask':
        return `for(let ${i}=${text};${i}!==0;${i}&=${i}-1){let ${element}=31-Math.clz32(${i}&-${i});${inner}}`;
      case 'nodes': {
        const set = c.module.fresh('d');
        return `{const ${set}=${text};for(let ${i}=${set}.next(-1);${i}>=0;${i}=${set}.next(${i})){let ${element}=${i};${inner}}}`;
      }
      case 'list':
        return arrayLoop(`${text}.items`, element, inner, c);
      case 'set':
      case 'keyed-set':
        return arrayLoop(`${text}.items()`, element, inner, c);
      case 'map':
      case 'int-map':
      case 'keyed-map':
        return arrayLoop(`${text}.keys()`, element, inner, c);
      default:
        throw new Error(`no loop over a ${type.kind}`);
    }
  });
}

function arrayLoop(items: string, element: string, inner: string, c: Context): string {
  const array = c.module.fresh('d');
  const i = c.module.fresh('i');
  // The length is read once: an append to the list meanwhile is none of the loop's business.
  return `{const ${array}=${items};for(let ${i}=0,n=${array}.length;${i}<n;${i}++){let ${element}=${array}[${i}];${inner}}}`;
}

function rangeLoop(
  domain: Expression,
  element: string,
  name: string | null,
  c: Context,
  step: string,
  body: (element: string) => string,
): string {
  const i = c.module.fresh('i');
  const end = c.module.fresh('e');
  let setup: string;
  if (domain.kind === 'binary' && domain.operator === '..') {
    setup = `let ${i}=${emit(domain.left, c)},${end}=${emit(domain.right, c)}`;
  } else {
    const range = c.module.fresh('d');
    setup = `let ${range}=${emit(domain, c)},${i}=${range}.min,${end}=${range}.max`;
  }
  if (name !== null) c.declare(name, { js: element });
  return `for(${setup};${i}<=${end};${i}++){let ${element}=${i};${step}${body(element)}}`;
}

/** The array that a property's node quantifier goes over: those of `members`, `correct` or a role that take part. */
export function propertyDomain(domain: Expression, c: Context): { readonly array: string; readonly within: string | null } | null {
  if (domain.kind === 'given' && domain.name === 'members') return { array: 'MEMBERS', within: null };
  if (domain.kind === 'given' && domain.name === 'correct') return { array: 'CORRECT', within: null };
  if (domain.kind === 'role') {
    const nodes = roleNodes(domain.name, c);
    const every = nodes.length === c.module.deployment.members.length;
    return { array: 'MEMBERS', within: every ? null : topConstant(`NodeSet.of([${nodes.join(',')}])`, c) };
  }
  return null;
}

function nodeArrayLoop(
  domain: { readonly array: string; readonly within: string | null },
  name: string | null,
  c: Context,
  step: string,
  body: (element: string) => string,
): string {
  const element = c.module.fresh('l');
  const instance = c.module.fresh('n');
  const i = c.module.fresh('i');
  if (name !== null) c.declare(name, { js: element, instance });
  const skip = domain.within === null ? '' : `if(!${domain.within}.has(${element}))continue;`;
  return `for(let ${i}=0;${i}<${domain.array}.length;${i}++){const ${element}=${domain.array}[${i}];${skip}const ${instance}=I[${element}];${step}${body(element)}}`;
}

/** `forall` and `exists` inside an expression; nested ones of the same kind become nested loops. */
export function emitQuantifier(e: Extract<Expression, { kind: 'quantifier' }>, c: Context): string {
  const every = e.quantifier === 'forall';
  return c.lift((inner) => `${quantifierLoops(e, e.quantifier, inner)}return ${every};`);
}

function quantifierLoops(e: Expression, quantifier: 'forall' | 'exists', c: Context): string {
  if (e.kind === 'quantifier' && e.quantifier === quantifier)
    return emitLoop(e.domain, e.variable, c, { span: e.span }, () => quantifierLoops(e.body, quantifier, c));
  return quantifier === 'forall' ? `if(!${emit(e, c)})return false;` : `if(${emit(e, c)})return true;`;
}
