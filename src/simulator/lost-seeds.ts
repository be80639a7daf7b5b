import type { Finding } from '../base/finding.ts';
import { counted } from '../base/units.ts';
import type { Scenario } from '../model/scenario.ts';

/** A seed whose worker died before it had an outcome. */
export interface LostSeed {
  readonly seed: number;
  /** Megabytes that the run may take and took more of; null when the worker ended for another reason. */
  readonly memoryMb: number | null;
  /** What the worker ended with, where it was not memory. */
  readonly exitCode: number | null;
}

/** With so many lost seeds a series ends: what kills one worker after the other would only go on to do so. */
export const lostSeedsMost = 3;

/** A seed that is lost shows nothing: each is a finding (DS5006 memory, DS5020 anything else). `lost` in order of seeds. */
export function lostFindings(scenario: Scenario, lost: readonly LostSeed[], seeds: number): Finding[] {
  const ended = lost.length >= lostSeedsMost ? [`the ${lostSeedsMost} lost seeds end the series`] : [];
  return lost.map(({ seed, memoryMb, exitCode }, at): Finding => {
    const notes = [`${lost.length} of ${counted(seeds, 'seed')} lost`, ...(at === lost.length - 1 ? ended : [])];
    const witness = { kind: 'run', scenario: scenario.name, seed, time: 0 } as const;
    if (memoryMb !== null) return { ...memoryFinding(scenario, memoryMb, seed), notes, witness };
    return {
      code: 'DS5020',
      severity: 'error',
      span: scenario.nameSpan,
      message: `seed ${seed} of \`${scenario.name}\` is lost: its worker ended with code ${exitCode ?? 'unknown'}`,
      why: 'a worker that dies takes the seed that it was running with it; the other seeds are kept',
      help: `run the seed alone with \`--seed ${seed} --runs 1\`; if it ends this way again it is a bug in dsys`,
      notes,
      witness,
    };
  });
}

/** A run took more memory than it may; `seed` null where it was not yet at a seed. */
export function memoryFinding(scenario: Pick<Scenario, 'name' | 'nameSpan'>, memoryMb: number, seed: number | null): Finding {
  const what = seed === null ? `\`${scenario.name}\`` : `seed ${seed} of \`${scenario.name}\``;
  return {
    code: 'DS5006',
    severity: 'error',
    span: scenario.nameSpan,
    message: `${what} took more than ${memoryMb} MB of memory and was stopped`,
    why: 'a run keeps every node’s state, every message on its way and, when asked for, its trace',
    help: 'look for state that only grows, shorten the scenario, or run fewer nodes',
  };
}
