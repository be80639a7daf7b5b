import type { File, Reply, Return } from '../generated/ast.ts';
import { compiledGrammar } from '../generated/rules.ts';
import { FirstTokens, tokensMatching } from './first.ts';
import { containsWrap, type Element, findLadder, isItemList } from './grammar.ts';
import type { Tokens } from './lexer.ts';
import { Mistakes, type SyntaxMistake } from './mistakes.ts';
import { atDeclaration, CLOSE_BRACE, isCloser, leadingKeywords, mayBeLeftOut, nextItem } from './recovery.ts';
import { END, ID, kindNames, kindOf } from './tokens.ts';
import { type Node, TreeBuilder } from './tree.ts';

export interface ParseResult {
  readonly file: File;
  readonly mistakes: readonly SyntaxMistake[];
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

/** Reads one element at the current token, or throws MISMATCH. */
type Step = () => void;

const MISMATCH = Symbol('mismatch');
const TOO_DEEP = Symbol('too deep');

const first = new FirstTokens(compiledGrammar);
const ladder = findLadder(compiledGrammar, 'Implication');
const ladderIndex = new Map(ladder.levels.map((level, index) => [level.rule, index]));
/** By token kind: the ladder's level at which it is an operator, -1 for none. */
const prefixLevel = new Int8Array(kindNames.length).fill(-1);
const binaryLevel = new Int8Array(kindNames.length).fill(-1);
for (const [index, level] of ladder.levels.entries()) {
  for (const operator of level.operators) (level.form === 'prefix' ? prefixLevel : binaryLevel)[kindOf(operator)] = index;
}
const OPERATOR = ['operator'];
const OPEN_PARENTHESIS = kindOf('(');
const CLOSE_PARENTHESIS = kindOf(')');
const COMMA = kindOf(',');
const ARROW = kindOf('=>');

/**
 * Runs the grammar over the tokens of a text. The rules stay those of src/language/grammar: they are compiled once into
 * closures that look one token ahead (two where they must, see FirstTokens), so that parsing is linear and warm at once.
 * The tree has the types of src/language/generated/ast.ts.
 *
 * After a mistake the smallest list item around it (statement, member, declaration) is dropped, and reading goes on at
 * the next line that can begin one: every node in the tree is whole.
 */
class Parser {
  private tokens!: Tokens;
  private kind!: Uint8Array;
  private tree!: TreeBuilder;
  private mistakes!: Mistakes;
  private maxMistakes = 0;
  private at = 0;
  private depth = 0;
  /** The node that the running rule builds, its type, and the token at which the rule began. */
  private node: Node | undefined;
  private ruleType = '';
  private ruleStart = 0;
  /** The lists of items that are being read, outermost first, by the keywords that their items begin with. */
  private readonly lists: ReadonlySet<number>[] = [];
  private dropped: string[] = [];
  private bare: (Return | Reply)[] = [];
  private readonly rules = new Map<string, () => unknown>();
  /** The rule whose body is being compiled. */
  private compiling = '';

