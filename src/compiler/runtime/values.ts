import type { Span } from '../../base/source.ts';
import type { CallHandle } from '../program.ts';
import { fail } from './failure.ts';

/** A value with the node that vouches for it. Only `sign` makes one, and it signs as the acting node. */
export class Signed {
  constructor(
    readonly value: unknown,
    readonly signer: number,
  ) {}
}

/** A range with both ends in it. */
export class Range {
  constructor(
    readonly min: number,
    readonly max: number,
  ) {}
}

/** `size` of a Range of Int. */
export function rangeSize(range: Range): number {
  return Math.max(0, range.max - range.min + 1);
}

/** A field of a stored Call: which position it has depends on the operation; -1 where that operation lacks it. */
export function callField(call: CallHandle, positions: readonly number[], name: string, span: Span): unknown {
  const position = positions[call.operation] ?? -1;
  if (position < 0) return fail(`this call's operation has no field \`${name}\``, span);
  return (call.fields as Record<string, unknown>)[`f${position}`];
}

/** Numbers of calls that nodes make begin here, so that they differ from those of clients. */
export const FIRST_NODE_CALL = 1_000_000_000;

/** The call itself, if it is one of this deployment's operations. */
export function ownCall(call: CallHandle, deployment: number, protocol: string, span: Span): CallHandle {
  if (call.deployment !== deployment) fail(`this call was made by the node: it is no call of an operation of \`${protocol}\``, span);
  return call;
}

export function unwrap(value: unknown, span: Span): unknown {
  return value === null ? fail('this is `none`', span) : value;
}
