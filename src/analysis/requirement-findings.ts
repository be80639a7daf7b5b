import type { Finding, Label, Witness } from '../base/finding.ts';
import { counted, formatNumber, listed } from '../base/units.ts';
import type { GivenName, Requirement } from '../model/code.ts';
import type { FaultModel } from '../model/system.ts';
import { loadNotes } from './capacity/notes.ts';
import { codes } from './codes.ts';
import { type Outcome, requirementEnvironment } from './evaluate-requirement.ts';
import { type Facts, kindsCounted, type Quantity } from './facts.ts';
import { type FaultSet, unresponsive } from './fault-sets.ts';
import { namesNetwork, networkNotes, networkTheory, networkWitness, worstDiameterFaults } from './network/network-notes.ts';
import { asWritten, withNumbers } from './print.ts';
import { deploymentName, faultNote, faultPhrase, hasFaults, nodeNames, zoneNames } from './words.ts';

type Failure = Outcome & { readonly holds: false };

/** The finding of a requirement that does not hold, without its mends. */
export function failureFinding(requirement: Requirement, failure: Failure, facts: Facts): Finding {
  const { system, deployment } = facts;
  const { model } = facts.family;
  const code = codeOf(requirement, failure);
  const lead =
    `${deploymentName(system, deployment)} does not keep ${requirement.kind} ` +
    (model ? `under \`${model.name}\`` : 'even without faults');
  const detail = detailOf(requirement, failure, facts);
  const faults = worstFaults(failure, facts);
  const notes = [
    ...(faults === null ? [] : [faultNote(system, faults, deployment.members)].filter((note) => note !== null)),
    ...extraNotes(failure, facts),
    ...failure.remarks,
  ];
  return {
    code,
    severity: 'error',
    span: deployment.nameSpan,
    message: `${lead}: ${detail}.`,
    why: requirement.because === null ? (theory(code, failure, facts).why ?? consequence[requirement.kind]) : sentence(requirement.because),
    help: helpOf(failure),
    source: sourceOf(code, failure, facts),
    notes,
    labels: labelsOf(requirement, failure, faults, facts),
    witness: witnessOf(failure, faults, facts),
    numbers: { ...numbersOf(failure.used, facts), ...(failure.cause.kind === 'told' ? failure.cause.told.numbers : {}) },
  };
}

const consequence = {
  safety: 'Where a safety requirement fails, the protocol may do something wrong, not only nothing.',
  liveness: 'Where a liveness requirement fails, nothing wrong happens, but the protocol may never get on.',
};

/** What to do in general; where changes were tried out and mend, they are named instead. */
function helpOf({ cause, used }: Failure): string {
  switch (cause.kind) {
    case 'intersect':
      return 'Make the quorums larger, so that any two share more members than may be Byzantine.';
    case 'available':
      if (cause.loss.how === 'partition') return 'Say when the partition heals: `partition with (heals: 30s)`.';
      if (cause.loss.how === 'apart') return 'Add links, so that no few nodes hold the members together.';
      return 'Add members that fail independently of these, make the quorums smaller where they still intersect, or ask to survive less.';
    case 'no-quorum':
      return 'Lower a threshold, or give the quorum system more nodes.';
    case 'told':
      return cause.told.help;
    case 'no-delay':
      return 'State a bound: `timing partially_synchronous(delay: …, gst: …)`.';
    case 'cut-off':
      return 'Add links until every member reaches every other.';
    case 'numbers':
      return namesNetwork(used)
        ? 'Add links between the sides of the cut, or ask to survive less.'
        : 'Change the deployment until the clause holds, or ask to survive less.';
  }
}

function codeOf(requirement: Requirement, { cause, used }: Failure): string {
  if (cause.kind === 'intersect') return codes.intersect;
  if (cause.kind === 'available') return codes.available;
  if (cause.kind === 'no-quorum') return codes.noQuorum;
  if (cause.kind === 'told') return cause.told.code;
  if (cause.kind === 'no-delay') return codes.timing;
  if (cause.kind === 'cut-off' || namesNetwork(used)) return codes.connectivity;
  if (used.has('delay') || used.has('gst')) return codes.timing;
  return requirement.kind === 'safety' ? codes.safety : codes.liveness;
}

