import type { Expression, Parameter as ParameterCode, ProtocolCode } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Const, FunctionDeclaration, Handler, Parameter, Protocol, ProtocolMember, Quorum, Requires, Uses } from '../generated/ast.ts';
import { documentationOf, nameSpanOf, spanOf } from '../syntax.ts';
import { Environment, type UseSymbol } from '../types/environment.ts';
import { resolveType } from '../types/resolve.ts';
import { BOOL, containsKind, ERROR, NODES, QUORUM, typeToString } from '../types/type.ts';
import { scalingAttributes } from './attribute-rules.ts';
import { elaborateAttributes } from './attributes.ts';
import { Body } from './body.ts';
import type { Declaration, Elaboration } from './context.ts';
import { errorExpression } from './context.ts';
import { elaborateExpression, elaborateValue } from './expressions.ts';
import { FunctionInfo, functionSymbol } from './functions.ts';
import { elaborateHandler } from './handlers.ts';
import {
  declareEnum,
  declareRecord,
  declareSignature,
  declareTimer,
  fieldsDetail,
  finishRecord,
  isNamed,
  type Names,
  type OpenRecord,
  reportEndless,
  signatureCode,
  takeName,
} from './members.ts';
import { elaborateProblems } from './problems.ts';
import { elaborateProperties } from './properties.ts';
import type { Scope, Setting } from './scope.ts';
import { elaborateSlices } from './slices.ts';
import { StateInfo } from './state.ts';
import { reportOpenType } from './statements.ts';
import { baseScope, valueSymbol } from './symbols.ts';
import { type ResolveUse, useCode, useSymbol } from './used.ts';

/** A protocol with what others need of it: systems its parameters and operations, adversaries its names. */
export interface ElaboratedProtocol {
  readonly code: ProtocolCode;
  readonly declaration: Declaration;
  readonly environment: Environment;
  /** The names within the protocol, those of its roles among them. */
  readonly scope: Scope;
  readonly functions: ReadonlyMap<string, FunctionInfo>;
  /** The names that expressions can use, for telling an adversary's own from them. */
  readonly names: ReadonlyMap<string, Declaration>;
}

/**
 * Elaborates a protocol. `outer` holds the constants of the file (symbols made by `valueSymbol`); it may be null. An
 * importing file takes the result as it is, after `context.types.adopt(result.environment.types)`.
 */
export function elaborateProtocol(node: Protocol, outer: Scope | null, context: Elaboration, resolveUse: ResolveUse): ElaboratedProtocol {
  return new ProtocolElaborator(node, outer, context, resolveUse).elaborate();
}

/** A member with the role block that it stands in. */
interface Placed<Node> {
  readonly node: Node;
  readonly role: string | null;
  readonly scope: Scope;
}

class ProtocolElaborator {
  private readonly environment: Environment;
  private readonly scope: Scope;
  /** All that an adversary sees: also what is declared in roles. */
  private readonly everything: Scope;
  private readonly names: Names = new Map();
  private readonly members: Placed<ProtocolMember>[] = [];
  private readonly functions = new Map<string, FunctionInfo>();
  private readonly states: StateInfo[] = [];
  private readonly roles: ProtocolCode['roles'][number][] = [];
  private readonly declaration: Declaration;

  constructor(
    private readonly node: Protocol,
    outer: Scope | null,
    private readonly context: Elaboration,
    private readonly resolveUse: ResolveUse,
  ) {
    this.environment = new Environment(node.name ?? '', 'protocol');
    this.scope = (outer ?? baseScope('constant')).within(this.environment, 'constant');
    this.everything = this.scope.child();
    this.declaration = context.declare('protocol', node, `protocol ${node.name}`);
  }

