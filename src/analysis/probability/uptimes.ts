import type { NodeAttributes, System } from '../../model/system.ts';

/** The probabilities of being up and of being down; both, so that neither loses digits when it is small. */
export interface Chance {
  readonly up: number;
  readonly down: number;
}

export const certain: Chance = { up: 1, down: 0 };

/**
 * Independent causes of failure: each zone (common cause: whoever is in it, at whatever depth, is down with it) and each node
 * by itself. A node is up when it and every zone around it is.
 */
export interface Uptimes {
  /** Parents before or after their children; `parent` is -1 at the root. */
  readonly zones: readonly (Chance & { readonly parent: number })[];
  /** The node's own cause, apart from its zones. */
  readonly nodes: readonly Chance[];
  /** Innermost zone of each node, -1 for none. */
  readonly zoneOf: readonly number[];
}

/** What the file says of its nodes and zones; whatever it says nothing about never fails. */
export function uptimesOf(system: System): Uptimes {
  return {
    zones: system.zones.map(({ parent, availability }) => ({ parent, ...chanceOf(availability ?? 1) })),
    nodes: system.nodes.map(({ group }) => nodeChance(system.groups[group]?.attributes) ?? certain),
    zoneOf: system.nodes.map(({ zone }) => zone),
  };
}

/** `availability`, or else MTBF / (MTBF + MTTR), MTBF being the mean time from repair to the next failure; null where neither is written. */
export function nodeChance(attributes: NodeAttributes | undefined): Chance | null {
  if (attributes === undefined) return null;
  const { availability, mtbf, mttr } = attributes;
  if (availability !== null) return chanceOf(availability);
  if (mtbf === null || mttr === null) return null;
  return { up: mtbf / (mtbf + mttr), down: mttr / (mtbf + mttr) };
}

function chanceOf(availability: number): Chance {
  return { up: availability, down: 1 - availability };
}

/** Whether the file says anything about how often these nodes, or a zone around one of them, are up. */
export function saysUptime(system: System, nodes: readonly number[]): boolean {
  return nodes.some((node) => {
    const { group = -1, zone = -1 } = system.nodes[node] ?? {};
    if (nodeChance(system.groups[group]?.attributes) !== null) return true;
    for (let at = zone; at >= 0; at = system.zones[at]?.parent ?? -1) if (system.zones[at]?.availability !== null) return true;
    return false;
  });
}

/** The probability that all of several independent causes are up. */
export function allUp(chances: Iterable<Chance>): Chance {
  let up = 1;
  let down = 0;
  for (const chance of chances) {
    down += up * chance.down;
    up *= chance.up;
  }
  return { up, down };
}
