import type { Expression } from '../model/code.ts';
import { childrenOf, walkExpression } from '../model/walk.ts';
import type { Context } from './context.ts';
import { emit } from './emit-expression.ts';
import { equality, operandType } from './emit-operators.ts';

type Forall = Extract<Expression, { kind: 'quantifier' }>;

/** What a property asks of each node by itself, and of which value it asks that all have the same. */
interface Agreement {
  /** Conditions on one node, each with the name that it has for it. */
  readonly alone: readonly Expression[];
  readonly alike: readonly Extract<Expression, { kind: 'binary' }>[];
}

/**
 * `forall a, b in S: f(a) and g(a) == g(b)` holds when f holds of every node and every g equals the first node's: equality
 * is transitive, so that one loop decides what the pairs would take the square for. Statements that return null where the
 * property holds by this and fall through where it does not (or fails): the pairs then say which two differ. Empty for
 * properties of another form.
 */
export function emitAgreement(
  quantifiers: readonly Forall[],
  body: Expression,
  domain: { readonly array: string; readonly within: string | null },
  c: Context,
): string {
  const [first, second] = quantifiers;
  if (quantifiers.length !== 2 || first === undefined || second === undefined) return '';
  const agreement = agreementOf(body, first.variable, second.variable);
  if (agreement === null) return '';
  return c.lift((inner) => {
    const { module } = inner;
    const [i, node, instance] = [module.fresh('i'), module.fresh('l'), module.fresh('n')];
    const names = agreement.alike.map(() => module.fresh('v'));
    const tests = inner.block(() => {
      for (const { variable } of [first, second]) inner.declare(variable, { js: node, instance });
      const alone = agreement.alone.map((condition) => `if(!${emit(condition, inner)})return false;`);
      const alike = agreement.alike.map(({ left, right, span }, at) => {
        const name = names[at] as string;
        const text = module.fresh('w');
        const type = operandType(left.type, right.type);
        const differs = `!${equality(name, text, type, span, inner)}`;
        return `const ${text}=${emit(left, inner, type)};if(any){if(${differs})return false;}else ${name}=${text};`;
      });
      return `${alone.join('')}${alike.join('')}`;
    });
    const skip = domain.within === null ? '' : `if(!${domain.within}.has(${node}))continue;`;
    const declared = names.length === 0 ? '' : `let ${names.join(',')};`;
    return `try{let any=false;${declared}for(let ${i}=0;${i}<${domain.array}.length;${i}++){const ${node}=${domain.array}[${i}];${skip}const ${instance}=I[${node}];${tests}any=true;}return true;}catch{return false;}`;
  });
}

function agreementOf(body: Expression, a: string, b: string): Agreement | null {
  const alone: Expression[] = [];
  const alike: Extract<Expression, { kind: 'binary' }>[] = [];
  for (const part of conjuncts(body)) {
    if (rebinds(part, a, b)) return null;
    const [usesA, usesB] = [mentions(part, a), mentions(part, b)];
    if (!usesA || !usesB) alone.push(part);
    else if (part.kind === 'binary' && part.operator === '==' && isMirrored(part.left, part.right, a, b)) alike.push(part);
    else return null;
  }
  return alike.length === 0 ? null : { alone, alike };
}

function conjuncts(e: Expression): Expression[] {
  return e.kind === 'binary' && e.operator === 'and' ? [...conjuncts(e.left), ...conjuncts(e.right)] : [e];
}

function mentions(e: Expression, name: string): boolean {
  let found = false;
  walkExpression(e, (part) => {
    if (part.kind === 'local' && part.name === name) found = true;
  });
  return found;
}

/** Whether something inside gives one of the two names another meaning. */
function rebinds(e: Expression, a: string, b: string): boolean {
  let found = false;
  walkExpression(e, (part) => {
    const bound = part.kind === 'quantifier' ? [part.variable] : part.kind === 'lambda' ? part.parameters : [];
    if (bound.includes(a) || bound.includes(b)) found = true;
  });
  return found;
}

/** Whether `right` says of b what `left` says of a, and `left` speaks of a alone, `right` of b alone. */
function isMirrored(left: Expression, right: Expression, a: string, b: string): boolean {
  if (left.kind === 'local' && right.kind === 'local')
    return left.name === a ? right.name === b : left.name === right.name && left.name !== b && right.name !== a;
  const [ours, theirs] = [childrenOf(left), childrenOf(right)];
  if (ours.length !== theirs.length || ownText(left) !== ownText(right)) return false;
  return ours.every((part, at) => isMirrored(part, theirs[at] as Expression, a, b));
}

/** What an expression is besides its parts and its place in the text. */
function ownText(e: Expression): string {
  const parts = new Set<unknown>(childrenOf(e));
  return JSON.stringify(e, (key, value: unknown) => (key === 'span' || key === 'nameSpan' || parts.has(value) ? undefined : value));
}
