import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import { usedName } from '../model/uses.ts';
import type { QuorumSystem } from '../model/values.ts';
import type { Context, Local } from './context.ts';
import { scopeOf } from './effects.ts';
import { arrayOf, emitIndex, emitLiteralCollection } from './emit-collections.ts';
import { requireFreeFunction } from './emit-functions.ts';
import { emitGiven, emitNodeSet, emitRole } from './emit-given.ts';
import { emitIntrinsic } from './emit-intrinsics.ts';
import { emitQuantifier } from './emit-loops.ts';
import { emitMethod } from './emit-methods.ts';
import { emitBinary } from './emit-operators.ts';
import { valueText } from './emit-values.ts';
import { isOpen } from './layout.ts';
import { isFresh, isMarkable, marked, meets, rootsOf } from './ownership.ts';
import { boundValue, usedPayloadField, usedState } from './used.ts';

/**
 * The JavaScript expression of a checked one. `type` is what the place expects: an empty literal has no type of its own.
 * Every result is an operand: a name, a call, a literal, or in parentheses.
 */
export function emit(e: Expression, c: Context, type: Type = e.type): string {
  const { module } = c;
  switch (e.kind) {
    case 'literal':
      return valueText(e.value, isOpen(e.type) ? type : e.type, module);
    case 'local':
      return c.lookup(e.name).js;
    case 'state':
      if (c.mode !== 'node') throw new Error(`the state variable ${e.name} needs a node here`);
      if (e.name.includes('.')) return emitUsedState('this', e.name, c);
      return `this.s${module.declarations.stateVariable(e.name, c.scope).index}`;
    case 'remote-state':
      if (e.name.includes('.')) return emitUsedState(emitInstance(e.node, c), e.name, c);
      return c.mode === 'node'
        ? emitAccomplice(e, c)
        : `${emitInstance(e.node, c)}.s${module.declarations.stateVariable(e.name, c.scope).index}`;
    case 'parameter':
      return emitParameter(e.name, e.type, c);
    case 'constant':
      return emitConstant(e.name, e.type, c);
    case 'given':
      return emitGiven(e.name, e.type, e.span, c);
    case 'role':
      return emitRole(e.name, e.type, c);
    case 'group':
      return emitGroup(e.name, e.type, c);
    case 'all-nodes':
      return emitNodeSet(
        module.system.nodes.map((node) => node.index),
        e.type,
        c,
      );
    case 'quorum': {
      const used = usedName(e.name);
      if (used) return boundValue(used.use, c, (index) => module.constant(quorumOf(index, used.member, c)));
      const declared = module.deployment.quorums.find(({ name }) => name === e.name);
      return module.constant(declared?.system ?? null);
    }
    case 'unary':
      return e.operator === 'not' ? `!${emit(e.operand, c)}` : `(0-${emit(e.operand, c)})`;
    case 'binary':
      return emitBinary(e, c);
    case 'conditional':
      return `(${emit(e.condition, c)}?${emit(e.then, c, type)}:${emit(e.otherwise, c, type)})`;
    case 'quantifier':
      return emitQuantifier(e, c);
    case 'call':
      return emitCall(e, c);
    case 'intrinsic':
      return emitIntrinsic(e, c);
    case 'method':
      return emitMethod(e.receiver, e.method, e.arguments, isOpen(e.type) ? type : e.type, e.span, c);
    case 'field':
      return emitField(e, c);
    case 'index':
      return emitIndex(e, c);
    case 'record': {
      const fields = module.declarations.recordFields(e.record);
      const values = e.fields.map((field, i) => store(field, c, fields[i]?.type));
      return `new R${module.declarations.record(e.record)}(${values.join(',')})`;
    }
    case 'with':
      return emitWith(e, c);
    case 'enum':
      return String(enumIndex(e.enum, e.member, c));
    case 'list':
    case 'set':
    case 'map':
      return emitLiteralCollection(e, isOpen(e.type) ? type : e.type, c);
    case 'carries':
      return `carries(${emit(e.value, c)},${module.carried(e.of)})`;
    case 'convert':
      return emitConversion(e, type, c);
    case 'lambda':
    case 'zone':
    case 'metric':
    case 'slices':
      throw new Error(`${e.kind} has no value at run time`);
  }
}

/** The same for a value that gets a second owner: a variable, a field, an element, a message. */
export function store(e: Expression, c: Context, type: Type = e.type): string {
  if (!isMarkable(type, c.module) && !isMarkable(e.type, c.module)) return emit(e, c, type);
  if (e.kind === 'conditional') return `(${emit(e.condition, c)}?${store(e.then, c, type)}:${store(e.otherwise, c, type)})`;
  if (isFresh(e)) return emit(e, c, type);
  return marked(emit(e, c, type), e.type.kind === 'Never' ? type : widest(e.type, type), c);
}

