import type { Finding, Fix } from '../../base/finding.ts';
import { counted, formatDuration } from '../../base/units.ts';
import type { FaultAction, Scenario } from '../../model/scenario.ts';
import type { Budget, FaultModel, System } from '../../model/system.ts';
import { listedNodes, nodeNames } from './names.ts';

/**
 * DS2111: a fault action of a scenario `under F` that goes beyond what F admits, counted with the faults that last at
 * that time. A run that fails there says nothing about F. Information where the scenario expects a violation.
 */
export function beyondBudget(system: System): Finding[] {
  return system.scenarios.flatMap((scenario) => {
    const model = scenario.faults === null ? undefined : system.faultModels[scenario.faults];
    return model ? scenarioBeyond(system, scenario, model) : [];
  });
}

interface Ongoing {
  readonly action: FaultAction;
  /** ns; Infinity for one that lasts. */
  readonly until: number;
}

function scenarioBeyond(system: System, scenario: Scenario, model: FaultModel): Finding[] {
  const findings: Finding[] = [];
  const severity = scenario.expectations.some(({ expect }) => expect.kind === 'violated') ? 'information' : 'warning';
  let ongoing: Ongoing[] = [];
  let unpaidBefore = 0;
  for (const action of scenario.actions) {
    // When it happens, or to whom, only a run can tell.
    if (action.when || action.choice) continue;
    ongoing = ongoing.filter(({ until }) => until > action.at);
    ongoing = after(ongoing, action);
    const unpaid = unpaidFaults(system, model, ongoing, action.at);
    // Only the action that goes further beyond is reported, not all those after it.
    if (unpaid.faults.length > unpaidBefore) {
      const { kind, nodes, struck } = describe(system, unpaid);
      const fixes = severity === 'warning' ? raisedBudget(model, unpaid.faults) : [];
      findings.push({
        code: 'DS2111',
        severity,
        span: action.span,
        message: `At ${formatDuration(action.at)} ${kind}, which is more than \`${model.name}\` admits.`,
        why: `The scenario runs under \`${model.name}\`: what fails beyond its budgets is outside of what the protocol promises to survive.`,
        help: `Let fewer fail at once, raise the budget of \`${model.name}\`, or run the scenario under a stronger model.`,
        labels: [{ span: model.nameSpan, message: 'its budgets' }],
        witness: { kind: 'nodes', nodes },
        fixes,
        numbers: { beyond: unpaid.faults.length, struck },
      });
    } else {
      const missing = unbudgeted(action, model);
      if (missing) {
        findings.push({
          code: 'DS2111',
          severity,
          span: action.span,
          message: `\`${model.name}\` admits no ${missing}.`,
          why: `The scenario runs under \`${model.name}\`, whose budgets have none of this kind.`,
          help: `Add \`${missing === 'partition' ? 'partition' : `${missing} …`}\` to \`${model.name}\`, or run the scenario under another model.`,
          labels: [{ span: model.nameSpan, message: 'its budgets' }],
        });
      }
    }
    unpaidBefore = unpaid.faults.length;
  }
  return findings;
}

/** The faults that last once an action has happened. */
function after(ongoing: readonly Ongoing[], action: FaultAction): Ongoing[] {
  const done = action.action;
  if (done.kind === 'recover' || done.kind === 'join') {
    const back = new Set(done.nodes);
    return ongoing.flatMap((fault) => {
      const old = fault.action.action;
      if (old.kind !== 'crash') return [fault];
      const left = old.nodes.filter((node) => !back.has(node));
      return left.length === 0 ? [] : [{ ...fault, action: { ...fault.action, action: { ...old, nodes: left } } }];
    });
  }
  const lasts = 'for' in done ? done.for : null;
  const kinds = ['crash', 'outage', 'byzantine', 'slow', 'omit'];
  return kinds.includes(done.kind)
    ? [...ongoing, { action, until: lasts === null ? Number.POSITIVE_INFINITY : action.at + lasts }]
    : [...ongoing];
}

type Kind = 'crash' | 'byzantine' | 'timing' | 'omission' | 'outage';

/** A fault that some budget must pay: of a node, or of a zone (`outage`). */
interface Due {
  readonly kind: Kind;
  readonly target: number;
}

/** The faults that no assignment to the model's budgets pays for: a largest matching leaves them over. */
function unpaidFaults(
  system: System,
  model: FaultModel,
  ongoing: readonly Ongoing[],
  now: number,
): { readonly faults: readonly Due[]; readonly all: readonly Due[]; readonly at: number } {
  const zones = new Set<number>();
  const crashed = new Set<number>();
  const byzantine = new Set<number>();
  const slow = new Set<number>();
  const omitting = new Set<number>();
  for (const { action } of ongoing) {
    const fault = action.action;
    if (fault.kind === 'outage') zones.add(fault.zone);
    else if (fault.kind === 'crash') for (const node of fault.nodes) crashed.add(node);
    else if (fault.kind === 'byzantine') for (const node of fault.nodes) byzantine.add(node);
    else if (fault.kind === 'slow') for (const node of fault.nodes) slow.add(node);
    else if (fault.kind === 'omit') for (const node of fault.nodes) omitting.add(node);
  }
  const outages = match(
    [...zones].map((target) => ({ kind: 'outage', target })),
    system,
    model.budgets,
  );
  // Zones that no outage budget pays for must be paid node by node.
  for (const { target } of outages.unpaid) for (const node of system.zones[target]?.nodes ?? []) crashed.add(node);
  const down = new Set(outages.paid.flatMap(({ target }) => system.zones[target]?.nodes ?? []));
  const due: Due[] = [];
  for (const node of byzantine) due.push({ kind: 'byzantine', target: node });
  for (const node of crashed) if (!down.has(node) && !byzantine.has(node)) due.push({ kind: 'crash', target: node });
  for (const node of slow) if (!down.has(node) && !byzantine.has(node) && !crashed.has(node)) due.push({ kind: 'timing', target: node });
  for (const node of omitting) if (!down.has(node) && !byzantine.has(node)) due.push({ kind: 'omission', target: node });
  return { faults: match(due, system, model.budgets).unpaid, all: due, at: now };
}

