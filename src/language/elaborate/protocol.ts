import type { ProtocolCode } from '../../model/code.ts';
import type { Protocol } from '../generated/ast.ts';
import type { Environment } from '../types/environment.ts';
import type { Declaration, Elaboration } from './context.ts';
import type { Scope } from './scope.ts';

/** A protocol with what others need of it: systems its parameters and operations, adversaries its names. */
export interface ElaboratedProtocol {
  readonly code: ProtocolCode;
  readonly declaration: Declaration;
  readonly environment: Environment;
  /** The names within the protocol. */
  readonly scope: Scope;
}

/**
 * Elaborates a protocol. `outer` holds the constants of the file (symbols made by `valueSymbol`); it may be null. An
 * importing file takes the result as it is, after `context.types.adopt(result.environment.types)`.
 */
export function elaborateProtocol(_node: Protocol, _outer: Scope | null, _context: Elaboration): ElaboratedProtocol {
  throw new Error('not written yet');
}
