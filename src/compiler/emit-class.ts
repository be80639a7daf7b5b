import type { AdversaryCode, Handler, ProtocolCode, Trigger } from '../model/code.ts';
import type { FieldType, Type } from '../model/types.ts';
import { Context, type Local, type Module } from './context.ts';
import { triggerWords } from './coverage.ts';
import type { Scope, StateEntry } from './declarations.ts';
import { scopeOf } from './effects.ts';
import { membersArray } from './emit-collections.ts';
import { store } from './emit-expression.ts';
import { topConstant } from './emit-given.ts';
import { paidStep } from './emit-loops.ts';
import { type Body, emitBlock } from './emit-statement.ts';
import { isPlain } from './layout.ts';
import { isMarkable } from './ownership.ts';
import { localTriggerName } from './used.ts';

const HANDLER: Body = { result: null, replyTo: null };
const PARAMETERS: Readonly<Record<Trigger['kind'], readonly string[]>> = {
  start: [],
  recover: [],
  timeout: [],
  message: ['p', 'from'],
  operation: ['p'],
  'used-event': ['p'],
  answer: ['p'],
};
/** Steps that initial values may take: they run when no handler does. */
const INITIAL_STEPS = 1_000_000;

/**
 * The class of the protocol's nodes: a property for each state variable, a method for each handler and function,
 * dispatch by number. `adversary` is an index into the module's adversaries, -1 for the protocol as it is written.
 */
export function emitNodeClass(name: string, adversary: number, module: Module, specification: boolean): string {
  return new NodeClass(name, adversary, module, specification).text();
}

interface Method {
  readonly trigger: Trigger;
  readonly name: string;
  readonly role: string | null;
}

class NodeClass {
  private readonly members: string[] = [];
  private readonly state: readonly StateEntry[];
  private readonly adversary: AdversaryCode | null;

  constructor(
    private readonly name: string,
    private readonly adversaryIndex: number,
    private readonly module: Module,
    private readonly specification: boolean,
  ) {
    const { declarations } = module;
    this.state = declarations.state.filter((entry) => entry.adversary < 0 || entry.adversary === adversaryIndex);
    this.adversary = declarations.adversaries[adversaryIndex] ?? null;
  }

  text(): string {
    const methods = this.handlers();
    this.functions();
    this.members.push(
      this.constructorText(),
      this.initialText(),
      this.dispatch('start()', methods, 'start', null),
      this.dispatch('recover()', methods, 'recover', null),
      this.dispatch('message(m,p,from)', methods, 'message', 'm'),
      this.dispatch('timeout(m)', methods, 'timeout', 'm'),
      this.dispatch('operation(m,p)', methods, 'operation', 'm'),
      ...(this.module.localTriggers.length > 0 ? [this.dispatch('local(m,p)', methods, 'used-event', 'm')] : []),
      this.stateAccess(),
      ...(this.syncs ? [this.syncText()] : []),
    );
    return `class ${this.name}{${this.members.join('\n')}}`;
  }

  /** Whether the node says `sync` anywhere; where it does not, every durable write is safe at once. */
  private get syncs(): boolean {
    return this.module.effects.syncs;
  }

  /** What `sync` keeps, and how a crash that loses unsynced writes comes back to it. */
  private syncText(): string {
    const durable = this.state.filter(({ code }) => code.durable);
    const marks = durable.map((entry) => this.mark(entry)).join('');
    const kept = durable.map(({ index }) => `this.s${index}`).join(',');
    const restored = durable.map(({ index }, i) => `this.s${index}=k[${i}];`).join('');
    return `sync(){${marks}this.synced=[${kept}];}
unsynced(){const k=this.synced;if(k===null){this.initial(true);return;}${restored}${marks}this.initial(false);}`;
  }

  private mark({ index, code }: StateEntry): string {
    return isMarkable(code.type, this.module) ? `if(this.s${index}!==null)this.s${index}.shared=2;` : '';
  }

  private context(scope: Scope): Context {
    return new Context(this.module, 'node', scope, this.members);
  }

  /** The protocol's handlers, those of the adversary in place of those with the same trigger. */
  private handlers(): Method[] {
    const own = this.adversary?.handlers ?? [];
    const replaced = (handler: Handler) =>
      own.some(({ trigger, role }) => triggerText(trigger) === triggerText(handler.trigger) && (role === null || role === handler.role));
    const kept = this.module.protocol.handlers.filter((handler) => !replaced(handler));
    return [
      ...kept.map((handler) => this.handler(handler, { role: handler.role, adversary: -1 })),
      ...own.map((handler) => this.handler(handler, { role: handler.role, adversary: this.adversaryIndex })),
    ];
  }

