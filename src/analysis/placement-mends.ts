import type { TextEdit } from '../base/finding.ts';
import type { FaultModel, NodeGroup, System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { type Candidate, mostAdded } from './mend-candidates.ts';
import { withPlacement, withZone, zonesAreNodeSets } from './placement.ts';
import { joined } from './words.ts';

/**
 * The nodes of a group dealt out in turn over the zones that may go out, so that each takes as few as possible with it;
 * then the same with more nodes. Only where no zone stands for its nodes in a set: then nothing else depends on who is where.
 */
export function* placementMends(code: SystemCode, system: System, group: NodeGroup, model: FaultModel | null): Generator<Candidate> {
  if (group.placementSpan === null || zonesAreNodeSets(code)) return;
  const outages = zonesThatFail(system, model);
  for (let added = 0; added <= mostAdded; added++) {
    const zones = dealtOut(system, outages, group.size + added);
    const spread = spreadOver(system, group, zones, added);
    if (spread === null) return;
    yield {
      title:
        added === 0
          ? `Spread \`${group.name}\` evenly over ${spread.names}`
          : `Raise \`${group.name}\` from ${group.size} to ${group.size + added} nodes, spread evenly over ${spread.names}`,
      edits: spread.edits,
      cost: 0.9 + added,
      weakens: false,
      key: `placement ${group.name} ${group.size + added} ${zones}`,
      overrides: added === 0 ? null : { groupSizes: { [group.name]: group.size + added } },
      change: (expanded) => withPlacement(expanded, group.name, zones),
    };
  }
}

/** Zones that the fault model may take out; where it takes none, those that say how often they fail by themselves. */
function zonesThatFail(system: System, model: FaultModel | null): readonly number[] {
  const budgeted = model?.budgets.flatMap((budget) => (budget.kind === 'outage' ? budget.zones : [])) ?? [];
  if (budgeted.length > 0) return budgeted;
  return system.zones.flatMap((zone) => (zone.availability === null ? [] : [zone.index]));
}

/** Most zones and nodes that are added together. */
const mostNewZones = 2;
const mostAddedWithZones = 6;

/**
 * One zone more that may go out like the others, and the nodes dealt out over all of them. With two zones one of them holds
 * at least half of the nodes, so that no placement saves a majority from its loss; a third zone does.
 */
export function* zoneMends(code: SystemCode, system: System, group: NodeGroup, model: FaultModel | null): Generator<Candidate> {
  if (group.placementSpan === null || zonesAreNodeSets(code)) return;
  const budget = model?.budgets.find((known) => known.kind === 'outage' && known.count > 0);
  if (budget?.kind !== 'outage') return;
  const last = system.zones[budget.zones[budget.zones.length - 1] as number];
  if (last === undefined) return;
  for (let newZones = 1; newZones <= mostNewZones; newZones++) {
    for (let added = 0; added <= mostAddedWithZones; added++) {
      let grown = system;
      const names: string[] = [];
      for (let i = 0; i < newZones; i++) {
        const name = freshName(grown, names[i - 1] ?? last.name);
        names.push(name);
        grown = withZone(grown, name, last.parent, budget.targetsSpan);
      }
      const outages = [...budget.zones, ...names.map((_, i) => system.zones.length + i)];
      const zones = dealtOut(grown, outages, group.size + added);
      const spread = spreadOver(grown, group, zones, added);
      if (spread === null) break;
      const declared = { ...last.span, start: last.span.end };
      const listed = outages.map((zone) => grown.zones[zone]?.name).join(', ');
      yield {
        title: `Add the zone ${joined(names.map((name) => `\`${name}\``))}${added > 0 ? ` and ${added} more of \`${group.name}\`` : ''}, spread evenly over ${spread.names}`,
        edits: [
          { span: declared, text: names.map((name) => `\n  zone ${name}`).join('') },
          ...spread.edits,
          { span: budget.targetsSpan, text: `[${listed}]` },
        ],
        cost: 1.9 * newZones + added,
        weakens: false,
        key: `zones ${names} ${group.name} ${group.size + added}`,
        overrides: added === 0 ? null : { groupSizes: { [group.name]: group.size + added } },
        change: (expanded) => {
          let changed = expanded;
          for (const name of names) changed = withZone(changed, name, last.parent, budget.targetsSpan);
          return withPlacement(changed, group.name, zones);
        },
      };
    }
  }
}

/** The edits that place a group, and that enlarge it; null when its size cannot be edited or there is nowhere to go. */
function spreadOver(
  system: System,
  group: NodeGroup,
  zones: readonly number[],
  added: number,
): { readonly edits: readonly TextEdit[]; readonly names: string } | null {
  const { placementSpan, sizeSpan } = group;
  if (placementSpan === null || zones.length === 0) return null;
  const names = zones.map((zone) => system.zones[zone]?.name);
  const move = { span: placementSpan, text: `[${names.join(', ')}]` };
  const over = joined([...new Set(names)].map((name) => `\`${name}\``));
  if (added === 0) return { edits: [move], names: over };
  if (sizeSpan === null || !group.sizeIsLiteral) return null;
  return { edits: [{ span: sizeSpan, text: String(group.size + added) }, move], names: over };
}

/** A zone for each node: the outermost zones that can go out in turn, in each its innermost zones in turn; shortest repetition. */
function dealtOut(system: System, outages: readonly number[], size: number): number[] {
  const isWithin = (zone: number, outer: number): boolean => {
    for (let at = zone; at >= 0; at = system.zones[at]?.parent ?? -1) if (at === outer) return true;
    return false;
  };
  const listed = [...new Set(outages)].sort((a, b) => a - b);
  const outermost = listed.filter((zone) => !listed.some((other) => other !== zone && isWithin(zone, other)));
  const innermost = system.zones.filter((zone) => !system.zones.some((other) => other.parent === zone.index)).map((zone) => zone.index);
  const inside = outermost.map((zone) => innermost.filter((leaf) => isWithin(leaf, zone)));
  if (inside.length === 0) return [];
  const dealt = Array.from({ length: size }, (_, i) => {
    const leaves = inside[i % inside.length] as number[];
    return leaves[Math.floor(i / inside.length) % leaves.length] as number;
  });
  for (let period = 1; period < size; period++) {
    if (dealt.every((zone, i) => zone === dealt[i % period])) return dealt.slice(0, period);
  }
  return dealt;
}

/** A name like the last one: the next number or letter, or with a number. */
function freshName(system: System, like: string): string {
  const taken = new Set([...system.zones.map((zone) => zone.name), ...system.groups.map((group) => group.name)]);
  const numbered = /^(.*?)(\d+)$/.exec(like);
  const stem = numbered?.[1] ?? like;
  if (/^[a-y]$/i.test(like)) {
    const next = String.fromCharCode(like.charCodeAt(0) + 1);
    if (!taken.has(next)) return next;
  }
  for (let number = Number(numbered?.[2] ?? 1) + 1; ; number++) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
}
