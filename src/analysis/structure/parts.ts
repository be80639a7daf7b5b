import type { Network, System } from '../../model/system.ts';
import { graphOf, liveComponents } from '../graph.ts';

const known = new WeakMap<Network, Int32Array>();

/**
 * The part of the network that each node is in: nodes of one part have paths to each other both ways, with nothing
 * failed. Parts are numbered by their least nodes. Near-linear in the links where all of them go both ways.
 */
export function partsOf(system: System): Int32Array {
  const cached = known.get(system.network);
  if (cached) return cached;
  const { network } = system;
  const oneWay = network.directed.includes(1);
  const parts = network.complete ? new Int32Array(system.nodes.length) : oneWay ? strongParts(system) : joined(system);
  known.set(network, parts);
  return parts;
}

function strongParts(system: System): Int32Array {
  const parts = new Int32Array(system.nodes.length);
  const everyone = new Uint8Array(system.nodes.length).fill(1);
  for (const component of liveComponents(graphOf(system.network, system.nodes.length), everyone)) {
    for (const node of component) parts[node] = component[0] as number;
  }
  return parts;
}

/** Union-find with path halving; the smaller root wins, so that a part is named by its least node. */
function joined(system: System): Int32Array {
  const { from, to } = system.network;
  const parent = Int32Array.from(system.nodes, (node) => node.index);
  const root = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  for (let i = 0; i < from.length; i++) {
    const a = root(from[i] as number);
    const b = root(to[i] as number);
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }
  return parent.map((_, node) => root(node));
}
