import type { FaultAction } from '../../model/scenario.ts';

/** Actions that end a fault, or one that this run begins with. */
const endings: readonly FaultAction['action']['kind'][] = ['recover', 'heal', 'join'];

export function isEnding({ action }: FaultAction): boolean {
  return endings.includes(action.kind);
}

/** A node that stays away from the beginning takes no part, which is no fault of the run. */
export function staysAway({ at, action }: FaultAction): boolean {
  return at === 0 && action.kind === 'leave';
}

/** Simpler actions that may do in place of one, the simplest first. */
export function simpler(timed: FaultAction): FaultAction[] {
  const { action } = timed;
  const with_ = (changed: FaultAction['action']): FaultAction => ({ ...timed, action: changed });
  const found: FaultAction[] = [];
  if (action.kind === 'crash' && action.afterSends !== undefined) {
    found.push(with_({ kind: 'crash', nodes: action.nodes, for: action.for }));
  }
  if ((action.kind === 'omit' || action.kind === 'lose') && ('share' in action ? action.share : action.probability) < 1) {
    found.push(with_(action.kind === 'omit' ? { ...action, share: 1 } : { ...action, probability: 1 }));
  }
  if ('nodes' in action && action.kind !== 'outage' && action.nodes.length > 1) {
    for (const node of action.nodes) found.push(with_({ ...action, nodes: action.nodes.filter((other) => other !== node) }));
  }
  return found;
}

/** Times to try for one that need not be so exact, the roundest first. */
export function rounder(time: number): number[] {
  const units = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3].filter((unit) => time % unit !== 0);
  return [...new Set(units.map((unit) => Math.round(time / unit) * unit))];
}
