import { Context, type Module } from './context.ts';
import { type FunctionEntry, PROTOCOL_SCOPE } from './declarations.ts';
import { paidStep } from './emit-loops.ts';
import { emitBlock } from './emit-statement.ts';

const emitted = new WeakMap<Module, Set<number>>();

/** Makes sure that a function which properties or constants call stands at the top of the module, without a node. */
export function requireFreeFunction(entry: FunctionEntry, module: Module): void {
  let known = emitted.get(module);
  if (known === undefined) {
    known = new Set();
    emitted.set(module, known);
  }
  if (known.has(entry.index)) return;
  known.add(entry.index);
  const c = new Context(module, 'property', PROTOCOL_SCOPE, module.top);
  const parameters = entry.code.parameters.map((parameter) => c.declare(parameter.name));
  const body = emitBlock(entry.code.body, c, { result: entry.code.result, replyTo: null });
  module.top.push(c.functionText(`function pf${entry.index}_`, parameters, `${paidStep(entry.code.nameSpan, c)}${body}`));
}
