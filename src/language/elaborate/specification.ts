import type { SpecificationCode } from '../../model/code.ts';
import type { Specification } from '../generated/ast.ts';
import type { Environment } from '../types/environment.ts';
import type { Declaration, Elaboration } from './context.ts';
import type { Scope } from './scope.ts';

export interface ElaboratedSpecification {
  readonly code: SpecificationCode;
  readonly declaration: Declaration;
  readonly environment: Environment;
}

export function elaborateSpecification(_node: Specification, _outer: Scope | null, _context: Elaboration): ElaboratedSpecification {
  throw new Error('not written yet');
}