  parse(tokens: Tokens, uri: string, maxMistakes: number): ParseResult {
    this.tokens = tokens;
    this.kind = tokens.kind;
    this.tree = new TreeBuilder(tokens, uri);
    this.mistakes = new Mistakes();
    this.maxMistakes = maxMistakes;
    this.at = 0;
    this.depth = 0;
    this.node = undefined;
    this.lists.length = 0;
    this.dropped = [];
    this.bare = [];
    let file: Node | undefined;
    try {
      file = this.rule(compiledGrammar.entry)() as Node;
    } catch (error) {
      // A host with a small stack overflows before MAX_DEPTH is reached; that is the same mistake.
      if (error instanceof RangeError) this.mistakes.tooDeep(Math.min(this.at, tokens.count));
      else if (error !== TOO_DEEP && error !== MISMATCH) throw error;
    }
    file ??= this.tree.create('File', 0);
    this.tree.closeFile(file);
    return { file: file as unknown as File, mistakes: this.mistakes.found, dropped: this.dropped, bare: this.bare };
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
    const level = ladderIndex.get(name);
    if (level !== undefined) return () => this.readLadder(level);
    if (rule.type === null) return this.compileWord(name, rule.body);
    const type = rule.type;
    const isOperand = name === ladder.base;
    const takesValueOfItsLine = SAME_LINE.has(name);
    let body: Step | undefined;
    return () => {
      if (!body) {
        this.compiling = name;
        body = this.compile(rule.body, []);
      }
      const { node, ruleStart, ruleType } = this;
      this.enter(name);
      if (isOperand && atDeclaration(this.tokens, this.at)) this.fail([name]);
      this.node = undefined;
      this.ruleStart = this.at;
      this.ruleType = type;
      body();
      const built = this.node ?? this.tree.create(type, this.ruleStart);
      this.tree.close(built, this.at);
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
    const names = [name];
    return () => {
      if (!allowed[this.kind[this.at] as number]) this.fail(names);
      return this.tree.image(this.at++);
    };
  }

  private enter(name: string): void {
    if (++this.depth > MAX_DEPTH) this.tooDeep();
    this.mistakes.enter(name, this.at);
  }

  private leave(): void {
    this.depth--;
    this.mistakes.backTo(this.mistakes.levels - 1);
  }

  private fail(expected: readonly string[]): never {
    this.mistakes.expect(this.at, expected);
    this.mistakes.report(this.at, 'unexpected');
    throw MISMATCH;
  }

  private tooDeep(): never {
    this.mistakes.tooDeep(this.at);
    throw TOO_DEEP;
  }

  // ---- elements -------------------------------------------------------------------------------------------------------

  /** `after`: what follows in the same rule, to decide whether an optional part or a repetition goes on. */
  private compile(element: Element, after: readonly Element[]): Step {
    return element.many ? this.compileMany(element, after) : this.compileOnce(element, after);
  }

  private compileOnce(element: Element, after: readonly Element[]): Step {
    if ('token' in element) return this.compileToken(element.token);
    if ('assign' in element) return this.compileAssign(element);
    if ('choice' in element) return this.compileChoice(element.choice, after);
    if ('rule' in element) {
      const run = this.lazyRule(element.rule);
      return () => {
        this.node = run() as Node;
      };
    }
    if ('become' in element) {
      const type = element.become;
      return () => {
        this.node = this.tree.create(type, this.ruleStart);
      };
    }
    if ('wrap' in element) {
      const { wrap, as } = element;
      return () => {
        const inner = this.node as Node;
        this.tree.close(inner, this.at);
        this.node = this.tree.create(wrap, this.ruleStart);
        this.tree.attach(this.node, as, inner);
      };
    }
    const parts = element.sequence;
    const steps = parts.map((part, index) => this.compile(part, [...parts.slice(index + 1), ...after]));
    return () => {
      for (const step of steps) step();
    };
  }

  private compileToken(token: string): Step {
    const allowed = tokensMatching(token);
    const names = [token];
    const closes = isCloser(allowed.indexOf(1));
    return () => {
      if (allowed[this.kind[this.at] as number]) this.at++;
      else if (closes && mayBeLeftOut(this.tokens, this.at)) {
        this.mistakes.expect(this.at, names);
        this.mistakes.report(this.at, 'left-out');
      } else this.fail(names);
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
    const { assign, operator, value } = element;
    const isList = operator === '+=';
    if ('token' in value) {
      const allowed = tokensMatching(value.token);
      const names = [value.token];
      return () => {
        if (!allowed[this.kind[this.at] as number]) this.fail(names);
        this.node ??= this.tree.create(this.ruleType, this.ruleStart);
        const token = this.at++;
        this.tree.setWord(this.node, assign, isList, token, operator === '?=' ? true : this.tree.image(token));
      };
    }
    if ('rule' in value) {
      const run = this.lazyRule(value.rule);
      return () => {
        const token = this.at;
        const result = run();
        this.node ??= this.tree.create(this.ruleType, this.ruleStart);
        if (typeof result === 'string') this.tree.setWord(this.node, assign, isList, token, result);
        else if (isList) this.tree.append(this.node, assign, result as Node);
        else this.tree.attach(this.node, assign, result as Node);
      };
    }
    // A choice: of tokens (`kind=('a'|'b')`) or of rules (`body=(Block | Statement)`).
    if (!('choice' in value)) throw new Error(`an assignment that is neither token, rule nor choice: ${assign}`);
    const steps = value.choice.map((part) => this.compileAssign({ ...element, value: part }));
    const sets = value.choice.map((part) => first.of(part).tokens);
    const names = first.names(value);
    return () => {
      const kind = this.kind[this.at] as number;
      for (let index = 0; index < steps.length; index++) if ((sets[index] as Uint8Array)[kind]) return (steps[index] as Step)();
      this.fail(names);
    };
  }

  private compileChoice(choice: readonly Element[], after: readonly Element[]): Step {
    const steps = choice.map((part) => this.compile(part, after));
    const ways: number[][] = kindNames.map(() => []);
    let otherwise = -1;
    for (const [index, part] of choice.entries()) {
      const set = first.ofAll([part, ...after]);
      for (let kind = 0; kind < kindNames.length; kind++) if (set.tokens[kind]) (ways[kind] as number[]).push(index);
      if (set.empty && otherwise < 0) otherwise = index;
    }
    const names = choice.flatMap((part) => first.names(part));
    const byPair = new Map<number, number>();
    const lambda = choice.findIndex((part) => 'rule' in part && part.rule === 'Lambda');
    const decide = (kind: number, candidates: readonly number[]): number => {
      if (lambda >= 0 && candidates.includes(lambda) && this.atLambda()) return lambda;
      const rest = lambda >= 0 ? candidates.filter((way) => way !== lambda) : candidates;
      const second = this.kind[this.at + 1] ?? END;
      const pair = kind * kindNames.length + second;
      let way = byPair.get(pair);
      if (way === undefined) {
        way = rest.find((index) => first.beginsWith([choice[index] as Element, ...after], kind, second)) ?? (rest[0] as number);
        byPair.set(pair, way);
      }
      return way;
    };
    return () => {
      const kind = this.kind[this.at] as number;
      const candidates = ways[kind] as number[];
      if (candidates.length === 1) return (steps[candidates[0] as number] as Step)();
      if (candidates.length > 1) return (steps[decide(kind, candidates)] as Step)();
      if (otherwise < 0) this.fail(names);
      (steps[otherwise] as Step)();
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
    const goesOn = this.compileDecision(once, again ? [once, element, ...after] : [once, ...after], after);
    if (!again) {
      return () => {
        if (goesOn()) step();
      };
    }
    const atLeastOnce = element.many === '+';
    const chains = containsWrap(once);
    return () => {
      if (atLeastOnce) step();
      for (let chain = 0; goesOn(); chain++) {
        if (chains && chain > MAX_CHAIN) this.tooDeep();
        step();
      }
    };
  }

  /** Whether a part that may be left out stands here: by one token, by two where what follows begins alike. */
  private compileDecision(element: Element, inside: readonly Element[], after: readonly Element[]): () => boolean {
    const begins = first.of(element).tokens;
    const follows = first.ofAll(after).tokens;
    const names = first.names(element);
    const byPair = new Map<number, boolean>();
    const sameLine = SAME_LINE.has(this.compiling) && 'assign' in element && element.assign === 'value';
    return () => {
      const kind = this.kind[this.at] as number;
      if (sameLine && this.tokens.firstOfLine[this.at] === 1) return false;
      if (!begins[kind]) {
        this.mistakes.expect(this.at, names);
        return false;
      }
      if (!follows[kind]) return true;
      const second = this.kind[this.at + 1] ?? END;
      const pair = kind * kindNames.length + second;
      let goesOn = byPair.get(pair);
      if (goesOn === undefined) {
        goesOn = first.beginsWith(inside, kind, second);
        byPair.set(pair, goesOn);
      }
      return goesOn;
    };
  }

  // ---- lists of items, where reading goes on after a mistake -----------------------------------------------------------

  private compileItems(item: Element, after: readonly Element[]): Step {
    const step = this.compileOnce(item, [{ ...item, many: '*' }, ...after]);
    const begins = first.of(item).tokens;
    const leading = leadingKeywords(item, compiledGrammar, first, ladder.base);
    const ends = after.length > 0 ? CLOSE_BRACE : END;
    const names = first.names(item);
    const namesOrEnd = [...names, ends === END ? 'end of file' : '}'];
    const readItem = (kind: number): boolean => {
      const { node, ruleStart, ruleType, depth, at } = this;
      const { levels } = this.mistakes;
      try {
        if (!begins[kind]) this.fail(namesOrEnd);
        step();
        return true;
      } catch (error) {
        if (error !== MISMATCH) throw error;
        Object.assign(this, { node, ruleStart, ruleType, depth });
        this.mistakes.backTo(levels);
        this.noteDropped(at);
        const givenUp = this.mistakes.found.length >= this.maxMistakes;
        this.at = givenUp ? this.tokens.count : nextItem(this.tokens, at, this.at, begins, ends);
        return !givenUp;
      }
    };
    return () => {
      const level = this.lists.push(leading);
      for (;;) {
        // A mistake may have left lists within this one behind.
        this.lists.length = level;
        const kind = this.kind[this.at] as number;
        const belongsFurtherOut = !leading.has(kind) && atDeclaration(this.tokens, this.at) && this.lists.some((list) => list.has(kind));
        if (kind === ends || kind === END || belongsFurtherOut) {
          this.mistakes.expect(this.at, names);
          break;
        }
        if (!readItem(kind)) break;
      }
      this.lists.pop();
    };
  }

  /** Keeps the name that a dropped declaration would have had: the first name behind its keyword. */
  private noteDropped(from: number): void {
    for (let at = from + 1; at < this.at && at < from + 4; at++) {
      if (this.kind[at] !== ID) continue;
      this.dropped.push(this.tree.image(at));
      return;
    }
  }

  // ---- the precedence ladder ------------------------------------------------------------------------------------------

  private readonly readBase = this.lazyRule(ladder.base);

  private readLadder(level: number): Node {
    if (++this.depth > MAX_DEPTH) this.tooDeep();
    const start = this.at;
    let node: Node;
    /** Only looser operators may follow what was read so far. */
    let ceiling = ladder.levels.length;
    const prefix = prefixLevel[this.kind[start] as number] as number;
    if (prefix >= level) {
      node = this.tree.create((ladder.levels[prefix] as (typeof ladder.levels)[number]).type, start);
      this.at++;
      this.tree.setWord(node, 'operator', false, start, this.tree.image(start));
      this.tree.attach(node, 'operand', this.readLadder(prefix));
      this.tree.close(node, this.at);
      ceiling = prefix;
    } else {
      this.enter('Implication');
      node = this.readBase() as Node;
      this.leave();
    }
    let again = -1;
    for (let chain = 0; ; chain++) {
      const found = binaryLevel[this.kind[this.at] as number] as number;
      if (found < level || (found >= ceiling && found !== again)) break;
      if (chain > MAX_CHAIN) this.tooDeep();
      const entry = ladder.levels[found] as (typeof ladder.levels)[number];
      const left = node;
      const operator = this.at++;
      node = this.tree.create(entry.type, start);
      this.tree.attach(node, 'left', left);
      this.tree.setWord(node, 'operator', false, operator, this.tree.image(operator));
      this.tree.attach(node, 'right', this.readLadder(ladderIndex.get(entry.right) ?? ladder.levels.length));
      this.tree.close(node, this.at);
      ceiling = found;
      again = entry.repeated ? found : -1;
    }
    this.mistakes.expect(this.at, OPERATOR);
    this.depth--;
    return node;
  }
}

let parser: Parser | undefined;

/** Reads the tokens of a text. Never throws; stops after so many mistakes. */
export function parseTokens(tokens: Tokens, uri: string, maxMistakes: number): ParseResult {
  parser ??= new Parser();
  return parser.parse(tokens, uri, maxMistakes);
}
