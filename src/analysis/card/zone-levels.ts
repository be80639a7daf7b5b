import type { Deployment, System, Zone } from '../../model/system.ts';

/** Zones of one depth of the tree that hold members of a deployment, in declared order. */
export interface ZoneLevel {
  /** What the level is called in rows: `zones`, or `outer zones` and `inner zones` where zones stand in zones. */
  readonly label: string;
  readonly zones: readonly number[];
}

/** The levels of the zone tree, outermost first. A level that splits the members no further than the one around it is left out. */
export function zoneLevels({ zones }: System, { members }: Deployment): ZoneLevel[] {
  const inside = new Set(members);
  const held = (zone: Zone): readonly number[] => zone.nodes.filter((node) => inside.has(node));
  const levels: { readonly zones: readonly number[] }[] = [];
  let before = '';
  for (let depth = 0; ; depth++) {
    const ofDepth = zones.filter((zone) => depthOf(zones, zone) === depth);
    if (ofDepth.length === 0) break;
    const used = ofDepth.filter((zone) => held(zone).length > 0);
    const content = used.map((zone) => held(zone).join()).join('|');
    if (used.length > 0 && content !== before) levels.push({ zones: used.map((zone) => zone.index) });
    before = content;
  }
  return levels.map((level, index) => ({ ...level, label: labelOf(index, levels.length) }));
}

function labelOf(index: number, count: number): string {
  if (count === 1) return 'zones';
  if (index === 0) return 'outer zones';
  return index === count - 1 ? 'inner zones' : `zones, level ${index + 1}`;
}

function depthOf(zones: readonly Zone[], zone: Zone): number {
  let depth = 0;
  for (let at = zone.parent; at >= 0; at = zones[at]?.parent ?? -1) depth++;
  return depth;
}
