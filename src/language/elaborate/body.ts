import type { Span } from '../../base/source.ts';
import type { Type } from '../../model/types.ts';
import type { Declaration } from './context.ts';

/** What is known of variables on the way to a place: `x` has been compared with `none`, so it is a T and not a T?. */
export type Facts = ReadonlyMap<string, Type>;
export const NO_FACTS: Facts = new Map();

/** What `reply` answers in a body. */
export type Answering =
  | { readonly kind: 'message'; readonly message: string }
  | { readonly kind: 'operation'; readonly operation: string; readonly variable: string; readonly result: Type }
  /** An operation of a sequential specification. */
  | { readonly kind: 'specification'; readonly operation: string; readonly result: Type }
  | { readonly kind: 'nothing'; readonly because: string };

/**
 * The code of one handler, function or property while it is elaborated. Names of variables are unique within a body (a
 * local hides nothing), so facts are kept by name; those about a field by its path, `slot.request`.
 */
export class Body {
  facts: Facts = NO_FACTS;
  /** State variables that the body assigns, itself or through the functions that it calls. */
  readonly writes = new Set<string>();
  /** What it does that a pure place cannot: reads own state, draws, sends; the first of each, for messages. */
  readonly effects: { readonly what: string; readonly span: Span }[] = [];
  /** Functions that it calls, by name. */
  readonly calls = new Set<string>();

  constructor(
    readonly answering: Answering,
    /** The type that `return` must give: null where it is to be inferred or there is nothing to return from. */
    readonly result: Type | null,
    readonly owner: Declaration | null,
    /** The role whose nodes run it; null for all nodes of the protocol, and for an adversary's code. */
    readonly role: string | null = null,
  ) {}

  /** Forgets what was known of a variable that may have changed. */
  forget(name: string): void {
    if (this.facts.size === 0) return;
    const inside = `${name}.`;
    const kept = [...this.facts].filter(([path]) => path !== name && !path.startsWith(inside));
    if (kept.length < this.facts.size) this.facts = new Map(kept);
  }

  learn(name: string, type: Type): void {
    this.facts = new Map(this.facts).set(name, type);
  }
}

/** What holds after either of two ways. */
export function both(a: Facts, b: Facts): Facts {
  if (a === b) return a;
  const facts = new Map<string, Type>();
  for (const [name, type] of a) if (b.has(name)) facts.set(name, type);
  return facts;
}

/** What holds when all of these hold. */
export function together(a: Facts, b: Facts): Facts {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  return new Map([...a, ...b]);
}
