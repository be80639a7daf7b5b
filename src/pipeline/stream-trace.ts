import { runOnce } from '../simulator/run-once.ts';
import type { TraceSink } from '../simulator/trace.ts';
import type { RunRequest } from './api.ts';
import { planOf, setUp } from './plan.ts';

/**
 * Makes one run of the first scenario that is asked for again and hands its whole trace to a sink, part by part, in the calling thread.
 * Returns its digest, the same as without a trace; null where the variant cannot be set up.
 */
export function streamTrace(request: RunRequest, variant: string | null, seed: number, sink: TraceSink): string | null {
  const part = planOf(request).parts.find((candidate) => candidate.variant === variant);
  const setup = part && setUp(request, part);
  if (!setup || 'findings' in setup) return null;
  const { system, programs, scenario, limits } = setup;
  return runOnce(system, programs, scenario, seed, { trace: sink, limits }).digest;
}
