import type { AstNode } from 'langium';
import type { File, Reply, Return } from '../generated/ast.ts';
import { type SourceText, SyntaxPlace, setPlace } from '../syntax.ts';
import { FirstTokens, tokensMatching } from './first.ts';
import { type Element, findLadder } from './grammar.ts';
import type { Tokens } from './lexer.ts';
import { unquote } from './literals.ts';
import { compiledGrammar } from './rules.ts';
import { END, ID, isName, kindNames, kindOf, STRING } from './tokens.ts';

/**
 * Runs the grammar over the tokens of a text. The rules stay those of src/language/grammar: they are compiled once into
 * closures that look one token ahead (two where they must, see FirstTokens), so that parsing is linear and warm at once.
 * The tree has the types of src/language/generated/ast.ts.
 *
 * After a mistake the smallest list item around it (statement, member, declaration) is dropped, and reading goes on at
 * the next line that can begin one: every node in the tree is whole.
 */
export interface SyntaxMistake {
  /** Index of the token at which reading stopped. */
  readonly token: number;
  /** What could stand there, outermost rules first, as grammar names: rules or tokens. */
  readonly expected: readonly string[];
  /** Names of rules being read, outermost first. */
  readonly within: readonly string[];
  /** `left-out`: a closing bracket was taken as read, since what comes next does not belong inside. */
  readonly kind: 'unexpected' | 'left-out' | 'too-deep';
}

export interface ParseResult {
  readonly file: File;
  readonly errors: readonly SyntaxMistake[];
  /** Names declared by items that were dropped: they are not unknown, only unread. */
  readonly dropped: readonly string[];
  /** `return` and `reply` without a value: what stands on the next line was not taken for one. */
  readonly bare: readonly (Return | Reply)[];
}

/** Rules that may be entered within one another, and operators in a row: beyond, a text is refused instead of read with a full stack. */
const MAX_DEPTH = 1_500;
const MAX_CHAIN = 500;

/**
 * Rules whose `value` must begin on their own line: statements have no separators, so that `return` would otherwise take
 * the next line's statement for its value.
 */
const SAME_LINE = new Set(['Return', 'Reply']);

type Node = AstNode & { [property: string]: unknown };
type MutableNode = { -readonly [Key in keyof AstNode]: AstNode[Key] } & { [property: string]: unknown };
type Step = () => void;

const MISMATCH = Symbol('mismatch');
const TOO_DEEP = Symbol('too deep');

const first = new FirstTokens(compiledGrammar);
const ladder = findLadder(compiledGrammar, 'Implication');
const OPEN = new Set(['(', '[', '{'].map(kindOf));
const CLOSE = new Set([')', ']', '}'].map(kindOf));
const CLOSE_BRACE = kindOf('}');
const OPEN_PARENTHESIS = kindOf('(');
const CLOSE_PARENTHESIS = kindOf(')');
const COMMA = kindOf(',');
const ARROW = kindOf('=>');

class Parser {
  private tokens!: Tokens;
  private kind!: Uint8Array;
  private source!: SourceText;
  private at = 0;
  private depth = 0;
  /** The node that the running rule builds, and the token at which the rule began. */
  private node: Node | undefined;
  private ruleStart = 0;
  private ruleType = '';
  private readonly within: string[] = [];
  private readonly withinStart: number[] = [];
  private expected: string[] = [];
  private expectedAt = -1;
  /** For each of `within` how much was expected at its first token before it was entered. */
  private readonly withinExpected: number[] = [];
  private errors: SyntaxMistake[] = [];
  private maxErrors = 0;
  private dropped: string[] = [];
  private bare: (Return | Reply)[] = [];

  /** The lists of items that are being read, outermost first, by the keywords that their items begin with. */
  private readonly lists: ReadonlySet<number>[] = [];
  /** The rule whose body is being compiled. */
  private compiling = '';

  private readonly rules = new Map<string, () => unknown>();
  private readonly prefixLevel = new Int8Array(kindNames.length).fill(-1);
  private readonly binaryLevel = new Int8Array(kindNames.length).fill(-1);
  private readonly ladderIndex = new Map(ladder.levels.map((level, index) => [level.rule, index]));

  constructor() {
    for (const [index, level] of ladder.levels.entries()) {
      for (const operator of level.operators) (level.form === 'prefix' ? this.prefixLevel : this.binaryLevel)[kindOf(operator)] = index;
    }
  }

