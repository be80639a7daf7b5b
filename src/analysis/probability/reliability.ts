import { type Formula, isReadOnce, leaves } from '../formula.ts';
import { BoundedMemo } from '../memo.ts';
import { OutOfWork, type Work } from '../work.ts';
import { type Causes, causesOf } from './causes.ts';
import { Diagram } from './diagram.ts';
import { hasShortSums, ReadOnce } from './read-once.ts';
import { tableChance } from './table.ts';
import type { Chance, Uptimes } from './uptimes.ts';

/** What must hold of the nodes that are up: monotone, a node more never breaks it. */
export type Structure =
  | { readonly kind: 'formula'; readonly formula: Formula }
  /** `nodes`: those that can fail and matter; `always`: 1 for nodes that never fail. `key` tells the condition from others. */
  | {
      readonly kind: 'table';
      readonly nodes: readonly number[];
      readonly always: Uint8Array;
      readonly holds: (up: Uint8Array) => boolean;
      /** Of `noAnswers`: filled as they are found. */
      readonly answers: Int8Array;
      readonly key: string;
    };

/** More are neither summed nor drawn in an editor's time. */
const mostNodes = 5_000;

const chances = new BoundedMemo<Chance>();

/**
 * The probability that a structure holds, nodes and zones failing independently of each other and a zone taking down all in
 * it. Exact up to float rounding, in both directions: a probability of failure of 1e-15 has as many good digits as that of
 * the opposite. Throws OutOfWork.
 *
 * @param work makes the work for one attempt
 */
export function reliability(structure: Structure, uptimes: Uptimes, work: () => Work): Chance {
  const nodes = structure.kind === 'formula' ? leaves(structure.formula) : structure.nodes;
  if (nodes.length > mostNodes) throw new OutOfWork(`there are more than ${mostNodes.toLocaleString('en-US')} nodes in it`);
  const places = nodes.map((node) => `${node}:${uptimes.zoneOf[node]}:${uptimes.nodes[node]?.down}:${uptimes.nodes[node]?.up}`);
  const condition = structure.kind === 'formula' ? JSON.stringify(structure.formula) : structure.key;
  const key = `${condition}|${places}|${JSON.stringify(uptimes.zones)}`;
  const first = work();
  return chances.get(key, first, (given) => {
    if (structure.kind === 'table')
      return tableChance(structure.nodes, structure.always, structure.holds, uptimes, given, structure.answers);
    return formulaChance(structure.formula, uptimes, given, work);
  });
}

/** The same for a formula, not remembered. */
export function formulaChance(formula: Formula, uptimes: Uptimes, first: Work, work: () => Work): Chance {
  const causes = causesOf(uptimes, leaves(formula));
  if (isReadOnce(formula) && hasShortSums(formula)) {
    try {
      return new ReadOnce(causes, first).probability(formula);
    } catch (error) {
      if (!(error instanceof OutOfWork)) throw error;
    }
  }
  try {
    return new Diagram(formula, causes, true, work()).probability();
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
  }
  const again = work();
  const diagram = new Diagram(formula, causes, false, again);
  // Zones within zones make fewer combinations, but not by so much.
  if (diagram.size * 2 ** causes.zones.length > 100 * again.limit) throw new OutOfWork('quorums cross too many zones that can fail');
  return zoneByZone(diagram, causes, again);
}

/** Every combination of zones up and down, the diagram of the nodes evaluated for each: for quorums that cross zones. */
function zoneByZone(diagram: Diagram, causes: Causes, work: Work): Chance {
  const down = new Uint8Array(causes.zones.length);
  const isOut = (zone: number): boolean => {
    for (let at = zone; at >= 0; at = causes.zones[at]?.parent ?? -1) if (down[at] === 1) return true;
    return false;
  };
  const gone: Chance = { up: 0, down: 1 };
  // Zones stand parents first: one around which another is out decides nothing.
  const expect = (zone: number): Chance => {
    const own = causes.zones[zone];
    if (own === undefined) {
      work.spend(causes.nodes.length);
      return diagram.probability(causes.nodes.map((chance, node) => (isOut(causes.zoneOf[node] as number) ? gone : chance)));
    }
    if (isOut(own.parent)) return expect(zone + 1);
    const above = expect(zone + 1);
    down[zone] = 1;
    const below = expect(zone + 1);
    down[zone] = 0;
    return { up: own.up * above.up + own.down * below.up, down: own.up * above.down + own.down * below.down };
  };
  return expect(0);
}
