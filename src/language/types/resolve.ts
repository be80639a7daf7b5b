import type { Type } from '../../model/types.ts';
import type { Elaboration } from '../elaborate/context.ts';
import { nearest, type Scope } from '../elaborate/scope.ts';
import type { Type as TypeNode } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { ERROR, genericTypeNames, mapOf, optionalOf, shortName, simpleType, simpleTypeNames } from './type.ts';

/** The type that a written type stands for; reports what it does not know. */
export function resolveType(node: TypeNode, scope: Scope, context: Elaboration): Type {
  context.depth++;
  const type = context.depth > 100 ? tooDeep(node, context) : resolveNamed(node, scope, context);
  context.depth--;
  return node.optional ? optionalOf(type) : type;
}

function tooDeep(node: TypeNode, context: Elaboration): Type {
  context.tooDeep(spanOf(node));
  return ERROR;
}

function resolveNamed(node: TypeNode, scope: Scope, context: Elaboration): Type {
  const { name } = node;
  const span = nameSpanOf(node);
  if (node.qualifier !== undefined) return resolveUsed(node, node.qualifier, scope, context);
  switch (name) {
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
    case 'Distribution': {
      if (!arity(node, 1, `${name}<T>`, context)) return ERROR;
      return { kind: name, of: resolveType(node.arguments[0] as TypeNode, scope, context) };
    }
    case 'Map': {
      if (!arity(node, 2, 'Map<K, V>', context)) return ERROR;
      return mapOf(resolveType(node.arguments[0] as TypeNode, scope, context), resolveType(node.arguments[1] as TypeNode, scope, context));
    }
  }
  const simple = simpleType(name);
  if (simple) return arity(node, 0, name, context) ? simple : ERROR;
  const declared = declaredType(name, scope, context);
  if (declared) {
    context.use(span, declared.declaration);
    return arity(node, 0, name, context) ? declared.type : ERROR;
  }
  const environment = scope.environment;
  const payload = environment?.messages.get(name) ?? environment?.events.get(name) ?? environment?.operations.get(name);
  if (payload) {
    context.use(span, payload.declaration);
    context.error(
      'DS1002',
      span,
      `\`${name}\` is ${payload.declaration.kind === 'message' ? 'a message' : `an ${payload.declaration.kind}`}, not a type`,
      {
        help:
          payload.declaration.kind === 'operation'
            ? 'an operation that waits for its answer has the type `Call`'
            : 'declare a `record` for what is to be kept, and send the record in the message',
      },
    );
    return ERROR;
  }
  const candidates = [...simpleTypeNames, ...genericTypeNames, ...declaredNames(scope, context)];
  const suggestion = nearest(name, candidates) ?? foreignNames.get(name.toLowerCase()) ?? null;
  context.error('DS1002', span, `there is no type \`${name}\``, {
    help: suggestion ? `did you mean \`${suggestion}\`?` : 'declare it as a `record` or an `enum`',
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
  return ERROR;
}

/** `log.Entry`: a record or enum of a protocol that is used. */
function resolveUsed(node: TypeNode, qualifier: string, scope: Scope, context: Elaboration): Type {
  const span = nameSpanOf(node);
  const qualifierSpan = spanOfProperty(node, 'qualifier');
  const use = scope.find(qualifier)?.uses;
  if (!use) {
    context.error('DS1002', qualifierSpan, `\`${qualifier}\` is no protocol that is used here`, {
      help: `declare it: \`uses ${qualifier}: Protocol\``,
    });
    return ERROR;
  }
  context.use(qualifierSpan, use.declaration);
  if (!use.protocol) return ERROR;
  const { types } = use.protocol.environment;
  const owner = use.protocol.code.name;
  const record = types.records.get(`${owner}.${node.name}`);
  const symbol = record ?? types.enums.get(`${owner}.${node.name}`);
  if (symbol) {
    context.use(span, symbol.declaration);
    return arity(node, 0, node.name, context) ? { kind: record ? 'Record' : 'Enum', name: symbol.name } : ERROR;
  }
  const known = [...types.records.keys(), ...types.enums.keys()].filter((name) => name.startsWith(`${owner}.`)).map(shortName);
  const suggestion = nearest(node.name, known);
  context.error('DS1002', span, `\`${owner}\` has no record or enum \`${node.name}\``, {
    ...(suggestion ? { help: `did you mean \`${suggestion}\`?` } : {}),
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
  return ERROR;
}

/** What other languages call our types. */
const foreignNames = new Map([
  ['integer', 'Int'],
  ['number', 'Real'],
  ['float', 'Real'],
  ['double', 'Real'],
  ['boolean', 'Bool'],
  ['time', 'Duration'],
  ['array', 'List'],
  ['seq', 'List'],
  ['dict', 'Map'],
]);

function declaredType(name: string, scope: Scope, context: Elaboration) {
  for (const types of [scope.environment?.types, context.types]) {
    if (!types) continue;
    const qualified = scope.environment ? `${scope.environment.name}.${name}` : null;
    const record = qualified ? types.records.get(qualified) : [...types.records.values()].find((each) => shortName(each.name) === name);
    if (record) return { type: { kind: 'Record', name: record.name } as Type, declaration: record.declaration };
    const symbol = qualified ? types.enums.get(qualified) : [...types.enums.values()].find((each) => shortName(each.name) === name);
    if (symbol) return { type: { kind: 'Enum', name: symbol.name } as Type, declaration: symbol.declaration };
  }
  return null;
}

function declaredNames(scope: Scope, context: Elaboration): string[] {
  const types = scope.environment?.types ?? context.types;
  return [...types.records.keys(), ...types.enums.keys()].map(shortName);
}

function arity(node: TypeNode, wanted: number, form: string, context: Elaboration): boolean {
  if (node.arguments.length === wanted) return true;
  context.error(
    'DS1033',
    spanOf(node),
    `\`${node.name}\` takes ${wanted === 0 ? 'no' : wanted} type argument${wanted === 1 ? '' : 's'}, but ${node.arguments.length} ${node.arguments.length === 1 ? 'is' : 'are'} given`,
    {
      help: `write \`${form}\``,
    },
  );
  return false;
}
