import { counted, listed } from '../../base/units.ts';
import type { Requirement } from '../../model/code.ts';
import type { FaultModel, NodeFault, System } from '../../model/system.ts';
import { evaluateRequirement } from '../evaluate-requirement.ts';
import type { FactsOptions } from '../facts.ts';
import { type FaultSet, noFaults } from '../fault-sets.ts';
import { type RequirementVerdict, verdictOf } from '../resilience.ts';
import { type FirstFailure, memberBudget, type Tolerance, toleranceOf, withBudget, zoneBudget } from '../tolerance.ts';
import { faultPhrase, hasFaults, nodeNames, zoneNames } from '../words.ts';
import type { CardData, CardRow, CardSection, CardSubject } from './section.ts';
import { type ZoneLevel, zoneLevels } from './zone-levels.ts';

/** Beyond it the searches for what kills first would be felt. */
const mostMembers = 1_000;
/** So many zones of a level are looked at one by one. */
const mostZones = 64;

/**
 * What a deployment survives and what kills it first: each requirement under the fault model, the most faults of each
 * kind that it bears alone, the zones that it can lose, and the smallest step beyond the budgets that breaks it.
 */
export function survives(subject: CardSubject): CardSection | null {
  const { system, deployment, facts } = subject;
  const requirements = system.protocols[deployment.protocol]?.requirements ?? [];
  if (requirements.length === 0) return null;
  const verdicts = requirements.map((requirement) => verdictOf({ requirement, outcome: evaluateRequirement(requirement, facts) }, facts));
  const margins = marginsOf(subject, requirements);
  return {
    id: 'survives',
    title: 'What it survives',
    rows: [...verdicts.map(verdictRow), ...(margins?.rows ?? []), ...(margins === null ? [] : firstRows(subject, requirements))],
    assumptions: [
      'All budgets of the fault model may be spent at once. A Byzantine member and one in a zone that is out do not answer; a slow one does in the end.',
      'In the rows about one kind of fault nothing else fails.',
    ],
    sources: ['Malkhi & Reiter 1998, fail-prone systems'],
    headline: headlineOf(subject, verdicts, margins),
  };
}

const verdictWords = { true: 'holds', false: 'does not hold', undecided: 'undecided' } as const;

function verdictRow({ kind, text, holds, detail }: RequirementVerdict): CardRow {
  return {
    label: `${kind}: \`${text}\``,
    value: detail === '' ? verdictWords[`${holds}`] : `${verdictWords[`${holds}`]}: ${detail}`,
    data: { kind, requirement: text, holds, detail },
  };
}

interface Margins {
  readonly crashes: Tolerance;
  readonly liars: Tolerance;
  /** The outermost level with more than one zone. */
  readonly zones: LevelMargin | null;
  readonly rows: readonly CardRow[];
}

function memberValue({ may, what }: MemberWords, total: number, { tolerated, exact }: Tolerance): string {
  if (tolerated >= total) return `no requirement is about ${what}`;
  if (tolerated > 0) return `${exact ? 'any' : 'at least any'} ${tolerated} of ${counted(total, 'member')} ${may}`;
  return exact ? `none of ${counted(total, 'member')} ${may}` : 'undecided';
}

interface LevelMargin {
  readonly level: ZoneLevel;
  readonly tolerance: Tolerance;
  /** Where not every single zone may be lost: which may, and which may not. */
  readonly single: { readonly deadly: readonly number[]; readonly harmless: readonly number[] } | null;
}

/** What is borne of each kind of fault alone; null where a requirement fails without any fault. */
function marginsOf(subject: CardSubject, requirements: readonly Requirement[]): Margins | null {
  const { deployment } = subject;
  const { members } = deployment;
  if (members.length === 0 || members.length > mostMembers) return null;
  const crashes = alone(subject, requirements, 'crash');
  const liars = alone(subject, requirements, 'byzantine');
  if (crashes === null || liars === null) return null;
  const levels = zoneLevels(subject.system, deployment).flatMap((level) => levelMargin(subject, requirements, level));
  const rows = [
    memberRow(subject, { label: 'crashes alone', may: 'may crash', what: 'crashes' }, crashes),
    memberRow(subject, { label: 'Byzantine alone', may: 'may be Byzantine', what: 'Byzantine members' }, liars),
    ...levels.map((margin) => zoneRow(subject, margin)),
  ];
  return { crashes, liars, zones: levels.find(({ level }) => level.zones.length > 1) ?? null, rows };
}