function detailOf(requirement: Requirement, { cause, part }: Failure, facts: Facts): string {
  const { system } = facts;
  const text = part === requirement.condition ? requirement.text : asWritten(part);
  switch (cause.kind) {
    case 'intersect': {
      const { split } = cause;
      const whose = cause.quorums.length < 2 ? `two quorums of \`${cause.quorums[0]}\`` : `quorums of ${listed(cause.quorums)}`;
      if (split.first.length === 0 || split.second.length === 0) return `the empty set is a quorum, so ${whose} need not meet`;
      if (split.shared.length === 0) return `${whose} need not share a member`;
      const names = listed(nodeNames(system, split.shared));
      return `${whose} may share only ${names}, which may ${split.shared.length === 1 ? '' : 'all '}be Byzantine`;
    }
    case 'available': {
      const { loss } = cause;
      const after = hasFaults(loss.faults) ? `with ${faultPhrase(system, loss.faults)} ` : '';
      if (loss.how === 'too-few') return `${after}no quorum of \`${cause.quorum}\` is left (${answering(facts, loss.left)})`;
      if (loss.how === 'apart') return `${after}the network leaves no quorum of \`${cause.quorum}\` connected`;
      return `${after}a partition that never heals leaves no side a quorum of \`${cause.quorum}\``;
    }
    case 'no-quorum':
      return `no set of nodes is a quorum of \`${cause.quorum}\``;
    case 'told':
      return cause.told.detail;
    case 'no-delay':
      return `\`${text}\` needs a bound on message delay, and ${system.timing.span === null ? 'without a `timing` the system is asynchronous' : 'asynchronous timing has none'}`;
    case 'cut-off':
      return `\`${text}\` needs every member to reach every other, and some cannot`;
    case 'numbers':
      return `\`${text}\` needs ${withNumbers(part, requirementEnvironment(facts))}`;
  }
}

/** "2 of 5 members still answer", and what they weigh where members differ in weight. */
function answering(facts: Facts, left: readonly number[]): string {
  const { members } = facts.deployment;
  const verb = left.length === 1 ? 'still answers' : 'still answer';
  // Quorums may be of other nodes too: those that members move to.
  if (left.some((node) => !members.includes(node))) return `${counted(left.length, 'node')} ${verb}`;
  if (members.length === 0) return 'there are no members';
  const weight = (node: number): number => facts.system.nodes[node]?.weight ?? 1;
  const sum = (nodes: readonly number[]): string => formatNumber(nodes.reduce((total, node) => total + weight(node), 0));
  const counts = `${left.length} of ${counted(members.length, 'member')}`;
  // Where nobody weighs anything, weights tell nothing apart.
  return members.every((node) => weight(node) === 1) || members.every((node) => weight(node) === 0)
    ? `${counts} ${verb}`
    : `${counts}, of weight ${sum(left)} of ${sum(members)}, ${verb}`;
}

/** The fault set to show: of a predicate its own, of arithmetic that of the first number that is not zero. */
export function worstFaults({ cause, used }: Failure, facts: Facts): FaultSet | null {
  if (cause.kind === 'available') return cause.loss.faults;
  if (cause.kind === 'told') return cause.told.faults?.set ?? null;
  if (cause.kind !== 'numbers') return null;
  if (used.has('worst_diameter')) return worstDiameterFaults(facts);
  let worst: Quantity | null = null;
  for (const name of used) {
    const quantity = facts.quantity(name);
    if (quantity !== undefined && quantity.value > (worst?.value ?? 0)) worst = quantity;
  }
  return worst?.faults ?? null;
}

function extraNotes({ cause, used }: Failure, facts: Facts): string[] {
  const notes: string[] = cause.kind === 'told' ? [...(cause.told.notes ?? [])] : [];
  if (cause.kind === 'intersect') {
    const { split } = cause;
    notes.push(`One quorum: ${nodeList(facts, split.first)}. Another: ${nodeList(facts, split.second)}.`);
  }
  if (cause.kind === 'available') {
    if (cause.loss.how === 'too-few') notes.push(`Left: ${nodeList(facts, cause.loss.left)}.`);
    else notes.push(`Still together: ${cause.loss.sides.map((side) => nodeList(facts, side)).join(' | ')}.`);
    if (cause.loss.how === 'partition') {
      const linked = facts.system.network.complete ? '' : ', and members of one side need a path there';
      notes.push(`A partition is taken to cut the nodes into two sides, in any way${linked}.`);
    }
  }
  return [...notes, ...networkNotes(used, facts), ...loadNotes(used, facts)];
}

