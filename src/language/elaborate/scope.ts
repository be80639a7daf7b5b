import type { Span } from '../../base/source.ts';
import type { Expression, Place } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { NameUse } from '../generated/ast.ts';
import type { Environment, StateSymbol, UseSymbol } from '../types/environment.ts';
import type { Body } from './body.ts';
import type { Declaration, Elaboration } from './context.ts';

/**
 * Where an expression stands, which decides what it may name: `self`, `now` and sending in handlers and functions, the
 * state of others in properties, budgets in requirements, metrics in systems.
 */
export type Setting = 'handler' | 'function' | 'initial' | 'constant' | 'property' | 'requirement' | 'specification' | 'system';

/** A use of a name in an expression, with its arguments if it has any. */
export interface UseSite {
  readonly node: NameUse;
  /** Of the name alone. */
  readonly span: Span;
  /** What the surroundings want; a hint, the caller converts. */
  readonly expected: Type | null;
  readonly scope: Scope;
  readonly context: Elaboration;
  /** The whole expression, where more than the node stands for it: `log.Entry(…)`. */
  readonly whole?: Span;
}

/** A name that expressions may use. */
export interface NamedSymbol {
  readonly name: string;
  readonly declaration: Declaration;
  /** Whether `name(…)` means something; a use with arguments passes over symbols that cannot be called. */
  readonly callable: boolean;
  /** Whether locals may take the name without a word: names that the language gives. */
  readonly given?: boolean;
  /** What an assignment to it writes; undefined for what cannot be assigned. */
  readonly assignable?: { readonly root: Place['root']; readonly type: Type };
  /** The expression that a use stands for. Reports what is wrong with it and then gives one of type Error. */
  use(site: UseSite): Expression;
  /** Of a `uses`: what it names. */
  readonly uses?: UseSymbol;
  /** Of a function: the state that a call may assign; null while that is not known, and then it may be any. */
  writes?(): ReadonlySet<string> | null;
  /** What `Name.member` stands for where the name is no value (an enum); undefined for values. */
  member?(member: string, site: UseSite, memberSpan: Span): Expression;
}

/** The names in force at a place: a chain of maps, innermost first. */
export class Scope {
  private readonly symbols = new Map<string, NamedSymbol>();
  private accomplices: ReadonlyMap<string, StateSymbol> | null = null;

  constructor(
    readonly parent: Scope | null,
    readonly setting: Setting,
    /** The handler, function or property whose code this is. */
    readonly body: Body | null,
    /** The messages, timers, types and so on of the protocol or specification around; null in systems. */
    readonly environment: Environment | null,
  ) {}

  /** A scope within this one. */
  child(setting: Setting = this.setting, body: Body | null = this.body): Scope {
    return new Scope(this, setting, body, this.environment);
  }

  /** A scope within this one for the names of a protocol or specification. */
  within(environment: Environment, setting: Setting): Scope {
    return new Scope(this, setting, null, environment);
  }

  /** Lets what stands here read the state of nodes that lie: the variables of an adversary, besides those of its protocol. */
  reveal(own: ReadonlyMap<string, StateSymbol>): void {
    this.accomplices = own;
  }

  /** What `reveal` was given here or further out; null outside of adversaries. */
  get revealed(): ReadonlyMap<string, StateSymbol> | null {
    return this.accomplices ?? this.parent?.revealed ?? null;
  }

  /** Adds a name; an earlier one of this very scope stays and is returned. */
  declare(symbol: NamedSymbol): NamedSymbol | null {
    const earlier = this.symbols.get(symbol.name);
    if (earlier) return earlier;
    this.symbols.set(symbol.name, symbol);
    return null;
  }

  /** What a name means here. With `called`, symbols that cannot be called are passed over if an outer one can. */
  find(name: string, called = false): NamedSymbol | null {
    let first: NamedSymbol | null = null;
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const symbol = scope.symbols.get(name);
      if (!symbol) continue;
      if (!called || symbol.callable) return symbol;
      first ??= symbol;
    }
    return first;
  }

  /** Every name in force, innermost first; for completion and suggestions. */
  *visible(): Generator<NamedSymbol> {
    const seen = new Set<string>();
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      for (const symbol of scope.symbols.values()) {
        if (seen.has(symbol.name)) continue;
        seen.add(symbol.name);
        yield symbol;
      }
    }
  }

  /** The visible name that is written most like `name`, if one is near. */
  suggest(name: string): string | null {
    const names: string[] = [];
    for (const symbol of this.visible()) names.push(symbol.name);
    return nearest(name, names);
  }
}

/** The candidate within two edits of the name (one, for names of up to three letters); the first of the nearest. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const folded = name.toLowerCase();
  let best: string | null = null;
  let bestDistance = name.length <= 3 ? 2 : 3;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = candidate.toLowerCase() === folded ? 0.5 : editDistance(folded, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours from one word to another; `limit` when at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (a.length > 64 || b.length > 64) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((last[column] as number) + 1, (current[column - 1] as number) + 1, (last[column - 1] as number) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] as number) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return last[b.length] as number;
}
