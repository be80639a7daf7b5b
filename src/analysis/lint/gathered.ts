import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';

/** Where a value may come from: the sender of a message or the signer of what it holds, and the node itself. */
export interface Sources {
  readonly sender: boolean;
  readonly self: boolean;
}

/**
 * Which state gathers who has sent something: sets and maps into which handlers put the senders of messages, directly or
 * through functions. Flow is followed without regard to order, so that a variable counts as gathered where it may be.
 */
export class Gathered {
  /** State that gathers senders; `self`: whether the node itself is put there too. */
  readonly state = new Map<string, Sources>();
  private readonly parameters = new Map<string, Sources>();

  constructor(private readonly protocol: ProtocolCode) {
    for (let changed = true; changed; ) changed = this.pass();
  }

  /** What an expression in a body may hold. */
  sourcesOf(expression: Expression, locals: ReadonlyMap<string, Sources>): Sources {
    const parts = partsOf(expression);
    let { sender, self } = parts;
    const note = (known: Sources | undefined): void => {
      if (known?.sender) sender = true;
      if (known?.self) self = true;
    };
    for (const name of parts.locals) note(locals.get(name));
    for (const name of parts.state) note(this.state.get(name));
    return { sender, self };
  }

  /** The locals of a body with what they may hold. */
  localsOf(body: readonly Statement[], owner: Handler | { readonly function: string }): Map<string, Sources> {
    const locals = new Map<string, Sources>();
    if ('function' in owner) {
      const code = this.protocol.functions.find(({ name }) => name === owner.function);
      for (const { name } of code?.parameters ?? []) locals.set(name, this.parameters.get(`${owner.function} ${name}`) ?? nowhere);
    } else if (owner.trigger.kind === 'message' && owner.trigger.sender !== null) {
      locals.set(owner.trigger.sender, { sender: true, self: false });
    }
    for (const { name, value } of flowsOf(body).locals) {
      locals.set(name, merged(locals.get(name) ?? nowhere, this.sourcesOf(value, locals)));
    }
    return locals;
  }

  private pass(): boolean {
    let changed = false;
    const put = (into: Map<string, Sources>, key: string, sources: Sources): void => {
      const before = into.get(key) ?? nowhere;
      const after = merged(before, sources);
      if (after.sender === before.sender && after.self === before.self) return;
      into.set(key, after);
      changed = true;
    };
    const visit = (body: readonly Statement[], owner: Handler | { readonly function: string }): void => {
      const locals = this.localsOf(body, owner);
      const { state, calls } = flowsOf(body);
      for (const { name, value } of state) put(this.state, name, this.sourcesOf(value, locals));
      for (const call of calls) {
        const code = this.protocol.functions.find(({ name }) => name === call.function);
        code?.parameters.forEach(({ name }, at) => {
          const argument = call.arguments[at];
          if (argument) put(this.parameters, `${call.function} ${name}`, this.sourcesOf(argument, locals));
        });
      }
    };
    for (const handler of this.protocol.handlers) visit(handler.body, handler);
    for (const code of this.protocol.functions) visit(code.body, { function: code.name });
    return changed;
  }
}

/** What goes where in a body, in order. */
interface Flows {
  readonly locals: { readonly name: string; readonly value: Expression }[];
  readonly state: { readonly name: string; readonly value: Expression }[];
  readonly calls: (Expression & { readonly kind: 'call' })[];
}

const knownFlows = new WeakMap<readonly Statement[], Flows>();

/** A body is read once, however many passes there are. */
function flowsOf(body: readonly Statement[]): Flows {
  let flows = knownFlows.get(body);
  if (flows === undefined) {
    flows = readFlows(body);
    knownFlows.set(body, flows);
  }
  return flows;
}

function readFlows(body: readonly Statement[]): Flows {
  const flows: Flows = { locals: [], state: [], calls: [] };
  walkStatements(
    body,
    (statement) => {
      if (statement.kind === 'let') flows.locals.push({ name: statement.name, value: statement.value });
      else if (statement.kind === 'for') flows.locals.push({ name: statement.variable, value: statement.domain });
      if (statement.kind !== 'assign') return;
      const { root, steps } = statement.place;
      if (root.kind === 'local') flows.locals.push({ name: root.name, value: statement.value });
      if (root.kind !== 'state') return;
      flows.state.push({ name: root.name, value: statement.value });
      for (const step of steps) if (step.kind === 'index') flows.state.push({ name: root.name, value: step.index });
    },
    (expression) => {
      if (expression.kind === 'call') flows.calls.push(expression);
    },
  );
  return flows;
}

/** What of an expression tells where its value may come from: the sources that it names itself, and variables. */
interface Parts extends Sources {
  readonly locals: readonly string[];
  readonly state: readonly string[];
}

/** An expression is asked about once a pass. */
const known = new WeakMap<Expression, Parts>();

function partsOf(expression: Expression): Parts {
  let parts = known.get(expression);
  if (parts === undefined) {
    parts = readParts(expression);
    known.set(expression, parts);
  }
  return parts;
}

function readParts(expression: Expression): Parts {
  let sender = false;
  let self = false;
  const locals = new Set<string>();
  const state = new Set<string>();
  walkExpression(expression, (part) => {
    if (part.kind === 'given' && part.name === 'self') self = true;
    else if (part.kind === 'method' && part.method === 'signer') sender = true;
    else if (part.kind === 'local') locals.add(part.name);
    else if (part.kind === 'state') state.add(part.name);
  });
  return { sender, self, locals: [...locals], state: [...state] };
}

const nowhere: Sources = { sender: false, self: false };

function merged(a: Sources, b: Sources): Sources {
  return { sender: a.sender || b.sender, self: a.self || b.self };
}