  parse(tokens: Tokens, uri: string, maxErrors: number): ParseResult {
    this.tokens = tokens;
    this.kind = tokens.kind;
    this.source = { uri, text: tokens.text, documentation: tokens.documentation };
    this.at = 0;
    this.depth = 0;
    this.node = undefined;
    this.errors = [];
    this.dropped = [];
    this.bare = [];
    this.backTo(0);
    this.lists.length = 0;
    this.expectedAt = -1;
    this.maxErrors = maxErrors;
    let file: Node | undefined;
    try {
      file = this.rule(compiledGrammar.entry)() as Node;
    } catch (error) {
      // A host with a small stack overflows before MAX_DEPTH is reached; that is the same mistake.
      if (error instanceof RangeError)
        this.errors.push({ token: Math.min(this.at, tokens.count), expected: [], within: [], kind: 'too-deep' });
      else if (error !== TOO_DEEP && error !== MISMATCH) throw error;
    }
    file ??= this.create('File', 0);
    const place = file.$cstNode as unknown as SyntaxPlace;
    place.end = tokens.text.length;
    return { file: file as unknown as File, errors: this.errors, dropped: this.dropped, bare: this.bare };
  }

  // ---- rules ----------------------------------------------------------------------------------------------------------

  private rule(name: string): () => unknown {
    let run = this.rules.get(name);
    if (!run) {
      run = this.compileRule(name);
      this.rules.set(name, run);
    }
    return run;
  }

  private compileRule(name: string): () => unknown {
    const rule = compiledGrammar.rules[name];
    if (!rule) throw new Error(`no rule ${name}`);
    const level = this.ladderIndex.get(name);
    if (level !== undefined) return () => this.readLadder(level);
    const isOperand = name === ladder.base;
    const takesValueOfItsLine = SAME_LINE.has(name);
    if (rule.type === null) return this.compileWord(name, rule.body);
    const type = rule.type;
    let body: Step | undefined;
    return () => {
      if (!body) {
        this.compiling = name;
        body = this.compile(rule.body, []);
      }
      const { node, ruleStart, ruleType } = this;
      this.enter(name);
      if (isOperand && this.atDeclaration()) this.fail(name);
      this.node = undefined;
      this.ruleStart = this.at;
      this.ruleType = type;
      body();
      const built = this.node ?? this.create(type, this.ruleStart);
      this.close(built);
      if (takesValueOfItsLine && built.value === undefined) this.bare.push(built as unknown as Return | Reply);
      this.node = node;
      this.ruleStart = ruleStart;
      this.ruleType = ruleType;
      this.leave();
      return built;
    };
  }

  /** A rule that gives a word: any one token of its alternatives. */
  private compileWord(name: string, body: Element): () => unknown {
    const allowed = first.of(body).tokens;
    return () => {
      if (!allowed[this.kind[this.at] as number]) this.fail(name);
      return this.image(this.at++);
    };
  }

  private enter(name: string): void {
    if (++this.depth > MAX_DEPTH) this.tooDeep();
    this.within.push(name);
    this.withinStart.push(this.at);
    this.withinExpected.push(this.expectedAt === this.at ? this.expected.length : 0);
  }

  private leave(): void {
    this.depth--;
    this.backTo(this.within.length - 1);
  }

  private backTo(levels: number): void {
    this.within.length = levels;
    this.withinStart.length = levels;
    this.withinExpected.length = levels;
  }

  private tooDeep(): never {
    this.errors.push({ token: this.at, expected: [], within: [], kind: 'too-deep' });
    throw TOO_DEEP;
  }

  // ---- elements -------------------------------------------------------------------------------------------------------

  /** `after`: what follows in the same rule, to decide whether an optional part or a repetition goes on. */
  private compile(element: Element, after: readonly Element[]): Step {
    if (element.many) return this.compileMany(element, after);
    return this.compileOnce(element, after);
  }

