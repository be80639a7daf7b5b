import type { GroupCode, SystemCode } from '../../model/system-code.ts';
import type { NodeGroup, Zone, ZoneUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf, textOf } from '../syntax.ts';
import { INT, NODE, NODES } from '../types/type.ts';
import { nodeAttributes, zoneAttributes } from './attribute-rules.ts';
import { elaborateAttributes } from './attributes.ts';
import { elaborateExpression } from './expressions.ts';
import { nearest } from './scope.ts';
import { valueSymbol } from './symbols.ts';
import { listed, type SystemContext } from './system-context.ts';

/** Zones of a system, parents before children, as names that stand for the nodes in them. */
export function elaborateZones(nodes: readonly Zone[], parent: string | null, system: SystemContext): SystemCode['zones'][number][] {
  return nodes.flatMap((node) => {
    const declaration = system.declare('zone', 'zone', node, system.zones, `zone ${node.name}${parent ? ` in ${parent}` : ''}`, NODES);
    const attributes = elaborateAttributes(node.attributes, zoneAttributes, 'a zone', nameSpanOf(node), system.scope, system.context);
    const below = elaborateZones(node.zones, declaration ? node.name : parent, system);
    if (!declaration) return below;
    declareValue(node, 'zone', system, () => valueSymbol(declaration, (span) => ({ kind: 'zone', name: node.name, type: NODES, span })));
    return [{ name: node.name, parent, attributes, span: spanOf(node), nameSpan: nameSpanOf(node) }, ...below];
  });
}

/** Makes the names of node groups known; what they are made of is elaborated once all names are. */
export function declareGroups(nodes: readonly NodeGroup[], system: SystemContext): readonly NodeGroup[] {
  return nodes.filter((node) => {
    const type = node.size ? NODES : NODE;
    const detail = `node ${node.name}${node.size ? `[${textOf(node.size)}]` : ''}${node.placement ? ` in ${textOf(node.placement)}` : ''}`;
    const declaration = system.declare('group', 'node group', node, system.groups, detail, type);
    if (!declaration) return false;
    declareValue(node, 'node group', system, () => valueSymbol(declaration, (span) => ({ kind: 'group', name: node.name, type, span })));
    return true;
  });
}

/** Constants, zones, groups and quorums are named in expressions alike, so that their names must differ. */
export function declareValue(
  node: { readonly name: string } & Parameters<SystemContext['twice']>[0],
  what: string,
  system: SystemContext,
  symbol: () => ReturnType<typeof valueSymbol>,
): void {
  const earlier = system.scope.declare(symbol());
  if (!earlier) return;
  const kind = earlier.declaration.kind === 'group' ? 'node group' : earlier.declaration.kind;
  const message =
    kind === what ? `there is already a ${kind} \`${node.name}\`` : `\`${node.name}\` names a ${kind} already, so it cannot name a ${what}`;
  system.context.error('DS1210', nameSpanOf(node), message, {
    help: 'give one of them another name',
    labels: [{ span: earlier.declaration.nameSpan, message: `${kind} \`${node.name}\`` }],
  });
}

export function elaborateGroup(node: NodeGroup, system: SystemContext): GroupCode {
  const { scope, context } = system;
  return {
    name: node.name,
    size: node.size ? elaborateExpression(node.size, INT, scope, context) : null,
    placement: node.placement
      ? { spread: node.placement.spread, zones: zoneNames(node.placement.zones, system), span: spanOf(node.placement) }
      : null,
    attributes: elaborateAttributes(node.attributes, nodeAttributes, 'a node group', nameSpanOf(node), scope, context),
    span: spanOf(node),
    nameSpan: nameSpanOf(node),
  };
}

export function zoneNames(uses: readonly ZoneUse[], system: SystemContext): string[] {
  return uses.filter((use) => checkZone(use.name, nameSpanOf(use), system)).map((use) => use.name);
}

/** Whether there is such a zone; reports it when not. */
export function checkZone(name: string, span: ReturnType<typeof nameSpanOf>, system: SystemContext): boolean {
  const declaration = system.zones.get(name);
  if (declaration) {
    system.context.use(span, declaration);
    return true;
  }
  if (system.file.failed.has(name)) return false;
  const zones = [...system.zones.keys()];
  const near = nearest(name, zones);
  const isGroup = system.groups.has(name);
  const message = isGroup ? `\`${name}\` is a node group, not a zone` : `there is no zone \`${name}\``;
  const known = zones.length > 0 ? `the zones are ${listed(zones)}` : `declare it: \`zone ${name}\``;
  system.context.error('DS1216', span, message, {
    help: near && !isGroup ? `did you mean \`${near}\`?` : known,
    fixes: near && !isGroup ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
  return false;
}