  private handler(handler: Handler, scope: Scope): Method {
    const c = this.context(scope);
    const { trigger } = handler;
    if (trigger.kind === 'message') {
      c.declare(trigger.variable, {
        js: 'p',
        payload: this.payload('message', this.fields(this.module.protocol.messages, trigger.message)),
      });
      if (trigger.sender !== null) c.declare(trigger.sender, { js: 'from' });
    } else if (trigger.kind === 'operation') {
      c.declare(trigger.variable, {
        js: 'p',
        payload: this.payload('operation', this.fields(this.module.protocol.operations, trigger.operation)),
      });
    } else if (trigger.kind === 'used-event' || trigger.kind === 'answer') {
      c.declare(trigger.variable, { js: 'p', payload: { used: localTriggerName(trigger) } });
    }
    const name = this.module.fresh('h');
    if (this.specification && trigger.kind === 'operation')
      this.fields(this.module.protocol.operations, trigger.operation).forEach((field, i) => {
        c.declare(field.name, { js: `p.fields.f${i}` });
      });
    const counted = c.hit('handler', triggerWords(trigger), handler.span);
    const body = counted + emitBlock(handler.body, c, this.specification ? { result: null, replyTo: 'this.result' } : HANDLER);
    this.members.push(c.functionText(name, PARAMETERS[trigger.kind], body));
    return { trigger, name, role: handler.role };
  }

  private payload(kind: 'message' | 'operation', fields: readonly FieldType[]): Local['payload'] {
    return { kind, fields };
  }

  private fields(list: readonly { readonly name: string; readonly fields: readonly FieldType[] }[], name: string): readonly FieldType[] {
    return list.find((each) => each.name === name)?.fields ?? [];
  }

  private functions(): void {
    const { declarations, effects } = this.module;
    for (const entry of declarations.functions) {
      if (entry.adversary >= 0 && entry.adversary !== this.adversaryIndex) continue;
      const c = this.context(scopeOf(entry));
      const parameters = entry.code.parameters.map((parameter) => c.declare(parameter.name));
      const counted = c.hit('function', entry.code.name, entry.code.span);
      const body = counted + emitBlock(entry.code.body, c, { result: entry.code.result, replyTo: null });
      const paid = paidStep(entry.code.nameSpan, c);
      const name = `f${entry.index}_`;
      if (!effects.isRecursive(entry.index)) {
        this.members.push(c.functionText(name, parameters, `${paid}${body}`));
        continue;
      }
      // Depth is counted where a call can come back to itself; a failure resets it with the next handler.
      const span = this.module.span(entry.code.nameSpan);
      this.members.push(c.functionText(`${name}r`, parameters, body));
      this.members.push(
        `${name}(${parameters.join(',')}){${paid}if(++this.d>MAX_DEPTH)tooDeep(${this.module.constant(entry.code.name)},${span});const r=this.${name}r(${parameters.join(',')});this.d--;return r;}`,
      );
    }
  }

  private constructorText(): string {
    const { smallNodes } = this.module;
    const members = membersArray({ module: this.module });
    // Each member's list of all others is made when it is first asked for: together they are the square of the members.
    const peers = smallNodes
      ? 'maskOf(this.peerList)'
      : `shared(peersOf(${topConstant(`NodeSet.of(${members})`, { module: this.module })},this.node))`;
    // A first value of the right kind: the engine keeps small integers as such only in a property that never held another kind.
    const declared = this.state.map(({ index, code }) => `this.s${index}=${this.placeholder(code.type)};`).join('');
    return `constructor(node,h,roles){this.node=node;this.h=h;this.roles=roles;this.dirty=-1;this.d=0;this.place=${members}.indexOf(node);this.others=null;this.othersSet=null;${declared}${this.specification ? 'this.result=null;' : ''}${this.syncs ? 'this.synced=null;' : ''}this.initial(true);}
get peerList(){if(this.others===null)this.others=${members}.filter((each)=>each!==this.node);return this.others;}
get peers(){if(this.othersSet===null)this.othersSet=${peers};return this.othersSet;}`;
  }

  private placeholder(type: Type): string {
    if (type.kind === 'String') return "''";
    if (type.kind === 'Bool') return 'false';
    return isPlain(type) || this.module.layout(type) === 'mask' ? '0' : 'null';
  }

