import type { Finding } from '../../base/finding.ts';
import { counted } from '../../base/units.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { type ProblemName, problems } from '../../model/problems.ts';
import type { Deployment, FaultModel, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import type { Facts } from '../facts.ts';
import type { FaultSet } from '../fault-sets.ts';
import { sizeMends } from '../mend-candidates.ts';
import { usesSignatures } from '../signatures.ts';
import { deploymentName, faultPhrase, nodeNames, zoneNames } from '../words.ts';
import { coverOf, type Parts } from './covers.ts';
import { type Asking, ifDecided, lastingFacts, requirementsHold } from './lasting-faults.ts';

/** A lower bound on members, as sets of faults that must not take all of them together. */
export interface Bound extends Parts {
  /** "n ≥ 2f + 1": what it comes to where any members may fail. */
  readonly formula: string;
  /** Why there can be no protocol. */
  readonly why: string;
  readonly source: string;
}

/**
 * DS3703: fewer members than any protocol for the problem needs, by the faults, the timing and the signatures at hand,
 * although all that the protocol requires holds: it requires too little. Where a requirement fails, that finding says it
 * in the protocol's own words.
 */
export function tooFewMembers(checked: SystemUnderCheck): Finding[] {
  const { system } = checked;
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    for (const model of system.faultModels) {
      const broken = brokenBound(checked, system, deployment, model);
      if (broken !== null && requirementsHold(checked, system, deployment, model))
        findings.push(finding(checked, deployment, model, broken));
    }
  }
  return findings;
}

interface Broken {
  readonly bound: Bound;
  readonly problem: ProblemName;
  readonly sets: readonly FaultSet[];
}

function finding(checked: SystemUnderCheck, deployment: Deployment, model: FaultModel, { bound, problem, sets }: Broken): Finding {
  const { system, trials } = checked;
  const { members } = deployment;
  const inside = new Set(members);
  const groups = system.groups.filter(({ first, size }) =>
    Array.from({ length: size }, (_, i) => first + i).some((node) => inside.has(node)),
  );
  const fixes = trials.find(
    groups.map((group) => ({ candidates: sizeMends(group), monotone: true })),
    (tried) => {
      const same = tried.deployments[deployment.index];
      const under = tried.faultModels.find(({ name }) => name === model.name);
      return (
        same !== undefined &&
        under !== undefined &&
        brokenBound(checked, tried, same, under) === null &&
        requirementsHold(checked, tried, same, under)
      );
    },
  );
  return {
    code: 'DS3703',
    severity: 'error',
    span: deployment.nameSpan,
    message:
      `${deploymentName(system, deployment)} has ${counted(members.length, 'member')}, too few for ${problems[problem].title} under \`${model.name}\`, whatever the protocol: ` +
      `${counted(sets.length, 'admissible fault set')} ${sets.length === 1 ? 'takes' : 'take'} all of them.`,
    why: bound.why,
    help: 'Add members that fail independently, or ask to survive less; other thresholds or quorums do not help. The protocol should require more: all that it requires holds here.',
    source: bound.source,
    notes: [
      ...sets.map((set, i) => `Set ${i + 1}: ${faultPhrase(system, set)}.`),
      `Where any of the members may fail equally the bound is ${bound.formula}.`,
    ],
    labels: (system.protocols[deployment.protocol]?.solves ?? [])
      .filter((solves) => solves.problem === problem)
      .map(({ span }) => ({ span, message: 'what the protocol is for' })),
    witness: {
      kind: 'cover',
      nodes: nodeNames(system, members),
      sets: sets.map((set) => ({
        outages: zoneNames(system, set.outages),
        nodes: nodeNames(
          system,
          [...set.crashed, ...set.omitting, ...set.byzantine].sort((a, b) => a - b),
        ),
      })),
    },
    fixes,
    numbers: { members: members.length, sets: sets.length },
  };
}

function brokenBound(checked: Asking, system: System, deployment: Deployment, model: FaultModel): Broken | null {
  const protocol = system.protocols[deployment.protocol];
  const { members } = deployment;
  if (protocol === undefined || protocol.solves.length === 0) return null;
  const facts = lastingFacts(checked, system, deployment, model);
  for (const { problem } of protocol.solves) {
    for (const bound of boundsOf(problem, deployment, protocol, facts)) {
      // Two parts need two members that may contradict each other, three parts three.
      if (members.length < (bound.lying === 0 ? 2 : 3)) continue;
      const sets = ifDecided(() => coverOf(facts, members, bound));
      if (sets !== null) return { bound, problem, sets };
    }
  }
  return null;
}

const agreementSource = 'Dwork, Lynch & Stockmeyer 1988, Table I; for asynchronous systems Bracha & Toueg 1985';
const storageSource = 'Attiya, Bar-Noy & Dolev 1995; Martin, Alvisi & Dahlin 2002';

/** The cells of the table of lower bounds that surely apply. */
export function boundsOf(problem: ProblemName, deployment: Deployment, protocol: ProtocolCode, facts: Facts): Bound[] {
  const { needsMajority, needsTwoThirds } = problems[problem];
  const lies = facts.family.budgetsThatReach(['byzantine'], deployment.members).length > 0;
  const stops = facts.family.budgetsThatReach(['crash', 'omission'], deployment.members).length > 0;
  const source = problem === 'atomic_storage' ? storageSource : agreementSource;
  if (facts.system.timing.model === 'synchronous') {
    if (!needsTwoThirds || !lies || problem === 'atomic_storage' || usesSignatures(protocol)) return [];
    return [
      {
        gone: 0,
        lying: 3,
        formula: 'n ≥ 3f + 1 without signatures',
        why:
          'Without signatures a member that hears two stories cannot tell whether the one who speaks or the one who passes it on lies, however many ' +
          'rounds they talk. With signatures (`Signed<T>`) and synchrony fewer members are enough.',
        source: 'Pease, Shostak & Lamport 1980; for failure domains Hirt & Maurer 1997',
      },
    ];
  }
  if (needsTwoThirds && lies) {
    return [
      {
        gone: 2,
        lying: 1,
        formula: stops ? 'n ≥ 3b + 2c + 1 for b that may lie and c more that may stop' : 'n ≥ 3f + 1',
        why:
          'Two parts that do not hear each other must each go on together with a third, and that third may lie: it tells each of the two another ' +
          'story. Signatures do not help, since it signs both; only hardware that keeps a node from telling two stories would.',
        source: stops ? `${source}; with both kinds of faults Clement et al. 2009` : source,
      },
    ];
  }
  if (!needsMajority) return [];
  return [
    {
      gone: 2,
      lying: 0,
      formula: 'n ≥ 2f + 1',
      why:
        'Each of two parts may be all that is left, so each must go on without hearing of the other; while messages between them are only slow, ' +
        'both go on and contradict each other. No delay bound is known to hold yet, so waiting longer does not tell the two cases apart.',
      source,
    },
  ];
}
