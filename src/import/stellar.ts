import { Json } from './json.ts';
import { type ImportedNeeds, type ImportedNetwork, type ImportedNode, mostNodes, withListed } from './network.ts';

/** Sets within sets; a file with more is not one of a network. */
const deepest = 16;

/**
 * The nodes of a Stellar network: a list of nodes as stellarbeat, radar, fbas_analyzer and python-fbas write it (`publicKey`, `name`,
 * `quorumSet`, perhaps `organizationId`), or an object with `nodes` and perhaps `organizations` (`id`, `name`, `validators`). Throws ImportError.
 */
export function readStellar(text: string): ImportedNetwork {
  const document = Json.parse(text);
  if (!document.isList && !document.isObject) document.fail('is no network: a list of nodes, or an object with `nodes`, is expected');
  const nodes = document.isList ? document : document.field('nodes');
  const list = nodes.list();
  if (list.length === 0) nodes.fail('is empty: there is no node to import');
  if (list.length > mostNodes) nodes.fail(`has ${list.length} nodes, and ${mostNodes} are the most that are read`);
  const organisations = document.isObject ? organisationsOf(document) : { names: new Map(), of: new Map() };
  const places = new Map<string, number>();
  const read = list.map((node, i): ImportedNode => {
    const key = node.field('publicKey', 'public_key', 'id').string();
    const earlier = places.get(key);
    if (earlier !== undefined) node.fail(`has the same public key as number ${earlier} of the list`);
    places.set(key, i);
    const name = node.field('name', 'alias', 'homeDomain');
    const id = node.field('organizationId', 'organization', 'homeDomain');
    const organisation = organisations.of.get(key) ?? (id.isMissing ? null : (organisations.names.get(id.string()) ?? id.string()));
    const needs = node.field('quorumSet', 'quorum_set', 'quorumset');
    return {
      key,
      name: name.isMissing || name.string() === '' ? key : name.string(),
      organisation,
      needs: needs.isMissing ? null : needsOf(needs, 1),
    };
  });
  return withListed(read);
}

function organisationsOf(document: Json): { readonly names: ReadonlyMap<string, string>; readonly of: ReadonlyMap<string, string> } {
  const names = new Map<string, string>();
  const of = new Map<string, string>();
  const list = document.field('organizations', 'organisations');
  for (const organisation of list.isMissing ? [] : list.list()) {
    const id = organisation.field('id', 'name').string();
    const name = organisation.field('name', 'id').string();
    names.set(id, name);
    const validators = organisation.field('validators');
    for (const validator of validators.isMissing ? [] : validators.list()) of.set(validator.string(), name);
  }
  return { names, of };
}

function needsOf(json: Json, depth: number): ImportedNeeds | null {
  if (depth > deepest) json.fail(`is nested deeper than ${deepest} levels`);
  const validators = json.field('validators');
  const innerSets = json.field('innerQuorumSets', 'inner_quorum_sets', 'innerSets');
  const threshold = json.field('threshold', 't');
  const listed = validators.isMissing ? [] : validators.list().map((validator) => validator.string());
  const inner = (innerSets.isMissing ? [] : innerSets.list()).map(
    (set) => needsOf(set, depth + 1) ?? { threshold: 1, validators: [], inner: [] },
  );
  const count = threshold.number();
  if (!Number.isInteger(count) || count < 0) threshold.fail(`must be a whole number of 0 or more, and is ${count}`);
  // How crawlers write a quorum set that they have not seen.
  if (listed.length === 0 && inner.length === 0 && count > 0) return null;
  return { threshold: Math.min(count, listed.length + inner.length + 1), validators: listed, inner };
}
