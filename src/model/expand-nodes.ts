import { counted, listed } from '../base/units.ts';
import { Attributes, bounds, checked } from './attributes.ts';
import type { ExpandContext } from './expand-context.ts';
import type { Constant, NodeAttributes, NodeGroup, Zone } from './system.ts';
import type { GroupCode } from './system-code.ts';

/** The seed when a system names none: any fixed number serves, as long as it stays. */
const defaultSeed = 1;

/** Groups of one system together; beyond it the editor would stall. */
const mostNodes = 200_000;

/** Constants in order, overridden ones by their new value; an unknown value leaves the constant out. */
export function expandConstants(context: ExpandContext): Constant[] {
  const constants: Constant[] = [];
  for (const code of context.code.constants) {
    const value = context.overrides.constants?.[code.name] ?? context.evaluate(code.value);
    if (value === undefined) continue;
    context.constants.set(code.name, value);
    constants.push({ name: code.name, value, span: code.span, valueSpan: code.value.span });
  }
  return constants;
}

export function expandSeed(context: ExpandContext): number {
  const { seed } = context.code;
  if (!seed) return defaultSeed;
  const value = context.number(seed);
  return value !== undefined && checked(context, 'seed', value, bounds.count, seed.span) ? value : defaultSeed;
}

/** Fills the context's zones, groups and nodes. */
export function expandNodes(context: ExpandContext): void {
  const zoneIndex = new Map<string, number>();
  context.code.zones.forEach((zone, index) => {
    zoneIndex.set(zone.name, index);
  });
  const parents = context.code.zones.map((zone) => (zone.parent === null ? -1 : (zoneIndex.get(zone.parent) ?? -1)));
  const members: number[][] = context.code.zones.map(() => []);

  for (const code of context.code.groups) {
    const group = expandGroup(context, code, zoneIndex, parents);
    if (!group) {
      context.broken = true;
      continue;
    }
    const single = code.size === null;
    for (let position = 0; position < group.size; position++) {
      const index = group.first + position;
      const zone = group.placement.length > 0 ? (group.placement[position % group.placement.length] as number) : -1;
      context.nodes.push({
        index,
        name: single ? code.name : `${code.name}[${position}]`,
        group: group.index,
        position,
        zone,
        weight: group.attributes.weights[position] ?? 1,
      });
      for (let at = zone; at >= 0; at = parents[at] as number) members[at]?.push(index);
    }
    context.groups.push(group);
  }

  context.code.zones.forEach((code, index) => {
    const zone: Zone = {
      index,
      name: code.name,
      parent: parents[index] as number,
      nodes: members[index] as number[],
      availability: new Attributes(context, code.attributes).number('availability', bounds.probability),
      span: code.span,
    };
    context.zones.push(zone);
  });
  context.namesReady();
}

function expandGroup(
  context: ExpandContext,
  code: GroupCode,
  zoneIndex: ReadonlyMap<string, number>,
  parents: readonly number[],
): NodeGroup | null {
  const size = groupSize(context, code);
  if (size === null) return null;
  const first = context.nodes.length;
  if (first + size > mostNodes) {
    context.report(
      'DS2003',
      'error',
      code.nameSpan,
      `With \`${code.name}\` the system has more than ${mostNodes.toLocaleString('en')} nodes.`,
    );
    return null;
  }
  return {
    index: context.groups.length,
    name: code.name,
    first,
    size,
    span: code.span,
    nameSpan: code.nameSpan,
    sizeSpan: code.size?.span ?? null,
    sizeIsLiteral: code.size?.kind === 'literal',
    placement: placement(context, code, size, zoneIndex, parents),
    placementSpan: code.placement?.span ?? null,
    attributes: nodeAttributes(context, code, size),
  };
}

/** Whether it says one by one what its nodes weigh. */
function listsWeights(code: GroupCode): boolean {
  return code.attributes.some(({ name, value }) => (name === 'weight' || name === 'stake') && value.kind === 'list');
}

