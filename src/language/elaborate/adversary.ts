import type { AdversaryCode } from '../../model/code.ts';
import type { Adversary } from '../generated/ast.ts';
import type { Declaration, Elaboration } from './context.ts';
import type { ElaboratedProtocol } from './protocol.ts';

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
  _node: Adversary,
  _protocols: ReadonlyMap<string, ElaboratedProtocol>,
  _context: Elaboration,
): ElaboratedAdversary | null {
  return null;
}
