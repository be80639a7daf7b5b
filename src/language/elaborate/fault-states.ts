import type { Expression } from '../../model/code.ts';
import type { ActionCode, WhenCode } from '../../model/system-code.ts';
import type { Expression as ExpressionNode } from '../generated/ast.ts';
import { nameSpanOf, spanOf, textOf } from '../syntax.ts';
import { BOOL, NODES } from '../types/type.ts';
import { Body } from './body.ts';
import { elaborateExpression } from './expressions.ts';
import type { Scope } from './scope.ts';
import { anyOf, type Deployed, type SystemContext } from './system-context.ts';
import { elaborateNodes } from './system-network.ts';

/** The condition of a `when`, over the states of the nodes of one of the system's runs; null where nothing runs (reported). */
export function elaborateCondition(node: ExpressionNode, system: SystemContext): Omit<WhenCode, 'after'> | null {
  const deployed = deployedFor(node, system);
  if (!deployed) return null;
  const condition = elaborateExpression(node, BOOL, stateScope(deployed, system), system.context);
  return { run: deployed.run, condition, text: textOf(node) };
}

/**
 * The nodes that an action strikes: a set that is known beforehand, `any(…)` of one, or, where the expression holds a function
 * or a quantifier (`replica.filter(m => m.role == Role.Leader)`), those that the states of the nodes tell at that moment.
 */
export function elaborateStruck(
  node: ExpressionNode,
  system: SystemContext,
): { readonly value: Expression; readonly choice: ActionCode['choice'] } | null {
  const [chosen] = node.$type === 'NameUse' && node.name === 'any' && node.arguments?.items.length === 1 ? node.arguments.items : [];
  const inner = chosen?.value ?? node;
  if (chosen && node.$type === 'NameUse') system.context.use(nameSpanOf(node), anyOf);
  const one = chosen !== undefined;
  if (!asksStates(inner)) return { value: elaborateNodes(inner, system), choice: one ? { one, state: null } : null };
  const deployed = deployedFor(inner, system);
  if (!deployed) return null;
  const nodes = elaborateExpression(inner, NODES, stateScope(deployed, system), system.context);
  return {
    value: { kind: 'all-nodes', type: NODES, span: spanOf(inner) },
    choice: { one, state: { run: deployed.run, nodes, text: textOf(inner) } },
  };
}

/** The names of a protocol's properties, and the system's groups, zones and constants where the protocol has no such name. */
function stateScope({ protocol }: Deployed, system: SystemContext): Scope {
  const body = new Body({ kind: 'nothing', because: 'nothing is handled here' }, null, protocol.declaration);
  const scope = protocol.scope.child('property', body);
  for (const name of [...system.groups.keys(), ...system.zones.keys(), ...system.constants.keys()]) {
    const symbol = protocol.scope.find(name) ? null : system.scope.find(name);
    if (symbol) scope.declare(symbol);
  }
  return scope.child();
}

/** The run whose protocol has most of the variables that are asked for: where there is one run, that one. */
function deployedFor(node: ExpressionNode, system: SystemContext): Deployed | null {
  const asked = membersIn(node);
  let best: Deployed | null = null;
  let most = -1;
  for (const deployed of system.deployments) {
    const { uses } = deployed.protocol.environment;
    // `m.health.alive` asks for the use and for what it uses.
    const used = [...uses.values()].flatMap(({ name, protocol }) => [name, ...(protocol?.code.state.map((state) => state.name) ?? [])]);
    const isQualified = asked.some((name) => uses.has(name));
    const known = new Set([...deployed.protocol.code.state.map(({ name }) => name), ...(isQualified ? used : [])]);
    const count = asked.filter((name) => known.has(name)).length;
    if (count > most) {
      best = deployed;
      most = count;
    }
  }
  if (!best && !system.incomplete) {
    system.context.error('DS1252', spanOf(node), 'this asks for the states of nodes, but the system runs no protocol', {
      help: 'write a `run` in the system, or name the nodes',
    });
  }
  return best;
}

function asksStates(node: ExpressionNode): boolean {
  return partsOf(node).some(({ $type }) => $type === 'Lambda' || $type === 'Quantifier');
}

function membersIn(node: ExpressionNode): string[] {
  return partsOf(node).flatMap((part) => (part.$type === 'Member' && typeof part.member === 'string' ? [part.member] : []));
}

type Part = { readonly $type: string; readonly member?: unknown };

/** A syntax tree and all below it. */
function partsOf(node: object): Part[] {
  const below = Object.entries(node).flatMap(([key, value]): Part[] => {
    if (key.startsWith('$') || typeof value !== 'object' || value === null) return [];
    return Array.isArray(value) ? value.flatMap((item) => (typeof item === 'object' && item ? partsOf(item) : [])) : partsOf(value);
  });
  return '$type' in node ? [node as Part, ...below] : below;
}
