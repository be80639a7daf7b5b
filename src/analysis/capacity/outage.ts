import type { FaultModel, System } from '../../model/system.ts';
import { FaultFamily, type FaultSet, unresponsive } from '../fault-sets.ts';
import { OutOfWork, Work } from '../work.ts';

export interface Outage {
  readonly faults: FaultSet;
  /** Nodes that no longer work, ascending: down, silent or lying. */
  readonly down: readonly number[];
}

/**
 * A fault set that takes most of the nodes that the calls go to: those left carry the load (ρ·n/(n − f) where all share it).
 * Null where the model takes none. Throws Cancelled.
 */
export function worstOutage(system: System, model: FaultModel, effort: number, shouldStop?: () => boolean): Outage | null {
  const called = new Set(system.workloads.flatMap(({ calls }) => calls.flatMap(({ targets }) => targets)));
  const targets = [...called].sort((a, b) => a - b);
  try {
    const family = new FaultFamily(system, model);
    const { value, faults } = family.maximum(unresponsive, targets, new Work(6_000_000 * effort, shouldStop));
    if (value === 0) return null;
    const down = new Set([...faults.crashed, ...faults.omitting, ...faults.byzantine]);
    for (const zone of faults.outages) for (const node of system.zones[zone]?.nodes ?? []) down.add(node);
    return { faults, down: [...down].sort((a, b) => a - b) };
  } catch (error) {
    if (error instanceof OutOfWork) return null;
    throw error;
  }
}
