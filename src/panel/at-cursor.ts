// What is true at one moment of a run: the variables of a node, and which nodes are up.

import type { BandKind, BandView, StateTable } from '../protocol/view-model.ts';
import { at } from './messages-in-view.ts';

/** The changes of a run sorted by node and variable: built once, asked at every move of the cursor. */
export interface StateIndex {
  readonly table: StateTable;
  /** `byNode[node]`: variable → rows of its changes in order of time. */
  readonly byNode: readonly ReadonlyMap<number, readonly number[]>[];
}

export function indexStates(table: StateTable, nodes: number): StateIndex {
  const byNode = Array.from({ length: nodes }, () => new Map<number, number[]>());
  table.timeMs.forEach((_, row) => {
    const ofNode = byNode[at(table.node, row)];
    if (!ofNode) return;
    const variable = at(table.variable, row);
    const rows = ofNode.get(variable);
    if (rows) rows.push(row);
    else ofNode.set(variable, [row]);
  });
  return { table, byNode };
}

export interface VariableAt {
  readonly variable: number;
  /** Index of the value's text, or -1 before the first change. */
  readonly value: number;
  /** When it took this value; -1 before the first change. */
  readonly sinceMs: number;
}

/** The variables of a node at a moment, changes at that very moment included, in the order of the variables. */
export function variablesAt(index: StateIndex, node: number, timeMs: number): readonly VariableAt[] {
  const ofNode = index.byNode[node];
  if (!ofNode) return [];
  const { table } = index;
  return [...ofNode]
    .sort(([a], [b]) => a - b)
    .map(([variable, rows]) => {
      const row = lastNotAfter(table.timeMs, rows, timeMs);
      return row === undefined
        ? { variable, value: -1, sinceMs: -1 }
        : { variable, value: at(table.value, row), sinceMs: at(table.timeMs, row) };
    });
}

/** The last of `rows` (ascending in time) whose time is at or before the moment. */
function lastNotAfter(timesMs: readonly number[], rows: readonly number[], timeMs: number): number | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(timesMs, at(rows, middle)) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : rows[low - 1];
}

export type NodeStatus = 'up' | BandKind;

/** The gravest first: a node that is down is shown as down, whatever else is wrong with it. */
const gravity: readonly BandKind[] = ['crash', 'outage', 'pause', 'byzantine', 'omission', 'partition', 'slow', 'clock'];

/** The status of every node at a moment. */
export function statusesAt(bands: readonly BandView[], nodes: number, timeMs: number): readonly NodeStatus[] {
  const statuses: NodeStatus[] = Array.from({ length: nodes }, () => 'up');
  for (const kind of gravity.toReversed()) {
    for (const band of bands) {
      if (band.kind !== kind || timeMs < band.fromMs || timeMs >= band.toMs) continue;
      for (const node of band.nodes) statuses[node] = kind;
    }
  }
  return statuses;
}

/** The moment of the nearest event after (`direction` 1) or before (-1) the cursor, if there is one. */
export function neighbourEvent(timesMs: readonly number[], cursorMs: number, direction: 1 | -1): number | undefined {
  // A moment counts as the cursor's own within a nanosecond: it may have been through a division and back.
  const tolerance = 1e-6;
  if (direction === 1) return timesMs.find((time) => time > cursorMs + tolerance);
  return timesMs.findLast((time) => time < cursorMs - tolerance);
}
