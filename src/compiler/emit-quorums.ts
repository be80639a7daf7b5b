import type { Expression } from '../model/code.ts';
import type { QuorumSystem } from '../model/values.ts';
import type { Context } from './context.ts';
import { arrayOf, setFromArray } from './emit-collections.ts';
import { emit } from './emit-expression.ts';
import { topConstant } from './emit-given.ts';
import { maskOf } from './runtime/node-set.ts';

/** A method of a quorum system. */
export function emitQuorumMethod(receiver: Expression, method: string, parameters: readonly Expression[], c: Context): string {
  const [first, second] = parameters as readonly [Expression, Expression | undefined];
  switch (method) {
    case 'met':
      return emitMet(receiver, first, c, second);
    case 'satisfied':
      return `satisfiedBy(${emitSystem(receiver, c)},${setOfNodes(first, c)},${emit(second as Expression, c)})`;
    case 'blocked':
      return `blockedBy(${emitSystem(receiver, c)},${setOfNodes(first, c)},${emit(second as Expression, c)})`;
    case 'trusted':
      return setFromArray(`trustedBy(${emitSystem(receiver, c)},${emit(first, c)})`, first.type, c);
    default:
      throw new Error(`no method ${method} of a quorum system`);
  }
}

function emitSystem(receiver: Expression, c: Context): string {
  const system = knownSystem(receiver, c);
  return system === undefined || system === null ? emit(receiver, c) : c.module.constant(system);
}

/** `Q.met(nodes)`, or `Q.met(nodes, node)`. Quorum systems of the deployment are known now and become a test of their own. */
function emitMet(receiver: Expression, nodes: Expression, c: Context, by?: Expression): string {
  const system = knownSystem(receiver, c);
  const { module } = c;
  if (by !== undefined) {
    return `metWith(${emitSystem(receiver, c)},${setOfNodes(nodes, c)},${emit(by, c)})`;
  }
  if (system?.kind === 'slices') return `metBy(${module.constant(system)},${setOfNodes(nodes, c)})`;
  if (system === undefined) return `metBy(${emit(receiver, c)},${setOfNodes(nodes, c)})`;
  if (system === null) return `fail('this quorum system could not be worked out for this deployment',${module.span(receiver.span)})`;
  if (nodes.type.kind === 'Set' && module.smallNodes) {
    const mask = c.temp();
    return `(${mask}=${emit(nodes, c)},${maskTest(system, mask)})`;
  }
  if (nodes.type.kind !== 'Set') return `metBy(${module.constant(system)},new Set(${arrayOf(nodes, c)}))`;
  const plain = plainThreshold(system);
  if (plain !== null) {
    const all = topConstant(`NodeSet.of([${plain.nodes.join(',')}])`, c);
    return `(${emit(nodes, c)}.sharedWith(${all})>=${plain.count})`;
  }
  return `metBy(${module.constant(system)},${emit(nodes, c)})`;
}

/** Undefined when the system depends on the run, null when it could not be evaluated. */
function knownSystem(receiver: Expression, c: Context): QuorumSystem | null | undefined {
  if ((receiver.kind === 'quorum' || receiver.kind === 'parameter') && receiver.name.includes('.')) return undefined;
  if (receiver.kind === 'quorum') return c.module.deployment.quorums.find(({ name }) => name === receiver.name)?.system ?? null;
  if (receiver.kind === 'parameter') {
    const value = c.module.deployment.arguments.find(({ name }) => name === receiver.name)?.value;
    return (value as QuorumSystem | undefined) ?? null;
  }
  return undefined;
}

function plainThreshold(system: QuorumSystem): { readonly nodes: readonly number[]; readonly count: number } | null {
  if (system.kind === 'node') return { nodes: [system.node], count: 1 };
  if (system.kind !== 'atleast') return null;
  const nodes: number[] = [];
  for (const part of system.of) {
    if (part.kind !== 'node' || nodes.includes(part.node)) return null;
    nodes.push(part.node);
  }
  return { nodes, count: system.count };
}

/** The formula over a mask in the variable `mask`. */
function maskTest(system: QuorumSystem, mask: string): string {
  switch (system.kind) {
    case 'node':
      return `(${mask}>>>${system.node}&1)===1`;
    case 'atleast': {
      const plain = plainThreshold(system);
      if (plain !== null) {
        if (plain.count === plain.nodes.length) return `(${mask}&${maskOf(plain.nodes)})===${maskOf(plain.nodes)}`;
        return `population(${mask}&${maskOf(plain.nodes)})>=${plain.count}`;
      }
      if (system.of.length === 0) return String(system.count <= 0);
      const parts = system.of.map((part) => `(${maskTest(part, mask)}?1:0)`);
      return `${parts.join('+')}>=${system.count}`;
    }
    case 'weighted': {
      if (system.nodes.length === 0) return String(system.threshold <= 0);
      const parts = system.nodes.map((node, i) => `(${mask}>>>${node}&1)*${system.weights[i] ?? 0}`);
      return `${parts.join('+')}>=${system.threshold}`;
    }
    case 'slices':
      throw new Error('a federated system is no part of another one');
  }
}

function setOfNodes(nodes: Expression, c: Context): string {
  if (nodes.type.kind !== 'Set') return `new Set(${arrayOf(nodes, c)})`;
  return c.module.smallNodes ? `new Set(nodesOfMask(${emit(nodes, c)}))` : emit(nodes, c);
}
