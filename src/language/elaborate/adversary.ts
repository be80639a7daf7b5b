import type { AdversaryCode, Handler, ProtocolCode } from '../../model/code.ts';
import type { Adversary } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import type { Declaration, Elaboration } from './context.ts';
import { type FunctionInfo, functionSymbol } from './functions.ts';
import { elaborateHandler } from './handlers.ts';
import { isNamed, type Names, takeName } from './members.ts';
import { type ElaboratedProtocol, makeFunction } from './protocol.ts';
import { nearest } from './scope.ts';
import { StateInfo } from './state.ts';
import { adversaryScope } from './symbols.ts';

export interface ElaboratedAdversary {
  readonly code: AdversaryCode;
  readonly declaration: Declaration;
  readonly protocol: ElaboratedProtocol;
}

/**
 * Elaborates an adversary against its protocol, which `protocols` finds among those of the file and its imports. Null
 * when there is none of that name (reported).
 */
export function elaborateAdversary(
  node: Adversary,
  protocols: ReadonlyMap<string, ElaboratedProtocol>,
  context: Elaboration,
): ElaboratedAdversary | null {
  const declaration = context.declare('adversary', node, `adversary ${node.name} for ${node.protocol}`);
  const protocol = protocols.get(node.protocol);
  const protocolSpan = spanOfProperty(node, 'protocol');
  if (!protocol) {
    if (node.protocol) {
      const suggestion = nearest(node.protocol, protocols.keys());
      context.error('DS1036', protocolSpan, `there is no protocol \`${node.protocol}\``, {
        help: suggestion ? `did you mean \`${suggestion}\`?` : `import it: \`import ${node.protocol} from "…"\``,
        fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span: protocolSpan, text: suggestion }] }] : [],
      });
    }
    return null;
  }
  context.use(protocolSpan, protocol.declaration);
  const variables = new Map<string, StateInfo>();
  const scope = adversaryScope(protocol.scope, variables);
  const names: Names = new Map(protocol.names);
  const states: StateInfo[] = [];
  const own: FunctionInfo[] = [];
  // Its functions may call the protocol's and each other.
  const functions = new Map(protocol.functions);
  for (const member of node.members) {
    if (member.$type === 'StateVariable' && isNamed(member)) {
      const info = new StateInfo(member, null, scope, context);
      if (!takeName(names, info.declaration, context, 'an adversary sees the names of its protocol')) continue;
      states.push(info);
      variables.set(info.name, info);
      scope.declare(info);
    } else if (member.$type === 'FunctionDeclaration' && isNamed(member)) {
      const info = makeFunction(member, null, scope, 'function', functions, context);
      if (!takeName(names, info.declaration, context, 'an adversary sees the names of its protocol')) continue;
      own.push(info);
      functions.set(member.name, info);
      scope.declare(functionSymbol(info));
    }
  }
  const state = states.map((each) => each.finish());
  const functionCode = own.map((each) => each.finish());
  const handled: Names = new Map();
  const handlers = node.members.flatMap((member): Handler[] => {
    if (member.$type !== 'Handler') return [];
    const handler = elaborateHandler(member, null, handled, scope, context);
    return handler ? [{ ...handler, role: roleOf(handler, protocol.code) }] : [];
  });
  const code: AdversaryCode = {
    name: node.name,
    protocol: protocol.code.name,
    state,
    handlers,
    functions: functionCode,
    span: spanOf(node),
    nameSpan: nameSpanOf(node),
  };
  return { code, declaration, protocol };
}

/** The role whose handler is replaced; null when no single role has one. */
function roleOf(handler: Handler, protocol: ProtocolCode): string | null {
  const { trigger } = handler;
  const same = protocol.handlers.filter(({ trigger: other }) => {
    if (trigger.kind === 'message') return other.kind === 'message' && other.message === trigger.message;
    if (trigger.kind === 'operation') return other.kind === 'operation' && other.operation === trigger.operation;
    if (trigger.kind === 'timeout') return other.kind === 'timeout' && other.timer === trigger.timer;
    if (trigger.kind === 'used-event') return other.kind === 'used-event' && other.use === trigger.use && other.event === trigger.event;
    if (trigger.kind === 'answer') return other.kind === 'answer' && other.use === trigger.use && other.operation === trigger.operation;
    return other.kind === trigger.kind;
  });
  return same.length === 1 ? same[0]!.role : null;
}
