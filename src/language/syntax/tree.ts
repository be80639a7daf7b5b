import type { AstNode } from 'langium';
import { compiledGrammar } from '../generated/rules.ts';
import { type SourceText, SyntaxPlace, setPlace } from '../syntax.ts';
import type { Tokens } from './lexer.ts';
import { unquote } from './literals.ts';
import { STRING } from './tokens.ts';

/** A node of the tree as the parser sees it: properties by name. */
export type Node = AstNode & { [property: string]: unknown };
type MutableNode = { -readonly [Key in keyof AstNode]: AstNode[Key] } & { [property: string]: unknown };

const placeOf = (node: Node): SyntaxPlace => node.$cstNode as unknown as SyntaxPlace;

/** Builds the nodes of one text's tree, with links to their parents and their places. */
export class TreeBuilder {
  private readonly source: SourceText;

  constructor(
    private readonly tokens: Tokens,
    uri: string,
  ) {
    this.source = { uri, text: tokens.text, documentation: tokens.documentation };
  }

  /** A node that begins at a token; where it ends is told by `close`. */
  create(type: string, startToken: number): Node {
    const node: MutableNode = { $type: type, $container: undefined, $containerProperty: undefined, $containerIndex: undefined };
    const start = this.tokens.start[startToken] as number;
    setPlace(node, new SyntaxPlace(this.source, start, start));
    const defaults = compiledGrammar.defaults[type];
    if (defaults) for (const property in defaults) node[property] = defaults[property] === 'list' ? [] : false;
    return node as Node;
  }

  /** Ends a node before a token. */
  close(node: Node, nextToken: number): void {
    const place = placeOf(node);
    const end = nextToken > 0 ? (this.tokens.end[nextToken - 1] as number) : 0;
    if (end > place.end) place.end = end;
  }

  /** The root stands for the whole text, comments at its ends included. */
  closeFile(node: Node): void {
    placeOf(node).end = this.tokens.text.length;
  }

  attach(parent: Node, property: string, child: Node): void {
    (child as MutableNode).$container = parent;
    (child as MutableNode).$containerProperty = property;
    parent[property] = child;
  }

  append(parent: Node, property: string, child: Node): void {
    parent[property] ??= [];
    const list = parent[property] as Node[];
    (child as MutableNode).$container = parent;
    (child as MutableNode).$containerProperty = property;
    (child as MutableNode).$containerIndex = list.length;
    list.push(child);
  }

  /** A property that is a word or literal: what it says, and where it stands. */
  setWord(node: Node, property: string, isList: boolean, token: number, value: unknown): void {
    if (isList) {
      node[property] ??= [];
      (node[property] as unknown[]).push(value);
    } else node[property] = value;
    placeOf(node).noteProperty(property, this.tokens.start[token] as number, this.tokens.end[token] as number);
  }

  /** The text of a token, of a literal in quotes what it stands for. */
  image(token: number): string {
    const text = this.tokens.text.slice(this.tokens.start[token], this.tokens.end[token]);
    return this.tokens.kind[token] === STRING ? unquote(text) : text;
  }
}
