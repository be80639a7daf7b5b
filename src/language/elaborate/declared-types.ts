import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import { spanOf } from '../syntax.ts';
import type { EnumSymbol, RecordSymbol } from '../types/environment.ts';
import { shortName } from '../types/type.ts';
import { elaborateArguments } from './arguments.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { type NamedSymbol, nearest } from './scope.ts';

/** An enum as a name: `Role.Leader`. */
export function enumSymbol(symbol: EnumSymbol): NamedSymbol {
  const name = shortName(symbol.name);
  return {
    name,
    declaration: symbol.declaration,
    callable: false,
    use({ span, context }) {
      context.error('DS1015', span, `\`${name}\` is an enum, not a value`, {
        help: `write one of its members: \`${name}.${symbol.members[0] ?? '…'}\``,
      });
      return errorExpression(span);
    },
    member: (member, site, memberSpan) => enumMember(symbol, member, memberSpan, { ...site.span, end: memberSpan.end }, site.context),
  };
}

export function enumMember(symbol: EnumSymbol, member: string, memberSpan: Span, span: Span, context: Elaboration): Expression {
  const index = symbol.members.indexOf(member);
  if (index < 0) {
    const suggestion = nearest(member, symbol.members);
    context.error('DS1031', memberSpan, `enum \`${shortName(symbol.name)}\` has no member \`${member}\``, {
      help: suggestion ? `did you mean \`${suggestion}\`?` : `its members are ${symbol.members.map((each) => `\`${each}\``).join(', ')}`,
      fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span: memberSpan, text: suggestion }] }] : [],
      labels: [{ span: symbol.declaration.nameSpan, message: 'declared here' }],
    });
    return errorExpression(span);
  }
  const type = { kind: 'Enum', name: symbol.name } as const;
  context.use(memberSpan, symbol.memberDeclarations[index]!);
  context.hover(memberSpan, type);
  return { kind: 'enum', enum: symbol.name, member, type, span };
}

/** A record as a name: its constructor. */
export function recordSymbol(symbol: RecordSymbol): NamedSymbol {
  const name = shortName(symbol.name);
  const parameters = symbol.fields.map((field) => ({ name: field.name, type: field.type, required: true, declaration: field.declaration }));
  return {
    name,
    declaration: symbol.declaration,
    callable: true,
    use({ node, span, scope, context, whole }) {
      if (!node.arguments) {
        context.error('DS1013', span, `record \`${name}\` is not given its fields`, {
          help: `write \`${name}(${symbol.fields.map((field) => field.name).join(', ')})\``,
        });
        return errorExpression(span);
      }
      const fields = elaborateArguments(parameters, node.arguments, `record \`${name}\``, span, scope, context);
      const type = { kind: 'Record', name: symbol.name } as const;
      return fields
        ? { kind: 'record', record: symbol.name, fields: fields as Expression[], type, span: whole ?? spanOf(node) }
        : errorExpression(whole ?? spanOf(node));
    },
  };
}
