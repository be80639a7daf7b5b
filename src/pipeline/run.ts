import type { Finding } from '../base/finding.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import { runScenario } from '../simulator/scenario.ts';
import type { RunProgress, RunReport, RunRequest } from './api.ts';
import { planOf, setUp } from './plan.ts';

export interface RunHooks {
  readonly onProgress?: (progress: RunProgress) => void;
  readonly shouldStop?: () => boolean;
}

/**
 * Runs the scenarios of a system over all their seeds, each `vary` value with a system expanded anew. In the calling
 * thread: a run can take long and, with a hostile specification, all memory; faces use the workers of pool.ts instead.
 */
export function runScenarios(request: RunRequest, hooks: RunHooks = {}): RunReport {
  const plan = planOf(request);
  const results: ScenarioResult[] = [];
  const findings: Finding[] = [...plan.findings];
  for (const part of plan.parts) {
    const setup = setUp(request, part);
    if ('findings' in setup) {
      findings.push(...setup.findings);
      continue;
    }
    const result = runScenario({
      ...setup,
      firstSeed: part.firstSeed,
      seeds: part.seeds,
      trace: request.trace,
      shrink: request.shrink ?? null,
      onProgress: (done, total) => hooks.onProgress?.({ scenario: part.scenario, variant: part.variant, done, total, failing: 0 }),
      shouldStop: hooks.shouldStop,
    });
    results.push(result);
    if (result.stopped === 'cancelled') return { results, findings, stopped: 'cancelled' };
  }
  return { results, findings, stopped: results.some((result) => result.stopped === 'limit') ? 'limit' : 'no' };
}
