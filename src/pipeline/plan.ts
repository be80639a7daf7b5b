import type { Finding } from '../base/finding.ts';
import type { Value } from '../model/values.ts';
import type { ScenarioSetup } from '../simulator/scenario.ts';
import type { RunRequest } from './api.ts';
import { PreparedSystem } from './prepared-system.ts';

/** One series of seeds of a request: a scenario, under `vary` with one of its values. */
export interface PlannedPart {
  readonly scenario: string;
  /** Index into System.scenarios. */
  readonly index: number;
  /** `n = 4`; null without vary. */
  readonly variant: string | null;
  /** Constants of this part: the request's and the varied one. */
  readonly constants: Readonly<Record<string, Value>>;
  /** How many, `firstSeed` and those after it. */
  readonly seeds: number;
  readonly firstSeed: number;
}

export interface Plan {
  readonly parts: readonly PlannedPart[];
  /** Why there is nothing to run. */
  readonly findings: readonly Finding[];
}

/** What a request comes to, in the order in which it is reported. */
export function planOf(request: RunRequest, { system, findings } = new PreparedSystem(request, request.constants)): Plan {
  if (!system) return { parts: [], findings };
  const parts = system.scenarios.flatMap((scenario, index): PlannedPart[] => {
    if (request.scenarios.length > 0 && !request.scenarios.includes(scenario.name)) return [];
    const { name, vary } = scenario;
    const seeds = request.runs ?? scenario.seeds;
    const firstSeed = request.seed ?? scenario.seed ?? 1;
    if (!vary) return [{ scenario: name, index, variant: null, constants: request.constants, seeds, firstSeed }];
    return vary.values.map((value) => {
      const constants = { ...request.constants, [vary.name]: value };
      return { scenario: name, index, variant: `${vary.name} = ${String(value)}`, constants, seeds, firstSeed };
    });
  });
  return { parts, findings: [] };
}

/** What the seeds of a part are run with, or why they cannot be. */
export function setUp(
  request: RunRequest,
  part: PlannedPart,
  prepared = new PreparedSystem(request, part.constants),
): ScenarioSetup | { readonly findings: readonly Finding[] } {
  const { system, findings } = prepared;
  const scenario = system?.scenarios[part.index];
  if (!system || !scenario) return { findings };
  const { schedule = scenario.schedule, limits, coverage } = request;
  const programs = prepared.programs;
  if ('code' in programs) return { findings: [programs] };
  return { system, programs, scenario: { ...scenario, schedule }, variant: part.variant, limits, coverage };
}
