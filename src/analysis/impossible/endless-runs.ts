import type { Finding } from '../../base/finding.ts';
import { listed } from '../../base/units.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { problems } from '../../model/problems.ts';
import type { Deployment, System } from '../../model/system.ts';
import { draws, expressionsOf, walkExpression, walkStatements } from '../../model/walk.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { type FaultSet, unresponsive } from '../fault-sets.ts';
import { timingMends } from '../mend-candidates.ts';
import { deploymentName, faultPhrase, nodeNames, zoneNames } from '../words.ts';
import { type Asking, ifDecided, lastingFacts, requirementsHold } from './lasting-faults.ts';

/**
 * DS3701: a deterministic protocol for a problem that none can guarantee to finish in an asynchronous system once one member
 * may crash (Fischer, Lynch & Paterson 1985). Of problems that can be solved there (registers, reliable broadcast, data that
 * converges) nothing is said, nor of a protocol that draws coins.
 */
export function endlessRuns(checked: SystemUnderCheck): Finding[] {
  const { system, trials } = checked;
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    const met = stuck(checked, system, deployment);
    if (met === null) continue;
    const { title, source, models, faults } = met;
    const name = deploymentName(system, deployment);
    const under = listed(models);
    const fixes = trials.find([{ candidates: timingMends(system, deployment), monotone: false }], (tried) => {
      const same = tried.deployments[deployment.index];
      if (same === undefined || stuck(checked, tried, same) !== null) return false;
      return tried.faultModels.every((model) => requirementsHold(checked, tried, same, model));
    });
    findings.push({
      code: 'DS3701',
      severity: 'warning',
      span: deployment.nameSpan,
      message: `${name} cannot guarantee that it ever finishes: no deterministic protocol solves ${title} in an asynchronous system in which one member may fail for good, as ${under} ${models.length === 1 ? 'admits' : 'admit'}.`,
      why:
        'Nobody can tell a member that has crashed from one that is slow, so for every such protocol there is a run in which no message is lost ' +
        'and yet nothing is ever decided. Safety is not affected: it can hold in every run. Termination cannot be guaranteed in every run.',
      help:
        (system.timing.span === null ? 'Without a `timing` the system is asynchronous. ' : '') +
        'State that delays are bounded from some time on (`timing partially_synchronous`), or let the protocol draw coins and promise an end with probability 1.',
      source,
      notes: [`It is enough that one fails: ${faultPhrase(system, faults)}, for example.`],
      labels: solvesLabel(system, deployment),
      witness: {
        kind: 'fault-set',
        crashed: nodeNames(system, faults.crashed),
        byzantine: nodeNames(system, faults.byzantine),
        omitting: nodeNames(system, faults.omitting),
        outages: zoneNames(system, faults.outages),
      },
      fixes,
      numbers: { members: deployment.members.length },
    });
  }
  return findings;
}

function solvesLabel(system: System, deployment: Deployment): Finding['labels'] {
  const solves = system.protocols[deployment.protocol]?.solves ?? [];
  const forbidden = solves.find(({ problem }) => problems[problem].impossibleWithoutTiming !== null);
  return forbidden === undefined ? [] : [{ span: forbidden.span, message: 'what the protocol is for' }];
}

export interface Stuck {
  readonly title: string;
  readonly source: string;
  /** Fault models that admit a lasting failure. */
  readonly models: readonly string[];
  readonly faults: FaultSet;
}

/** Null where termination is not excluded. */
export function stuck(checked: Asking, system: System, deployment: Deployment): Stuck | null {
  const protocol = system.protocols[deployment.protocol];
  if (protocol === undefined || system.timing.model !== 'asynchronous' || deployment.members.length < 2 || drawsCoins(protocol))
    return null;
  for (const { problem } of protocol.solves) {
    const { impossibleWithoutTiming: source, title } = problems[problem];
    if (source === null) continue;
    const models: string[] = [];
    let faults: FaultSet | null = null;
    for (const model of system.faultModels) {
      const facts = lastingFacts(checked, system, deployment, model);
      const most = ifDecided(() => facts.family.maximum(unresponsive, deployment.members, facts.work()));
      if (most === null || most.value < 1) continue;
      models.push(model.name);
      faults ??= one(most.faults);
    }
    if (faults !== null) return { title, source, models, faults };
  }
  return null;
}

/** One fault of a set: one is enough. */
function one(faults: FaultSet): FaultSet {
  const none: FaultSet = { outages: [], crashed: [], omitting: [], byzantine: [], slow: [] };
  const [crashed] = faults.crashed;
  if (crashed !== undefined) return { ...none, crashed: [crashed] };
  const [outage] = faults.outages;
  if (outage !== undefined) return { ...none, outages: [outage] };
  const [byzantine] = faults.byzantine;
  if (byzantine !== undefined) return { ...none, byzantine: [byzantine] };
  return { ...none, omitting: faults.omitting.slice(0, 1) };
}

const coins = new WeakMap<ProtocolCode, boolean>();

/** Whether a draw can take part in a decision: `random` or `choose` anywhere but in how long a timer is set for. */
export function drawsCoins(protocol: ProtocolCode): boolean {
  const known = coins.get(protocol);
  if (known !== undefined) return known;
  let drawn = false;
  const bodies = [...protocol.handlers, ...protocol.functions].map(({ body }) => body);
  for (const body of bodies) {
    walkStatements(body, (statement) => {
      if (statement.kind === 'set-timer') return;
      for (const expression of expressionsOf(statement)) {
        walkExpression(expression, (inner) => {
          if (draws(inner)) drawn = true;
        });
      }
    });
  }
  coins.set(protocol, drawn);
  return drawn;
}
