import { counted } from '../base/units.ts';
import { Identifiers } from './identifiers.ts';
import type { ImportedNeeds, ImportedNetwork, ImportedNode } from './network.ts';

export interface WriteOptions {
  /** Where it came from, for the comment at the top. Any text. */
  readonly from: string;
  readonly kind: 'slices' | 'lists';
}

/** Nodes that are declared together: those of one organisation, or a node by itself. */
interface Group {
  readonly name: string;
  readonly zone: string | null;
  readonly organisation: string | null;
  readonly nodes: readonly ImportedNode[];
}

/** A whole file of the language: zones, nodes, slices, faults, and a protocol that asks for what the slices are there for. */
export function writeNetwork(network: ImportedNetwork, options: WriteOptions): string {
  const names = new Identifiers();
  const groups = groupsOf(network, names);
  const written = new Map<string, string>();
  for (const { name, nodes } of groups) {
    nodes.forEach((node, i) => {
      written.set(node.key, nodes.length === 1 ? name : `${name}[${i}]`);
    });
  }
  const zones = groups.flatMap(({ zone }) => (zone === null ? [] : [zone]));
  const lists = options.kind === 'lists';
  const [quorum, parameter, protocol, system] = lists
    ? ['Lists', 'lists', 'ListedVote', 'Ledger']
    : ['Trust', 'trust', 'FederatedVote', 'Network'];
  return [
    `// Made by \`dsys import\` from ${comment(options.from)}: ${counted(network.nodes.length, 'node')}${zones.length > 0 ? ` of ${counted(zones.length, 'organisation')}` : ''}.`,
    '// The protocol stands for whatever votes by these quorums; the fault models are a beginning, to be changed.',
    '',
    '/** Votes by quorums that each node chooses for itself (Mazières 2015). */',
    `protocol ${protocol}(${parameter}: Quorum) {`,
    ...(lists ? [`  requires safety   overlap(${parameter})   because "two nodes may not validate different ledgers"`] : []),
    `  requires safety   intersect(${parameter}) because "two quorums may not decide differently"`,
    `  requires liveness available(${parameter}) because "somebody must be able to decide"`,
    '}',
    '',
    `system ${system} {`,
    ...groups.flatMap(({ zone, organisation }) => (zone === null ? [] : [`  zone ${zone}  // ${comment(organisation ?? '')}`])),
    ...(zones.length > 0 ? [''] : []),
    ...groups.flatMap((group) => nodeLines(group, written)),
    '',
    `  quorum ${quorum} = slices {`,
    ...slicesLines(network, groups, written),
    '  }',
    '',
    '  faults OneLiar { byzantine 1 of nodes }',
    ...(zones.length > 1 ? [`  faults OneOrganisation { outage 1 of [${wrapped(zones)}] }`] : []),
    '',
    `  run ${protocol}(${parameter}: ${quorum}) on nodes`,
    '}',
    '',
  ].join('\n');
}

/** In the order in which the file names them first. */
function groupsOf(network: ImportedNetwork, names: Identifiers): Group[] {
  const byOrganisation = new Map<string, ImportedNode[]>();
  const order: ImportedNode[][] = [];
  for (const node of network.nodes) {
    const known = node.organisation === null ? undefined : byOrganisation.get(node.organisation);
    if (known !== undefined) {
      known.push(node);
      continue;
    }
    const nodes = [node];
    order.push(nodes);
    if (node.organisation !== null) byOrganisation.set(node.organisation, nodes);
  }
  return order.map((nodes) => {
    const { organisation, name, key } = nodes[0] as ImportedNode;
    const label = organisation ?? (name === key ? key.slice(0, 8) : name);
    const group = names.unique(label, 'node');
    return { name: group, zone: organisation === null ? null : names.unique(`org_${group}`, 'org'), organisation, nodes };
  });
}

function nodeLines({ name, zone, nodes }: Group, written: ReadonlyMap<string, string>): string[] {
  const size = nodes.length === 1 ? '' : `[${nodes.length}]`;
  const place = zone === null ? '' : ` in ${zone}`;
  const said = nodes.map(
    (node) => `${written.get(node.key)} ${comment(node.name)}${node.name === node.key ? '' : ` (${comment(node.key.slice(0, 16))})`}`,
  );
  return [...said.map((line) => `  // ${line}`), `  node ${name}${size}${place}`];
}

/** One entry for all nodes with the same needs. */
function slicesLines(network: ImportedNetwork, groups: readonly Group[], written: ReadonlyMap<string, string>): string[] {
  const byNeeds = new Map<string, { readonly needs: ImportedNeeds; readonly keys: Set<string> }>();
  for (const { key, needs } of network.nodes) {
    if (needs === null) continue;
    const text = JSON.stringify(needs);
    const known = byNeeds.get(text);
    if (known === undefined) byNeeds.set(text, { needs, keys: new Set([key]) });
    else known.keys.add(key);
  }
  return [...byNeeds.values()].map(({ needs, keys }) => `    ${setOf(keys, groups, written)}: ${needsText(needs, groups, written)}`);
}

/** A set of nodes: groups by their names where all their nodes are in it. */
function setOf(keys: ReadonlySet<string>, groups: readonly Group[], written: ReadonlyMap<string, string>): string {
  const whole = groups.filter(({ nodes }) => nodes.length > 1 && nodes.every(({ key }) => keys.has(key)));
  const covered = new Set(whole.flatMap(({ nodes }) => nodes.map(({ key }) => key)));
  const single = [...keys].filter((key) => !covered.has(key)).map((key) => written.get(key) as string);
  const parts = [...whole.map(({ name }) => name), ...(single.length > 0 ? [`{${wrapped(single)}}`] : [])];
  return parts.join(' + ');
}

function needsText(
  { threshold, validators, inner }: ImportedNeeds,
  groups: readonly Group[],
  written: ReadonlyMap<string, string>,
): string {
  const isGroup = inner.length === 0 && validators.length > 1 && new Set(validators).size === validators.length;
  const group = isGroup
    ? groups.find(({ nodes }) => nodes.length === validators.length && nodes.every(({ key }) => validators.includes(key)))
    : undefined;
  if (group !== undefined) return `atleast(${threshold}, ${group.name})`;
  const parts = [...validators.map((key) => written.get(key) as string), ...inner.map((set) => needsText(set, groups, written))];
  return `atleast(${threshold}, [${wrapped(parts)}])`;
}

/** A list over several lines where one would be long. */
function wrapped(parts: readonly string[]): string {
  const lines: string[] = [''];
  for (const [i, part] of parts.entries()) {
    const piece = i === parts.length - 1 ? part : `${part},`;
    const line = lines[lines.length - 1] as string;
    if (line !== '' && line.length + piece.length > 110) lines.push(piece);
    else lines[lines.length - 1] = line === '' ? piece : `${line} ${piece}`;
  }
  return lines.join('\n      ');
}

/** A text that stays on the line of its comment. */
function comment(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}
