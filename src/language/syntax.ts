import type { AstNode, CstNode } from 'langium';
import type { Span } from '../base/source.ts';

/** The text that a tree was parsed from, shared by all of its nodes. */
export interface SourceText {
  readonly uri: string;
  readonly text: string;
  /** Comments `/** … *\/` by the offset of the first token behind them. */
  readonly documentation: ReadonlyMap<number, Span>;
}

const NONE: readonly (string | number)[] = [];

/**
 * Where a node stands: all that is kept of the concrete syntax. It takes the place of Langium's CST node at `$cstNode`
 * (ten times as large, and the reason why parsing took half a second), of which it offers `offset`, `end`, `length` and
 * `text`. Words and literals that are properties of the node (`name`, `operator`, …) have places of their own.
 */
export class SyntaxPlace {
  /** Property name, start, end; again and again. */
  properties: readonly (string | number)[] = NONE;

  constructor(
    readonly source: SourceText,
    public offset: number,
    public end: number,
  ) {}

  /** Keeps where a property that is a word or literal stands. */
  noteProperty(name: string, start: number, end: number): void {
    if (this.properties === NONE) this.properties = [name, start, end];
    else (this.properties as (string | number)[]).push(name, start, end);
  }

  get length(): number {
    return this.end - this.offset;
  }

  get text(): string {
    return this.source.text.slice(this.offset, this.end);
  }
}

/** The place of a node. A node that no text stands for has the empty span at the file's start. */
export function placeOf(node: AstNode): SyntaxPlace {
  const place = node.$cstNode as unknown;
  if (place instanceof SyntaxPlace) return place;
  throw new Error(`a ${node.$type} without a place`);
}

/** For the parser: gives a node its place, under the property that Langium's types have for it. */
export function setPlace(node: AstNode, place: SyntaxPlace): void {
  (node as { $cstNode?: CstNode }).$cstNode = place as unknown as CstNode;
}

/** The node's whole text, without comments around it. */
export function spanOf(node: AstNode): Span {
  const place = placeOf(node);
  return { uri: place.source.uri, start: place.offset, end: place.end };
}

/** The word or literal that a property was read from (the `index`-th of a list); the whole node when there is none. */
export function spanOfProperty(node: AstNode, property: string, index = 0): Span {
  const place = placeOf(node);
  let left = index;
  for (let at = 0; at < place.properties.length; at += 3) {
    if (place.properties[at] !== property || left-- > 0) continue;
    return { uri: place.source.uri, start: place.properties[at + 1] as number, end: place.properties[at + 2] as number };
  }
  const value = (node as unknown as Record<string, unknown>)[property];
  const child = Array.isArray(value) ? value[index] : value;
  if (child && typeof child === 'object' && '$type' in child) return spanOf(child as AstNode);
  return spanOf(node);
}

/** The span of a node's name: what is underlined when the declaration itself is meant. */
export const nameSpanOf = (node: AstNode): Span => spanOfProperty(node, 'name');

/** The node's source text, as written. */
export const textOf = (node: AstNode): string => placeOf(node).text;

/** The text of the `/** … *\/` comment before a declaration, without its stars; empty when there is none. */
export function documentationOf(node: AstNode): string {
  const place = placeOf(node);
  const comment = place.source.documentation.get(place.offset);
  if (!comment) return '';
  return place.source.text
    .slice(comment.start + 3, comment.end - 2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, '').trimEnd())
    .join('\n')
    .trim();
}
