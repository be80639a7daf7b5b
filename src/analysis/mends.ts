import type { Fix, TextEdit } from '../base/finding.ts';
import type { Overrides } from '../model/expand.ts';
import type { Deployment, FaultModel, System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { argumentMends, budgetMends, type Candidate, constantMends, partitionMends, sizeMends, timingMends } from './mend-candidates.ts';
import { constantsOf, parametersOf } from './mentions.ts';
import { linkDirections } from './network/link-mends.ts';
import { placementMends, zoneMends } from './placement-mends.ts';
import { thresholdMends } from './threshold-mends.ts';
import { OutOfWork } from './work.ts';

export type Expand = (overrides: Overrides) => System | null;

/** A requirement that fails and for which changes are sought. */
export interface Broken {
  readonly deployment: Deployment;
  readonly model: FaultModel | null;
  /** Index of the requirement in its protocol; null where a quorum cannot form, whatever is required of it. */
  readonly requirement: number | null;
  /** Whether outages take part in it: then placing nodes otherwise may mend it. */
  readonly byOutage: boolean;
  /** Whether it claims how often something is available, and zones say how often they are: then too. */
  readonly byZones: boolean;
  /** Whether the timing model lacks the bound that it needs. */
  readonly needsDelay: boolean;
  /** Of a clause about the network: members that it leaves apart; empty for others. */
  readonly sides: readonly (readonly number[])[];
}

/** Changes of one kind, the smallest first. */
export interface Direction {
  readonly candidates: Iterable<Candidate>;
  /** Whether more of it is never worse: when the two largest changes do not mend, the smaller ones are not tried. */
  readonly monotone: boolean;
}

/** Most nodes and links in all the systems tried while one types: a bound on the time, reached by large systems or many findings. */
const mostVisited = 5_000;

/** Longer monotone directions (a budget of hundreds) are searched by halving. */
const mostTriedInTurn = 24;

/**
 * Tries changes of a system by expanding it with each: what is offered has been found to mend. One object for all findings
 * that are computed together, so that a change is expanded once and the time is bounded for all of them.
 */
export class Trials {
  private readonly tried = new Map<string, System | null>();
  private visited = 0;
  private exhausted = false;

  /** @param effort factor on the bound on trials. */
  constructor(
    private readonly system: System,
    private readonly expand: Expand,
    private readonly effort = 1,
  ) {}

  /** The same with nothing tried yet, for findings that must not depend on what else was tried. */
  anew(): Trials {
    return new Trials(this.system, this.expand, this.effort);
  }

  /** Whether changes were left untried: with more effort there may be a mend. */
  get leftOpen(): boolean {
    return this.exhausted;
  }

  /**
   * The smallest change of each direction that `mends` a system, as fixes: the smallest first; those that ask the system to
   * survive less come last and are never preferred.
   */
  find(directions: readonly Direction[], mends: (tried: System) => boolean): Fix[] {
    const found: Candidate[] = [];
    for (const direction of directions) {
      const mend = this.first(direction, mends);
      if (mend !== null && !found.some((other) => sameEdits(other.edits, mend.edits))) found.push(mend);
    }
    found.sort((a, b) => Number(a.weakens) - Number(b.weakens) || a.cost - b.cost);
    const best = found.find((candidate) => !candidate.weakens);
    return found
      .slice(0, 5)
      .map((candidate) => ({ title: candidate.title, edits: candidate.edits, ...(candidate === best ? { preferred: true } : {}) }));
  }

  /** The first candidate of a direction that mends, candidates being in order of cost; null when none does or time is up. */
  private first({ candidates, monotone }: Direction, mends: (tried: System) => boolean): Candidate | null {
    const all = [...candidates];
    const works = (candidate: Candidate): boolean => {
      const tried = this.try(candidate);
      return tried !== null && mends(tried);
    };
    try {
      if (monotone && all.length > 4 && !all.slice(-2).some(works)) return null;
      if (monotone && all.length > mostTriedInTurn) return halve(all, works);
      return all.find(works) ?? null;
    } catch (error) {
      if (error instanceof OutOfWork) return null;
      throw error;
    }
  }

  /** The system with a change; null when it does not expand. Throws OutOfWork after too many trials. */
  private try(candidate: Candidate): System | null {
    const known = this.tried.get(candidate.key);
    if (known !== undefined) return known;
    if (this.visited > mostVisited * this.effort) {
      this.exhausted = true;
      throw new OutOfWork('too many changes were tried');
    }
    this.visited += this.system.nodes.length + this.system.network.from.length;
    const expanded = candidate.overrides === null ? this.system : this.expand(candidate.overrides);
    const system = expanded !== null && candidate.change ? candidate.change(expanded) : expanded;
    this.tried.set(candidate.key, system);
    return system;
  }
}

/** Of many candidates, the first that mends when all after it do; the last ones do. */
function halve(all: readonly Candidate[], works: (candidate: Candidate) => boolean): Candidate | null {
  let low = -1;
  let high = all.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (works(all[middle] as Candidate)) high = middle;
    else low = middle;
  }
  return all[high] ?? null;
}

/** The changes worth trying for a requirement that fails. */
export function requirementDirections(code: SystemCode, system: System, broken: Broken): Direction[] {
  const { deployment, model } = broken;
  if (broken.needsDelay) return [{ candidates: timingMends(system, deployment), monotone: false }];
  const members = new Set(deployment.members);
  const links = broken.sides.length > 1 ? linkDirections(code, system, deployment.members, broken.sides) : [];
  const groups = system.groups.filter((group) => range(group.first, group.size).some((node) => members.has(node)));
  const directions: Direction[] = [...links];
  for (const group of groups) {
    if (broken.byOutage || broken.byZones) directions.push({ candidates: placementMends(code, system, group, model), monotone: true });
    // Not for a claim of availability: a new zone says none, and would count as never failing.
    if (broken.byOutage) directions.push({ candidates: zoneMends(code, system, group, model), monotone: true });
    // With many more nodes a fixed threshold forms, and its quorums no longer meet.
    directions.push({ candidates: sizeMends(group), monotone: broken.requirement !== null });
  }
  const constants = constantsOf(
    code,
    groups.map((group) => group.name),
    deployment.index,
    model?.name ?? null,
  );
  for (const constant of code.constants) {
    if (constants.has(constant.name)) directions.push({ candidates: constantMends(system, constant), monotone: false });
  }
  const protocol = system.protocols[deployment.protocol];
  const parameters =
    protocol === undefined || broken.requirement === null
      ? new Set(deployment.arguments.map(({ name }) => name))
      : parametersOf(protocol, broken.requirement);
  for (const argument of deployment.arguments) {
    if (parameters.has(argument.name)) directions.push({ candidates: argumentMends(code, system, deployment, argument), monotone: false });
  }
  for (const candidates of thresholdMends(code, system, deployment, parameters)) directions.push({ candidates, monotone: false });
  for (const budget of model?.budgets ?? []) {
    directions.push({ candidates: budgetMends(system, budget), monotone: true });
    directions.push({ candidates: partitionMends(budget), monotone: true });
  }
  return directions;
}

function range(first: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => first + i);
}

function sameEdits(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.length === b.length && a.every((edit, i) => edit.span.start === b[i]?.span.start && edit.text === b[i]?.text);
}
