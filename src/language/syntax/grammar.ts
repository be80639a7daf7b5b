/** The grammar's rules as scripts/compile-grammar.mjs writes them from src/language/grammar/*.langium. */
export interface CompiledGrammar {
  readonly entry: string;
  readonly rules: Readonly<Record<string, { /** null: gives a word, not a node */ readonly type: string | null; readonly body: Element }>>;
  /** Properties that every node of a type has, though the text may not mention them: empty lists and flags. */
  readonly defaults: Readonly<Record<string, Readonly<Record<string, 'list' | 'flag'>>>>;
}

export type Element = { readonly many?: '?' | '*' | '+' } & (
  | { readonly token: string }
  | { readonly rule: string }
  | { readonly assign: string; readonly operator: '=' | '+=' | '?='; readonly value: Element }
  /** `{infer T}`: the node is a T. */
  | { readonly become: string }
  /** `{infer T.left=current}`: what was read so far becomes a property of a new T. */
  | { readonly wrap: string; readonly as: string }
  | { readonly choice: readonly Element[] }
  | { readonly sequence: readonly Element[] }
);

/** One level of the precedence ladder, loosest first. */
export interface LadderLevel {
  readonly rule: string;
  readonly type: string;
  /** `prefix`: operator and operand of the same level; `binary`: may be repeated (`*`) or not (`?`). */
  readonly form: 'prefix' | 'binary';
  readonly operators: readonly string[];
  readonly repeated: boolean;
  /** The rule of the right operand. */
  readonly right: string;
}

export interface Ladder {
  readonly levels: readonly LadderLevel[];
  /** The rule below the last level. */
  readonly base: string;
}

/**
 * Finds the grammar's precedence ladder: rules that only pass on the next one unless their operator stands there. Run as
 * one loop over a table of operators it takes one call per operand instead of one per level.
 */
export function findLadder(grammar: CompiledGrammar, first: string): Ladder {
  const levels: LadderLevel[] = [];
  let rule = first;
  for (;;) {
    const body = grammar.rules[rule]?.body;
    const found = body && (binaryLevel(rule, body) ?? prefixLevel(rule, body));
    if (!found) return { levels, base: rule };
    levels.push(found.level);
    rule = found.next;
  }
}

function binaryLevel(rule: string, body: Element): { level: LadderLevel; next: string } | undefined {
  if (!('sequence' in body) || body.sequence.length !== 2) return undefined;
  const [next, rest] = body.sequence as [Element, Element];
  if (!('rule' in next) || !('sequence' in rest) || !rest.many) return undefined;
  const [wrap, operator, right] = rest.sequence;
  if (!wrap || !('wrap' in wrap) || !operator || !('assign' in operator) || operator.assign !== 'operator') return undefined;
  if (!right || !('assign' in right) || !('rule' in right.value)) return undefined;
  const operators = tokensOf(operator.value);
  return {
    level: { rule, type: wrap.wrap, form: 'binary', operators, repeated: rest.many === '*', right: right.value.rule },
    next: next.rule,
  };
}

function prefixLevel(rule: string, body: Element): { level: LadderLevel; next: string } | undefined {
  if (!('choice' in body) || body.choice.length !== 2) return undefined;
  const [prefix, next] = body.choice as [Element, Element];
  if (!('sequence' in prefix) || !('rule' in next)) return undefined;
  const [become, operator, operand] = prefix.sequence;
  if (!become || !('become' in become) || !operator || !('assign' in operator) || operator.assign !== 'operator') return undefined;
  if (!operand || !('assign' in operand) || !('rule' in operand.value) || operand.value.rule !== rule) return undefined;
  return {
    level: { rule, type: become.become, form: 'prefix', operators: tokensOf(operator.value), repeated: false, right: rule },
    next: next.rule,
  };
}

function tokensOf(element: Element): string[] {
  if ('token' in element) return [element.token];
  if ('choice' in element) return element.choice.flatMap(tokensOf);
  throw new Error('an operator that is not a token');
}

/** All tokens that the grammar names: keywords, punctuation and terminals. */
export function tokenNames(grammar: CompiledGrammar): Set<string> {
  const names = new Set<string>();
  const visit = (element: Element): void => {
    if ('token' in element) names.add(element.token);
    else if ('assign' in element) visit(element.value);
    else for (const part of 'choice' in element ? element.choice : 'sequence' in element ? element.sequence : []) visit(part);
  };
  for (const rule of Object.values(grammar.rules)) visit(rule.body);
  return names;
}

/** `members+=Member*`: items without separators between them. */
export function isItemList(element: Element): boolean {
  if ('choice' in element) return element.choice.every(isItemList);
  return 'assign' in element && element.operator === '+=' && 'rule' in element.value;
}

/** Whether the element makes what was read so far part of a new node. */
export function containsWrap(element: Element): boolean {
  if ('wrap' in element) return true;
  if ('choice' in element) return element.choice.some(containsWrap);
  return 'sequence' in element && element.sequence.some(containsWrap);
}
