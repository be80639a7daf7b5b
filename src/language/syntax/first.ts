import type { CompiledGrammar, Element } from './grammar.ts';
import { isName, kindNames, kindOf } from './tokens.ts';

/**
 * What can stand at the beginning of a piece of grammar. Most choices are decided by one token; where two ways begin
 * alike the second token decides, and the answer is remembered by the pair.
 */
export class FirstTokens {
  private readonly sets = new Map<Element, { readonly tokens: Uint8Array; readonly empty: boolean }>();

  constructor(private readonly grammar: CompiledGrammar) {}

  /** By token kind: whether the element can begin with it. `empty`: whether it can also be nothing. */
  of(element: Element): { readonly tokens: Uint8Array; readonly empty: boolean } {
    let set = this.sets.get(element);
    if (!set) {
      set = this.compute(element);
      this.sets.set(element, set);
    }
    return set;
  }

  ofAll(elements: readonly Element[]): { readonly tokens: Uint8Array; readonly empty: boolean } {
    const tokens = new Uint8Array(kindNames.length);
    for (const element of elements) {
      const first = this.of(element);
      join(tokens, first.tokens);
      if (!first.empty) return { tokens, empty: false };
    }
    return { tokens, empty: true };
  }

  /** What the element begins with, in the grammar's names: for messages. */
  names(element: Element): string[] {
    if ('token' in element) return [element.token];
    if ('rule' in element) return [element.rule];
    if ('assign' in element) return this.names(element.value);
    if ('choice' in element) return element.choice.flatMap((part) => this.names(part));
    if (!('sequence' in element)) return [];
    const end = element.sequence.findIndex((part) => !this.of(part).empty);
    return element.sequence.slice(0, end < 0 ? undefined : end + 1).flatMap((part) => this.names(part));
  }

  private compute(element: Element): { tokens: Uint8Array; empty: boolean } {
    const inner = this.computeOnce(element);
    return { tokens: inner.tokens, empty: inner.empty || element.many === '?' || element.many === '*' };
  }

  private computeOnce(element: Element): { tokens: Uint8Array; empty: boolean } {
    if ('token' in element) return { tokens: tokensMatching(element.token), empty: false };
    if ('rule' in element) return { ...this.of(this.ruleBody(element.rule)) };
    if ('assign' in element) return { ...this.of(element.value) };
    if ('sequence' in element) return { ...this.ofAll(element.sequence) };
    if ('choice' in element) {
      const tokens = new Uint8Array(kindNames.length);
      let empty = false;
      for (const part of element.choice) {
        const first = this.of(part);
        join(tokens, first.tokens);
        empty ||= first.empty;
      }
      return { tokens, empty };
    }
    return { tokens: new Uint8Array(kindNames.length), empty: true };
  }

  private ruleBody(name: string): Element {
    const rule = this.grammar.rules[name];
    if (!rule) throw new Error(`no rule ${name}`);
    return rule.body;
  }

  /** Whether the elements, one after the other, can begin with these two tokens. What comes after them may be anything. */
  beginsWith(elements: readonly Element[], first: number, second: number): boolean {
    const tokens = [first, second];
    return this.walkAll(elements, 0, tokens, 0, () => true);
  }

  private walkAll(elements: readonly Element[], index: number, tokens: number[], at: number, then: (at: number) => boolean): boolean {
    if (at === tokens.length) return true;
    const element = elements[index];
    if (!element) return then(at);
    return this.walk(element, tokens, at, (next) => this.walkAll(elements, index + 1, tokens, next, then));
  }

  private walk(element: Element, tokens: number[], at: number, then: (at: number) => boolean): boolean {
    if (at === tokens.length) return true;
    const optional = element.many === '?' || element.many === '*';
    const again = element.many === '*' || element.many === '+';
    const next = again ? (reached: number): boolean => (reached > at && this.walk(element, tokens, reached, then)) || then(reached) : then;
    return this.walkOnce(element, tokens, at, next) || (optional && then(at));
  }

  private walkOnce(element: Element, tokens: number[], at: number, then: (at: number) => boolean): boolean {
    if ('token' in element) return tokensMatching(element.token)[tokens[at] as number] === 1 && then(at + 1);
    const first = this.of(element);
    if (!first.empty && first.tokens[tokens[at] as number] === 0) return false;
    if ('rule' in element) return this.walk(this.ruleBody(element.rule), tokens, at, then);
    if ('assign' in element) return this.walk(element.value, tokens, at, then);
    if ('sequence' in element) return this.walkAll(element.sequence, 0, tokens, at, then);
    if ('choice' in element) return element.choice.some((part) => this.walk(part, tokens, at, then));
    return then(at);
  }
}

const matching = new Map<string, Uint8Array>();

/** By token kind: whether such a token may stand where the grammar names `token`; a contextual keyword is an ID too. */
export function tokensMatching(token: string): Uint8Array {
  let set = matching.get(token);
  if (!set) {
    set = new Uint8Array(kindNames.length);
    if (token === 'ID') set.set(isName);
    else set[kindOf(token)] = 1;
    matching.set(token, set);
  }
  return set;
}

function join(into: Uint8Array, tokens: Uint8Array): void {
  for (let kind = 0; kind < tokens.length; kind++) if (tokens[kind]) into[kind] = 1;
}
