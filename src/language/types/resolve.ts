import type { Type } from '../../model/types.ts';
import type { Elaboration } from '../elaborate/context.ts';
import type { Scope } from '../elaborate/scope.ts';
import type { Type as TypeNode } from '../generated/ast.ts';
import { ERROR } from './type.ts';

/** The type that a written type stands for; reports what it does not know. */
export function resolveType(_node: TypeNode, _scope: Scope, _context: Elaboration): Type {
  return ERROR;
}