  elaborate(): ElaboratedProtocol {
    const { context, environment, node } = this;
    this.collectMembers(node.members, null, this.scope);
    const enums = this.of('Enum').map(({ node: each }) => declareEnum(each, environment, this.scope, this.names, context));
    const open: OpenRecord[] = this.of('Record').map(({ node: each }) => declareRecord(each, environment, this.names, context));
    const records = open.map((each) => finishRecord(each, this.scope, context));
    reportEndless(open, environment, context);
    const parameters = node.parameters.filter(isNamed).map((each) => this.parameter(each));
    const { messages, operations, events, timers } = this.signatures();
    for (const { node: each, role, scope } of this.of('StateVariable')) this.declareState(each, role, scope);
    for (const { node: each, role, scope } of this.of('FunctionDeclaration')) this.declareFunction(each, role, scope);
    const constants = this.of('Const').map(({ node: each }) => this.constant(each));
    const quorums = this.of('Quorum').map(({ node: each }) => this.quorum(each));
    const requirements = this.of('Requires').flatMap(({ node: each, scope }) => this.requirement(each, scope));
    const solves = elaborateProblems(
      this.of('Solves').map(({ node: each }) => each),
      context,
    );
    const scaling = this.scaling();
    const state = this.states.map((each) => each.finish());
    const functions = [...this.functions.values()].map((each) => each.finish());
    const handled: Names = new Map();
    const handlers = this.of('Handler').flatMap(({ node: each, role, scope }: Placed<Handler>) => {
      return elaborateHandler(each, role, handled, scope, context) ?? [];
    });
    const properties = elaborateProperties(
      [...this.of('Invariant'), ...this.of('Eventually'), ...this.of('Always')],
      (setting, scope) => this.pure(setting, scope),
      environment.properties,
      context,
    );
    const code: ProtocolCode = {
      name: node.name,
      uri: context.uri,
      span: spanOf(node),
      nameSpan: nameSpanOf(node),
      documentation: documentationOf(node),
      uses: [...environment.uses.values()].flatMap((use) => useCode(use) ?? []),
      parameters,
      constants,
      quorums,
      requirements,
      solves,
      scaling,
      enums,
      records,
      messages,
      events,
      operations,
      roles: this.roles,
      state,
      timers,
      handlers,
      functions,
      ...properties,
    };
    return { code, declaration: this.declaration, environment, scope: this.everything, functions: this.functions, names: this.names };
  }

  /** All members with their roles, in the order of the text; roles declare their names and scopes. */
  private collectMembers(members: readonly ProtocolMember[], role: string | null, scope: Scope): void {
    const { context, environment } = this;
    for (const member of members) {
      if (member.$type === 'Role') {
        if (!isNamed(member)) continue;
        if (role !== null) {
          context.error('DS1037', nameSpanOf(member), 'a role cannot stand within a role', { help: 'put it beside the other one' });
          continue;
        }
        const declaration = context.declare('role', member, `role ${member.name}`, NODES);
        if (takeName(this.names, declaration, context)) {
          environment.roles.set(member.name, declaration);
          this.scope.declare(valueSymbol(declaration, (span) => ({ kind: 'role', name: member.name, type: NODES, span })));
          this.roles.push({ name: member.name, span: spanOf(member), documentation: declaration.documentation });
        }
        this.collectMembers(member.members, member.name, scope.child());
      } else if (member.$type === 'Uses') {
        if (!isNamed(member)) continue;
        this.declareUse(member, role, scope);
      } else if (
        member.$type === 'Requires' ||
        member.$type === 'Solves' ||
        member.$type === 'Scaling' ||
        member.$type === 'Handler' ||
        isNamed(member)
      ) {
        this.members.push({ node: member, role, scope });
      }
    }
  }

  private declareUse(node: Uses, role: string | null, scope: Scope): void {
    const { environment } = this;
    const declaration = this.context.declare('uses', node, `uses ${node.name}: ${node.protocol}`);
    const protocol = this.resolveUse(node);
    if (!takeName(this.names, declaration, this.context)) return;
    const use: UseSymbol = { name: node.name, role, declaration, protocol, local: null, single: null };
    environment.uses.set(node.name, use);
    if (protocol) environment.types.adopt(protocol.environment.types);
    scope.declare(useSymbol(use));
    this.everything.declare(useSymbol(use));
  }

  private of<Kind extends ProtocolMember['$type']>(kind: Kind): Placed<Extract<ProtocolMember, { $type: Kind }>>[] {
    return this.members.filter((each) => each.node.$type === kind) as Placed<Extract<ProtocolMember, { $type: Kind }>>[];
  }

