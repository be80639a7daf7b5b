import { Json } from './json.ts';
import { type ImportedNetwork, type ImportedNode, mostNodes, withListed } from './network.ts';

/** What the XRP Ledger asks for where a file does not say. */
const usualShare = '0.8';

/**
 * Unique node lists, as in the XRP Ledger. Either `{"nodes": {"a": {"unl": ["a", "b"], "quorum": 0.8}, …}}`, or one list that all
 * its validators use: `["a", "b", …]` or `{"unl": ["a", "b"], "quorum": 0.8}`. `quorum` is a share of the list up to 1 (rounded up), or a whole number of
 * validators from 2 on; 0.8 where it is left out. A node may name its `organization`. Throws ImportError.
 */
export function readUniqueNodeLists(text: string): ImportedNetwork {
  const document = Json.parse(text);
  if (document.isList) return oneList(document, null);
  if (!document.isObject) document.fail('is no unique node list: a list of names, or an object with `nodes` or `unl`, is expected');
  const nodes = document.field('nodes');
  if (nodes.isMissing) return oneList(document.field('unl', 'validators'), document);
  const read = nodes.entries().map(([name, node]): ImportedNode => {
    const organisation = node.field('organization', 'organisation');
    const list = namesOf(node.field('unl', 'validators'));
    return {
      key: name,
      name,
      organisation: organisation.isMissing ? null : organisation.string(),
      needs: { threshold: quorumOf(node, list.length), validators: list, inner: [] },
    };
  });
  if (read.length === 0) nodes.fail('is empty: there is no node to import');
  if (read.length > mostNodes) nodes.fail(`has ${read.length} nodes, and ${mostNodes} are the most that are read`);
  return withListed(read);
}

function oneList(list: Json, document: Json | null): ImportedNetwork {
  const names = namesOf(list);
  const threshold = document === null ? shareOf(usualShare, names.length) : quorumOf(document, names.length);
  return { nodes: names.map((name) => ({ key: name, name, organisation: null, needs: { threshold, validators: names, inner: [] } })) };
}

function namesOf(list: Json): string[] {
  const names = list.list().map((name) => name.string());
  if (names.length === 0) list.fail('is empty: a list needs a validator');
  if (names.length > mostNodes) list.fail(`has ${names.length} validators, and ${mostNodes} are the most that are read`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) list.fail(`lists ${JSON.stringify(twice.slice(0, 40))} twice`);
  return names;
}

function quorumOf(node: Json, size: number): number {
  const quorum = node.field('quorum');
  if (quorum.isMissing) return shareOf(usualShare, size);
  const value = quorum.number();
  if (value > 1 && Number.isInteger(value)) return value;
  if (value > 0 && value <= 1) return shareOf(String(value), size);
  return quorum.fail(`must be a share above 0 and up to 1, or a whole number of validators from 2 on, and is ${value}`);
}

/** The share of a size, rounded up; exact on the decimals written. */
function shareOf(share: string, size: number): number {
  const decimals = /^(\d+)(?:\.(\d+))?$/.exec(share);
  // Written with an exponent: shares that small are of one validator.
  if (decimals === null) return 1;
  const fraction = decimals[2] ?? '';
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(`${decimals[1]}${fraction}`) * BigInt(size);
  return Number((scaled + scale - 1n) / scale);
}