function alone(subject: CardSubject, requirements: readonly Requirement[], kind: NodeFault): Tolerance | null {
  const { system, deployment } = subject;
  const modelWith = (count: number): FaultModel => withBudget(null, deployment, memberBudget(deployment, kind, count));
  return toleranceOf({ system, deployment, requirements, most: deployment.members.length, modelWith, options: optionsOf(subject) });
}

function zoneTolerance(subject: CardSubject, requirements: readonly Requirement[], zones: readonly number[]): Tolerance | null {
  const { system, deployment } = subject;
  const modelWith = (count: number): FaultModel => withBudget(null, deployment, zoneBudget(deployment, zones, count));
  return toleranceOf({ system, deployment, requirements, most: zones.length, modelWith, options: optionsOf(subject) });
}

function optionsOf({ effort, shouldStop }: CardSubject): FactsOptions {
  return { limit: 200_000, effort, shouldStop };
}

interface MemberWords {
  readonly label: string;
  readonly may: string;
  readonly what: string;
}

function memberRow(subject: CardSubject, words: MemberWords, tolerance: Tolerance): CardRow {
  const { members } = subject.deployment;
  return {
    label: words.label,
    value: memberValue(words, members.length, tolerance),
    ...notesOf(subject, tolerance),
    data: { ...toleranceData(subject, tolerance), members: members.length },
  };
}

function levelMargin(subject: CardSubject, requirements: readonly Requirement[], level: ZoneLevel): LevelMargin[] {
  const { zones } = level;
  const tolerance = zoneTolerance(subject, requirements, zones);
  if (tolerance === null) return [];
  const wanted = tolerance.exact && tolerance.tolerated === 0 && zones.length > 1 && zones.length <= mostZones;
  return [{ level, tolerance, single: wanted ? oneByOne(subject, requirements, zones) : null }];
}

function zoneRow(subject: CardSubject, margin: LevelMargin): CardRow {
  const { level, tolerance, single } = margin;
  const { system } = subject;
  const names = zoneNames(system, level.zones);
  return {
    label: level.label,
    value: zoneValue(subject, margin),
    ...notesOf(subject, tolerance),
    data: {
      ...toleranceData(subject, tolerance),
      zones: names,
      ...(single === null ? {} : { deadly: zoneNames(system, single.deadly), harmless: zoneNames(system, single.harmless) }),
    },
  };
}

function zoneValue({ system, deployment }: CardSubject, { level, tolerance, single }: LevelMargin): string {
  const { zones } = level;
  const names = zoneNames(system, zones);
  const { tolerated, exact, first } = tolerance;
  if (tolerated >= zones.length) {
    const inside = new Set(zones.flatMap((zone) => system.zones[zone]?.nodes ?? []));
    const all = deployment.members.every((node) => inside.has(node));
    return all ? 'no requirement is about lost zones' : `all of ${listed(names)} may be lost at once`;
  }
  if (tolerated > 0) return `${exact ? 'any' : 'at least any'} ${tolerated} of ${listed(names)} may be lost`;
  if (!exact) return 'undecided';
  if (single === null) return zones.length === 1 ? `losing ${listed(names)} ${effectOf(first)}` : 'not every zone may be lost';
  const deadly = `losing ${listedOr(zoneNames(system, single.deadly))} ${effectOf(first)}`;
  return single.harmless.length === 0 ? deadly : `${deadly}, losing ${listedOr(zoneNames(system, single.harmless))} does not`;
}

