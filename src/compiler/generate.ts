import type { AdversaryCode, Expression, Property, ProtocolCode } from '../model/code.ts';
import type { Deployment, System } from '../model/system.ts';
import type { FieldType } from '../model/types.ts';
import { Context, Module } from './context.ts';
import { CoveragePoints, type ProgramCoverage } from './coverage.ts';
import { Declarations, PROTOCOL_SCOPE, unqualified } from './declarations.ts';
import { Effects } from './effects.ts';
import { emitNodeClass, emitShapes } from './emit-class.ts';
import { emit, store } from './emit-expression.ts';
import { emitRecord } from './emit-records.ts';
import { sizeText } from './emit-sizes.ts';
import { fieldsWriter } from './emit-texts.ts';
import { type AskedStates, askedStates } from './fault-states.ts';
import { Names } from './names.ts';
import { isMarkable } from './ownership.ts';
import type { CompiledResponse, CompiledSelection, Host, Instance, Payload, PayloadKind } from './program.ts';
import { emitProperty, emitSelection, readsOf, readsOfUsed } from './properties.ts';
import { type EmittedResponse, emitResponse } from './responses.ts';
import type { ValueShapes } from './run-time-value.ts';
import { library } from './runtime/library.ts';
import { MASK_NODES } from './runtime/node-set.ts';
import { type ShapeOperations, TypeTable } from './runtime/type-operations.ts';
import type { Writer } from './runtime/writer.ts';
import { kinBodies, type LocalTrigger, localTriggers, usedShapes, withUsedTypes } from './used.ts';

type PropertyFunction = (
  instances: readonly (Instance | undefined)[],
  members: readonly number[],
  correct: readonly number[],
  changed: number,
) => string | null;
type NodeClass = new (node: number, host: Host, roles: number) => Instance;
type Shape = new (...fields: readonly unknown[]) => object;

/** What the generated source gives when it is run. */
interface Exports {
  readonly records: readonly Shape[];
  readonly messages: readonly Shape[];
  readonly operations: readonly Shape[];
  readonly node: NodeClass;
  readonly adversaries: readonly NodeClass[];
  readonly invariants: readonly PropertyFunction[];
  readonly eventualities: readonly PropertyFunction[];
  readonly persistences: readonly PropertyFunction[];
  readonly conditions: readonly PropertyFunction[];
  readonly selections: readonly CompiledSelection[];
  readonly scans: readonly CompiledResponse['scan'][];
  readonly mets: readonly CompiledResponse['met'][];
  readonly after: readonly (number | null)[];
  readonly responsesWithin: readonly (number | null)[];
  readonly within: readonly (number | null)[];
  readonly sizes: readonly ((payload: Payload) => number)[];
  readonly texts: PayloadTexts;
}

/** How the fields of messages, events and operations read, by their numbers. */
export type PayloadTexts = Readonly<Record<PayloadKind, readonly ((payload: Payload, out: Writer) => void)[]>>;

export interface Generated extends ValueShapes {
  readonly source: string;
  readonly coverage: ProgramCoverage | undefined;
  readonly messages: readonly Shape[];
  readonly operations: readonly Shape[];
  readonly localTriggers: readonly LocalTrigger[];
  readonly node: NodeClass;
  readonly adversaries: readonly NodeClass[];
  readonly invariants: readonly { readonly check: PropertyFunction; readonly reads: number; readonly readsUsed: readonly number[] }[];
  readonly eventualities: readonly {
    readonly check: PropertyFunction;
    readonly reads: number;
    readonly readsUsed: readonly number[];
    readonly within: number | null;
  }[];
  readonly responses: readonly Omit<CompiledResponse, 'name' | 'span'>[];
  readonly conditions: readonly {
    readonly condition: Expression;
    readonly check: PropertyFunction;
    readonly reads: number;
    readonly readsUsed: readonly number[];
  }[];
  readonly selections: readonly { readonly nodes: Expression; readonly select: CompiledSelection }[];
  readonly persistences: readonly {
    readonly check: PropertyFunction;
    readonly reads: number;
    readonly readsUsed: readonly number[];
    readonly after: number;
  }[];
  readonly sizes: readonly ((payload: Payload) => number)[];
  readonly texts: PayloadTexts;
}

/**
 * Writes the source of a protocol's deployment and runs it: classes, functions and properties as JavaScript objects. In
 * a `specification` an operation's fields are locals of its body, and `reply` leaves its value in the node.
 */
