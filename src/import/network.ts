/** A federated network as read from a file, before it becomes a text: plain data, nodes by their keys. */
export interface ImportedNetwork {
  readonly nodes: readonly ImportedNode[];
}

export interface ImportedNode {
  /** Unique. */
  readonly key: string;
  /** What people call it; the key where there is no name. Any text. */
  readonly name: string;
  /** The organisation that runs it, by name; null when the file does not say. Any text. */
  readonly organisation: string | null;
  /** Null when the file does not say what the node needs. */
  readonly needs: ImportedNeeds | null;
}

/** A quorum set: at least `threshold` of the validators and inner sets together. */
export interface ImportedNeeds {
  readonly threshold: number;
  /** Keys of nodes. */
  readonly validators: readonly string[];
  readonly inner: readonly ImportedNeeds[];
}

/** The file is not what it should be: what is wrong, and where in it. */
export class ImportError extends Error {}

/** More would be no network of our time, and a text that the language does not take. */
export const mostNodes = 5000;

/** Adds a node without needs for every key that is listed and not in the file: it counts as crashed. */
export function withListed(nodes: readonly ImportedNode[]): ImportedNetwork {
  const known = new Set(nodes.map(({ key }) => key));
  const added: ImportedNode[] = [];
  for (const node of nodes) {
    for (const key of node.needs === null ? [] : keysOf(node.needs)) {
      if (known.has(key)) continue;
      known.add(key);
      added.push({ key, name: key, organisation: null, needs: null });
    }
  }
  return { nodes: [...nodes, ...added] };
}

/** Every key that needs list, in order, as often as they do. */
export function keysOf(needs: ImportedNeeds): string[] {
  return [...needs.validators, ...needs.inner.flatMap(keysOf)];
}

/** Only the nodes that somebody else trusts: what others decide does not depend on the rest. */
export function trustedOnly(network: ImportedNetwork): ImportedNetwork {
  const trusted = new Set(
    network.nodes.flatMap(({ key, needs }) => (needs === null ? [] : keysOf(needs).filter((listed) => listed !== key))),
  );
  return { nodes: network.nodes.filter(({ key }) => trusted.has(key)) };
}
