import type { FaultModel, System } from '../../model/system.ts';
import { FaultFamily, type FaultSet, unresponsive } from '../fault-sets.ts';
import { serviceTimes } from '../flow/content.ts';
import { OutOfWork, Work } from '../work.ts';

export interface Outage {
  readonly faults: FaultSet;
  /** Nodes that no longer work, ascending: down, silent or lying. */
  readonly down: readonly number[];
}

/** Speeds are told apart in steps of a thousandth of the fastest: exact sums need whole numbers. */
const steps = 1_000;

/**
 * A fault set that takes most of what the nodes that the calls go to can serve in a second: those left carry the load
 * (ρ·n/(n − f) where all are alike and share it). Null where the model takes none. Throws Cancelled.
 */
export function worstOutage(system: System, model: FaultModel, effort: number, shouldStop?: () => boolean): Outage | null {
  const called = new Set(system.workloads.flatMap(({ calls }) => calls.flatMap(({ targets }) => targets)));
  const targets = [...called].sort((a, b) => a - b);
  try {
    const family = new FaultFamily(system, model);
    const { value, faults } = family.maximum(unresponsive, targets, new Work(6_000_000 * effort, shouldStop), speeds(system, targets));
    if (value === 0) return null;
    const down = new Set([...faults.crashed, ...faults.omitting, ...faults.byzantine]);
    for (const zone of faults.outages) for (const node of system.zones[zone]?.nodes ?? []) down.add(node);
    return { faults, down: [...down].sort((a, b) => a - b) };
  } catch (error) {
    if (error instanceof OutOfWork) return null;
    throw error;
  }
}

/** By node: how much it serves in a second, as a share of the fastest of `targets` in whole steps; all alike where no time is given. */
function speeds(system: System, targets: readonly number[]): number[] {
  const times = serviceTimes(system);
  const known = targets.map((node) => times[node] as number).filter((time) => time > 0);
  const fastest = Math.min(...known);
  return system.nodes.map(({ index }) => {
    const time = times[index] as number;
    return time > 0 && known.length > 0 ? Math.max(1, Math.round((steps * fastest) / time)) : steps;
  });
}
