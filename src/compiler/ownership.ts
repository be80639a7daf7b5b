import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context, Module } from './context.ts';
import type { Writes } from './effects.ts';

/**
 * When a value needs its `shared` flag set. A collection is written in place only by way of the variable that owns it.
 * So the flag must be set when a value that a variable owns flows to a second owner, and need not be set for a name
 * that only looks at it while nothing writes the variable.
 */

/** Whether values of the type have a `shared` flag. */
export function isMarkable(type: Type, module: Module): boolean {
  switch (type.kind) {
    case 'List':
    case 'Map':
      return true;
    case 'Set':
      return module.layout(type) !== 'mask';
    case 'Record':
      return module.effects.isWrittenInPlace(type.name);
    case 'Optional':
      return isMarkable(type.of, module);
    default:
      return false;
  }
}

const freshMethods: ReadonlySet<string> = new Set([
  'map',
  'filter',
  'sorted',
  'sorted_by',
  'to_list',
  'to_set',
  'take',
  'drop',
  'keys',
  'values',
  'associate',
  'reversed',
  'map_values',
  'flat_map',
  'merge',
]);

/** Whether the value of an expression has no owner yet, or is marked already. */
export function isFresh(expression: Expression): boolean {
  switch (expression.kind) {
    case 'local':
    case 'state':
    case 'remote-state':
    case 'field':
      return false;
    case 'index':
      return expression.index.type.kind === 'Range';
    case 'conditional':
      return isFresh(expression.then) && isFresh(expression.otherwise);
    case 'convert':
      // What a Data carries was marked when it flowed into it.
      return expression.conversion === 'from-data' || isFresh(expression.value);
    case 'method':
      return freshMethods.has(expression.method);
    case 'intrinsic':
      return !(expression.name === 'choose' && expression.arguments.length === 1) && expression.name !== 'min' && expression.name !== 'max';
    default:
      // Literals, constants and what the deployment gives are marked when made; functions mark what they return.
      return true;
  }
}

export interface Roots {
  readonly state: Set<number>;
  readonly locals: Set<string>;
}

/** The variables that may own (a part of) the value of an expression. */
export function rootsOf(expression: Expression, c: Context, roots: Roots = { state: new Set(), locals: new Set() }): Roots {
  switch (expression.kind) {
    case 'state':
    // It may be an adversary's own, read by the name of its node.
    case 'remote-state':
      // No step writes what another protocol on the node holds.
      if (expression.name.includes('.')) break;
      roots.state.add(c.module.declarations.stateVariable(expression.name, c.scope).index);
      break;
    case 'local':
      roots.locals.add(expression.name);
      // Who looks at a look looks at the same owner.
      for (const lent of c.lentNames())
        if (lent.name === expression.name) {
          for (const variable of lent.roots.state) roots.state.add(variable);
          for (const local of lent.roots.locals) roots.locals.add(local);
        }
      break;
    case 'field':
    case 'index':
      rootsOf(expression.object, c, roots);
      break;
    case 'conditional':
      rootsOf(expression.then, c, roots);
      rootsOf(expression.otherwise, c, roots);
      break;
    case 'convert':
      rootsOf(expression.value, c, roots);
      break;
    case 'method':
      rootsOf(expression.receiver, c, roots);
      for (const argument of expression.arguments) rootsOf(argument.kind === 'lambda' ? argument.body : argument, c, roots);
      break;
    case 'intrinsic':
      for (const argument of expression.arguments) rootsOf(argument, c, roots);
      break;
    default:
      break;
  }
  return roots;
}

export function meets(roots: Writes, writes: Writes): boolean {
  for (const variable of roots.state) if (writes.state.has(variable)) return true;
  for (const name of roots.locals) if (writes.locals.has(name)) return true;
  return false;
}

/** The text of a value with its flag set. */
export function marked(text: string, type: Type, c: Context): string {
  const temp = c.temp();
  return type.kind === 'Optional' ? `((${temp}=${text})!==null&&(${temp}.shared=2),${temp})` : `((${temp}=${text}).shared=2,${temp})`;
}