export function generate(
  system: System,
  deployment: Deployment,
  code: ProtocolCode,
  adversaries: readonly AdversaryCode[],
  options: { readonly specification?: boolean; readonly coverage?: boolean } = {},
): Generated {
  const { specification = false, coverage = false } = options;
  const protocol = withUsedTypes(system, code);
  const declarations = new Declarations(protocol, adversaries);
  const shapes = new Map<string, ShapeOperations>();
  const smallNodes = system.nodes.length <= MASK_NODES;
  const enumMembers = (name: string) => protocol.enums[declarations.enum(name)]?.members ?? [];
  const names = new Names(system, enumMembers);
  const types = new TypeTable({
    smallNodes,
    nodes: names.nodes,
    members: (name) => names.members(name),
    shape: (kind, name) => shapeOf(kind, name, declarations, shapes),
  });
  const module = new Module(
    system,
    deployment,
    protocol,
    declarations,
    new Effects(declarations, kinBodies(system, protocol)),
    types,
    names,
    localTriggers(system, protocol, adversaries),
    coverage ? new CoveragePoints() : null,
  );
  const responses = protocol.responses.map((property, i) => emitResponse(property, `response${i}`, module));
  const asked = askedStates(system, deployment.index);
  const source = sourceOf(module, protocol, adversaries, specification, responses, asked);
  const registered = new Map<string, Omit<ShapeOperations, 'name' | 'fields'>>();
  const sink = {
    set(key: string, operations: Omit<ShapeOperations, 'name' | 'fields'>) {
      registered.set(key, operations);
      const index = Number(key.slice(1));
      const record = protocol.records[index] as ProtocolCode['records'][number];
      shapes.set(key, { name: unqualified(record.name), fields: record.fields, ...operations });
    },
  };
  const points = module.coverage?.points;
  const counted = points && { points, counts: new Float64Array(points.length) };
  const exports = new Function('R', 'K', 'S', 'C', source)(library, module.constants, sink, counted?.counts) as Exports;
  const property = (list: readonly Property[], functions: readonly PropertyFunction[]) =>
    list.map(({ condition }, i) => ({
      check: functions[i] as PropertyFunction,
      reads: readsOf(condition, module),
      readsUsed: readsOfUsed(condition, module),
    }));
  return {
    source,
    coverage: counted,
    smallNodes,
    types,
    localTriggers: module.localTriggers,
    makeRecord: (name, fields) => new (exports.records[declarations.record(name)] as Shape)(...fields),
    recordFields: (name) => declarations.recordFields(name),
    enumIndex: (name, member) => enumMembers(name).indexOf(member),
    messages: exports.messages,
    operations: exports.operations,
    node: exports.node,
    adversaries: exports.adversaries,
    invariants: property(protocol.invariants, exports.invariants),
    eventualities: property(protocol.eventualities, exports.eventualities).map((made, i) => ({
      ...made,
      within: exports.within[i] ?? null,
    })),
    responses: exports.scans.map((scan, i) => ({
      scan,
      met: exports.mets[i] as CompiledResponse['met'],
      local: responses[i]?.local ?? false,
      reads: responses[i]?.reads ?? -1,
      readsUsed: responses[i]?.readsUsed ?? [],
      within: exports.responsesWithin[i] ?? null,
    })),
    persistences: property(protocol.persistences, exports.persistences).map((made, i) => ({ ...made, after: exports.after[i] ?? 0 })),
    conditions: asked.conditions.map((condition, i) => ({
      condition,
      check: exports.conditions[i] as PropertyFunction,
      reads: readsOf(condition, module),
      readsUsed: readsOfUsed(condition, module),
    })),
    selections: asked.selections.map((nodes, i) => ({ nodes, select: exports.selections[i] as CompiledSelection })),
    sizes: exports.sizes,
    texts: exports.texts,
  };
}

function shapeOf(
  kind: 'Record' | 'Message' | 'Operation' | 'Event',
  name: string,
  declarations: Declarations,
  shapes: ReadonlyMap<string, ShapeOperations>,
): ShapeOperations {
  if (kind === 'Record') return shapes.get(`R${declarations.record(name)}`) as ShapeOperations;
  // What comes from a protocol that is used is looked at field by field.
  if (kind === 'Event' && name.includes('.')) return { name, fields: [], values: () => [] };
  const { messages, events, operations } = declarations.protocol;
  const found =
    kind === 'Message'
      ? messages[declarations.message(name)]
      : kind === 'Event'
        ? events[declarations.event(name)]
        : operations[declarations.operation(name)];
  const fields = found?.fields ?? [];
  return { name, fields, values: (object) => fields.map((_, i) => (object as Record<string, unknown>)[`f${i}`]) };
}

