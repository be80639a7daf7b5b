import type { Finding } from '../base/finding.ts';
import type { Requirement } from '../model/code.ts';
import { isMet } from '../model/quorum-values.ts';
import type { Deployment, FaultModel, System } from '../model/system.ts';
import { isQuorum } from '../model/value-operations.ts';
import type { QuorumSystem } from '../model/values.ts';
import type { SystemAnalysis } from './analyze.ts';
import type { SystemUnderCheck } from './checks.ts';
import { evaluateRequirement, type Outcome } from './evaluate-requirement.ts';
import { Facts } from './facts.ts';
import { compile, holds } from './formula.ts';
import { type Broken, requirementDirections } from './mends.ts';
import { mentioned } from './mentions.ts';
import { sidesApart } from './network/network-notes.ts';
import {
  failureFinding,
  noQuorumFinding,
  notEvaluatedFinding,
  spentBudgets,
  undecidedFinding,
  worstFaults,
} from './requirement-findings.ts';
import { makeCard, type ResilienceCard } from './resilience.ts';
import { Cancelled, OutOfWork } from './work.ts';

/**
 * Evaluates every `requires` of every deployment under every fault model (without faults where the system has none) and
 * says what breaks each that does not hold, with the smallest changes that mend it.
 */
export function requirementFindings(checked: SystemUnderCheck): Pick<SystemAnalysis, 'findings' | 'cards'> {
  const { code, system, trials, shouldStop } = checked;
  const findings: Finding[] = [];
  const cards: ResilienceCard[] = [];
  const valueless = new Set<string>();
  try {
    const failures = evaluateAll(checked, findings, cards, valueless);
    const known: Known = { failed: new Set(failures.flatMap((failure) => failure.keys)), valueless, met: quorumsMetByNobody(system) };
    const looked = new Map<System, Tried>();
    const mends = (tried: System, failure: Failed): boolean => {
      const look = looked.get(tried) ?? new Tried(tried, known, shouldStop);
      looked.set(tried, look);
      return look.mends(failure);
    };
    for (const failure of failures) {
      const { finding, broken } = failure;
      const fixes = trials.find(requirementDirections(code, system, broken), (tried) => mends(tried, failure));
      const index = findings.indexOf(finding);
      if (fixes.length > 0) findings[index] = { ...finding, fixes, help: helpOf(fixes.map((fix) => fix.title)) };
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
  return { findings, cards };
}

/** What is wrong with the system before any change, by keys. */
interface Known {
  readonly failed: ReadonlySet<string>;
  /** Requirements without a value. */
  readonly valueless: ReadonlySet<string>;
  /** Quorum systems of which the empty set is a quorum. */
  readonly met: ReadonlySet<string>;
}

interface Failed {
  /** What fails because of it: see `keyOf` and `noQuorumKey`. */
  readonly keys: string[];
  readonly finding: Finding;
  readonly broken: Broken;
  /** The quorum system that cannot form; null for a requirement that does not hold. */
  readonly formless: string | null;
}

/** @param valueless filled with the keys of the requirements that have no value. */
function evaluateAll(checked: SystemUnderCheck, findings: Finding[], cards: ResilienceCard[], valueless: Set<string>): Failed[] {
  const { system, effort, shouldStop } = checked;
  const failures: Failed[] = [];
  const reported = new Set<string>();
  const report = (finding: Finding, key: string): void => {
    if (reported.has(key)) return;
    reported.add(key);
    findings.push(finding);
  };
  /** Speaks of a quorum system that cannot form once, and notes that `key` fails because of it. */
  const reportFormless = (name: string, facts: Facts, key?: string): void => {
    const { deployment } = facts;
    const own = noQuorumKey(deployment.index, name);
    let failure = failures.find(({ keys }) => keys[0] === own);
    if (failure === undefined) {
      const finding = noQuorumFinding(name, facts);
      const broken = { deployment, model: null, requirement: null, byOutage: false, byZones: false, sides: [], needsDelay: false };
      failure = { keys: [own], finding, broken, formless: name };
      failures.push(failure);
      findings.push(finding);
    }
    if (key !== undefined) failure.keys.push(key);
  };
  for (const deployment of system.deployments) {
    const requirements = system.protocols[deployment.protocol]?.requirements ?? [];
    const models = modelsOf(system);
    for (const model of models) {
      if (shouldStop?.()) throw new Cancelled();
      const facts = new Facts(system, deployment, model, { effort, shouldStop });
      if (model === models[0]) {
        for (const name of quorumsThatCannotForm(facts)) reportFormless(name, facts);
      }
      const outcomes = requirements.map((requirement) => ({ requirement, outcome: evaluateRequirement(requirement, facts) }));
      outcomes.forEach(({ requirement, outcome }, index) => {
        if (outcome.holds === true) return;
        const key = keyOf(deployment.index, model, index);
        if (outcome.holds === 'undecided') findings.push(undecidedFinding(requirement, outcome.reason, facts));
        else if (outcome.holds === 'unknown') {
          valueless.add(key);
          if (outcome.error !== null)
            report(notEvaluatedFinding(requirement, outcome.error, facts), `no value ${deployment.index} ${index}`);
        } else if (outcome.cause.kind === 'no-quorum') {
          reportFormless(outcome.cause.quorum, facts, key);
        } else {
          const finding = failureFinding(requirement, outcome, facts);
          findings.push(finding);
          failures.push({ keys: [key], finding, broken: brokenOf(facts, outcome, index), formless: null });
        }
      });
      cards.push(makeCard(facts, outcomes));
    }
  }
  return failures;
}

function modelsOf(system: System): readonly (FaultModel | null)[] {
  return system.faultModels.length > 0 ? system.faultModels : [null];
}

function keyOf(deployment: number, model: FaultModel | null, requirement: number): string {
  return `${deployment}/${model?.name ?? ''}/${requirement}`;
}

function noQuorumKey(deployment: number, name: string): string {
  return `no quorum ${deployment} ${name}`;
}

/** Of the protocol, and among the arguments, of which no requirement need speak by itself. */
function quorumsOf(deployment: Deployment): { readonly name: string; readonly system: QuorumSystem }[] {
  const own = deployment.quorums.flatMap(({ name, system }) => (system === null ? [] : { name, system }));
  const passed = deployment.arguments.flatMap(({ name, value }) =>
    isQuorum(value) && own.every(({ system }) => system !== value) ? { name, system: value } : [],
  );
  return [...own, ...passed];
}

/** Those of which the empty set is one. */
function quorumsMetByNobody(system: System): ReadonlySet<string> {
  return new Set(
    system.deployments.flatMap((deployment) =>
      quorumsOf(deployment)
        .filter((quorum) => isMet(quorum.system, () => false))
        .map(({ name }) => `${deployment.index} ${name}`),
    ),
  );
}

function quorumsThatCannotForm(facts: Facts): string[] {
  return quorumsOf(facts.deployment)
    .filter(({ system }) => !canForm(system, facts))
    .map(({ name }) => name);
}

/** Whether all nodes together contain a quorum; taken to be so where weights are too large to be added. */
function canForm(system: QuorumSystem, facts: Facts): boolean {
  if (system.kind === 'slices') return isMet(system, () => true);
  try {
    return holds(compile(system), new Uint8Array(facts.system.nodes.length).fill(1));
  } catch (error) {
    if (error instanceof OutOfWork) return true;
    throw error;
  }
}

function brokenOf(facts: Facts, outcome: Outcome & { readonly holds: false }, requirement: number): Broken {
  const { model } = facts.family;
  const spent = model === null ? [] : spentBudgets(outcome, worstFaults(outcome, facts), facts, model);
  return {
    deployment: facts.deployment,
    model,
    requirement,
    byOutage: spent.some((index) => model?.budgets[index]?.kind === 'outage'),
    byZones: dependsOnZones(facts, requirement),
    needsDelay: outcome.cause.kind === 'no-delay',
    sides:
      outcome.cause.kind === 'available' && outcome.cause.loss.how === 'apart' ? outcome.cause.loss.sides : sidesApart(outcome.used, facts),
  };
}

/** Whether it claims an availability, which zones that fail take part in. */
function dependsOnZones({ system, deployment }: Facts, requirement: number): boolean {
  const condition = system.protocols[deployment.protocol]?.requirements[requirement]?.condition;
  return mentioned(condition, 'intrinsic').has('availability') && system.zones.some((zone) => zone.availability !== null);
}

/** Steps for one question about a tried system: a mend that is hard to check is not offered. */
const trialLimit = 500_000;

/** A tried system, looked at once for all the failures that it might mend. */
class Tried {
  private readonly facts = new Map<string, Facts>();
  private harmless: boolean | undefined;

  constructor(
    private readonly system: System,
    private readonly known: Known,
    private readonly shouldStop: (() => boolean) | undefined,
  ) {}

  /** Whether the requirement holds here, or the quorum forms, and nothing fails that did not fail before. */
  mends(failure: Failed): boolean {
    if (!(failure.formless === null ? this.holds(failure.broken) : this.forms(failure))) return false;
    this.harmless ??= this.breaksNothing();
    return this.harmless;
  }

  private holds(broken: Broken): boolean {
    const model = modelsOf(this.system).find((model) => (model?.name ?? null) === (broken.model?.name ?? null));
    const deployment = this.system.deployments[broken.deployment.index];
    if (deployment === undefined || model === undefined || broken.requirement === null) return false;
    const wanted = requirementOf(this.system, deployment.index, broken.requirement);
    return wanted !== undefined && evaluateRequirement(wanted, this.factsOf(deployment, model)).holds === true;
  }

  /** Whether the quorum system has quorums here, and what failed because it had none holds. */
  private forms({ broken, formless, keys }: Failed): boolean {
    const deployment = this.system.deployments[broken.deployment.index];
    if (deployment === undefined) return false;
    const requirements = this.system.protocols[deployment.protocol]?.requirements ?? [];
    return modelsOf(this.system).every((model) => {
      const facts = this.factsOf(deployment, model);
      if (quorumsThatCannotForm(facts).some((name) => name === formless)) return false;
      return requirements.every(
        (requirement, index) =>
          !keys.includes(keyOf(deployment.index, model, index)) || evaluateRequirement(requirement, facts).holds === true,
      );
    });
  }

  private breaksNothing(): boolean {
    const { system, known } = this;
    // Whoever waits for nobody decides alone: no quorum is the better for it.
    if ([...quorumsMetByNobody(system)].some((key) => !known.met.has(key))) return false;
    return system.deployments.every((deployment) =>
      modelsOf(system).every((model) => {
        const facts = this.factsOf(deployment, model);
        // That quorums which cannot form intersect is no mend.
        if (quorumsThatCannotForm(facts).some((name) => !known.failed.has(noQuorumKey(deployment.index, name)))) return false;
        const requirements = system.protocols[deployment.protocol]?.requirements ?? [];
        return requirements.every((requirement, index) => {
          const key = keyOf(deployment.index, model, index);
          if (known.failed.has(key)) return true;
          const { holds } = evaluateRequirement(requirement, facts);
          return holds === true || (holds === 'unknown' && known.valueless.has(key));
        });
      }),
    );
  }

  private factsOf(deployment: Deployment, model: FaultModel | null): Facts {
    const key = `${deployment.index}/${model?.name ?? ''}`;
    const facts = this.facts.get(key) ?? new Facts(this.system, deployment, model, { limit: trialLimit, shouldStop: this.shouldStop });
    this.facts.set(key, facts);
    return facts;
  }
}

function requirementOf(system: System, deployment: number, index: number): Requirement | undefined {
  return system.protocols[system.deployments[deployment]?.protocol ?? -1]?.requirements[index];
}

/** "Raise `replica` from 3 to 5 nodes, or …", of at most three. */
function helpOf(titles: readonly string[]): string {
  const [first, ...others] = titles.slice(0, 3);
  return `${[first, ...others.map((title) => title.charAt(0).toLowerCase() + title.slice(1))].join(', or ')}.`;
}
