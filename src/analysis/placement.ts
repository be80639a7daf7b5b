import type { Span } from '../base/source.ts';
import type { System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { mentioned } from './mentions.ts';

/** The system with a group's nodes in other zones (indices, repeated in turn). Links and node sets stay as they are. */
export function withPlacement(system: System, group: string, zones: readonly number[]): System {
  const moved = system.groups.find((known) => known.name === group);
  if (moved === undefined || zones.length === 0) return system;
  const nodes = system.nodes.map((node) =>
    node.group === moved.index ? { ...node, zone: zones[node.position % zones.length] as number } : node,
  );
  const inside: number[][] = system.zones.map(() => []);
  for (const node of nodes) {
    for (let zone = node.zone; zone >= 0; zone = system.zones[zone]?.parent ?? -1) inside[zone]?.push(node.index);
  }
  return {
    ...system,
    nodes,
    zones: system.zones.map((zone, i) => ({ ...zone, nodes: inside[i] ?? [] })),
    groups: system.groups.map((known) => (known.name === group ? { ...known, placement: zones } : known)),
  };
}

/** The system with one zone more, empty, which can go out like those of the budget whose targets stand at `listedAt`. */
export function withZone(system: System, name: string, parent: number, listedAt: Span): System {
  const index = system.zones.length;
  const isBudget = (span: Span): boolean => span.start === listedAt.start && span.end === listedAt.end && span.uri === listedAt.uri;
  return {
    ...system,
    zones: [...system.zones, { index, name, parent, nodes: [], availability: null, span: listedAt }],
    faultModels: system.faultModels.map((model) => ({
      ...model,
      budgets: model.budgets.map((budget) =>
        budget.kind === 'outage' && isBudget(budget.targetsSpan) ? { ...budget, zones: [...budget.zones, index] } : budget,
      ),
    })),
  };
}

/**
 * Whether runs, budgets, links, quorums or constants use a zone as the set of its nodes: moving a node then changes more
 * than its zone, and `withPlacement` alone would not show it.
 */
export function zonesAreNodeSets(code: SystemCode): boolean {
  const known = zoneSets.get(code);
  if (known !== undefined) return known;
  const { runs, links, quorums, constants } = code;
  const targets = code.faultModels.flatMap((model) => model.budgets.map((budget) => (budget.kind === 'outage' ? null : budget)));
  const found = mentioned([runs, links, quorums, constants, targets], 'zone').size > 0;
  zoneSets.set(code, found);
  return found;
}

/** The answers: each place worth trying asks again. */
const zoneSets = new WeakMap<SystemCode, boolean>();
