import type { AdversaryCode, ProtocolCode, Statement, Trigger } from '../model/code.ts';
import type { System } from '../model/system.ts';
import type { FieldType } from '../model/types.ts';
import { usedName } from '../model/uses.ts';
import type { Context, Module } from './context.ts';
import { shapeClass } from './emit-class.ts';
import { topConstant } from './emit-given.ts';

/** What a handler of a node takes from another protocol on the same node: an event of it, or the answer to a call. */
export interface LocalTrigger {
  readonly kind: 'event' | 'answer';
  /** Index into ProtocolCode.uses. */
  readonly use: number;
  /** Of the event or operation in the used protocol. */
  readonly index: number;
  /** `health.Suspected`. */
  readonly name: string;
}

/** The protocol with the records and enums of those that it uses, directly or not: values of their types come by. */
export function withUsedTypes(system: System, protocol: ProtocolCode): ProtocolCode {
  if (protocol.uses.length === 0) return protocol;
  const used = new Set<ProtocolCode>();
  const visit = ({ uses }: ProtocolCode): void => {
    for (const use of uses) {
      const found = usedProtocol(system, use.protocol);
      if (used.has(found)) continue;
      used.add(found);
      visit(found);
    }
  };
  visit(protocol);
  const records = [...used].flatMap((each) => each.records);
  const enums = [...used].flatMap((each) => each.enums);
  return { ...protocol, records: [...protocol.records, ...records], enums: [...protocol.enums, ...enums] };
}

export function usedProtocol(system: System, name: string): ProtocolCode {
  const found = system.protocols.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no protocol ${name}`);
  return found;
}

/** All other protocols that exchange values with this one on a node: it uses them, they use it, or others stand between them. */
export function kinOf(system: System, protocol: ProtocolCode): readonly ProtocolCode[] {
  const kin = new Set([protocol.name]);
  for (let before = 0; before < kin.size; ) {
    before = kin.size;
    for (const { name, uses } of system.protocols) {
      for (const use of uses) {
        if (kin.has(name)) kin.add(use.protocol);
        else if (kin.has(use.protocol)) kin.add(name);
      }
    }
  }
  kin.delete(protocol.name);
  return system.protocols.filter(({ name }) => kin.has(name));
}

/**
 * The code of all other protocols that exchange values with this one on a node, and of adversaries for them: whether records are
 * written in place must be the same for all.
 */
export function kinBodies(system: System, protocol: ProtocolCode): readonly (readonly Statement[])[] {
  const others = kinOf(system, protocol);
  const adversaries = system.adversaries.filter((adversary) => others.some(({ name }) => name === adversary.protocol));
  return [...others, ...adversaries].flatMap(({ handlers, functions }) => [...handlers, ...functions].map(({ body }) => body));
}

/** What the handlers take from other protocols, each once; adversaries' handlers may take more. */
export function localTriggers(system: System, protocol: ProtocolCode, adversaries: readonly AdversaryCode[]): readonly LocalTrigger[] {
  const found = new Map<string, LocalTrigger>();
  for (const { trigger } of [protocol, ...adversaries].flatMap(({ handlers }) => handlers)) {
    if (trigger.kind !== 'used-event' && trigger.kind !== 'answer') continue;
    const use = protocol.uses.findIndex(({ name }) => name === trigger.use);
    const used = usedProtocol(system, protocol.uses[use]?.protocol ?? '');
    const isEvent = trigger.kind === 'used-event';
    const subject = isEvent ? trigger.event : trigger.operation;
    const index = (isEvent ? used.events : used.operations).findIndex(({ name }) => name === subject);
    const name = localTriggerName(trigger);
    found.set(name, { kind: isEvent ? 'event' : 'answer', use, index, name });
  }
  return [...found.values()];
}

/** `health.Suspected`; no event and operation of a protocol that are handled share a name. */
export function localTriggerName(trigger: Extract<Trigger, { kind: 'used-event' | 'answer' }>): string {
  return `${trigger.use}.${trigger.kind === 'used-event' ? trigger.event : trigger.operation}`;
}

/** An operation of a used protocol by its qualified name, null where that names something else. */
export function usedOperation(name: string, module: Module) {
  const parts = usedName(name);
  const use = parts && module.protocol.uses.find((each) => each.name === parts.use);
  const operations = use ? usedProtocol(module.system, use.protocol).operations : [];
  const index = operations.findIndex((each) => each.name === parts?.member);
  const operation = operations[index];
  return use && operation ? { use: module.protocol.uses.indexOf(use), index, operation } : null;
}

/** The text of a field of what `on e: health.Suspected` or `on r: log.Submit` handles. */
export function usedPayloadField(object: string, name: string, field: string, module: Module): string {
  const answered = usedOperation(name, module);
  if (answered) {
    if (field === 'call') return `${object}.call`;
    if (field === 'result' && answered.operation.result.kind !== 'Unit') return `${object}.value`;
    return `${object}.call.fields.f${position(answered.operation.fields, field)}`;
  }
  const parts = usedName(name);
  const use = module.protocol.uses.find((each) => each.name === parts?.use);
  const event = use && usedProtocol(module.system, use.protocol).events.find((each) => each.name === parts?.member);
  return `${object}.f${position(event?.fields ?? [], field)}`;
}

const position = (fields: readonly FieldType[], name: string): number => fields.findIndex((field) => field.name === name);

/** The place of a state variable of a used protocol: the use, and the variable's number there. */
export function usedState(name: string, module: Module): { readonly use: number; readonly variable: number } | null {
  const parts = usedName(name);
  if (!parts) return null;
  const use = module.protocol.uses.findIndex((each) => each.name === parts.use);
  const used = usedProtocol(module.system, module.protocol.uses[use]?.protocol ?? '');
  return { use, variable: position(used.state, parts.member) };
}

/**
 * A value that belongs to the deployment that a node is bound to: of the only one, or looked up by node. `text` gives it for a
 * deployment by its index.
 */
export function boundValue(use: string, c: Context, text: (deployment: number) => string): string {
  const bound = c.module.deployment.uses.find((each) => each.name === use);
  if (bound === undefined) throw new Error(`unknown use ${use}`);
  if (bound.single >= 0) return text(bound.single);
  if (c.mode !== 'node') throw new Error(`${use} is not the same for all nodes`);
  const deployments = [...new Set(bound.bound)].filter((index) => index >= 0);
  const values = deployments.map(text).join(',');
  const places = bound.bound.map((index) => deployments.indexOf(index)).join(',');
  return `${topConstant(`[${values}]`, c)}[${topConstant(`[${places}]`, c)}[this.node]]`;
}

/** The nodes of a role; with a use's name before it, of the used deployment. */
export function usedNodes(name: string, c: Context, text: (nodes: readonly number[]) => string): string | null {
  const parts = usedName(name);
  if (!parts) return null;
  return boundValue(parts.use, c, (index) => {
    const deployment = c.module.system.deployments[index];
    if (parts.member === 'members') return text(deployment?.members ?? []);
    return text(deployment?.roles.find((role) => role.name === parts.member)?.nodes ?? []);
  });
}

/** Payloads of calls of used protocols: of the same form as their own. */
export function usedShapes({ protocol, system }: Module): string[] {
  return protocol.uses.flatMap((use, at) =>
    usedProtocol(system, use.protocol).operations.map(({ fields }, index) => shapeClass(`U${at}_${index}`, fields.length, '')),
  );
}
