import type { ProtocolCode } from '../../model/code.ts';
import type { Deployment, Network, System } from '../../model/system.ts';

/**
 * What a deployment's flow depends on, as text: the same text, the same flow. Places in the file are left out, so that an
 * edit above a protocol changes nothing; so are rates, which the flow of one call does not depend on.
 */
export function flowContent(system: System, deployment: Deployment, down: readonly number[], wait: Float64Array | null): string {
  const known = systems.get(system) ?? new Map<number, string>();
  systems.set(system, known);
  let content = known.get(deployment.index);
  if (content === undefined) {
    content = contentOf(system, deployment);
    known.set(deployment.index, content);
  }
  return `${content}|${down}|${wait ?? ''}`;
}

const systems = new WeakMap<System, Map<number, string>>();

function contentOf(system: System, deployment: Deployment): string {
  const protocol = system.protocols[deployment.protocol];
  const calls = system.workloads.flatMap(({ clients, calls: each }) =>
    each
      .filter((call) => call.deployment === deployment.index)
      .map(({ operation, arguments: values, targets, limit }) => [operation, clients, values, targets, limit]),
  );
  return JSON.stringify(
    [
      protocol === undefined ? null : protocolContent(protocol),
      system.nodes.length,
      deployment.members,
      deployment.roles,
      deployment.arguments,
      deployment.quorums,
      system.nodes.map(({ weight }) => weight),
      system.groups.map(({ first, size, attributes }) => [first, size, attributes.cpu]),
      system.timing.delay,
      networkContent(system.network),
      calls,
    ],
    withoutPlaces,
  );
}

const protocols = new WeakMap<ProtocolCode, string>();
const networks = new WeakMap<Network, string>();

function protocolContent(protocol: ProtocolCode): string {
  const known = protocols.get(protocol);
  if (known !== undefined) return known;
  const { requirements: _requirements, invariants: _invariants, eventualities: _eventualities, scaling: _scaling, ...rest } = protocol;
  const content = JSON.stringify(rest, withoutPlaces);
  protocols.set(protocol, content);
  return content;
}

function networkContent(network: Network): string {
  const known = networks.get(network);
  if (known !== undefined) return known;
  const { complete, kinds } = network;
  const columns = [network.from, network.to, network.directed, network.linkClass, network.kind, network.pairClass];
  const content = JSON.stringify([complete, kinds, columns.map(digest), network.classes], withoutPlaces);
  networks.set(network, content);
  return content;
}

/** Length and 64 bits of a column: a mesh of a thousand nodes has half a million links, too many to keep as text. */
function digest(column: Int32Array | Uint8Array): string {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (const value of column) {
    high = Math.imul(high ^ value, 0x01000193);
    low = Math.imul((low ^ value) + (low >>> 15), 0x85ebca6b);
  }
  return `${column.length}:${high >>> 0}:${low >>> 0}`;
}

const places = new Set(['span', 'nameSpan', 'headSpan', 'documentation', 'text', 'uri']);

function withoutPlaces(key: string, value: unknown): unknown {
  return places.has(key) ? undefined : value;
}
