import type { Finding } from '../base/finding.ts';
import { compileDeployment } from '../compiler/compile.ts';
import type { Program } from '../compiler/program.ts';
import { expand } from '../model/expand.ts';
import type { System } from '../model/system.ts';
import type { Value } from '../model/values.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import { runScenario } from '../simulator/scenario.ts';
import type { RunProgress, RunReport, RunRequest } from './api.ts';

export interface RunHooks {
  readonly onProgress?: (progress: RunProgress) => void;
  readonly shouldStop?: () => boolean;
}

/**
 * Runs the scenarios of a system over all their seeds, each `vary` value with a system expanded anew. In the calling
 * thread: a run can take long and, with a hostile specification, all memory; faces use ScenarioRunner instead.
 */
export function runScenarios(request: RunRequest, hooks: RunHooks = {}): RunReport {
  const base = expand(request.code, { constants: request.constants });
  if (!base.system) return { results: [], findings: base.findings, stopped: 'no' };
  const results: ScenarioResult[] = [];
  const findings: Finding[] = [];
  const wanted = base.system.scenarios.filter((scenario) => request.scenarios.length === 0 || request.scenarios.includes(scenario.name));
  for (const scenario of wanted) {
    for (const variant of variantsOf(request, base.system, scenario.vary)) {
      if (!variant.system) {
        findings.push(...variant.findings);
        continue;
      }
      const system = variant.system;
      const result = runScenario({
        system,
        programs: compileAll(system),
        scenario: system.scenarios[base.system.scenarios.indexOf(scenario)]!,
        variant: variant.label,
        firstSeed: request.seed,
        seeds: request.runs ?? scenario.seeds,
        trace: request.trace,
        limits: request.limits,
        onProgress: (done, total) => hooks.onProgress?.({ scenario: scenario.name, done, total }),
        shouldStop: hooks.shouldStop,
      });
      results.push(result);
      if (result.stopped === 'cancelled') return { results, findings, stopped: 'cancelled' };
    }
  }
  return { results, findings, stopped: results.some((result) => result.stopped === 'limit') ? 'limit' : 'no' };
}

interface Variant {
  readonly label: string | null;
  readonly system: System | null;
  readonly findings: readonly Finding[];
}

function variantsOf(request: RunRequest, system: System, vary: System['scenarios'][number]['vary']): Variant[] {
  if (!vary) return [{ label: null, system, findings: [] }];
  return vary.values.map((value: Value) => {
    const expansion = expand(request.code, { constants: { ...request.constants, [vary.name]: value } });
    return { label: `${vary.name} = ${String(value)}`, ...expansion };
  });
}

function compileAll(system: System): Program[] {
  return system.deployments.map((deployment) => compileDeployment(system, deployment.index));
}
