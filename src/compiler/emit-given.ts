import type { Span } from '../base/source.ts';
import type { GivenName } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { maskOf } from './runtime/node-set.ts';
import { usedNodes } from './used.ts';

/** What a deployment or a run gives by name. */
export function emitGiven(name: GivenName, type: Type, _span: Span, c: Context): string {
  const { members } = c.module.deployment;
  switch (name) {
    case 'n':
      return String(members.length);
    case 'members':
      if (c.mode === 'property') return propertyNodes('MEMBERS', type, c);
      return emitNodeSet(members, type, c);
    case 'correct':
      if (c.mode === 'property') return propertyNodes('CORRECT', type, c);
      return emitNodeSet(members, type, c);
    case 'self':
      return needsNode('this.node', name, c);
    case 'now':
      return needsNode('this.h.now(this.node)', name, c);
    case 'peers':
      if (type.kind === 'List') return needsNode('constantList(this.peerList)', name, c);
      return needsNode('this.peers', name, c);
    case 'neighbors': {
      const nodes = needsNode('this.h.neighbors(this.node)', name, c);
      return type.kind === 'List' ? `constantList(${nodes}.slice())` : c.module.smallNodes ? `maskOf(${nodes})` : `NodeSet.of(${nodes})`;
    }
    case 'byzantine': {
      const liars = needsNode('this.h.liars()', name, c);
      return type.kind === 'List' ? `constantList(${liars}.slice())` : c.module.smallNodes ? `maskOf(${liars})` : `NodeSet.of(${liars})`;
    }
    default:
      throw new Error(`\`${name}\` is known to requirements only`);
  }
}

function needsNode(text: string, name: string, c: Context): string {
  if (c.mode !== 'node') throw new Error(`\`${name}\` needs a node`);
  return text;
}

/** The members (or those that are up) of a property, as an array in the module's variable of that name. */
function propertyNodes(variable: string, type: Type, c: Context): string {
  if (type.kind === 'List') return `constantList(${variable}.slice())`;
  return c.module.smallNodes ? `maskOf(${variable})` : `NodeSet.of(${variable})`;
}

/** A set (or list) of nodes that is known now. */
export function emitNodeSet(nodes: readonly number[], type: Type, c: Context): string {
  if (type.kind === 'List') return topConstant(`constantList([${nodes.join(',')}])`, c);
  if (c.module.smallNodes) return String(maskOf(nodes));
  return topConstant(`shared(NodeSet.of([${nodes.join(',')}]))`, c);
}

/** The nodes of a role; in a property those of them that are not Byzantine. */
export function emitRole(name: string, type: Type, c: Context): string {
  const used = usedNodes(name, c, (nodes) => emitNodeSet(nodes, type, c));
  if (used !== null) return used;
  const nodes = roleNodes(name, c);
  if (c.mode !== 'property') return emitNodeSet(nodes, type, c);
  if (type.kind === 'List') return `constantList(within(${topConstant(`[${nodes.join(',')}]`, c)},MEMBERS))`;
  return c.module.smallNodes ? `(maskOf(MEMBERS)&${maskOf(nodes)})` : `NodeSet.of(MEMBERS).intersection(${emitNodeSet(nodes, type, c)})`;
}

export function roleNodes(name: string, c: Context): readonly number[] {
  const role = c.module.deployment.roles.find((each) => each.name === name);
  if (role === undefined) throw new Error(`unknown role ${name}`);
  return role.nodes;
}

const topNames = new WeakMap<object, Map<string, string>>();

/** A top-level `const` with this value, made once. */
export function topConstant(text: string, c: Pick<Context, 'module'>): string {
  let names = topNames.get(c.module);
  if (names === undefined) {
    names = new Map();
    topNames.set(c.module, names);
  }
  let name = names.get(text);
  if (name === undefined) {
    name = c.module.fresh('v');
    c.module.top.push(`const ${name}=${text};`);
    names.set(text, name);
  }
  return name;
}