/** The time in `within d` or `after d`: a function of its own, for an expression may need variables. */
function emitTime(limit: Expression, module: Module): string {
  const c = new Context(module, 'constant', PROTOCOL_SCOPE, module.top);
  const name = module.fresh('limit');
  module.top.push(c.functionText(`function ${name}`, [], `G.fuel=1e6;return ${emit(limit, c)};`));
  return `${name}()`;
}

function sourceOf(
  module: Module,
  protocol: ProtocolCode,
  adversaries: readonly AdversaryCode[],
  specification: boolean,
  responses: readonly EmittedResponse[],
  asked: AskedStates,
): string {
  const records = protocol.records.map(({ fields, name }, i) => emitRecord(i, fields, name, module));
  const shapes = emitShapes(protocol);
  protocol.constants.forEach(({ type, value }, i) => {
    const c = new Context(module, 'constant', PROTOCOL_SCOPE, module.top);
    const text = isMarkable(type, module) ? `shared(${store(value, c, type)})` : store(value, c, type);
    module.top.push(c.functionText(`function c${i}_initial`, [], `return ${text};`), `G.fuel=1e6;const c${i}_=c${i}_initial();`);
  });
  const node = emitNodeClass('N', -1, module, specification);
  const lying = adversaries.map((_, i) => emitNodeClass(`A${i}`, i, module, specification));
  const invariants = protocol.invariants.map((property, i) => emitProperty(property, `invariant${i}`, module));
  const eventualities = protocol.eventualities.map((property, i) => emitProperty(property, `eventuality${i}`, module));
  const persistences = protocol.persistences.map((property, i) => emitProperty(property, `persistence${i}`, module));
  const conditions = asked.conditions.map((condition, i) => emitProperty({ condition, span: condition.span }, `condition${i}`, module));
  const selections = asked.selections.map((nodes, i) => emitSelection(nodes, `selection${i}`, module));
  const time = (limit: Expression | null): string => (limit === null ? 'null' : emitTime(limit, module));
  const within = protocol.eventualities.map((property) => time(property.within));
  const responsesWithin = protocol.responses.map((property) => time(property.within));
  const after = protocol.persistences.map((property) => time(property.after));
  const writers = (kind: string, list: readonly { readonly fields: readonly FieldType[] }[]) =>
    list.map(({ fields }, i) => {
      module.top.push(fieldsWriter(`${kind}_text${i}`, fields, '', '', module));
      return `${kind}_text${i}`;
    });
  const texts = {
    message: writers('message', protocol.messages),
    event: writers('event', protocol.events),
    operation: writers('operation', protocol.operations),
  };
  const sizes = protocol.messages.map(
    ({ fields }) => `(p)=>16${fields.map((field, i) => `+${sizeText(`p.f${i}`, field.type, module)}`).join('')}`,
  );
  const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`).join(',');
  return [
    `'use strict';`,
    `const {${Object.keys(library).join(',')}}=R;`,
    module.constants.length === 0 ? '' : `const [${numbered('K', module.constants.length)}]=K;`,
    'const G={fuel:0};let I=[],MEMBERS=[],CORRECT=[],PENDING=null;',
    ...records,
    ...shapes,
    ...usedShapes(module),
    ...module.top,
    node,
    ...lying,
    ...invariants,
    ...eventualities,
    ...persistences,
    ...conditions,
    ...selections,
    ...responses.map(({ text }) => text),
    `return {conditions:[${numbered('condition', conditions.length)}],selections:[${numbered('selection', selections.length)}],records:[${numbered('R', records.length)}],messages:[${numbered('M', protocol.messages.length)}],operations:[${numbered('O', protocol.operations.length)}],`,
    `node:N,adversaries:[${numbered('A', lying.length)}],invariants:[${numbered('invariant', invariants.length)}],`,
    `eventualities:[${numbered('eventuality', eventualities.length)}],within:[${within.join(',')}],persistences:[${numbered('persistence', persistences.length)}],after:[${after.join(',')}],`,
    `scans:[${responses.map((_, i) => `response${i}_scan`).join(',')}],mets:[${responses.map((_, i) => `response${i}_met`).join(',')}],responsesWithin:[${responsesWithin.join(',')}],sizes:[${sizes.join(',')}],`,
    `texts:{message:[${texts.message}],event:[${texts.event}],operation:[${texts.operation}]}};`,
  ].join('\n');
}