  private compileOnce(element: Element, after: readonly Element[]): Step {
    if ('token' in element) {
      const allowed = tokensMatching(element.token);
      const closes = allowed.length > 0 && CLOSE.has(allowed.indexOf(1));
      return () => {
        if (allowed[this.kind[this.at] as number]) this.at++;
        else if (closes && this.mayBeLeftOut()) this.report(element.token, 'left-out');
        else this.fail(element.token);
      };
    }
    if ('rule' in element) {
      const run = this.lazyRule(element.rule);
      return () => {
        this.node = run() as Node;
      };
    }
    if ('assign' in element) return this.compileAssign(element);
    if ('become' in element) {
      const type = element.become;
      return () => {
        this.node = this.create(type, this.ruleStart);
      };
    }
    if ('wrap' in element) {
      const { wrap, as } = element;
      return () => this.wrap(wrap, as);
    }
    if ('choice' in element) return this.compileChoice(element.choice, after);
    const parts = element.sequence;
    const steps = parts.map((part, index) => this.compile(part, [...parts.slice(index + 1), ...after]));
    return () => {
      for (const step of steps) step();
    };
  }

  private lazyRule(name: string): () => unknown {
    let run: (() => unknown) | undefined;
    return () => {
      run ??= this.rule(name);
      return run();
    };
  }

  private compileAssign(element: Element & { assign: string; operator: '=' | '+=' | '?='; value: Element }): Step {
    const { assign, operator } = element;
    const value = element.value;
    if ('token' in value) {
      const allowed = tokensMatching(value.token);
      return () => {
        if (!allowed[this.kind[this.at] as number]) this.fail(value.token);
        const token = this.at++;
        this.assignToken(assign, operator, token, operator === '?=' ? true : this.image(token));
      };
    }
    if ('rule' in value) {
      const run = this.lazyRule(value.rule);
      return () => {
        const token = this.at;
        const result = run();
        if (typeof result === 'string') this.assignToken(assign, operator, token, result);
        else this.assignNode(assign, operator, result as Node);
      };
    }
    // A choice: of tokens (`kind=('a'|'b')`) or of rules (`body=(Block | Statement)`).
    if (!('choice' in value)) throw new Error(`an assignment that is neither token, rule nor choice: ${assign}`);
    const ways = value.choice.map((part) => ({ part, step: this.compileAssign({ ...element, value: part }) }));
    const sets = ways.map((way) => first.of(way.part).tokens);
    const name = 'rule' in value.choice[0]! ? undefined : assign;
    return () => {
      const kind = this.kind[this.at] as number;
      for (let index = 0; index < ways.length; index++) if (sets[index]![kind]) return ways[index]!.step();
      for (const way of ways) this.expect('token' in way.part ? way.part.token : 'rule' in way.part ? way.part.rule : (name ?? assign));
      this.fail();
    };
  }

  private compileChoice(choice: readonly Element[], after: readonly Element[]): Step {
    const steps = choice.map((part) => this.compile(part, after));
    const ways: number[][] = kindNames.map(() => []);
    let otherwise = -1;
    for (const [index, part] of choice.entries()) {
      const set = first.ofAll([part, ...after]);
      for (let kind = 0; kind < kindNames.length; kind++) if (set.tokens[kind]) ways[kind]!.push(index);
      if (set.empty && otherwise < 0) otherwise = index;
    }
    const byPair = new Map<number, number>();
    const lambda = choice.findIndex((part) => 'rule' in part && part.rule === 'Lambda');
    return () => {
      const kind = this.kind[this.at] as number;
      const candidates = ways[kind] as number[];
      if (candidates.length === 1) return steps[candidates[0] as number]!();
      if (candidates.length === 0) {
        if (otherwise >= 0) return steps[otherwise]!();
        for (const part of choice) this.expectElement(part);
        return this.fail();
      }
      if (lambda >= 0 && candidates.includes(lambda))
        return steps[this.atLambda() ? lambda : (candidates.find((way) => way !== lambda) as number)]!();
      const second = this.kind[this.at + 1] ?? END;
      const pair = kind * kindNames.length + second;
      let way = byPair.get(pair);
      if (way === undefined) {
        way = candidates.find((index) => first.beginsWith([choice[index] as Element, ...after], kind, second)) ?? (candidates[0] as number);
        byPair.set(pair, way);
      }
      return steps[way]!();
    };
  }

