import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Arguments } from '../generated/ast.ts';
import type { Declaration, Elaboration } from './context.ts';
import type { Scope } from './scope.ts';

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
  _parameters: readonly FormalParameter[],
  _given: Arguments | undefined,
  _what: string,
  _span: Span,
  _scope: Scope,
  _context: Elaboration,
): (Expression | null)[] | null {
  return null;
}
