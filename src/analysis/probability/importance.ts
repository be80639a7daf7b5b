import { interchangeable } from '../formula.ts';
import type { Work } from '../work.ts';
import { reliability, type Structure } from './reliability.ts';
import type { Chance, Uptimes } from './uptimes.ts';

/** How much one cause of failure matters. */
export interface Importance {
  readonly kind: 'node' | 'zone';
  /** Nodes (or zones) that matter equally: they can be exchanged for each other. Ascending. */
  readonly indices: readonly number[];
  /** P(up | it is up) − P(up | it is down) (Birnbaum 1969): also the derivative of the whole by its own availability. */
  readonly birnbaum: number;
  /** How much of the whole's unavailability would go if it never failed. */
  readonly potential: number;
}

/** Each zone and node that can fail, the one with the most to win first. Throws OutOfWork. */
export function importances(structure: Structure, nodes: readonly number[], uptimes: Uptimes, work: () => Work): Importance[] {
  const whole = reliability(structure, uptimes, work);
  const found: Importance[] = [];
  const measure = (kind: Importance['kind'], indices: readonly number[], own: Chance): void => {
    if (own.down === 0) return;
    const given = (chance: Chance): Chance => reliability(structure, replaced(uptimes, kind, indices[0] as number, chance), work);
    const perfect = given({ up: 1, down: 0 });
    const gone = given({ up: 0, down: 1 });
    found.push({ kind, indices, birnbaum: gone.down - perfect.down, potential: whole.down - perfect.down });
  };
  const around = new Set<number>();
  for (const node of nodes) for (let at = uptimes.zoneOf[node] ?? -1; at >= 0; at = uptimes.zones[at]?.parent ?? -1) around.add(at);
  for (const zone of [...around].sort((a, b) => a - b)) measure('zone', [zone], uptimes.zones[zone] as Chance);
  for (const alike of classesOf(structure, nodes, uptimes)) measure('node', alike, uptimes.nodes[alike[0] as number] as Chance);
  // Stable: equal ones in the order of the file.
  return found.sort((a, b) => b.potential - a.potential);
}

function replaced(uptimes: Uptimes, kind: Importance['kind'], index: number, chance: Chance): Uptimes {
  if (kind === 'node') return { ...uptimes, nodes: uptimes.nodes.map((own, node) => (node === index ? chance : own)) };
  return { ...uptimes, zones: uptimes.zones.map((own, zone) => (zone === index ? { ...own, ...chance } : own)) };
}

/** Nodes with the same places in the formula, in the same zone and as available. */
function classesOf(structure: Structure, nodes: readonly number[], uptimes: Uptimes): number[][] {
  const places = structure.kind === 'formula' ? interchangeable([structure.formula], uptimes.nodes.length) : null;
  const classes = new Map<string, number[]>();
  for (const node of nodes) {
    const place = places === null ? node : places[node];
    const key = `${place}|${uptimes.zoneOf[node]}|${uptimes.nodes[node]?.up}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [node]);
    else known.push(node);
  }
  return [...classes.values()];
}