  /** `x => …` or `(x, y) => …`: the one place where two tokens do not tell. */
  private atLambda(): boolean {
    if (this.kind[this.at + 1] === ARROW) return true;
    if (this.kind[this.at] !== OPEN_PARENTHESIS) return false;
    const name = tokensMatching('ID');
    for (let at = this.at + 1; ; at += 2) {
      if (!name[this.kind[at] as number]) return false;
      const next = this.kind[at + 1];
      if (next === CLOSE_PARENTHESIS) return this.kind[at + 2] === ARROW;
      if (next !== COMMA) return false;
    }
  }

  private compileMany(element: Element, after: readonly Element[]): Step {
    const once: Element = { ...element, many: undefined };
    if (element.many === '*' && isItemList(once)) return this.compileItems(once, after);
    const again = element.many !== '?';
    const step = this.compileOnce(once, again ? [element, ...after] : after);
    const goesOn = this.compileDecision(once, after, again ? element : undefined);
    const chains = again && 'sequence' in once && containsWrap(once);
    if (!again) {
      return () => {
        if (goesOn()) step();
      };
    }
    const atLeastOnce = element.many === '+';
    return () => {
      if (atLeastOnce) step();
      for (let chain = 0; goesOn(); chain++) {
        if (chains && chain > MAX_CHAIN) this.tooDeep();
        step();
      }
    };
  }

  /** Whether a part that may be left out stands here: by one token, by two where what follows begins alike. */
  private compileDecision(element: Element, after: readonly Element[], loop: Element | undefined): () => boolean {
    const inside = first.of(element).tokens;
    const outside = first.ofAll(after).tokens;
    const byPair = new Map<number, boolean>();
    const sameLine = SAME_LINE.has(this.compiling) && 'assign' in element && element.assign === 'value';
    return () => {
      const kind = this.kind[this.at] as number;
      if (sameLine && this.tokens.firstOfLine[this.at] === 1) return false;
      if (!inside[kind]) {
        this.expectElement(element);
        return false;
      }
      if (!outside[kind]) return true;
      const second = this.kind[this.at + 1] ?? END;
      const pair = kind * kindNames.length + second;
      let goesOn = byPair.get(pair);
      if (goesOn === undefined) {
        goesOn = first.beginsWith([element, ...(loop ? [loop] : []), ...after], kind, second);
        byPair.set(pair, goesOn);
      }
      return goesOn;
    };
  }

  /**
   * A line that begins with a keyword and a name, as `timer retry` does. No expression does, though the keyword alone could
   * be a name: here something before is unfinished.
   */
  private atDeclaration(): boolean {
    const kind = this.kind[this.at] as number;
    if (kind === ID || isName[kind] !== 1 || this.tokens.firstOfLine[this.at] !== 1) return false;
    return isName[this.kind[this.at + 1] ?? END] === 1 && this.tokens.firstOfLine[this.at + 1] !== 1;
  }

  // ---- lists of items, where reading goes on after a mistake -------------------------------------------------------------

  private compileItems(item: Element, after: readonly Element[]): Step {
    const step = this.compileOnce(item, [{ ...item, many: '*' }, ...after]);
    const begins = first.of(item).tokens;
    const leading = this.leadingKeywords(item);
    const ends = after.length > 0 ? CLOSE_BRACE : END;
    return () => {
      this.lists.push(leading);
      const depthOfLists = this.lists.length;
      for (;;) {
        this.lists.length = depthOfLists;
        const kind = this.kind[this.at] as number;
        const belongsFurtherOut = !leading.has(kind) && this.lists.some((list) => list.has(kind)) && this.atDeclaration();
        if (kind === ends || kind === END || belongsFurtherOut) {
          this.expectElement(item);
          this.lists.pop();
          return;
        }
        const { node, ruleStart, ruleType, depth, at } = this;
        const levels = this.within.length;
        try {
          if (begins[kind]) {
            step();
            continue;
          }
          this.expectElement(item);
          this.expect(ends === END ? 'end of file' : '}');
          this.fail();
        } catch (error) {
          if (error !== MISMATCH) throw error;
          this.node = node;
          this.ruleStart = ruleStart;
          this.ruleType = ruleType;
          this.depth = depth;
          this.backTo(levels);
          if (this.errors.length >= this.maxErrors) {
            this.at = this.tokens.count;
            this.lists.pop();
            return;
          }
          this.noteDropped(at);
          this.skipItem(at, begins, ends);
        }
      }
    };
  }

