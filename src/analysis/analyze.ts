import type { Finding } from '../base/finding.ts';
import type { System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { systemFindings } from './checks.ts';
import { type Expand, Trials } from './mends.ts';
import { rememberedRequirements } from './remembered-requirements.ts';
import type { ResilienceCard } from './resilience.ts';

export interface SystemAnalysis {
  readonly findings: readonly Finding[];
  /** One for each deployment under each fault model. */
  readonly cards: readonly ResilienceCard[];
  /** Whether a search for mends ended at its limit: with more effort findings may have more fixes. */
  readonly leftOpen: boolean;
}

export interface AnalysisOptions {
  /** Factor on the work limits of every search; 1 (the default) is what a keystroke can wait for. */
  readonly effort?: number | undefined;
  /** Polled during long searches; once true, what was found so far is returned. */
  readonly shouldStop?: (() => boolean) | undefined;
  /** What the results depend on besides the code, in words; left out: nothing is remembered. */
  readonly circumstances?: string | undefined;
}

/**
 * Everything that the analysis has to say of an expanded system: the checks of its structure, network, timing and load,
 * then every requirement of every deployment under every fault model.
 *
 * @param expand expands the same system with values replaced; mends are tried with it. Null: it does not expand.
 */
export function analyzeSystem(code: SystemCode, system: System, expand: Expand, options: AnalysisOptions = {}): SystemAnalysis {
  const { effort = 1, shouldStop, circumstances } = options;
  const checked = { code, system, trials: new Trials(system, expand, effort), effort, shouldStop };
  const findings = systemFindings(checked);
  const requirements = rememberedRequirements(checked, circumstances);
  const leftOpen = checked.trials.leftOpen || requirements.leftOpen;
  return { findings: [...findings, ...requirements.findings], cards: requirements.cards, leftOpen };
}
