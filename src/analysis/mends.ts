import type { Fix, TextEdit } from '../base/finding.ts';
import type { Overrides } from '../model/expand.ts';
import type { Deployment, FaultModel, System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { argumentMends, budgetMends, type Candidate, constantMends, placementMends, sizeMends, timingMends } from './mend-candidates.ts';

export type Expand = (overrides: Overrides) => System | null;

/** A requirement that fails and for which changes are sought. */
export interface Broken {
  readonly deployment: Deployment;
  readonly model: FaultModel | null;
  /** Index of the requirement in its protocol. */
  readonly requirement: number;
  /** Whether outages take part in it: then placing nodes otherwise may mend it. */
  readonly byOutage: boolean;
  /** Whether the timing model lacks the bound that it needs. */
  readonly needsDelay: boolean;
}

/** What a tried system says: whether the requirement now holds and nothing that held before has come to fail. */
export type Judge = (tried: System, broken: Broken) => boolean;

/** Most expansions tried for one system: a bound on the time, reached only by large files with many findings. */
const mostTrials = 400;

/**
 * Looks for the smallest changes in several directions and tries each by expanding the system with it. Only what was
 * found to mend, without breaking another requirement, is offered.
 */
export class Mends {
  private readonly tried = new Map<string, System | null>();
  private trials = 0;

  constructor(
    private readonly code: SystemCode,
    private readonly system: System,
    private readonly expand: Expand,
    private readonly judge: Judge,
  ) {}

  /** Fixes for a requirement, the smallest first. It is preferred unless it asks less of the system instead of mending it. */
  find(broken: Broken): Fix[] {
    const found: Candidate[] = [];
    for (const direction of this.directions(broken)) {
      const mend = this.first(direction, broken);
      if (mend !== null && !found.some((other) => sameEdits(other.edits, mend.edits))) found.push(mend);
    }
    found.sort((a, b) => a.cost - b.cost);
    const best = found.find((candidate) => !candidate.weakens);
    return found
      .slice(0, 5)
      .map((candidate) => ({ title: candidate.title, edits: candidate.edits, ...(candidate === best ? { preferred: true } : {}) }));
  }

  private directions(broken: Broken): Iterable<Candidate>[] {
    const { code, system } = this;
    if (broken.needsDelay) return [timingMends(system, broken.deployment)];
    const directions: Iterable<Candidate>[] = [];
    const members = new Set(broken.deployment.members);
    const groups = system.groups.filter((group) =>
      Array.from({ length: group.size }, (_, i) => group.first + i).some((node) => members.has(node)),
    );
    if (broken.byOutage) for (const group of groups) directions.push(placementMends(code, system, group, broken.model));
    for (const group of groups) directions.push(sizeMends(group));
    for (const constant of code.constants) directions.push(constantMends(system, constant));
    for (const argument of broken.deployment.arguments) directions.push(argumentMends(code, system, broken.deployment, argument));
    broken.model?.budgets.forEach((budget) => {
      if ('countSpan' in budget) directions.push(budgetMends(system, budget));
    });
    return directions;
  }

  /** The first candidate of a direction that mends; candidates come in order of cost. */
  private first(direction: Iterable<Candidate>, broken: Broken): Candidate | null {
    for (const candidate of direction) {
      const tried = this.try(candidate);
      if (tried === undefined) return null;
      if (tried !== null && this.judge(tried, broken)) return candidate;
    }
    return null;
  }

  /** The system with a change; null when it does not expand, undefined when there were too many trials. */
  private try(candidate: Candidate): System | null | undefined {
    const known = this.tried.get(candidate.key);
    if (known !== undefined) return known;
    if (++this.trials > mostTrials) return undefined;
    const expanded = candidate.overrides === null ? this.system : this.expand(candidate.overrides);
    const system = expanded !== null && candidate.change ? candidate.change(expanded) : expanded;
    this.tried.set(candidate.key, system);
    return system;
  }
}

function sameEdits(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.length === b.length && a.every((edit, i) => edit.span.start === b[i]?.span.start && edit.text === b[i]?.text);
}
