import { Cancelled } from '../simulator/limits.ts';
import { runOnce } from '../simulator/run-once.ts';
import type { ScenarioSetup } from '../simulator/scenario.ts';
import type { TraceSink } from '../simulator/trace.ts';

/**
 * Makes a run and hands its whole trace to a sink, part by part, in the calling thread. Returns its digest, the same as
 * without a trace; null when it was stopped.
 */
export function streamTrace(setup: ScenarioSetup, seed: number, sink: TraceSink, shouldStop: () => boolean): string | null {
  const { system, programs, scenario, limits } = setup;
  try {
    return runOnce(system, programs, scenario, seed, { trace: sink, limits, shouldStop }).digest;
  } catch (failure) {
    if (failure instanceof Cancelled) return null;
    throw failure;
  }
}
