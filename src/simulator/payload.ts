import type { Payload, PayloadInfo } from '../compiler/program.ts';

/**
 * Fields of operations and events by position, as compiled code has them: `f0`, `f1`, … in declared order. Messages have
 * `Program.makeMessage` and `fieldsOf` for it.
 */
export function makePayload(values: readonly unknown[]): Payload {
  const payload: Record<string, unknown> = {};
  for (let at = 0; at < values.length; at += 1) payload[`f${at}`] = values[at];
  return payload;
}

/** Field values of an event's or operation's payload in declared order. */
export function payloadFields(info: PayloadInfo, payload: Payload): unknown[] {
  const values = payload as Readonly<Record<string, unknown>>;
  return info.fields.map((_, at) => values[`f${at}`]);
}
