import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Arguments } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { typeToString } from '../types/type.ts';
import type { Declaration, Elaboration } from './context.ts';
import { elaborateExpression } from './expressions.ts';
import { nearest, type Scope } from './scope.ts';

/** What a call, constructor, message or `run` takes at one place. */
export interface FormalParameter {
  readonly name: string;
  /** Null: anything. */
  readonly type: Type | null;
  readonly required: boolean;
  /** Noted as what a named argument refers to. */
  readonly declaration?: Declaration;
}

/**
 * Arguments by parameter: positional ones first, then named. Null stands for an optional one that is not given; the whole
 * is null when something was wrong with their number or names (reported). `what` names the callee in messages: "message `Vote`".
 */
export function elaborateArguments(
  parameters: readonly FormalParameter[],
  given: Arguments | undefined,
  what: string,
  span: Span,
  scope: Scope,
  context: Elaboration,
): (Expression | null)[] | null {
  const values: (Expression | null)[] = parameters.map(() => null);
  const items = given?.items ?? [];
  let wrong = false;
  let named = false;
  let surplus = 0;
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    // The parser's recovery may leave an argument without a value; it has said so.
    if (!item.value) {
      wrong = true;
      continue;
    }
    let index = at;
    if (item.name !== undefined) {
      named = true;
      index = parameters.findIndex((parameter) => parameter.name === item.name);
      if (index < 0) {
        reportUnknownName(item.name, nameSpanOf(item), parameters, what, context);
        wrong = true;
      } else if (values[index]) {
        context.error('DS1008', nameSpanOf(item), `\`${item.name}\` is given twice`, {
          labels: [{ span: (values[index] as Expression).span, message: 'first here' }],
        });
        wrong = true;
      } else if (parameters[index]!.declaration) {
        context.use(nameSpanOf(item), parameters[index]!.declaration as Declaration);
      }
    } else if (named) {
      context.error('DS1008', spanOf(item), 'an argument without a name comes after named ones', {
        help: 'give positional arguments first, or name this one too',
      });
      wrong = true;
      index = -1;
    } else if (index >= parameters.length) {
      surplus++;
      index = -1;
    }
    const parameter = parameters[index];
    const value = elaborateExpression(item.value, parameter?.type ?? null, scope, context);
    if (parameter) values[index] = value;
  }
  if (surplus > 0) {
    context.error('DS1007', spanOf(given ?? items[0]!), `${what} takes ${count(parameters.length)}, but ${items.length} are given`, {
      help: signatureHelp(parameters),
    });
    wrong = true;
  } else if (!wrong) {
    const missing = parameters.filter((parameter, at) => parameter.required && !values[at]);
    if (missing.length > 0) {
      const names = missing.map((parameter) => `\`${parameter.name}\``).join(', ');
      const message =
        items.length === 0 && missing.length === parameters.length
          ? `${what} takes ${count(parameters.length)}, but none is given`
          : `${what} is not given ${names}`;
      context.error('DS1007', given ? spanOf(given) : span, message, { help: signatureHelp(parameters) });
      wrong = true;
    }
  }
  return wrong ? null : values;
}

function count(parameters: number): string {
  return parameters === 0 ? 'no arguments' : parameters === 1 ? 'one argument' : `${parameters} arguments`;
}

function signatureHelp(parameters: readonly FormalParameter[]): string {
  if (parameters.length === 0) return 'write it with empty parentheses or none';
  return `it takes (${parameters.map((each) => (each.type ? `${each.name}: ${typeToString(each.type)}` : each.name)).join(', ')})`;
}

function reportUnknownName(name: string, span: Span, parameters: readonly FormalParameter[], what: string, context: Elaboration): void {
  const suggestion = nearest(
    name,
    parameters.map((parameter) => parameter.name),
  );
  context.error('DS1008', span, `${what} has no \`${name}\``, {
    help: suggestion ? `did you mean \`${suggestion}\`?` : signatureHelp(parameters),
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
}