  /** The keywords that items begin with as keywords; not those that may be names there. */
  private leadingKeywords(element: Element): ReadonlySet<number> {
    const found = new Set<number>();
    const visit = (part: Element): void => {
      if ('token' in part) {
        if (part.token !== 'ID') found.add(kindOf(part.token));
      } else if ('rule' in part) {
        if (part.rule !== ladder.base) visit(compiledGrammar.rules[part.rule]!.body);
      } else if ('assign' in part) visit(part.value);
      else if ('choice' in part) for (const way of part.choice) visit(way);
      else if ('sequence' in part) {
        for (const item of part.sequence) {
          visit(item);
          if (!first.of(item).empty) return;
        }
      }
    };
    visit(element);
    return found;
  }

  /** Keeps the name that a dropped declaration would have had: the first name behind its keyword. */
  private noteDropped(from: number): void {
    for (let at = from + 1; at < this.at && at < from + 4; at++) {
      if (this.kind[at] !== ID) continue;
      this.dropped.push(this.image(at) as string);
      return;
    }
  }

  /**
   * Goes to where the next item can begin: a line on the same bracket level that begins like one, a line as far left as
   * the broken item, or the list's end.
   */
  private skipItem(from: number, begins: Uint8Array, ends: number): void {
    let level = 0;
    const stopped = Math.max(this.at, from);
    const column = this.column(from);
    for (let at = from; at < this.tokens.count; at++) {
      const kind = this.kind[at] as number;
      const newLine = this.tokens.firstOfLine[at] === 1;
      const mayStop = at > from && at >= stopped;
      if (mayStop && newLine && begins[kind] && (level <= 0 || this.column(at) <= column)) {
        this.at = at;
        return;
      }
      if (mayStop && level <= 0 && kind === ends) {
        this.at = at;
        return;
      }
      if (OPEN.has(kind)) level++;
      else if (CLOSE.has(kind)) {
        if (level > 0) level--;
        else if (kind === CLOSE_BRACE && ends === CLOSE_BRACE && mayStop) {
          this.at = at;
          return;
        }
      }
    }
    this.at = this.tokens.count;
  }

  private column(token: number): number {
    const offset = this.tokens.start[token] as number;
    return offset - (this.tokens.text.lastIndexOf('\n', offset - 1) + 1);
  }

  // ---- the precedence ladder ------------------------------------------------------------------------------------------

  private readonly readBase = this.lazyRule(ladder.base);

  private readLadder(level: number): Node {
    if (++this.depth > MAX_DEPTH) this.tooDeep();
    const startToken = this.at;
    let node: Node;
    let ceiling = ladder.levels.length;
    const prefix = this.prefixLevel[this.kind[startToken] as number] as number;
    if (prefix >= level) {
      const entry = ladder.levels[prefix]!;
      node = this.create(entry.type, startToken);
      node.operator = this.image(this.at++);
      this.placeProperty(node, 'operator', startToken);
      attach(node, 'operand', this.readLadder(prefix));
      this.close(node);
      ceiling = prefix;
    } else {
      this.enter('Implication');
      node = this.readBase() as Node;
      this.leave();
    }
    let again = -1;
    for (let chain = 0; ; chain++) {
      const found = this.binaryLevel[this.kind[this.at] as number] as number;
      if (found < level || (found >= ceiling && found !== again)) break;
      if (chain > MAX_CHAIN) this.tooDeep();
      const entry = ladder.levels[found]!;
      const left = node;
      node = this.create(entry.type, startToken);
      attach(node, 'left', left);
      const operator = this.at++;
      node.operator = this.image(operator);
      this.placeProperty(node, 'operator', operator);
      attach(node, 'right', this.readLadder(this.ladderIndex.get(entry.right) ?? ladder.levels.length));
      this.close(node);
      ceiling = found;
      again = entry.repeated ? found : -1;
    }
    this.expect('operator');
    this.depth--;
    return node;
  }

  // ---- nodes ----------------------------------------------------------------------------------------------------------

  private create(type: string, startToken: number): Node {
    const node: MutableNode = { $type: type, $container: undefined, $containerProperty: undefined, $containerIndex: undefined };
    const start = this.tokens.start[startToken] as number;
    setPlace(node, new SyntaxPlace(this.source, start, start));
    const defaults = compiledGrammar.defaults[type];
    if (defaults) for (const property in defaults) node[property] = defaults[property] === 'list' ? [] : false;
    return node as Node;
  }

