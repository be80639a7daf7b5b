import type { Expression, Property } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import { Context, type Module } from './context.ts';
import { PROTOCOL_SCOPE } from './declarations.ts';
import { emit } from './emit-expression.ts';
import { elementType, emitLoop } from './emit-loops.ts';
import { stringText } from './emit-values.ts';
import { isMarkable } from './ownership.ts';
import { type Forall, isLocal, type Loop, loops, nodePrefix, PROPERTY_STEPS, readsOf, readsOfUsed } from './properties.ts';

/** What a response property is compiled to: the functions `NAME_scan` and `NAME_met`. */
export interface EmittedResponse {
  readonly text: string;
  /** Whether P and Q of a binding depend on the state of its nodes alone. */
  readonly local: boolean;
  /** State that P and Q read. */
  readonly reads: number;
  readonly readsUsed: readonly number[];
}

interface BoundVariable {
  readonly name: string;
  readonly type: Type;
}

/**
 * `forall x…: P leads_to Q` as two functions. `scan(instances, members, correct, changed, pending)` goes over the bindings
 * and calls `pending.holds` where P does and `pending.wait(key, values, text)` where Q does not; `met(instances, members,
 * correct, values)` is Q for the values of a binding that waits, which need not be among the bindings any more.
 */
export function emitResponse({ condition, span }: Property, name: string, module: Module): EmittedResponse {
  const where = module.span(span);
  const enter = `I=instances;MEMBERS=members;CORRECT=correct;G.fuel=${PROPERTY_STEPS};`;
  const guarded = (body: string): string => `${enter}try{${body}}catch(e){throw translate(e,${PROPERTY_STEPS},'property',${where});}`;
  const sink: string[] = [];
  const c = new Context(module, 'property', PROTOCOL_SCOPE, sink);
  const prefix = nodePrefix(condition, c);
  const { outer, trigger, goal } = apart(prefix.body);
  const variables = [...prefix.quantifiers, ...outer].map(({ variable, domain }) => ({ name: variable, type: elementType(domain.type) }));
  const test: Loop = scanFunction(prefix.quantifiers, outer, trigger, goal, variables, module, sink);
  const local = prefix.quantifiers.length > 0 && outer.length === 0 && isLocal(prefix);
  const full = loops(prefix.quantifiers, -1, test, c);
  const restricted = local ? prefix.quantifiers.map((_, position) => loops(prefix.quantifiers, position, test, c)).join('') : full;
  const scan = c.functionText(
    `function ${name}_scan`,
    ['instances', 'members', 'correct', 'changed', 'pending'],
    guarded(`PENDING=pending;${local ? `if(changed<0){${full}}else{${restricted}}` : full}`),
  );
  const met = metFunction(`${name}_met`, goal, variables, module, sink, guarded);
  return { text: [...sink, scan, met].join('\n'), local, reads: readsOf(condition, module), readsUsed: readsOfUsed(condition, module) };
}

/** The `forall`s that are left, and the two sides. The elaboration has seen to it that nothing else stands there. */
function apart(body: Expression): { readonly outer: readonly Forall[]; readonly trigger: Expression; readonly goal: Expression } {
  const outer: Forall[] = [];
  let inner = body;
  while (inner.kind === 'quantifier') {
    outer.push(inner);
    inner = inner.body;
  }
  if (inner.kind !== 'binary') throw new Error('a response without `leads_to`');
  return { outer, trigger: inner.left, goal: inner.right };
}

/** What is done for one tuple of the leading nodes: the other loops, P, Q and what waits. */
function scanFunction(
  leading: readonly Forall[],
  outer: readonly Forall[],
  trigger: Expression,
  goal: Expression,
  variables: readonly BoundVariable[],
  module: Module,
  sink: string[],
): Loop {
  const c = new Context(module, 'property', PROTOCOL_SCOPE, sink);
  const parameters: string[] = [];
  const names: string[] = [];
  for (const { variable } of leading) {
    const js = module.fresh('l');
    const instance = module.fresh('n');
    parameters.push(js, instance);
    names.push(js);
    c.declare(variable, { js, instance });
  }
  const nest = (depth: number): string => {
    const quantifier = outer[depth];
    if (quantifier === undefined) {
      // Kept beyond this step: what is written in place must be copied from now on.
      const kept = names.map((js, i) => (isMarkable((variables[i] as BoundVariable).type, module) ? `shared(${js})` : js));
      const wait = `PENDING.wait(${keyOf(names, variables, module)},[${kept.join(',')}],${textOf(names, variables, module)})`;
      return `if(${emit(trigger, c)}){PENDING.holds();if(!${emit(goal, c)})${wait};}`;
    }
    return emitLoop(quantifier.domain, quantifier.variable, c, { span: quantifier.span }, (js) => {
      names.push(js);
      const text = nest(depth + 1);
      names.pop();
      return text;
    });
  };
  const name = module.fresh('q');
  sink.push(c.functionText(`function ${name}`, parameters, nest(0)));
  return { call: (nodes, instances) => `${name}(${nodes.flatMap((node, i) => [node, instances[i] as string]).join(',')});` };
}

function metFunction(
  name: string,
  goal: Expression,
  variables: readonly BoundVariable[],
  module: Module,
  sink: string[],
  guarded: (body: string) => string,
): string {
  const c = new Context(module, 'property', PROTOCOL_SCOPE, sink);
  const setup = variables.map((variable, i) => {
    const js = module.fresh('l');
    if (variable.type.kind !== 'Node') {
      c.declare(variable.name, { js });
      return `const ${js}=values[${i}];`;
    }
    const instance = module.fresh('n');
    c.declare(variable.name, { js, instance });
    return `const ${js}=values[${i}],${instance}=I[${js}];`;
  });
  const body = `${setup.join('')}return ${emit(goal, c)};`;
  return c.functionText(`function ${name}`, ['instances', 'members', 'correct', 'values'], guarded(body));
}

/** Equal exactly for equal bindings: a number where all are nodes, else a text. */
function keyOf(names: readonly string[], variables: readonly BoundVariable[], module: Module): string {
  if (names.length === 0) return '0';
  const nodes = module.system.nodes.length;
  const fits = nodes ** names.length <= Number.MAX_SAFE_INTEGER;
  if (fits && variables.every(({ type }) => type.kind === 'Node')) return names.reduce((key, name) => `(${key}*${nodes}+${name})`);
  return names.map((name, i) => `${module.operations((variables[i] as BoundVariable).type)}.canonical(${name})`).join(`+' '+`);
}

/** `m = replica[0]`, as a function: it is asked for only where the property breaks. */
function textOf(names: readonly string[], variables: readonly BoundVariable[], module: Module): string {
  const texts = names.map((name, i) => {
    const { name: variable, type } = variables[i] as BoundVariable;
    return `${stringText(`${variable} = `)}+${module.operations(type)}.format(${name})`;
  });
  return `()=>${texts.length === 0 ? "''" : texts.join(`+', '+`)}`;
}