  /** A scope for one piece of code that no node runs: a default, a requirement, a property. */
  private pure(setting: Setting, scope: Scope = this.scope): Scope {
    return scope.child(setting, new Body({ kind: 'nothing', because: 'nothing is handled here' }, null, this.declaration));
  }

  private parameter(node: Parameter): ParameterCode {
    const { context } = this;
    const type = node.type ? resolveType(node.type, this.scope, context) : ERROR;
    const value = node.value ? elaborateExpression(node.value, type, this.pure('constant'), context) : null;
    const declaration = context.declare('parameter', node, `${node.name}: ${typeToString(type)}`, type);
    context.hover(declaration.nameSpan, type);
    if (takeName(this.names, declaration, context)) {
      this.environment.parameters.set(node.name, { name: node.name, type, required: !node.value, declaration });
      this.scope.declare(valueSymbol(declaration, (span) => ({ kind: 'parameter', name: node.name, type, span })));
    }
    return { name: node.name, type, value, span: spanOf(node), documentation: declaration.documentation };
  }

  private signatures() {
    const { context, environment } = this;
    const handled: Names = new Map();
    const emitted: Names = new Map();
    const messages: ProtocolCode['messages'][number][] = [];
    const operations: ProtocolCode['operations'][number][] = [];
    const events: ProtocolCode['events'][number][] = [];
    const timers: ProtocolCode['timers'][number][] = [];
    for (const { node, role } of this.members) {
      if (node.$type === 'Timer') timers.push(declareTimer(node, role, environment, context));
      else if (node.$type === 'Message') {
        const symbol = declareSignature('message', node, role, this.scope, context);
        if (!takeName(handled, symbol.declaration, context)) continue;
        environment.messages.set(node.name, symbol);
        messages.push(signatureCode(symbol));
      } else if (node.$type === 'Operation') {
        const symbol = declareSignature('operation', node, role, this.scope, context);
        if (node.body) {
          context.error('DS1037', spanOf(node.body), "a protocol's operation has no body of its own", {
            help: `handle it: \`on op: ${node.name} { … }\``,
          });
        }
        if (!takeName(handled, symbol.declaration, context)) continue;
        environment.operations.set(node.name, symbol);
        operations.push({ ...signatureCode(symbol), result: symbol.result, role });
      } else if (node.$type === 'Event') {
        const symbol = declareSignature('event', node, role, this.scope, context);
        if (!takeName(emitted, symbol.declaration, context)) continue;
        environment.events.set(node.name, symbol);
        events.push(signatureCode(symbol));
      }
    }
    return { messages, operations, events, timers };
  }

  private declareState(node: Extract<ProtocolMember, { $type: 'StateVariable' }>, role: string | null, scope: Scope): void {
    const info = new StateInfo(node, role, scope, this.context);
    const why = role === null ? undefined : 'names of state are unique in a protocol, so that `m.name` tells which one is meant';
    if (!takeName(this.names, info.declaration, this.context, why)) return;
    this.states.push(info);
    this.environment.state.set(node.name, info);
    scope.declare(info);
    this.everything.declare(info);
  }

  private declareFunction(node: FunctionDeclaration, role: string | null, scope: Scope): void {
    const info = makeFunction(node, role, scope, 'function', this.functions, this.context);
    if (!takeName(this.names, info.declaration, this.context)) return;
    this.functions.set(node.name, info);
    scope.declare(functionSymbol(info));
    this.everything.declare(functionSymbol(info));
  }

  private constant(node: Const): ProtocolCode['constants'][number] {
    const { context } = this;
    const { value, type } = elaborateConstant(node, this.pure('constant'), context);
    const declaration = context.declare('constant', node, `const ${node.name}: ${typeToString(type)}`, type);
    context.hover(declaration.nameSpan, type);
    if (takeName(this.names, declaration, context)) {
      this.scope.declare(valueSymbol(declaration, (span) => ({ kind: 'constant', name: node.name, type, span })));
    }
    return { name: node.name, type, value, span: spanOf(node) };
  }

