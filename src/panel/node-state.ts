// The variables of the selected node at the cursor.

import { formatMoment, formatTime } from '../protocol/format-time.ts';
import type { RunView } from '../protocol/view-model.ts';
import { type NodeStatus, type StateIndex, variablesAt } from './at-cursor.ts';
import { nodeName } from './describe.ts';
import { h } from './dom.ts';
import { statusText } from './fault-words.ts';

export class NodeState {
  private readonly title = h('h2', {});
  private readonly note = h('p', { class: 'note' });
  private readonly body = h('tbody', {});
  readonly element = h(
    'section',
    { class: 'node-state', 'aria-label': 'State of the selected node' },
    this.title,
    this.note,
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Variables' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h('tr', {}, h('th', { scope: 'col' }, 'Variable'), h('th', { scope: 'col' }, 'Value'), h('th', { scope: 'col' }, 'Since')),
        ),
        this.body,
      ),
    ),
  );

  constructor(
    private readonly run: RunView,
    private readonly index: StateIndex,
  ) {}

  update(node: number, status: NodeStatus, cursorMs: number): void {
    const variables = variablesAt(this.index, node, cursorMs);
    this.title.textContent = nodeName(this.run, node);
    this.note.textContent =
      variables.length === 0
        ? `${statusText(status)} at ${formatTime(cursorMs)}; no variable of it changes in this run`
        : `${statusText(status)} at ${formatTime(cursorMs)}`;
    this.body.replaceChildren(
      ...variables.map(({ variable, value, sinceMs }) =>
        h(
          'tr',
          // What changed at the cursor's own moment stands out: one steps from event to event to see what each does.
          // At the very start everything is new, and nothing would stand out.
          { class: sinceMs > 0 && Math.abs(sinceMs - cursorMs) < 1e-6 ? 'changed' : undefined },
          h('th', { scope: 'row', class: 'variable' }, this.run.variables[variable] ?? ''),
          h('td', { class: 'value' }, value < 0 ? '–' : (this.run.texts[value] ?? '')),
          h('td', { class: 'since' }, sinceMs < 0 ? '' : formatMoment(sinceMs)),
        ),
      ),
    );
  }
}