function nodeList(facts: Facts, nodes: readonly number[]): string {
  return nodes.length === 0 ? 'nobody' : listed(nodeNames(facts.system, nodes), 8);
}

/** Where the author demands it, and the budgets that are spent. */
function labelsOf(requirement: Requirement, failure: Failure, faults: FaultSet | null, facts: Facts): Label[] {
  const labels: Label[] = [{ span: requirement.span, message: `required here for ${requirement.kind}` }];
  for (const quorum of facts.deployment.quorums) {
    if (quorumsAtFault(failure).includes(quorum.name)) {
      labels.push({ span: quorum.span, message: `the quorums of \`${quorum.name}\`` });
    }
  }
  const { model } = facts.family;
  if (model === null) return labels;
  for (const index of spentBudgets(failure, faults, facts, model)) {
    const budget = model.budgets[index];
    if (budget !== undefined) labels.push({ span: budget.span, message: 'spent in the faults shown' });
  }
  return labels;
}

function quorumsAtFault({ cause }: Failure): readonly string[] {
  if (cause.kind === 'intersect') return cause.quorums;
  return cause.kind === 'told' ? (cause.told.quorums ?? []) : [];
}

/** Indices of the budgets behind the fault set that is shown. */
export function spentBudgets({ cause, used }: Failure, faults: FaultSet | null, facts: Facts, model: FaultModel): number[] {
  const { members } = facts.deployment;
  if (cause.kind === 'intersect') {
    return cause.split.faulty.length > 0 ? facts.family.budgetsThatReach(['byzantine'], members) : [];
  }
  const partitions = model.budgets.flatMap((budget, index) => (budget.kind === 'partition' ? [index] : []));
  if (used.has('longest_partition')) return partitions;
  if (faults === null) return [];
  const kinds =
    cause.kind === 'available'
      ? unresponsive
      : cause.kind === 'told'
        ? (cause.told.faults?.kinds ?? [])
        : [...used].flatMap((name) => (name === 'worst_diameter' ? unresponsive : (kindsCounted(name) ?? [])));
  const present = (kind: string): boolean =>
    (kind === 'crash' && faults.crashed.length > 0) ||
    (kind === 'omission' && faults.omitting.length > 0) ||
    (kind === 'byzantine' && faults.byzantine.length > 0) ||
    (kind === 'timing' && faults.slow.length > 0) ||
    (kind === 'outage' && faults.outages.length > 0);
  const spent = facts.family.budgetsThatReach([...kinds], members).filter((index) => present(model.budgets[index]?.kind ?? ''));
  return cause.kind === 'available' && cause.loss.how === 'partition' ? [...spent, ...partitions] : spent;
}

function witnessOf({ cause, used }: Failure, faults: FaultSet | null, facts: Facts): Witness | undefined {
  const { system } = facts;
  const names = (nodes: readonly number[]): string[] => nodeNames(system, nodes);
  if (cause.kind === 'told' && cause.told.witness !== undefined) return cause.told.witness;
  if (cause.kind === 'intersect') {
    const { first, second, shared, faulty } = cause.split;
    return { kind: 'quorums', quorums: [names(first), names(second)], shared: names(shared), byzantine: names(faulty) };
  }
  const cut = networkWitness(used, facts);
  if (cut !== null) return cut;
  if (cause.kind === 'available' && cause.loss.how !== 'too-few') {
    const gone = [...cause.loss.faults.crashed, ...cause.loss.faults.omitting, ...cause.loss.faults.byzantine];
    if (cause.loss.faults.outages.length === 0) return { kind: 'cut', nodes: names(gone), sides: cause.loss.sides.map(names) };
  }
  if (faults === null) return undefined;
  return {
    kind: 'fault-set',
    crashed: names(faults.crashed),
    byzantine: names(faults.byzantine),
    omitting: names(faults.omitting),
    outages: zoneNames(system, faults.outages),
    ...(cause.kind === 'available' ? { left: names(cause.loss.left) } : {}),
  };
}

/** The values of the names used, durations in nanoseconds. */
export function numbersOf(used: ReadonlySet<GivenName>, facts: Facts): Record<string, number> {
  const numbers: Record<string, number> = { n: facts.deployment.members.length };
  for (const name of used) {
    const value = name === 'delay' ? facts.system.timing.delay : facts.given(name);
    if (typeof value === 'number' && Number.isFinite(value)) numbers[name] = value;
  }
  return numbers;
}