/** Which zones may be lost, where not every one may. */
function oneByOne(
  subject: CardSubject,
  requirements: readonly Requirement[],
  zones: readonly number[],
): { readonly deadly: readonly number[]; readonly harmless: readonly number[] } {
  const harmless = zones.filter((zone) => zoneTolerance(subject, requirements, [zone])?.tolerated === 1);
  return { deadly: zones.filter((zone) => !harmless.includes(zone)), harmless };
}

function effectOf(first: FirstFailure | null): string {
  return first?.requirement.kind === 'safety' ? 'breaks safety' : 'stops it';
}

/** "With `a` and `b` down liveness fails: `available(Majority)`." */
function notesOf(subject: CardSubject, { first }: Tolerance): { readonly notes?: readonly string[] } {
  if (first === null) return {};
  const { kind, text } = first.requirement;
  const faults = first.faults === null || !hasFaults(first.faults) ? 'one more' : faultPhrase(subject.system, first.faults);
  return { notes: [`With ${faults}, ${kind} fails: \`${text}\`.`] };
}

function toleranceData(subject: CardSubject, { tolerated, exact, first }: Tolerance): { readonly [name: string]: CardData } {
  return { tolerated, exact, first: first === null ? null : failureData(subject, first) };
}

function failureData({ system }: CardSubject, { requirement, faults }: FirstFailure): CardData {
  const { outages, crashed, omitting, byzantine, slow } = faults ?? noFaults;
  return {
    kind: requirement.kind,
    requirement: requirement.text,
    outages: zoneNames(system, outages),
    crashed: nodeNames(system, crashed),
    omitting: nodeNames(system, omitting),
    byzantine: nodeNames(system, byzantine),
    slow: nodeNames(system, slow),
  };
}

/** One step beyond what the fault model admits. */
interface Step {
  readonly kind: 'crash' | 'outage' | 'byzantine';
  /** So many faults more. */
  readonly more: number;
  readonly first: FirstFailure;
}

/** What breaks safety first, and what breaks liveness first, beyond the budgets of the fault model. */
function firstRows(subject: CardSubject, requirements: readonly Requirement[]): CardRow[] {
  return (['safety', 'liveness'] as const).flatMap((kind) => {
    const wanted = requirements.filter((requirement) => requirement.kind === kind);
    return wanted.length === 0 ? [] : [firstRow(subject, kind, wanted)];
  });
}

function firstRow(subject: CardSubject, kind: 'safety' | 'liveness', requirements: readonly Requirement[]): CardRow {
  const label = `breaks ${kind} first`;
  const within = requirements.find((requirement) => evaluateRequirement(requirement, subject.facts).holds === false);
  if (within !== undefined) {
    const first = withinBudget(subject, within);
    const faults = first.faults === null ? '' : `: ${faultPhrase(subject.system, first.faults)}`;
    return {
      label,
      value: `what the fault model admits${faults}`,
      notes: [`\`${within.text}\` fails.`],
      data: { beyond: false, more: 0, fault: null, ...(failureData(subject, first) as object) },
    };
  }
  const { steps, exact } = stepsBeyond(subject, requirements);
  const [least, ...others] = steps;
  if (least === undefined) {
    return {
      label,
      value: exact ? 'no crash, Byzantine member or lost zone' : 'undecided',
      data: { beyond: true, more: null, fault: null },
    };
  }
  return {
    label,
    value: stepPhrase(subject, least),
    notes: [
      `\`${least.first.requirement.text}\` fails.`,
      ...others.filter(({ kind }) => kind !== 'byzantine').map((step) => `Or ${stepPhrase(subject, step)}.`),
    ],
    data: { beyond: true, more: least.more, fault: least.kind, ...(failureData(subject, least.first) as object) },
  };
}

/** The fault set that breaks a requirement under the fault model itself. */
function withinBudget(subject: CardSubject, requirement: Requirement): FirstFailure {
  const { system, deployment, model } = subject;
  const modelWith = (count: number): FaultModel =>
    count === 0 || model === null ? { ...withBudget(null, deployment, memberBudget(deployment, 'crash', 0)) } : model;
  const found = toleranceOf({ system, deployment, requirements: [requirement], most: 1, modelWith, options: optionsOf(subject) });
  return found?.first ?? { requirement, faults: null };
}