  private close(node: Node): void {
    const place = node.$cstNode as unknown as SyntaxPlace;
    const end = this.at > 0 ? (this.tokens.end[this.at - 1] as number) : 0;
    if (end > place.end) place.end = end;
  }

  private wrap(type: string, property: string): void {
    const inner = this.node as Node;
    this.close(inner);
    const outer = this.create(type, this.ruleStart);
    attach(outer, property, inner);
    this.node = outer;
  }

  private assignNode(property: string, operator: string, value: Node): void {
    this.node ??= this.create(this.ruleType, this.ruleStart);
    if (operator === '+=') {
      this.node[property] ??= [];
      attach(this.node, property, value, this.node[property] as Node[]);
    } else attach(this.node, property, value);
  }

  private assignToken(property: string, operator: string, token: number, value: unknown): void {
    this.node ??= this.create(this.ruleType, this.ruleStart);
    if (operator === '+=') {
      this.node[property] ??= [];
      (this.node[property] as unknown[]).push(value);
    } else this.node[property] = value;
    this.placeProperty(this.node, property, token);
  }

  private placeProperty(node: Node, property: string, token: number): void {
    const place = node.$cstNode as unknown as SyntaxPlace;
    place.properties.push(property, this.tokens.start[token] as number, this.tokens.end[token] as number);
  }

  private image(token: number): string {
    const text = this.tokens.text.slice(this.tokens.start[token], this.tokens.end[token]);
    return this.kind[token] === STRING ? unquote(text) : text;
  }

  // ---- mistakes -------------------------------------------------------------------------------------------------------

  private expect(name: string): void {
    if (this.expectedAt !== this.at) {
      this.expectedAt = this.at;
      this.expected = [];
    }
    this.expected.push(name);
  }

  private expectElement(element: Element): void {
    if ('token' in element) this.expect(element.token);
    else if ('rule' in element) this.expect(element.rule);
    else if ('assign' in element) this.expectElement(element.value);
    else if ('choice' in element) for (const part of element.choice) this.expectElement(part);
    else if ('sequence' in element) {
      for (const part of element.sequence) {
        this.expectElement(part);
        if (!first.of(part).empty) return;
      }
    }
  }

  private fail(expected?: string): never {
    this.report(expected);
    throw MISMATCH;
  }

  /** Whether a closing bracket that is missing here was merely forgotten: what comes next does not belong inside. */
  private mayBeLeftOut(): boolean {
    const kind = this.kind[this.at] as number;
    return kind === END || kind === CLOSE_BRACE || this.tokens.firstOfLine[this.at] === 1;
  }

  private report(expected?: string, kind: 'unexpected' | 'left-out' = 'unexpected'): void {
    if (expected) this.expect(expected);
    const token = Math.min(this.at, this.tokens.count);
    if (this.errors[this.errors.length - 1]?.token !== token) {
      // Of rules that begin at this very token the outermost says best what could stand here.
      const outermost = this.withinStart.findIndex((start, index) => start === this.at && index > 0);
      const within = outermost >= 0 ? this.within.slice(0, outermost) : [...this.within];
      const wanted = outermost < 0 ? this.expected : this.expected.slice(0, this.withinExpected[outermost]);
      if (outermost >= 0) wanted.push(this.within[outermost] as string);
      this.errors.push({ token, expected: [...new Set(wanted)], within, kind });
    }
  }
}

function attach(parent: Node, property: string, child: Node, list?: Node[]): void {
  const link = child as MutableNode;
  link.$container = parent;
  link.$containerProperty = property;
  if (list) {
    link.$containerIndex = list.length;
    list.push(child);
  } else parent[property] = child;
}

/** `members+=Member*`: items without separators between them. */
function isItemList(element: Element): boolean {
  if ('choice' in element) return element.choice.every(isItemList);
  return 'assign' in element && element.operator === '+=' && 'rule' in element.value;
}

function containsWrap(element: Element): boolean {
  if ('wrap' in element) return true;
  if ('choice' in element) return element.choice.some(containsWrap);
  return 'sequence' in element && element.sequence.some(containsWrap);
}

let parser: Parser | undefined;

export function parseTokens(tokens: Tokens, uri: string, maxErrors: number): ParseResult {
  parser ??= new Parser();
  return parser.parse(tokens, uri, maxErrors);
}
