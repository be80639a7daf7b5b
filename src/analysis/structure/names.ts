import { listed } from '../../base/units.ts';
import type { System } from '../../model/system.ts';

export function nodeNames(system: System, nodes: readonly number[]): string[] {
  return nodes.map((node) => system.nodes[node]?.name ?? `node ${node}`);
}

/** `client[0]`, `client[1]` and 3 more, for messages. */
export function listedNodes(system: System, nodes: readonly number[], most = 5): string {
  return listed(nodeNames(system, nodes), most);
}

/** The name of a deployment's protocol. */
export function protocolName(system: System, deployment: number): string {
  const run = system.deployments[deployment];
  return (run && system.protocols[run.protocol]?.name) ?? 'the protocol';
}

/** Which nodes have a link; all of them in a complete network of two or more. */
export function linkedNodes(system: System): Uint8Array {
  const { network } = system;
  const linked = new Uint8Array(system.nodes.length);
  if (network.complete) return linked.fill(system.nodes.length > 1 ? 1 : 0);
  for (let i = 0; i < network.from.length; i++) {
    linked[network.from[i] as number] = 1;
    linked[network.to[i] as number] = 1;
  }
  return linked;
}
