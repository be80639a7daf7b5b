import { counted, listed } from '../base/units.ts';
import type { Deployment, System } from '../model/system.ts';
import type { FaultSet } from './fault-sets.ts';

/** Nodes and zones by name, as messages say them. */

export function nodeNames(system: System, nodes: readonly number[]): string[] {
  return nodes.map((node) => system.nodes[node]?.name ?? `node ${node}`);
}

export function zoneNames(system: System, zones: readonly number[]): string[] {
  return zones.map((zone) => system.zones[zone]?.name ?? `zone ${zone}`);
}

/** "`Log` on `replica`": whole groups by their name, other sets by their size. */
export function deploymentName(system: System, deployment: Deployment): string {
  const protocol = system.protocols[deployment.protocol]?.name ?? 'protocol';
  const members = new Set(deployment.members);
  const groups = system.groups.filter((group) => members.has(group.first));
  const whole =
    groups.reduce((sum, group) => sum + group.size, 0) === members.size &&
    groups.every((group) => Array.from({ length: group.size }, (_, i) => group.first + i).every((node) => members.has(node)));
  const where = whole && groups.length > 0 ? listed(groups.map((group) => group.name)) : counted(members.size, 'node');
  return `\`${protocol}\` on ${where}`;
}

export function hasFaults(faults: FaultSet): boolean {
  return Object.values(faults).some((nodes) => nodes.length > 0);
}

/** "`us` down and `replica[0]` crashed", or "no fault at all". */
export function faultPhrase(system: System, faults: FaultSet): string {
  const parts: string[] = [];
  if (faults.outages.length > 0) parts.push(`${listed(zoneNames(system, faults.outages))} down`);
  if (faults.crashed.length > 0) parts.push(`${listed(nodeNames(system, faults.crashed))} crashed`);
  if (faults.omitting.length > 0) parts.push(`${listed(nodeNames(system, faults.omitting))} omitting messages`);
  if (faults.byzantine.length > 0) parts.push(`${listed(nodeNames(system, faults.byzantine))} Byzantine`);
  if (faults.slow.length > 0) parts.push(`${listed(nodeNames(system, faults.slow))} slow`);
  return parts.length === 0 ? 'no fault at all' : joined(parts);
}

/** The same at length, with what each outage takes: "`us` is down and takes `replica[3]` and `replica[4]`". */
export function faultNote(system: System, faults: FaultSet, members: readonly number[]): string | null {
  const inside = new Set(members);
  const parts: string[] = [];
  for (const zone of faults.outages) {
    const taken = (system.zones[zone]?.nodes ?? []).filter((node) => inside.has(node));
    const name = `\`${system.zones[zone]?.name}\` is down`;
    parts.push(taken.length > 0 ? `${name} and takes ${listed(nodeNames(system, taken))}` : name);
  }
  const say = (nodes: readonly number[], one: string, many: string): void => {
    if (nodes.length > 0) parts.push(`${listed(nodeNames(system, nodes))} ${nodes.length === 1 ? one : many}`);
  };
  say(faults.crashed, 'crashes', 'crash');
  say(faults.omitting, 'omits messages', 'omit messages');
  say(faults.byzantine, 'is Byzantine', 'are Byzantine');
  say(faults.slow, 'is slow', 'are slow');
  if (parts.length === 0) return null;
  const touched = new Set([...faults.crashed, ...faults.omitting, ...faults.byzantine, ...faults.slow]);
  for (const zone of faults.outages) for (const node of system.zones[zone]?.nodes ?? []) touched.add(node);
  const hit = members.filter((node) => touched.has(node)).length;
  return hit === 0 ? `${parts.join('; ')}.` : `${parts.join('; ')}: ${hit} of ${counted(members.length, 'member')}.`;
}

/** "a", "a and b", "a, b and c". */
export function joined(parts: readonly string[]): string {
  if (parts.length <= 1) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

/** The numbers of a finding that are finite: machines read them from JSON, which has no others. */
export function finiteOnes(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
}
