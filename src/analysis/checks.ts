import type { Finding } from '../base/finding.ts';
import type { System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { capacityFindings } from './capacity/index.ts';
import { federatedShapeFindings } from './federated/shape.ts';
import { impossibilityFindings } from './impossible/index.ts';
import type { Trials } from './mends.ts';
import { networkChecks } from './network/index.ts';
import { probabilityFindings } from './probability/index.ts';
import { quorumShapeFindings } from './quorum-shape.ts';
import { structuralFindings } from './structure/index.ts';
import { systemLintChecks } from './system-lint/index.ts';
import { timingFindings } from './timing/index.ts';
import { Cancelled, OutOfWork } from './work.ts';

/** A system as the checks beyond `requires` see it. */
export interface SystemUnderCheck {
  readonly code: SystemCode;
  readonly system: System;
  /** Tries changes before a finding offers them. */
  readonly trials: Trials;
  /** Factor on the work limits: 1 while one types, more where a thorough answer is waited for. */
  readonly effort: number;
  readonly shouldStop?: (() => boolean) | undefined;
}

/**
 * One family of checks: what it has to say of a system, whatever its protocols require. It runs at every keystroke, so
 * what can take long spends Work and is memoised by content.
 */
export type SystemCheck = (checked: SystemUnderCheck) => readonly Finding[];

const checks: readonly SystemCheck[] = [
  ({ system }) => structuralFindings(system),
  // One line a family, so that registrations do not meet.
  capacityFindings,
  probabilityFindings,
  quorumShapeFindings,
  federatedShapeFindings,
  impossibilityFindings,
  ...networkChecks,
  ...systemLintChecks,
  timingFindings,
];

/** What every family has to say. A check that runs out of work says nothing where it has no better words of its own. */
export function systemFindings(checked: SystemUnderCheck): Finding[] {
  const findings: Finding[] = [];
  for (const check of checks) {
    try {
      findings.push(...check(checked));
    } catch (error) {
      if (error instanceof Cancelled) break;
      if (!(error instanceof OutOfWork)) throw error;
    }
  }
  return findings;
}
