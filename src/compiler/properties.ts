import type { Expression, Property } from '../model/code.ts';
import { childrenOf, walkExpression, walkStatements } from '../model/walk.ts';
import { emitAgreement } from './agreement.ts';
import { Context, type Module } from './context.ts';
import { PROTOCOL_SCOPE } from './declarations.ts';
import { emit } from './emit-expression.ts';
import { elementType, emitLoop, propertyDomain } from './emit-loops.ts';
import { dirtyBit } from './emit-place.ts';
import { stringText } from './emit-values.ts';
import { usedState } from './used.ts';

/** Steps that one evaluation of a property may take. */
export const PROPERTY_STEPS = 20_000_000;

export type Forall = Extract<Expression, { kind: 'quantifier' }>;

/** A variable of the property's leading quantifiers, for the text of a counterexample. */
interface Bound {
  readonly name: string;
  readonly js: string;
  readonly format: string;
}

/**
 * A property as a function of (instances, members, correct, changed). Quantifiers that stand outside become loops
 * around one test; where only their nodes' state is read, a step of one node needs a new look only at the tuples with
 * this node in them, since the others have not changed.
 */
export function emitProperty(property: Pick<Property, 'condition' | 'span'>, name: string, module: Module): string {
  const sink: string[] = [];
  const c = new Context(module, 'property', PROTOCOL_SCOPE, sink);
  const where = module.span(property.span);
  const enter = `I=instances;MEMBERS=members;CORRECT=correct;G.fuel=${PROPERTY_STEPS};`;
  const prefix = nodePrefix(property.condition, c);
  let body: string;
  if (prefix.quantifiers.length === 0) {
    body = `${spine(property.condition, c, [])}return null;`;
  } else {
    const test = testFunction(prefix, module, sink);
    const full = loops(prefix.quantifiers, -1, test, c);
    const restricted = isLocal(prefix)
      ? prefix.quantifiers.map((_, position) => loops(prefix.quantifiers, position, test, c)).join('')
      : null;
    // Where all pairs are asked for, one pass may do.
    const agreed = agreement(prefix, c);
    const all = agreed === '' ? full : `if(${agreed})return null;G.fuel=${PROPERTY_STEPS};${full}`;
    body = restricted === null ? `${all}return null;` : `if(changed<0){${all}}else{${restricted}}return null;`;
  }
  const text = c.functionText(
    `function ${name}`,
    ['instances', 'members', 'correct', 'changed'],
    `${enter}try{${body}}catch(e){throw translate(e,${PROPERTY_STEPS},'property',${where});}`,
  );
  return `${sink.join('\n')}\n${text}`;
}

function agreement({ quantifiers, body }: Prefix, c: Context): string {
  const domains = quantifiers.map(({ domain }) => propertyDomain(domain, c));
  const [domain] = domains;
  if (!domain || domains.some((other) => other?.array !== domain.array || other.within !== domain.within)) return '';
  return emitAgreement(quantifiers, body, domain, c);
}

/** A function of (instances, members, correct) that lists the nodes of a set. */
export function emitSelection(nodes: Expression, name: string, module: Module): string {
  const sink: string[] = [];
  const c = new Context(module, 'property', PROTOCOL_SCOPE, sink);
  const where = module.span(nodes.span);
  const enter = `I=instances;MEMBERS=members;CORRECT=correct;G.fuel=${PROPERTY_STEPS};`;
  const body = emitLoop(nodes, module.fresh('x'), c, { span: nodes.span }, (node) => `out.push(${node});`);
  const text = c.functionText(
    `function ${name}`,
    ['instances', 'members', 'correct'],
    `${enter}const out=[];try{${body}return out;}catch(e){throw translate(e,${PROPERTY_STEPS},'property',${where});}`,
  );
  return `${sink.join('\n')}\n${text}`;
}

export interface Prefix {
  readonly quantifiers: readonly Forall[];
  readonly body: Expression;
}

/** The `forall`s over nodes that stand at the head of a property. */
export function nodePrefix(condition: Expression, c: Context): Prefix {
  const quantifiers: Forall[] = [];
  let body = condition;
  while (body.kind === 'quantifier' && body.quantifier === 'forall' && propertyDomain(body.domain, c) !== null) {
    // A name bound twice hides the first: such a property is taken as it stands.
    const { variable } = body;
    if (quantifiers.some((each) => each.variable === variable)) break;
    quantifiers.push(body);
    body = body.body;
  }
  return { quantifiers, body };
}

/** Whether the truth for a tuple of nodes depends on these nodes' state alone. */
export function isLocal(prefix: Prefix): boolean {
  if (prefix.quantifiers.length > 3) return false;
  return isLocalIn(prefix.body, new Set(prefix.quantifiers.map(({ variable }) => variable)));
}

function isLocalIn(e: Expression, nodes: ReadonlySet<string>): boolean {
  if (e.kind === 'remote-state' && !(e.node.kind === 'local' && nodes.has(e.node.name))) return false;
  if (e.kind === 'given' && e.name === 'correct') return false;
  const hidden = e.kind === 'quantifier' ? [e.variable] : e.kind === 'lambda' ? e.parameters : [];
  const inner = hidden.some((name) => nodes.has(name)) ? new Set([...nodes].filter((name) => !hidden.includes(name))) : nodes;
  return childrenOf(e).every((part) => isLocalIn(part, inner));
}

