import type { Span } from '../base/source.ts';
import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { arrayOf, emitMembership, knownNodes, setFromArray, sizeText } from './emit-collections.ts';
import { emit, emitOperand } from './emit-expression.ts';
import { emitLambdaMethod, isLambdaMethod } from './emit-lambda-methods.ts';
import { elementType } from './emit-loops.ts';
import { arithmetic, comparison, markedElements, standIn } from './emit-operators.ts';
import { emitQuorumMethod } from './emit-quorums.ts';
import { hasDirectKeys, isPlain } from './layout.ts';

/** A method of a collection, optional, signed value or quorum. */
export function emitMethod(
  receiver: Expression,
  method: string,
  parameters: readonly Expression[],
  type: Type,
  span: Span,
  c: Context,
): string {
  const of = receiver.type;
  if (isLambdaMethod(method, parameters)) return emitLambdaMethod(receiver, method, parameters, type, span, c);
  switch (of.kind) {
    case 'Quorum':
      return emitQuorumMethod(receiver, method, parameters, c);
    case 'Optional':
      if (method === 'is_none') return `(${emit(receiver, c)}===null)`;
      if (method === 'or' && parameters[0] !== undefined) return `(${emit(receiver, c)}??${emit(parameters[0], c, of.of)})`;
      break;
    case 'Signed':
      if (method === 'value' || method === 'signer') return `${emit(receiver, c)}.${method}`;
      break;
    case 'Range':
      if (method === 'min' || method === 'max') return `${emit(receiver, c)}.${method}`;
      break;
    case 'String':
      if (method === 'size') return `${emit(receiver, c)}.length`;
      if (method === 'is_empty') return `(${emit(receiver, c)}==='')`;
      break;
    case 'Map':
      return emitMapMethod(receiver, of, method, parameters, span, c);
    default:
      break;
  }
  return emitCollectionMethod(receiver, method, parameters, type, span, c);
}

function emitMapMethod(
  receiver: Expression,
  of: Extract<Type, { kind: 'Map' }>,
  method: string,
  parameters: readonly Expression[],
  span: Span,
  c: Context,
): string {
  const [first, second] = parameters;
  const map = emitOperand(receiver, parameters, c);
  const where = c.module.span(span);
  switch (method) {
    case 'size':
      return `${map}.size`;
    case 'is_empty':
      return `(${map}.size===0)`;
    case 'contains':
      return emitMembership(first as Expression, receiver, span, c);
    case 'get': {
      const key = emit(first as Expression, c, of.key);
      const get = `${map}.get(${hasDirectKeys(of) ? key : standIn(key, of.key, c)})`;
      if (second === undefined) return `(${get}??null)`;
      const found = c.temp();
      return `((${found}=${get})!==undefined?${found}:${emit(second, c, of.value)})`;
    }
    case 'keys':
      return setFromArray(`paidKeys(${map},${c.host},${where})`, of.key, c);
    case 'values':
      return markedElements(`new List(paidValues(${map},${c.host},${where}))`, { kind: 'List', of: of.value }, c);
    default:
      throw new Error(`a Map has no method ${method}`);
  }
}

function emitCollectionMethod(
  receiver: Expression,
  method: string,
  parameters: readonly Expression[],
  type: Type,
  span: Span,
  c: Context,
): string {
  const of = receiver.type;
  const element = elementType(of);
  const { module } = c;
  const where = module.span(span);
  const [first, second] = parameters;
  const operand = () => emitOperand(receiver, parameters, c);
  const paid = () => `paid(${arrayOf(receiver, c, parameters)},${c.host},${where})`;
  switch (method) {
    case 'size':
      return knownNodes(receiver, c) !== null ? `${knownNodes(receiver, c)}.length` : sizeText(operand(), of, c);
    case 'is_empty':
      return module.layout(of) === 'mask' ? `(${operand()}===0)` : `(${sizeText(operand(), of, c)}===0)`;
    case 'contains':
      return emitMembership(first as Expression, receiver, span, c);
    case 'first':
      return `firstOf(${arrayOf(receiver, c)},'first',${where})`;
    case 'last':
      return `lastOf(${arrayOf(receiver, c)},'last',${where})`;
    case 'take':
    case 'drop': {
      const list = of.kind === 'List' ? operand() : `new List(${arrayOf(receiver, c, parameters)})`;
      return result(`${method}(${list},${emit(first as Expression, c)},${c.host},${where})`, element, type, c);
    }
    case 'get': {
      const list = c.temp();
      const index = c.temp();
      const fallback = second === undefined ? 'null' : emit(second, c, element);
      return `(${list}=${arrayOf(receiver, c, parameters)},(${index}=${emit(first as Expression, c)})>=0&&${index}<${list}.length?${list}[${index}]:${fallback})`;
    }
    case 'index_of': {
      const found = `indexIn(${operand()},${emit(first as Expression, c, element)},${module.operations(element)},${c.host},${where})`;
      return type.kind === 'Optional' ? `orNone(${found})` : found;
    }
    case 'reversed':
      return markedElements(
        `reversed(${of.kind === 'List' ? operand() : `new List(${arrayOf(receiver, c)})`},${c.host},${where})`,
        type,
        c,
      );
    case 'to_list':
      return markedElements(`new List(${paid()}.slice())`, { kind: 'List', of: element }, c);
    case 'to_set':
      return setFromArray(paid(), element, c);
    case 'sorted':
      return markedElements(`new List(sorted(${arrayOf(receiver, c)},${module.operations(element)},${c.host},${where}))`, type, c);
    case 'min':
    case 'max':
      if (isPlain(element)) return `${method}Plain(${paid()},${where})`;
      return `${method}By(${paid()},(a,b)=>${comparison('a', 'b', element, c)},${where})`;
    case 'sum': {
      const total = module.fresh('r');
      return c.lift((inner) => {
        const items = `paid(${arrayOf(receiver, inner)},${inner.host},${where})`;
        const add = arithmetic('+', type, total, 'x', type, element, span, inner);
        return `let ${total}=0;for(const x of ${items})${total}=${add};return ${total};`;
      });
    }
    default:
      throw new Error(`a ${of.kind} has no method ${method}`);
  }
}

/** A list of elements as the kind of collection that the method gives. */
function result(list: string, element: Type, type: Type, c: Context): string {
  return type.kind === 'Set' ? setFromArray(`${list}.items`, element, c) : markedElements(list, { kind: 'List', of: element }, c);
}
