// The log of a run: every event but the messages, in order of time, tied to the cursor. Only the rows on the screen are
// in the document, so that fifty thousand are no slower than fifty.

import { formatMoment, formatTime } from '../protocol/format-time.ts';
import type { RunView } from '../protocol/view-model.ts';
import { neighbourEvent } from './at-cursor.ts';
import { counted, nodeName } from './describe.ts';
import { h } from './dom.ts';
import { at, firstAtLeast } from './messages-in-view.ts';
import type { Choices, Store } from './store.ts';
import { revealing } from './time-scale.ts';

/** Height of a row in pixels; the style sheet gives the rows the same. */
const rowHeight = 22;

export class EventLog {
  private readonly spacer = h('div', { class: 'log-spacer' });
  private readonly rows = h('div', { class: 'log-rows' });
  private readonly scroller: HTMLElement;
  private readonly note = h('p', { class: 'note' });
  private readonly only: HTMLInputElement;
  private readonly onlyLabel = h('span', {});
  readonly element: HTMLElement;
  /** Rows of the event table that the filter lets through. */
  private shown: readonly number[] = [];
  private times: readonly number[] = [];
  private filter = -2;
  private cursorMs = -1;

  constructor(
    private readonly run: RunView,
    private readonly store: Store,
  ) {
    this.scroller = h(
      'div',
      {
        class: 'log scroll',
        tabindex: 0,
        role: 'region',
        'aria-label': 'Log of events: up and down go from event to event',
        onscroll: () => this.draw(),
        onkeydown: (event: KeyboardEvent) => this.key(event),
      },
      this.spacer,
      this.rows,
    );
    this.only = h('input', { type: 'checkbox', onchange: () => store.set({ logOfNodeOnly: this.only.checked }) });
    this.element = h(
      'section',
      { class: 'event-log', 'aria-label': 'Events' },
      h('h2', {}, 'Events'),
      h('div', { class: 'log-head' }, h('label', {}, this.only, this.onlyLabel), this.note),
      this.scroller,
    );
    new ResizeObserver(() => this.draw()).observe(this.scroller);
    store.subscribe((choices) => this.update(choices));
  }

  private update({ cursorMs, selectedNode, logOfNodeOnly }: Choices): void {
    const filter = logOfNodeOnly ? selectedNode : -1;
    const { events, omitted } = this.run;
    this.only.checked = logOfNodeOnly;
    this.onlyLabel.textContent = ` only ${nodeName(this.run, selectedNode)}`;
    if (filter !== this.filter) {
      this.filter = filter;
      const all = events.timeMs.map((_, row) => row);
      this.shown = filter < 0 ? all : all.filter((row) => at(events.node, row) === filter);
      this.times = this.shown.map((row) => at(events.timeMs, row));
      this.spacer.style.height = `${this.shown.length * rowHeight}px`;
      const left = omitted.events > 0 ? `, ${counted(omitted.events, 'later one')} not kept` : '';
      this.note.textContent = `${counted(this.shown.length, 'event')}${left}`;
      this.cursorMs = -1;
    }
    if (cursorMs !== this.cursorMs) {
      this.cursorMs = cursorMs;
      const present = this.presentPosition();
      const top = Math.max(0, present) * rowHeight;
      const { scrollTop, clientHeight } = this.scroller;
      if (top < scrollTop || top + rowHeight > scrollTop + clientHeight) {
        this.scroller.scrollTop = Math.max(0, top - clientHeight / 2);
      }
    }
    this.draw();
  }

  /** Position of the last event at or before the cursor, -1 when the cursor is before all of them. */
  private presentPosition(): number {
    return firstAtLeast(this.times, this.cursorMs + 1e-6) - 1;
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 4);
    const last = Math.min(this.shown.length, Math.ceil((scrollTop + clientHeight) / rowHeight) + 4);
    const present = this.presentPosition();
    this.rows.style.transform = `translateY(${first * rowHeight}px)`;
    this.rows.replaceChildren(...this.shown.slice(first, last).map((row, offset) => this.row(row, first + offset === present)));
  }

  /** The arrows go from event to event, and the rest of the panel with them. */
  private key(event: KeyboardEvent): void {
    const direction = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (direction === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const cursorMs = neighbourEvent(this.times, this.cursorMs, direction);
    if (cursorMs === undefined) return;
    this.store.set({ cursorMs, view: revealing(this.store.get().view, cursorMs, this.run.durationMs) });
  }

  private row(row: number, present: boolean): HTMLElement {
    const { run, store } = this;
    const { events } = run;
    const timeMs = at(events.timeMs, row);
    const node = at(events.node, row);
    const kind = run.eventKinds[at(events.kind, row)] ?? '';
    const text = run.texts[at(events.text, row)] ?? '';
    return h(
      'button',
      {
        type: 'button',
        tabindex: -1,
        class: `log-row kind-${kind.replaceAll(' ', '-')}`,
        'aria-current': present ? 'true' : undefined,
        title: `${formatTime(timeMs)} ${kind} ${text}`,
        onclick: () =>
          store.set({
            cursorMs: timeMs,
            view: revealing(store.get().view, timeMs, run.durationMs),
            ...(node >= 0 ? { selectedNode: node } : {}),
          }),
      },
      h('span', { class: 'log-time' }, formatMoment(timeMs)),
      h('span', { class: 'log-node' }, node >= 0 ? nodeName(run, node) : ''),
      h('span', { class: 'log-kind' }, kind),
      h('span', { class: 'log-text' }, text),
    );
  }
}