  private quorum(node: Quorum): ProtocolCode['quorums'][number] {
    const { context } = this;
    const value = elaborateQuorum(node, this.pure('constant'), context);
    const declaration = context.declare('quorum', node, context.textOf(spanOf(node)).replace(/\s+/g, ' '), QUORUM);
    context.hover(declaration.nameSpan, QUORUM);
    if (takeName(this.names, declaration, context)) {
      this.scope.declare(valueSymbol(declaration, (span) => ({ kind: 'quorum', name: node.name, type: QUORUM, span })));
    }
    return { name: node.name, value, span: spanOf(node), nameSpan: declaration.nameSpan };
  }

  private requirement(node: Requires, scope: Scope): ProtocolCode['requirements'][number][] {
    if (!node.condition) return [];
    const condition = elaborateExpression(node.condition, BOOL, this.pure('requirement', scope), this.context);
    const text = this.context.textOf(spanOf(node.condition));
    return [{ kind: node.kind, condition, text, because: node.reason ?? null, span: spanOf(node) }];
  }

  /** A protocol says once how it scales; its values may use the parameters and `n`. */
  private scaling(): ProtocolCode['scaling'] {
    const { context } = this;
    const [first, ...others] = this.of('Scaling');
    if (first === undefined) return null;
    const span = spanOf(first.node);
    for (const { node } of others) {
      context.error('DS1009', spanOf(node), 'a protocol says only once how it scales', { labels: [{ span, message: 'first here' }] });
    }
    const what = 'a protocol that scales';
    const values = elaborateAttributes(first.node.attributes, scalingAttributes, what, span, this.pure('constant'), context);
    const value = (name: string): Expression | null => values.find((each) => each.name === name)?.value ?? null;
    return { serial: value('serial'), crosstalk: value('crosstalk'), span };
  }
}

/** The value of a constant and the type that is written or told by it. */
export function elaborateConstant(node: Const, scope: Scope, context: Elaboration): { value: Expression; type: Type } {
  const declared = node.type ? resolveType(node.type, scope, context) : null;
  if (!node.value) return { value: errorExpression(spanOf(node)), type: declared ?? ERROR };
  if (declared) return { value: elaborateExpression(node.value, declared, scope, context), type: declared };
  const value = elaborateValue(node.value, null, scope, context);
  if (!containsKind(value.type, 'Never')) return { value, type: value.type };
  reportOpenType(node, value, context);
  return { value, type: ERROR };
}

/** The quorum system that a `quorum` declares. */
export function elaborateQuorum(node: Quorum, scope: Scope, context: Elaboration): Expression {
  if (node.slices) return elaborateSlices(node.slices, scope, context);
  return node.value ? elaborateExpression(node.value, QUORUM, scope, context) : errorExpression(spanOf(node));
}

/** A `fun` with its signature; its body is elaborated later. */
export function makeFunction(
  node: FunctionDeclaration,
  role: string | null,
  scope: Scope,
  setting: Setting,
  functions: ReadonlyMap<string, FunctionInfo>,
  context: Elaboration,
): FunctionInfo {
  const names: Names = new Map();
  const nodes = node.parameters.filter(isNamed);
  const parameters = nodes.map((parameter) => {
    const type = parameter.type ? resolveType(parameter.type, scope, context) : ERROR;
    const value = parameter.value
      ? elaborateExpression(parameter.value, type, scope.child('constant', new Body({ kind: 'nothing', because: '' }, null, null)), context)
      : null;
    return { name: parameter.name, type, required: !parameter.value, value };
  });
  for (const parameter of nodes) {
    const earlier = names.get(parameter.name);
    const span = nameSpanOf(parameter);
    if (earlier)
      context.error('DS1009', span, `\`${parameter.name}\` is declared twice`, {
        labels: [{ span: earlier.nameSpan, message: 'first here' }],
      });
    else
      names.set(parameter.name, {
        kind: 'local',
        name: parameter.name,
        uri: context.uri,
        span,
        nameSpan: span,
        documentation: '',
        detail: '',
      });
  }
  const result = node.result ? resolveType(node.result, scope, context) : null;
  const suffix = result ? `: ${typeToString(result)}` : '';
  const declaration = context.declare('function', node, `fun ${node.name}${fieldsDetail(parameters) || '()'}${suffix}`);
  return new FunctionInfo(node, role, declaration, parameters, result, scope, setting, context, functions);
}