/** The citation in the protocol's documentation, up to its year (the 2006 of arXiv:2006.15918 is none); of predicates, that of the bound. */
function sourceOf(code: string, failure: Failure, facts: Facts): string | undefined {
  const bound = theory(code, failure, facts).source;
  if (bound !== undefined) return bound;
  const documentation = facts.system.protocols[facts.deployment.protocol]?.documentation ?? '';
  const citation = /\(([^();]*\b(?:19|20)\d\d\b)(?!\.\d)[^()]*\)/.exec(documentation)?.[1];
  return citation?.replace(/\s+/g, ' ').trim();
}

/** What is known of a bound where the protocol's author says no more; assumptions included. */
function theory(code: string, { cause, used }: Failure, facts: Facts): { readonly why?: string; readonly source?: string } {
  if (cause.kind === 'told') return { why: cause.told.why, ...(cause.told.source === undefined ? {} : { source: cause.told.source }) };
  switch (code) {
    case codes.intersect:
      if (cause.kind === 'intersect' && cause.split.faulty.length > 0) {
        return {
          why: 'A Byzantine member may tell each quorum something else, so every two quorums must share a member that no admissible fault set makes Byzantine.',
          source: 'Malkhi & Reiter 1998, dissemination quorum systems',
        };
      }
      return { why: 'Two quorums without a common member can decide differently.', source: 'Gifford 1979; Thomas 1979' };
    case codes.available:
      return { why: 'Whoever waits for a quorum waits for ever once none can answer. A slow member counts as answering.' };
    case codes.connectivity:
      return networkTheory(used);
    case codes.timing:
      if (cause.kind === 'no-delay') {
        const { model } = facts.family;
        const crash = model === null || facts.family.budgetsThatReach(unresponsive, facts.deployment.members).length > 0;
        return {
          why:
            'In an asynchronous system no message has a deadline, so no time-out is ever long enough. Safety is not affected.' +
            (crash ? ' Deterministic consensus cannot promise to end there once one process may crash.' : ''),
          source: 'Fischer, Lynch & Paterson 1985, Theorem 1; Dwork, Lynch & Stockmeyer 1988',
        };
      }
      return {};
    default:
      return {};
  }
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** The finding of a question that passed its work limit. */
export function undecidedFinding(requirement: Requirement, reason: string, facts: Facts): Finding {
  const { model } = facts.family;
  const under = model ? ` under \`${model.name}\`` : '';
  return {
    code: codes.undecided,
    severity: 'warning',
    span: facts.deployment.nameSpan,
    message: `Whether ${deploymentName(facts.system, facts.deployment)} keeps ${requirement.kind}${under} is undecided: for \`${requirement.text}\` ${reason}.`,
    why: 'This is no answer in either direction: nothing was found that breaks the requirement, and not everything was tried.',
    help: 'Make the nodes more alike (equal weights, whole groups in the budgets), or use fewer of them while you design.',
    labels: [{ span: requirement.span, message: `required here for ${requirement.kind}` }],
  };
}

/** The finding of a clause that has no value. */
export function notEvaluatedFinding(requirement: Requirement, error: { message: string }, facts: Facts): Finding {
  const { model } = facts.family;
  const under = model ? ` under \`${model.name}\`` : '';
  return {
    code: codes.notEvaluated,
    severity: 'error',
    span: requirement.span,
    message: `\`${requirement.text}\` has no value for ${deploymentName(facts.system, facts.deployment)}${under}: ${error.message}.`,
    why: 'A requirement that cannot be computed is not known to hold.',
    help: 'Rewrite the clause so that it has a value for every deployment, for example with `if … then … else …`.',
    labels: [{ span: facts.deployment.nameSpan, message: 'for this deployment' }],
  };
}

/** The finding of a quorum system that has no quorum. */
export function noQuorumFinding(name: string, facts: Facts): Finding {
  const argument = facts.deployment.arguments.find((passed) => passed.name === name);
  const span = facts.deployment.quorums.find((declared) => declared.name === name)?.span ?? argument?.span;
  return {
    code: codes.noQuorum,
    severity: 'error',
    span: facts.deployment.nameSpan,
    message: `No quorum of \`${name}\` can form in ${deploymentName(facts.system, facts.deployment)}: not even all nodes together are one.`,
    why: 'Without any quorum, that every two quorums intersect is true and says nothing, and nothing can ever be decided.',
    help: 'Lower a threshold, or give the quorum system more nodes.',
    labels: span ? [{ span, message: 'this asks for more than there is' }] : [],
  };
}