/** The optional one of two types that differ in nothing else. */
function widest(a: Type, b: Type): Type {
  return a.kind === 'Optional' ? a : b;
}

/** A value that is only looked at, while `later` is evaluated: marked if that may write its owner. */
export function emitOperand(e: Expression, later: readonly Expression[], c: Context, type: Type = e.type): string {
  if (!isMarkable(e.type, c.module) || isFresh(e)) return emit(e, c, type);
  const state = new Set(later.flatMap((part) => [...c.module.effects.writesOfExpression(part, c.scope)]));
  return state.size > 0 && meets(rootsOf(e, c), { state, locals: new Set() }) ? store(e, c, type) : emit(e, c, type);
}

/** What an adversary reads of a node that lies; a variable of its own only where that node runs the same adversary. */
function emitAccomplice({ node, name, span }: Extract<Expression, { kind: 'remote-state' }>, c: Context): string {
  const { index, adversary } = c.module.declarations.stateVariable(name, c.scope);
  const same = adversary >= 0 ? 'this.constructor' : 'null';
  return `accomplice(this.h,${emit(node, c)},${same},${c.module.constant(nodeNames(c))},${c.module.constant(name)},${c.module.span(span)}).s${index}`;
}

/** The instance whose state a property reads. */
function emitInstance(node: Expression, c: Context): string {
  if (node.kind === 'local') {
    const { instance } = c.lookup(node.name);
    if (instance !== null) return instance;
  }
  return `instanceOf(I,${emit(node, c)},${c.module.constant(nodeNames(c))},${c.module.span(node.span)})`;
}

export function nodeNames(c: Context): readonly string[] {
  let names = nodeNamesOf.get(c.module.system);
  if (names === undefined) {
    names = c.module.system.nodes.map((node) => node.name);
    nodeNamesOf.set(c.module.system, names);
  }
  return names;
}
const nodeNamesOf = new WeakMap<object, readonly string[]>();

/** Of a used protocol's instance on the same node. */
function emitUsedState(instance: string, name: string, c: Context): string {
  const place = usedState(name, c.module);
  if (place === null) throw new Error(`unknown state variable ${name}`);
  const held = c.temp();
  return `(${held}=${instance},${held}.h.used(${held}.node,${place.use}).s${place.variable})`;
}

function quorumOf(deployment: number, name: string, c: Context): QuorumSystem | null {
  return c.module.system.deployments[deployment]?.quorums.find((quorum) => quorum.name === name)?.system ?? null;
}

function emitParameter(name: string, type: Type, c: Context): string {
  const used = usedName(name);
  if (used) {
    return boundValue(used.use, c, (index) => {
      const given = c.module.system.deployments[index]?.arguments.find((each) => each.name === used.member);
      return valueText(given?.value ?? null, type, c.module);
    });
  }
  const argument = c.module.deployment.arguments.find((each) => each.name === name);
  if (argument === undefined) throw new Error(`no argument for the parameter ${name}`);
  const declared = c.module.protocol.parameters.find((each) => each.name === name);
  return valueText(argument.value, declared?.type ?? type, c.module);
}

function emitConstant(name: string, type: Type, c: Context): string {
  const own = c.module.protocol.constants.findIndex((each) => each.name === name);
  if (own >= 0) return `c${own}_`;
  const constant = c.module.system.constants.find((each) => each.name === name);
  if (constant === undefined) throw new Error(`unknown constant ${name}`);
  return valueText(constant.value, type, c.module);
}

function emitGroup(name: string, type: Type, c: Context): string {
  const group = c.module.system.groups.find((each) => each.name === name);
  if (group === undefined) throw new Error(`unknown group ${name}`);
  if (type.kind === 'Node') return String(group.first);
  return emitNodeSet(
    Array.from({ length: group.size }, (_, i) => group.first + i),
    type,
    c,
  );
}

/** A call of a `fun`: arguments are only lent, unless the function changes them or what owns them. */
function emitCall(e: Extract<Expression, { kind: 'call' }>, c: Context): string {
  const { declarations, effects } = c.module;
  const entry = declarations.function(e.function, c.scope);
  const changed = effects.writesOf(entry.code.body, scopeOf(entry)).locals;
  const values = e.arguments.map((argument, i) => {
    const parameter = entry.code.parameters[i];
    const type = parameter?.type ?? argument.type;
    if (!isMarkable(type, c.module) || isFresh(argument)) return emit(argument, c, type);
    const state = new Set(effects.writesOfFunction(entry.index));
    for (const later of e.arguments.slice(i + 1)) for (const variable of effects.writesOfExpression(later, c.scope)) state.add(variable);
    const lent = !changed.has(parameter?.name ?? '') && !meets(rootsOf(argument, c), { state, locals: new Set() });
    return lent ? emit(argument, c, type) : store(argument, c, type);
  });
  if (c.mode === 'node') return `this.f${entry.index}_(${values.join(',')})`;
  requireFreeFunction(entry, c.module);
  return `pf${entry.index}_(${values.join(',')})`;
}

