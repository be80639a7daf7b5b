/**
 * The types of the language as plain data, shared by the checker, the model and the compiler. Quantities with units are
 * types of their own: adding a Duration to a Rate is an error, not a number.
 */
export type Type =
  | { readonly kind: 'Bool' | 'Int' | 'Real' | 'String' | 'Duration' | 'Rate' | 'Size' | 'Bandwidth' | 'Node' | 'Zone' | 'Quorum' | 'Call' }
  /** A value of any other type, which the code that carries it does not look into. */
  | { readonly kind: 'Data' }
  /** What a statement-like call gives: nothing. */
  | { readonly kind: 'Unit' }
  /** The type of `none` before its context is known, and of elements of an empty collection. */
  | { readonly kind: 'Never' }
  /** The type of what is already reported as wrong; agrees with everything, so that one mistake gives one error. */
  | { readonly kind: 'Error' }
  | { readonly kind: 'Optional'; readonly of: Type }
  | { readonly kind: 'List' | 'Set' | 'Range' | 'Signed' | 'Distribution'; readonly of: Type }
  | { readonly kind: 'Map'; readonly key: Type; readonly value: Type }
  /** `name` is qualified by its owner: `Raft.Entry`; the declaration stands in `ProtocolCode.records`. */
  | { readonly kind: 'Record'; readonly name: string }
  | { readonly kind: 'Enum'; readonly name: string }
  /** The value that `on m: Vote` binds: its fields can be read. `name` is the message, operation or event. */
  | { readonly kind: 'Message' | 'Operation' | 'Event'; readonly name: string }
  | { readonly kind: 'Function'; readonly parameters: readonly Type[]; readonly result: Type };

/** A declared field of a record, message, operation or event. */
export interface FieldType {
  readonly name: string;
  readonly type: Type;
}