  /** Initial values in declared order: all of them, or after a crash those of `var`. */
  private initialText(): string {
    const parts = this.state.map(({ index, code, adversary }) => {
      const c = this.context({ role: code.role, adversary });
      const name = this.module.fresh('i');
      this.members.push(c.functionText(name, [], `this.s${index}=${store(code.initial, c, code.type)};`));
      return code.durable ? `if(all)this.${name}();` : `this.${name}();`;
    });
    const where = this.module.span(this.module.protocol.nameSpan);
    return `initial(all){const h=this.h,left=h.fuel;h.fuel=${INITIAL_STEPS};this.d=0;try{${parts.join('')}}catch(e){throw translate(e,${INITIAL_STEPS},'initial value',${where});}finally{h.fuel=left;}}
crash(loses){if(loses==='all'){this.initial(true);${this.syncs ? 'this.synced=null;' : ''}}else ${this.syncs ? "if(loses==='unsynced')this.unsynced();else " : ''}this.initial(false);this.dirty=-1;}`;
  }

  /** `switch` over the number of what happened; errors come out as RuntimeFailure, whatever they were. */
  private dispatch(head: string, methods: readonly Method[], kind: Trigger['kind'], number: string | null): string {
    const { protocol, deployment } = this.module;
    const cases = new Map<number, string>();
    for (const { trigger, name, role } of methods) {
      if (trigger.kind !== kind && !(kind === 'used-event' && trigger.kind === 'answer')) continue;
      for (const index of this.numbersOf(trigger, role)) {
        const test = role === null ? '' : `if((this.roles&${1 << deployment.roles.findIndex((each) => each.name === role)})!==0)`;
        const parameters = PARAMETERS[kind].join(',');
        cases.set(index, `${cases.get(index) ?? ''}${test}this.${name}(${parameters});`);
      }
    }
    if (cases.size === 0) return `${head}{}`;
    const text =
      number === null
        ? (cases.get(0) as string)
        : `switch(${number}){${[...cases]
            .sort(([a], [b]) => a - b)
            .map(([index, calls]) => `case ${index}:${calls}break;`)
            .join('')}}`;
    const where = this.module.span(protocol.nameSpan);
    return `${head}{const budget=this.h.fuel;this.d=0;try{${text}}catch(e){throw translate(e,budget,'handler',${where});}}`;
  }

  private numbersOf(trigger: Trigger, role: string | null): readonly number[] {
    const { declarations } = this.module;
    switch (trigger.kind) {
      case 'message':
        return [declarations.message(trigger.message)];
      case 'operation':
        return [declarations.operation(trigger.operation)];
      case 'timeout':
        return [declarations.timer(trigger.timer, role)];
      case 'used-event':
      case 'answer': {
        const name = localTriggerName(trigger);
        return [this.module.localTriggers.findIndex((each) => each.name === name)];
      }
      default:
        return [0];
    }
  }

  private stateAccess(): string {
    const visible = this.state.filter(({ adversary }) => adversary < 0);
    const reads = visible.map(({ index }) => `case ${index}:return this.s${index};`).join('');
    const all = this.state.map(({ index }) => `this.s${index}`);
    const marks = this.state.map((entry) => this.mark(entry)).join('');
    const restored = this.state.map(({ index }, i) => `this.s${index}=state[${i}];`).join('');
    if (this.syncs) all.push('this.synced');
    const synced = this.syncs ? `this.synced=state[${this.state.length}];` : '';
    return `read(i){switch(i){${reads}}return null;}
save(){${marks}return [${all.join(',')}];}
restore(state){${restored}${synced}${marks}this.dirty=-1;}`;
  }
}

export function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'message':
      return `message ${trigger.message}`;
    case 'operation':
      return `operation ${trigger.operation}`;
    case 'timeout':
      return `timeout ${trigger.timer}`;
    case 'used-event':
    case 'answer':
      return `${trigger.kind} ${localTriggerName(trigger)}`;
    default:
      return trigger.kind;
  }
}

/** Records, then payloads of messages, events and operations: classes of a fixed shape with fields f0, f1, … */
export function emitShapes(protocol: ProtocolCode): string[] {
  const texts: string[] = [];
  const payloads = (prefix: string, list: readonly { readonly fields: readonly FieldType[] }[]) =>
    list.forEach(({ fields }, i) => {
      texts.push(shapeClass(`${prefix}${i}`, fields.length, ''));
    });
  payloads('M', protocol.messages);
  payloads('E', protocol.events);
  payloads('O', protocol.operations);
  return texts;
}

export function shapeClass(name: string, fields: number, more: string): string {
  const names = Array.from({ length: fields }, (_, i) => `f${i}`);
  return `class ${name}{constructor(${names.join(',')}){${names.map((field) => `this.${field}=${field};`).join('')}${more}}}`;
}