function emitField(e: Extract<Expression, { kind: 'field' }>, c: Context): string {
  const { declarations, protocol } = c.module;
  const type = e.object.type;
  const local: Local | null = e.object.kind === 'local' ? c.lookup(e.object.name) : null;
  if (local?.payload) {
    if ('used' in local.payload) return usedPayloadField(local.js, local.payload.used, e.name, c.module);
    const position = fieldPosition(local.payload.fields, e.name);
    if (position >= 0) return local.payload.kind === 'operation' ? `${local.js}.fields.f${position}` : `${local.js}.f${position}`;
  }
  switch (type.kind) {
    case 'Record':
      return `${emit(e.object, c)}.f${fieldPosition(declarations.recordFields(type.name), e.name)}`;
    case 'Operation':
    case 'Call': {
      if (type.kind === 'Call' && e.name === 'client') return `${emit(e.object, c)}.client`;
      const positions = protocol.operations.map(({ fields }) => fieldPosition(fields, e.name));
      return `callField(${ownCall(e.object, c)},${c.module.constant(positions)},${JSON.stringify(e.name)},${c.module.span(e.span)})`;
    }
    case 'Message':
      return `${emit(e.object, c)}.f${fieldPosition(protocol.messages[declarations.message(type.name)]?.fields ?? [], e.name)}`;
    case 'Event':
      if (type.name.includes('.')) return usedPayloadField(emit(e.object, c), type.name, e.name, c.module);
      return `${emit(e.object, c)}.f${fieldPosition(protocol.events[declarations.event(type.name)]?.fields ?? [], e.name)}`;
    default:
      return emitMethod(e.object, e.name, [], e.type, e.span, c);
  }
}

/** A call that must be one of this protocol's own operations: where others are called, there are calls of theirs too. */
export function ownCall(call: Expression, c: Context): string {
  const { deployment, protocol } = c.module;
  if (protocol.uses.length === 0 || call.type.kind !== 'Call') return emit(call, c);
  return `ownCall(${emit(call, c)},${deployment.index},${c.module.constant(protocol.name)},${c.module.span(call.span)})`;
}

export function fieldPosition(fields: readonly { readonly name: string }[], name: string): number {
  return fields.findIndex((field) => field.name === name);
}

/** A changed copy of a record; the fields that stay get a second owner. */
function emitWith(e: Extract<Expression, { kind: 'with' }>, c: Context): string {
  if (e.type.kind !== 'Record') throw new Error('`with` needs a record');
  const { declarations, effects } = c.module;
  const name = e.type.name;
  const object = c.temp();
  const text = emitOperand(
    e.object,
    e.updates.map((update) => update.value),
    c,
  );
  const values = declarations.recordFields(name).map((field, i) => {
    const update = e.updates.find((each) => each.name === field.name);
    if (update !== undefined) return store(update.value, c, field.type);
    const kept = `${object}.f${i}`;
    return effects.isWrittenInPlace(name) && isMarkable(field.type, c.module) ? marked(kept, field.type, c) : kept;
  });
  return `(${object}=${text},new R${declarations.record(name)}(${values.join(',')}))`;
}

export function enumIndex(name: string, member: string, c: Pick<Context, 'module'>): number {
  const { declarations, protocol } = c.module;
  const index = protocol.enums[declarations.enum(name)]?.members.indexOf(member) ?? -1;
  if (index < 0) throw new Error(`${name} has no member ${member}`);
  return index;
}

function emitConversion(e: Extract<Expression, { kind: 'convert' }>, type: Type, c: Context): string {
  switch (e.conversion) {
    case 'int-to-real':
      return emit(e.value, c);
    case 'to-optional': {
      const optional = e.type.kind === 'Optional' && !isOpen(e.type) ? e.type : type;
      return emit(e.value, c, optional.kind === 'Optional' ? optional.of : e.value.type);
    }
    case 'to-distribution':
      return `constantDistribution(${emit(e.value, c)})`;
    case 'to-data':
      return `new Data(${c.module.carried(e.value.type)},${store(e.value, c)})`;
    case 'from-data':
      return `carriedValue(${emit(e.value, c)},${c.module.carried(e.type)},${c.module.span(e.span)})`;
    case 'range-to-list':
      return `new List(${arrayOf(e.value, c)})`;
    case 'node-to-quorum':
      return `quorumOf(${emit(e.value, c)},${JSON.stringify(c.module.layout(e.value.type))})`;
  }
}
