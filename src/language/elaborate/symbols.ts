import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Declaration } from './context.ts';
import { errorExpression } from './context.ts';
import { type NamedSymbol, Scope, type Setting } from './scope.ts';

/** A name that stands for a value: a constant, parameter, node group, local. With arguments it is an error. */
export function valueSymbol(declaration: Declaration, _value: (span: Span) => Expression): NamedSymbol {
  return { name: declaration.name, declaration, callable: false, use: (site) => errorExpression(site.span) };
}

/** The outermost scope of a place: the functions and names that the language gives there (`log`, `majority`, `self`, …). */
export function baseScope(setting: Setting): Scope {
  return new Scope(null, setting, null, null);
}
