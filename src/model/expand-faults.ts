import { Attributes, bounds, checked } from './attributes.ts';
import type { ExpandContext } from './expand-context.ts';
import { spanKey } from './span-key.ts';
import type { Budget, FaultModel, FaultySide, Loss, Timing } from './system.ts';
import type { BudgetCode } from './system-code.ts';

/** How many times slower a node with a timing fault is when the model does not say. */
const defaultSlowdown = 10;

/** Asynchronous when the file is silent: nothing may then be concluded from clocks. */
export function expandTiming(context: ExpandContext): Timing {
  const { timing } = context.code;
  if (!timing) return { model: 'asynchronous', delay: null, gst: null, span: null };
  if (timing.model === 'asynchronous') return { model: 'asynchronous', delay: null, gst: null, span: timing.span };
  const attributes = new Attributes(context, timing.attributes);
  const delay = attributes.number('delay', bounds.positive);
  const gst = timing.model === 'synchronous' ? 0 : (attributes.number('gst', bounds.nonNegative) ?? 0);
  return {
    model: timing.model,
    delay,
    gst,
    span: timing.span,
    delaySpan: attributes.valueSpan('delay'),
    delayIsLiteral: attributes.isLiteral('delay'),
  };
}

/** A budget whose count or targets are unknown is left out; the finding says why. */
export function expandFaultModels(context: ExpandContext): FaultModel[] {
  return context.code.faultModels.map((model) => ({
    name: model.name,
    span: model.span,
    nameSpan: model.nameSpan,
    budgets: model.budgets.map((budget) => expandBudget(context, budget)).filter((budget) => budget !== null),
  }));
}

/** What a node that omits fails to do; both where nothing is written. */
export function sideOf(attributes: Attributes): FaultySide {
  const side = attributes.word('side');
  return side === 'send' || side === 'receive' ? side : 'both';
}

/** What a crash loses of durable variables, where something is written. */
export function lossOf(attributes: Attributes): { readonly loses?: Loss } {
  const loses = attributes.word('loses');
  return loses === 'unsynced' || loses === 'all' ? { loses } : {};
}

function expandBudget(context: ExpandContext, code: BudgetCode): Budget | null {
  const { span } = code;
  if (code.kind === 'partition') {
    return { kind: 'partition', heals: new Attributes(context, code.attributes).number('heals', bounds.positive), span };
  }
  if ('probability' in code) {
    const probability = context.number(code.probability);
    if (probability === undefined || !checked(context, code.kind, probability, bounds.probability, code.probability.span)) return null;
    const nodes = code.targets ? context.nodeSet(code.targets) : null;
    return nodes === undefined ? null : { kind: code.kind, probability, nodes, span };
  }
  const count = context.overrides.budgetCounts?.[spanKey(code.count.span)] ?? context.number(code.count);
  if (count === undefined || !checked(context, code.kind, count, bounds.count, code.count.span)) return null;
  const attributes = new Attributes(context, code.attributes);
  const shared = {
    count,
    recovers: attributes.flag('recovers'),
    span,
    countSpan: code.count.span,
    countIsLiteral: code.count.kind === 'literal',
    targetsSpan: code.targets.span,
  };
  if (code.kind === 'outage') {
    const zones = [...new Set(code.zones)].map((name) => context.zone(name)?.index).filter((index) => index !== undefined);
    return { kind: 'outage', zones: zones.sort((a, b) => a - b), ...shared };
  }
  const nodes = context.nodeSet(code.targets);
  if (!nodes) return null;
  return {
    kind: code.kind,
    nodes,
    side: sideOf(attributes),
    ...lossOf(attributes),
    slowdown: attributes.number('slowdown', bounds.slowdown) ?? defaultSlowdown,
    ...shared,
  };
}