/** What a loop over tuples of nodes does with one. */
export interface Loop {
  readonly call: (nodes: readonly string[], instances: readonly string[]) => string;
}

/** The body of the leading quantifiers as a function of their nodes: null, or the counterexample. */
function testFunction(prefix: Prefix, module: Module, sink: string[]): Loop {
  const c = new Context(module, 'property', PROTOCOL_SCOPE, sink);
  const parameters: string[] = [];
  const bound = prefix.quantifiers.map((quantifier) => {
    const js = module.fresh('l');
    const instance = module.fresh('n');
    parameters.push(js, instance);
    c.declare(quantifier.variable, { js, instance });
    return { name: quantifier.variable, js, format: module.operations({ kind: 'Node' }) };
  });
  const name = module.fresh('q');
  const body = `${spine(prefix.body, c, bound)}return null;`;
  sink.push(c.functionText(`function ${name}`, parameters, body));
  return {
    call(nodes, instances) {
      const values = nodes.flatMap((node, i) => [node, instances[i] as string]);
      return `{const r=${name}(${values.join(',')});if(r!==null)return r;}`;
    },
  };
}

/**
 * Loops over all tuples (`position` -1), or over those with the changed node at `position` and not before: every tuple
 * that holds it is then seen once.
 */
export function loops(quantifiers: readonly Forall[], position: number, test: Loop, c: Context): string {
  const nodes: string[] = [];
  const instances: string[] = [];
  const nest = (depth: number): string => {
    const quantifier = quantifiers[depth];
    if (quantifier === undefined) return test.call(nodes, instances);
    const domain = propertyDomain(quantifier.domain, c) as NonNullable<ReturnType<typeof propertyDomain>>;
    const node = c.module.fresh('l');
    const instance = c.module.fresh('n');
    nodes.push(node);
    instances.push(instance);
    const inside = domain.within === null ? '' : `&&${domain.within}.has(changed)`;
    let text: string;
    if (depth === position) {
      text = `if(${domain.array}.includes(changed)${inside}){const ${node}=changed,${instance}=I[changed];${nest(depth + 1)}}`;
    } else {
      const i = c.module.fresh('i');
      const skips = `${domain.within === null ? '' : `if(!${domain.within}.has(${node}))continue;`}${depth < position ? `if(${node}===changed)continue;` : ''}`;
      text = `for(let ${i}=0;${i}<${domain.array}.length;${i}++){const ${node}=${domain.array}[${i}];${skips}const ${instance}=I[${node}];${nest(depth + 1)}}`;
    }
    nodes.pop();
    instances.pop();
    return text;
  };
  return nest(0);
}

/** Statements that return the counterexample where a condition fails; its own `forall`s are named in it too. */
function spine(e: Expression, c: Context, bound: readonly Bound[]): string {
  if (e.kind === 'quantifier' && e.quantifier === 'forall') {
    return emitLoop(e.domain, e.variable, c, { span: e.span }, (js) =>
      spine(e.body, c, [...bound, { name: e.variable, js, format: c.module.operations(elementType(e.domain.type)) }]),
    );
  }
  if (e.kind === 'binary' && e.operator === 'implies') return `if(${emit(e.left, c)}){${spine(e.right, c, bound)}}`;
  if (e.kind === 'binary' && e.operator === 'and') return `${spine(e.left, c, bound)}${spine(e.right, c, bound)}`;
  const texts = bound.map(({ name, js, format }) => `${stringText(`${name} = `)}+${format}.format(${js})`);
  return `if(!${emit(e, c)})return ${texts.length === 0 ? "''" : texts.join(`+', '+`)};`;
}

/** The state variables that a property reads, as a mask of dirty bits. */
export function readsOf(condition: Expression, module: Module): number {
  let mask = 0;
  const seen = new Set<number>();
  const visit = (e: Expression) => {
    // A step of what is used asks anew as if all variables were written: one bit will do.
    if (e.kind === 'remote-state' && e.name.includes('.')) mask |= dirtyBit(31);
    else if (e.kind === 'remote-state' || e.kind === 'state')
      mask |= dirtyBit(module.declarations.stateVariable(e.name, PROTOCOL_SCOPE).index);
    if (e.kind === 'call') {
      const entry = module.declarations.function(e.function, PROTOCOL_SCOPE);
      if (seen.has(entry.index)) return;
      seen.add(entry.index);
      walkStatements(entry.code.body, () => {}, visit);
    }
  };
  walkExpression(condition, visit);
  return mask;
}

/** The same of the state of protocols that are used, by use; empty where none of it is read. Only handlers read it in functions. */
export function readsOfUsed(condition: Expression, module: Module): readonly number[] {
  const masks = module.protocol.uses.map(() => 0);
  let any = false;
  walkExpression(condition, (e) => {
    const place = e.kind === 'remote-state' ? usedState(e.name, module) : null;
    if (place === null) return;
    any = true;
    masks[place.use] = (masks[place.use] as number) | dirtyBit(place.variable);
  });
  return any ? masks : [];
}
