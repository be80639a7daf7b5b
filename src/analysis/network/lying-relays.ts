import type { Finding } from '../../base/finding.ts';
import { listed } from '../../base/units.ts';
import type { FaultModel, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { codes } from '../codes.ts';
import { evaluateRequirement } from '../evaluate-requirement.ts';
import { type FaultKinds, unresponsive } from '../fault-sets.ts';
import { BoundedMemo } from '../memo.ts';
import { usesSignatures } from '../signatures.ts';
import { deploymentName, faultPhrase, hasFaults, joined, nodeNames } from '../words.ts';
import { OutOfWork } from '../work.ts';
import { linkDirections } from './link-mends.ts';
import { graphOfFacts } from './network-facts.ts';
import { findSeparation, type Separation } from './separation.ts';
import { networkNamesOf, type Routed, routedDeployments } from './subjects.ts';
import { faultsOf } from './worst-diameter.ts';

/**
 * DS3302: messages between members pass through nodes that may be Byzantine, in such a way that a correct receiver cannot tell
 * what a correct sender said. Without signatures that is so when two admissible sets of liars together (each of which could be
 * the one that lies) cut two correct members off from each other; with signatures one set must do it. Exact for the whole
 * family of fault sets, or said to be undecided.
 */
export function lyingRelays(checked: SystemUnderCheck): Finding[] {
  const { system, code, trials } = checked;
  const told = new Set<number>();
  const findings: Finding[] = [];
  for (const routed of routedDeployments(system, checked, concerns)) {
    const { deployment } = routed;
    if (told.has(deployment.index) || !isRelayed(routed)) continue;
    try {
      const cut = cutByLiars(routed);
      if (cut === null || bearsNoLiars(routed)) continue;
      told.add(deployment.index);
      const fixes = trials.find(linkDirections(code, system, deployment.members, cut.sides), (tried) => isMended(tried, checked, routed));
      findings.push(findingOf(routed, cut, fixes));
    } catch (error) {
      if (!(error instanceof OutOfWork)) throw error;
      told.add(deployment.index);
      findings.push(undecided(routed, error));
    }
  }
  return findings;
}

/** Whether some node may lie, and the protocol's author has not said how connected the network must be. */
function concerns({ protocol, model }: Omit<Routed, 'facts'>): boolean {
  const lies = model.budgets.some((budget) => budget.kind === 'byzantine' && budget.count > 0 && budget.nodes.length > 0);
  const names = networkNamesOf(protocol);
  if (!lies || names.has('connectivity') || names.has('edge_connectivity')) return false;
  // Where signed messages only have to arrive, a clause about who can reach whom has answered it.
  return names.size === 0 || !usesSignatures(protocol);
}

/** Whether messages between members are relayed at all. */
function isRelayed({ facts }: Routed): boolean {
  const { out } = graphOfFacts(facts);
  const { members } = facts.deployment;
  return members.some((node) => members.some((other) => other !== node && !out[node]?.includes(other)));
}

/** Whether a requirement already says that the protocol does not bear so many liars among its members. */
function bearsNoLiars({ protocol, facts }: Routed): boolean {
  return protocol.requirements.some((requirement) => {
    const outcome = evaluateRequirement(requirement, facts);
    return outcome.holds === false && outcome.used.has('byzantine');
  });
}

const memo = new BoundedMemo<{ readonly cut: Separation | null }>();

/** The smallest reason for which what members say to each other cannot be trusted; null where it can. Throws OutOfWork. */
function cutByLiars({ protocol, facts }: Routed): Separation | null {
  const signed = usesSignatures(protocol);
  const { members } = facts.deployment;
  return memo.get(`${signed}|${facts.networkContent}|${members}|${facts.content}`, facts.work(3), (work) => {
    const graph = graphOfFacts(facts);
    const search = (kinds: FaultKinds, twice: boolean): Separation | null =>
      findSeparation(graph, members, facts.family, kinds, work, twice);
    const cut = search(['byzantine'], !signed);
    if (cut !== null || signed) return { cut };
    // What else fails at the same time makes the network sparser, unless that alone cuts members off: then nothing is said, and
    // nothing is believed wrongly.
    if (search(['crash', 'omission'], false) !== null) return { cut: null };
    const mixed = search(unresponsive, true);
    return { cut: mixed?.struck.some(({ kind }) => kind === 'byzantine') ? mixed : null };
  }).cut;
}

/** The liars of a cut as one admissible set, or as two: each budget pays for at most its count in each. */
function halves({ struck }: Separation, model: FaultModel): readonly (readonly number[])[] {
  const spent = new Map<number, number>();
  const one: number[] = [];
  const two: number[] = [];
  for (const { node, kind, budget } of struck) {
    if (kind !== 'byzantine') continue;
    const paid = spent.get(budget) ?? 0;
    spent.set(budget, paid + 1);
    const known = model.budgets[budget];
    (known !== undefined && 'count' in known && paid < known.count ? one : two).push(node);
  }
  return two.length === 0 ? [one] : [one, two];
}

function findingOf({ deployment, protocol, model, facts }: Routed, cut: Separation, fixes: Finding['fixes'] = []): Finding {
  const { system } = facts;
  const signed = usesSignatures(protocol);
  const sets = halves(cut, model);
  const [a, b] = cut.sides.map((side) => system.nodes[side[0] as number]?.name);
  const names = (nodes: readonly number[]): string => listed(nodeNames(system, nodes));
  const else_ = { ...faultsOf(cut), byzantine: [] };
  const when = hasFaults(else_) ? `, once ${faultPhrase(system, else_)}` : '';
  const [one = [], two = []] = sets;
  const all = [...one, ...two];
  const who = `${names(all)} ${all.length === 1 ? 'stands' : 'stand'} on every path between \`${a}\` and \`${b}\`${when}`;
  const may =
    sets.length === 2
      ? `${one.length === 1 && two.length === 1 ? 'either' : 'either half of them'} may be Byzantine`
      : `${one.length === 1 ? 'it' : 'they'} may ${one.length === 1 ? '' : 'all '}be Byzantine`;
  return {
    code: 'DS3302',
    severity: 'warning',
    span: deployment.nameSpan,
    message: `${deploymentName(system, deployment)} cannot trust what is relayed under \`${model.name}\`: ${who}, and ${may}.`,
    why: whyOf(signed, sets.length),
    help:
      fixes[0] === undefined ? helpOf(signed) : `${fixes[0].title}, or ${helpOf(signed).charAt(0).toLowerCase()}${helpOf(signed).slice(1)}`,
    source: signed ? 'Dolev & Strong 1983' : 'Dolev 1982; Fischer, Lynch & Merritt 1986',
    notes: [
      `The members left are apart: ${cut.sides.slice(0, 4).map(names).join(' | ')}${cut.sides.length > 4 ? ` and ${cut.sides.length - 4} more` : ''}.`,
      ...(sets.length === 2
        ? [
            `If ${joined([names(one)])} lie, \`${b}\` hears through ${names(two)} alone what is true, and cannot know that; if ${names(two)} lie, the other way round.`,
          ]
        : []),
      'A message is routed along one path: to make use of disjoint paths a protocol must send along them itself and compare.',
    ],
    labels: model.budgets
      .filter((_, index) => cut.struck.some(({ budget }) => budget === index))
      .map((budget) => ({ span: budget.span, message: 'spent in the faults shown' })),
    witness: {
      kind: 'cut',
      nodes: nodeNames(
        system,
        cut.struck.map(({ node }) => node),
      ),
      sides: cut.sides.map((side) => nodeNames(system, side)),
    },
    fixes,
    numbers: { cut: cut.struck.length, members: deployment.members.length },
  };
}

function whyOf(signed: boolean, sets: number): string {
  if (signed) {
    return 'Signed messages cannot be altered on the way, but they can be held back: correct members hear of each other only where no admissible set of liars cuts them off (f + 1 disjoint paths), however long they wait.';
  }
  return sets === 1
    ? 'Without signatures relays can alter what they pass on, and here they pass on everything: even with signatures they could hold it back.'
    : 'Without signatures relays can alter what they pass on. Where two admissible sets of liars cut members off from each other, the two halves can tell opposite stories, and no receiver can tell which half lies: agreement and reliable broadcast need 2f + 1 disjoint paths, even where the network is synchronous and known to all.';
}

function helpOf(signed: boolean): string {
  return signed
    ? 'Add links around these relays, or leave relays out of the Byzantine budget.'
    : 'Sign what members say (`Signed<T>`: f + 1 disjoint paths are then enough), add links around these relays, or leave relays out of the Byzantine budget.';
}

/** What could not be found out is said, once; it is no finding in either direction. */
function undecided({ deployment, model, facts }: Routed, error: OutOfWork): Finding {
  return {
    code: codes.undecided,
    severity: 'information',
    span: deployment.nameSpan,
    message: `Whether Byzantine relays can deceive members of ${deploymentName(facts.system, deployment)} under \`${model.name}\` is undecided: ${error.reason}.`,
    why: 'This is no answer in either direction: nothing was found, and not everything was tried.',
    help: 'State what must hold (`requires safety connectivity >= 2 * byzantine + 1`), or make the Byzantine budgets alike.',
  };
}

function isMended(tried: System, checked: SystemUnderCheck, { deployment, model }: Routed): boolean {
  const sameOf = (candidate: Omit<Routed, 'facts'>): boolean =>
    candidate.deployment.index === deployment.index && candidate.model.name === model.name && concerns(candidate);
  return routedDeployments(tried, checked, sameOf).every((routed) => !isRelayed(routed) || cutByLiars(routed) === null);
}