/** Kuhn's augmenting paths, with each budget as a place of its capacity. */
function match(due: readonly Due[], system: System, budgets: readonly Budget[]): { paid: Due[]; unpaid: Due[] } {
  const payers: Due[][] = budgets.map(() => []);
  const tryPay = (fault: Due, visited: Set<number>): boolean => {
    for (let i = 0; i < budgets.length; i++) {
      const budget = budgets[i] as Budget;
      if (visited.has(i) || !pays(budget, fault, system)) continue;
      visited.add(i);
      const paid = payers[i] as Due[];
      if ('count' in budget && paid.length < budget.count) {
        paid.push(fault);
        return true;
      }
      for (let j = 0; j < paid.length; j++) {
        if (!tryPay(paid[j] as Due, visited)) continue;
        paid[j] = fault;
        return true;
      }
    }
    return false;
  };
  const unpaid = due.filter((fault) => !tryPay(fault, new Set()));
  return { paid: payers.flat(), unpaid };
}

/** A Byzantine node may do anything: stop and be slow, too. A node that may crash may also be slow for good. */
const covers: Readonly<Record<string, readonly Kind[]>> = {
  crash: ['crash'],
  byzantine: ['byzantine', 'crash', 'timing', 'omission'],
  omission: ['omission'],
  timing: ['timing'],
};

function pays(budget: Budget, fault: Due, system: System): boolean {
  if (fault.kind === 'outage') {
    if (budget.kind !== 'outage') return false;
    for (let zone = fault.target; zone >= 0; zone = system.zones[zone]?.parent ?? -1) if (budget.zones.includes(zone)) return true;
    return false;
  }
  const covered = covers[budget.kind];
  return (
    covered !== undefined &&
    'nodes' in budget &&
    budget.nodes !== null &&
    covered.includes(fault.kind) &&
    budget.nodes.includes(fault.target)
  );
}

/** Raises the first budget that names all the nodes left over, by their number, where it is written as a number. */
function raisedBudget(model: FaultModel, unpaid: readonly Due[]): Fix[] {
  const kind = (unpaid[0] as Due).kind;
  for (const budget of model.budgets) {
    if (budget.kind !== kind || !('nodes' in budget) || !budget.countIsLiteral) continue;
    if (!unpaid.every((fault) => fault.kind === kind && budget.nodes.includes(fault.target))) continue;
    const count = budget.count + unpaid.length;
    return [{ title: `Raise \`${kind}\` of \`${model.name}\` to ${count}`, edits: [{ span: budget.countSpan, text: String(count) }] }];
  }
  return [];
}

/** Link faults have no count: they need a budget of their kind. */
function unbudgeted({ action }: FaultAction, model: FaultModel): string | null {
  const has = (kind: string): boolean => model.budgets.some((budget) => budget.kind === kind);
  if (action.kind === 'partition') return has('partition') ? null : 'partition';
  if (action.kind === 'disconnect' || action.kind === 'churn_links') return has('partition') ? null : 'partition';
  if (action.kind === 'churn') return has('crash') || has('byzantine') ? null : 'crash';
  if (action.kind === 'isolate') return has('partition') || has('omission') || has('byzantine') || has('crash') ? null : 'partition';
  if (action.kind === 'lose') return has('loss') || has('partition') || has('omission') || has('byzantine') ? null : 'loss';
  if (action.kind === 'duplicate') return has('duplicate') || has('byzantine') ? null : 'duplicate';
  return null;
}

function describe(
  system: System,
  { faults, all }: { readonly faults: readonly Due[]; readonly all: readonly Due[] },
): { readonly kind: string; readonly nodes: string[]; readonly struck: number } {
  const worst = (faults[0] as Due).kind;
  const words = { crash: 'down', byzantine: 'Byzantine', timing: 'slow', omission: 'losing messages', outage: 'out' } as const;
  const struck = all
    .filter((fault) => fault.kind === worst)
    .map((fault) => fault.target)
    .sort((a, b) => a - b);
  return {
    kind: `${counted(struck.length, 'node is', 'nodes are')} ${words[worst]}${struck.length > 1 ? ' at once' : ''} (${listedNodes(system, struck)})`,
    nodes: nodeNames(system, struck),
    struck: struck.length,
  };
}
