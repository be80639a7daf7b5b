import type { CallHandle, Payload } from '../compiler/program.ts';
import { FIRST_NODE_CALL } from '../compiler/runtime/values.ts';

/** A deployment that calls operations of others. */
export interface LocalCaller {
  takeAnswer(call: UsedCall, by: number, value: unknown, cause: number): void;
}

/** A call that a node makes on behalf of a protocol: of an operation of one that it uses. */
export class UsedCall implements CallHandle {
  readonly id: number;
  answered = false;

  constructor(
    readonly caller: LocalCaller,
    /** The use's place in the caller's protocol. */
    readonly use: number,
    readonly deployment: number,
    readonly operation: number,
    readonly fields: Payload,
    readonly client: number,
    readonly number: number,
    /** The node's generation: after a crash it no longer knows of the call. */
    readonly generation: number,
  ) {
    this.id = FIRST_NODE_CALL + number;
  }
}