/** The smallest steps of each kind, the smallest first. */
function stepsBeyond(
  subject: CardSubject,
  requirements: readonly Requirement[],
): { readonly steps: readonly Step[]; readonly exact: boolean } {
  const { system, deployment, model } = subject;
  const { members } = deployment;
  const outer = zoneLevels(system, deployment).find(({ zones }) => zones.length > 1)?.zones ?? [];
  const steps: Step[] = [];
  let exact = true;
  for (const kind of ['crash', 'outage', 'byzantine'] as const) {
    const most = kind === 'outage' ? outer.length : members.length;
    if (most === 0) continue;
    const modelWith = (count: number): FaultModel =>
      withBudget(model, deployment, kind === 'outage' ? zoneBudget(deployment, outer, count) : memberBudget(deployment, kind, count));
    const found = toleranceOf({ system, deployment, requirements, most, modelWith, options: optionsOf(subject) });
    if (found === null || !found.exact) exact = false;
    if (found?.first) steps.push({ kind, more: found.tolerated + 1, first: found.first });
  }
  return { steps: steps.sort((a, b) => a.more - b.more), exact };
}

const stepWords: Readonly<Record<Step['kind'], readonly [one: string, many: string]>> = {
  crash: ['crash', 'crashes'],
  outage: ['lost zone', 'lost zones'],
  byzantine: ['Byzantine member', 'Byzantine members'],
};

/** "one more crash: `replica[0]`, `replica[1]` and `replica[2]` crashed". */
function stepPhrase({ system, model }: CardSubject, { kind, more, first }: Step): string {
  const [one, many] = stepWords[kind];
  const also = model === null ? '' : ' more';
  const step = more === 1 ? `one${also} ${one}` : `${more}${also} ${many}`;
  const faults: FaultSet | null = first.faults;
  return faults === null || !hasFaults(faults) ? step : `${step}: ${faultPhrase(system, faults)}`;
}

/** The few words for the end of the `run`'s line. */
function headlineOf({ system, model, deployment }: CardSubject, verdicts: readonly RequirementVerdict[], margins: Margins | null): string {
  if (verdicts.some(({ holds }) => holds === false)) {
    const broken = [...new Set(verdicts.filter(({ holds }) => holds === false).map(({ kind }) => kind))].join(' and ');
    return model === null ? `no ${broken} even without faults` : `no ${broken} under ${model.name}`;
  }
  if (verdicts.some(({ holds }) => holds !== true)) return 'not fully decided';
  if (margins === null) return model === null ? 'holds without faults' : `survives ${model.name}`;
  const { crashes, liars, zones } = margins;
  const total = deployment.members.length;
  const parts: string[] = [];
  if (crashes.tolerated < total && crashes.tolerated > 0) parts.push(`${crashes.tolerated} of ${counted(total, 'crash', 'crashes')}`);
  if (liars.tolerated < total && liars.tolerated > 0) parts.push(`${liars.tolerated} Byzantine`);
  if (zones !== null) parts.push(...zonePart(system, zones));
  if (parts.length > 0) return `survives ${parts.join(', ')}`;
  if (crashes.tolerated === 0 && crashes.exact) return 'survives no crash';
  return model === null ? 'holds without faults' : `survives ${model.name}`;
}

function zonePart(system: System, { level, tolerance, single }: LevelMargin): string[] {
  const { tolerated } = tolerance;
  if (tolerated > 0) return tolerated < level.zones.length ? [`any ${counted(tolerated, 'zone')}`] : [];
  const [deadly, ...others] = single?.deadly ?? [];
  if (deadly === undefined) return [];
  if (single?.harmless.length === 0) return ['no zone'];
  return others.length === 0 ? [`not zone ${zoneNames(system, [deadly])[0]}`] : ['not every zone'];
}

function listedOr(names: readonly string[]): string {
  return listed(names).replace(/ and (?=`[^`]*`$)/, ' or ');
}