function groupSize(context: ExpandContext, code: GroupCode): number | null {
  const overridden = context.overrides.groupSizes?.[code.name];
  if (overridden !== undefined) return bounds.groupSize.holds(overridden) ? overridden : null;
  if (!code.size) return 1;
  const size = context.number(code.size);
  if (size === undefined) return null;
  if (bounds.groupSize.holds(size)) return size;
  context.report('DS2003', 'error', code.size.span, `\`${code.name}\` has ${size} nodes; a group has ${bounds.groupSize.allowed}.`, {
    help: 'Give the group a size in that range, or remove it.',
    numbers: { size },
  });
  return null;
}

/** Zone indices to be repeated round-robin. `spread` takes the leaf zones below those written, in declared order. */
function placement(
  context: ExpandContext,
  code: GroupCode,
  size: number,
  zoneIndex: ReadonlyMap<string, number>,
  parents: readonly number[],
): number[] {
  if (!code.placement) return [];
  const written = code.placement.zones.map((name) => zoneIndex.get(name)).filter((index) => index !== undefined);
  if (!code.placement.spread) {
    if (written.length > size) {
      const unused = code.placement.zones.slice(size);
      context.report(
        'DS2004',
        'warning',
        code.placement.span,
        `${counted(written.length, 'zone')} for ${counted(size, 'node')}: ${listed([...new Set(unused)])} at the end of the list ${unused.length === 1 ? 'gets' : 'get'} none.`,
        {
          why: 'A placement lists one zone a node; what is left over places nothing.',
          help: `Raise \`${code.name}\` to ${written.length} nodes or shorten the list.`,
          fixes:
            // A list of weights would then be too short.
            code.size?.kind === 'literal' && !listsWeights(code)
              ? [
                  {
                    title: `Raise \`${code.name}\` to ${written.length} nodes`,
                    edits: [{ span: code.size.span, text: String(written.length) }],
                  },
                ]
              : [],
        },
      );
    }
    return written;
  }
  const isLeaf = (zone: number): boolean => !parents.includes(zone);
  const within = (zone: number, ancestor: number): boolean => {
    for (let at = zone; at >= 0; at = parents[at] as number) if (at === ancestor) return true;
    return false;
  };
  const leaves: number[] = [];
  for (const ancestor of written) {
    for (let zone = 0; zone < parents.length; zone++) {
      if (isLeaf(zone) && within(zone, ancestor) && !leaves.includes(zone)) leaves.push(zone);
    }
  }
  return leaves;
}

function nodeAttributes(context: ExpandContext, code: GroupCode, size: number): NodeAttributes {
  const attributes = new Attributes(context, code.attributes);
  return {
    availability: attributes.number('availability', bounds.probability),
    mtbf: attributes.number('mtbf', bounds.positive),
    mttr: attributes.number('mttr', bounds.nonNegative),
    cpu: attributes.distribution('cpu'),
    weights: weights(context, attributes, code, size),
    drift: attributes.number('drift', bounds.ratio),
    compromise: attributes.number('compromise', bounds.probability),
  };
}

/** `weight` or `stake`: a number for all, or a list with one per node. */
function weights(context: ExpandContext, attributes: Attributes, code: GroupCode, size: number): number[] {
  const name = attributes.has('stake') ? 'stake' : 'weight';
  const span = attributes.valueSpan(name);
  if (!span) return [];
  const value = attributes.value(name);
  if (typeof value === 'number') {
    return checked(context, name, value, bounds.nonNegative, span) ? new Array<number>(size).fill(value) : [];
  }
  if (typeof value !== 'object' || value?.kind !== 'list') return [];
  if (value.items.length !== size) {
    context.report(
      'DS2005',
      'error',
      span,
      `\`${name}\` lists ${counted(value.items.length, 'value')} for the ${counted(size, 'node')} of \`${code.name}\`.`,
      {
        why: 'A list of weights has one number per node, in order.',
        help: `Write ${counted(size, 'number')}, or a single number for all.`,
        numbers: { values: value.items.length, nodes: size },
      },
    );
    return [];
  }
  const numbers = value.items.filter((item) => typeof item === 'number');
  const wrong = numbers.find((weight) => !bounds.nonNegative.holds(weight));
  if (wrong !== undefined) {
    checked(context, name, wrong, bounds.nonNegative, span);
    return [];
  }
  return numbers;
}
