import type { Finding, Fix } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import { counted, listed } from '../../base/units.ts';
import type { Budget, System } from '../../model/system.ts';

type CountedBudget = Extract<Budget, { readonly count: number }>;

/**
 * DS2106: a fault budget larger than the number of nodes (or zones) that it may strike.
 * DS2107: a budget that strikes nothing: it has no targets, or its zones hold no node.
 */
export function oversizedBudgets(system: System): Finding[] {
  const findings: Finding[] = [];
  for (const model of system.faultModels) {
    for (const budget of model.budgets) {
      if (!('count' in budget)) continue;
      const targets = budget.kind === 'outage' ? budget.zones.length : budget.nodes.length;
      const noun = budget.kind === 'outage' ? 'zone' : 'node';
      if (targets === 0) {
        findings.push(strikesNothing(budget.targetsSpan, `This budget of \`${model.name}\` strikes nothing: it names no ${noun}`));
      } else if (budget.count > targets) findings.push(tooLarge(model.name, budget, targets, noun));
      if (budget.kind === 'outage') {
        const empty = budget.zones.map((zone) => system.zones[zone]).filter((zone) => zone?.nodes.length === 0);
        if (empty.length > 0) {
          const names = listed(empty.map((zone) => zone?.name ?? ''));
          findings.push(
            strikesNothing(budget.targetsSpan, `This budget of \`${model.name}\` strikes nothing in ${names}: no node stands there`),
          );
        }
      }
    }
  }
  return findings;
}

function tooLarge(model: string, budget: CountedBudget, targets: number, noun: string): Finding {
  const fixes: Fix[] = budget.countIsLiteral
    ? [{ title: `Lower the budget to ${targets}`, edits: [{ span: budget.countSpan, text: String(targets) }] }]
    : [];
  return {
    code: 'DS2106',
    severity: 'error',
    span: budget.countSpan,
    message: `\`${model}\` lets ${budget.count} fail of ${counted(targets, noun)}.`,
    why: `A budget says how many of its targets may fail at once; there are only ${targets}.`,
    help: `Write at most ${targets}, or name more ${noun}s.`,
    labels: [{ span: budget.targetsSpan, message: `${counted(targets, noun)} here` }],
    fixes,
    numbers: { count: budget.count, targets },
  };
}

function strikesNothing(span: Span, sentence: string): Finding {
  return {
    code: 'DS2107',
    severity: 'warning',
    span,
    message: `${sentence}.`,
    why: 'A fault that hits nobody makes the model weaker than it reads.',
    help: 'Name nodes or zones that are in use, or remove the budget.',
  };
}
