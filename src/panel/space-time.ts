// The space–time diagram (Lamport 1978) as a control: draws itself from the choices, changes them by mouse and keys.

import { formatTime } from '../protocol/format-time.ts';
import type { RunView } from '../protocol/view-model.ts';
import { neighbourEvent } from './at-cursor.ts';
import { counted, describeMessage, messageCells, nodeName } from './describe.ts';
import { h, sizeCanvas, tableBesideChart } from './dom.ts';
import { drawBandLabels, drawBands } from './draw-bands.ts';
import {
  type Drawing,
  drawArrows,
  drawAxis,
  drawCounts,
  drawEmitted,
  drawLanes,
  drawMoments,
  drawSelected,
  segmentsOf,
} from './draw-space-time.ts';
import { nearestSegment, type Segment } from './hit-test.ts';
import { axisHeight, type Lanes, lanesFor, lanesMax, nodeAt } from './lanes.ts';
import { arrowsMax, at, countByLane, firstAtLeast, type MessageIndex, messagesIn } from './messages-in-view.ts';
import type { Choices, Store } from './store.ts';
import type { Theme } from './theme.ts';
import { panned, revealing, type TimeView, timeAt, zoomed } from './time-scale.ts';

/** Reach of the pointer around an arrow, in pixels. */
const reachPx = 6;
/** Width in pixels of a bar when counts are shown. */
const barPx = 5;
/** Rows of the table beside the diagram at the most. */
const tableRowsMax = 200;
/** Hidden lanes that are listed one by one at the most. */
const chipsMax = 12;
/** Diamonds of emitted events drawn at the most. */
const emittedMax = 600;

export class SpaceTime {
  readonly element: HTMLElement;
  /** Arrows on the screen after the last drawing; 0 while counts are shown. */
  arrows = 0;

  private readonly canvas: HTMLCanvasElement;
  private readonly labels = h('div', { class: 'lane-labels' });
  private readonly chips = h('div', { class: 'hidden-lanes' });
  private readonly note = h('p', { class: 'note' });
  private readonly detail = h('p', { class: 'detail', role: 'status', 'aria-live': 'polite' });
  private readonly cursorText = h('output', { class: 'cursor-time' });
  private readonly table;
  private segments: Segment[] = [];
  private rowsInView: readonly number[] = [];
  /** Messages of the view that are not drawn because one of their lanes is hidden. */
  private elsewhere = 0;
  private lanes: Lanes;
  private width = 300;
  private hovered = -1;
  private readonly emitted: readonly number[];

  constructor(
    private readonly run: RunView,
    private readonly index: MessageIndex,
    private readonly store: Store,
    private readonly seriesOf: ReadonlyMap<number, number>,
    private theme: Theme,
  ) {
    this.lanes = lanesFor(run.topology.nodes.length, store.get().hiddenNodes);
    const emit = run.eventKinds.indexOf('event');
    this.emitted = run.events.kind.flatMap((kind, row) => (kind === emit ? [row] : []));
    this.canvas = h('canvas', {
      class: 'space-time-canvas',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'space–time diagram',
      'aria-label': `Messages between ${counted(run.topology.nodes.length, 'node')} over time. Left and right move the cursor, comma and period jump to the event before and after, up and down choose a node, plus and minus zoom, 0 shows the whole run. The table below lists the same messages.`,
      'aria-describedby': 'space-time-detail',
      onkeydown: (event: KeyboardEvent) => this.key(event),
      onwheel: (event: WheelEvent) => this.wheel(event),
      onpointerdown: (event: PointerEvent) => this.grab(event),
      onpointermove: (event: PointerEvent) => this.hover(event),
      onpointerleave: () => this.setHovered(-1),
    });
    this.detail.id = 'space-time-detail';
    this.table = tableBesideChart('Messages in view as a table', ['Sent at', 'Message', 'From', 'To', 'End', 'Fields'], () =>
      this.rowsInView.slice(0, tableRowsMax).map((row) => messageCells(run, row)),
    );
    const plot = h('div', { class: 'space-time-plot' }, this.canvas);
    this.element = h(
      'section',
      { class: 'space-time', 'aria-label': 'Space–time diagram' },
      this.toolbar(),
      h('div', { class: 'space-time-body' }, this.labels, plot),
      this.detail,
      this.chips,
      this.table.element,
    );
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width <= 0 || width === this.width) return;
      this.width = width;
      this.draw(this.store.get());
    }).observe(plot);
    store.subscribe((choices) => this.update(choices));
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw(this.store.get());
  }

  private shownLanes: readonly number[] | undefined;
  private labelledNode = -2;

  private update(choices: Choices): void {
    if (this.shownLanes !== choices.hiddenNodes || this.labelledNode !== choices.selectedNode) {
      this.shownLanes = choices.hiddenNodes;
      this.labelledNode = choices.selectedNode;
      this.lanes = lanesFor(this.run.topology.nodes.length, choices.hiddenNodes);
      this.drawLabels(choices);
    }
    this.draw(choices);
    this.table.refresh();
    this.cursorText.textContent = `Cursor ${formatTime(choices.cursorMs)}`;
  }

  private draw(choices: Choices): void {
    const { run, lanes, theme, width } = this;
    const { view } = choices;
    const context = sizeCanvas(this.canvas, width, lanes.height);
    const drawing: Drawing = { context, theme, run, lanes, view, width, seriesOf: this.seriesOf };
    const hiddenTypes = new Set(choices.hiddenTypes);
    const hasLane = (node: number): boolean => (lanes.laneOf[node] ?? -1) >= 0;
    const ofType = messagesIn(this.index, view, (row) => !hiddenTypes.has(at(run.messages.type, row)));
    this.rowsInView = ofType.filter((row) => hasLane(at(run.messages.from, row)) && hasLane(at(run.messages.to, row)));
    this.elsewhere = ofType.length - this.rowsInView.length;

    drawAxis(drawing);
    const aggregate = this.rowsInView.length > arrowsMax;
    drawLanes(drawing, choices.selectedNode, aggregate);
    drawBands(drawing);
    if (aggregate) {
      this.segments = [];
      const bins = Math.max(10, Math.floor(width / barPx));
      drawCounts(drawing, countByLane(run.messages, this.rowsInView, view, bins, run.topology.nodes.length));
    } else {
      this.segments = segmentsOf(drawing, this.rowsInView);
      drawArrows(drawing, this.segments);
      const emitted = this.emittedIn(view);
      if (emitted.length <= emittedMax) drawEmitted(drawing, emitted);
    }
    const marked = this.hovered >= 0 ? this.hovered : choices.selectedMessage;
    const segment = this.segments.find(({ row }) => row === marked);
    drawBandLabels(drawing);
    if (segment) drawSelected(drawing, segment);
    drawMoments(drawing, choices.cursorMs);
    this.arrows = this.segments.length;
    this.describe(choices, aggregate);
  }

  private describe(choices: Choices, aggregate: boolean): void {
    const hidden = this.elsewhere > 0 ? `, ${this.elsewhere.toLocaleString('en')} more from or to hidden lanes` : '';
    const inView = counted(this.rowsInView.length, 'message');
    const { omitted } = this.run;
    const left = omitted.messages > 0 ? ` ${counted(omitted.messages, 'later message')} of this run not kept.` : '';
    this.note.textContent = aggregate
      ? `${inView} in view${hidden}: bars count them by sender. Zoom in to see each.${left}`
      : `${inView} in view${hidden}.${left}`;
    const marked = this.hovered >= 0 ? this.hovered : choices.selectedMessage;
    this.detail.textContent = marked >= 0 ? describeMessage(this.run, marked) : 'Point at an arrow, or click it, to read the message.';
  }

  private emittedIn(view: TimeView): readonly number[] {
    const { timeMs } = this.run.events;
    const times = this.emitted.map((row) => at(timeMs, row));
    return this.emitted.slice(firstAtLeast(times, view.fromMs), firstAtLeast(times, view.toMs));
  }

  private toolbar(): HTMLElement {
    const button = (text: string, title: string, action: () => void): HTMLElement =>
      h('button', { type: 'button', class: 'tool', title, 'aria-label': title, onclick: action }, text);
    const zoom = (factor: number) => (): void => this.zoom(factor, this.zoomCentre());
    return h(
      'div',
      { class: 'toolbar' },
      h('h2', {}, 'Messages'),
      button('−', 'Zoom out', zoom(2)),
      button('+', 'Zoom in', zoom(0.5)),
      button('Whole run', 'Show the whole run', () => this.store.set({ view: { fromMs: 0, toMs: this.run.durationMs } })),
      button('‹', 'To the event before the cursor', () => this.jump(-1)),
      button('›', 'To the event after the cursor', () => this.jump(1)),
      this.cursorText,
      this.note,
    );
  }

  private drawLabels(choices: Choices): void {
    const { run, store, lanes } = this;
    this.labels.style.setProperty('--axis-height', `${axisHeight}px`);
    this.labels.style.setProperty('--lane-height', `${lanes.laneHeight}px`);
    this.labels.replaceChildren(
      ...lanes.nodes.map((node) => {
        const name = nodeName(run, node);
        return h(
          'div',
          { class: 'lane-label' },
          h(
            'button',
            {
              type: 'button',
              class: 'lane-name',
              'aria-pressed': String(node === choices.selectedNode),
              title: `Show the state of ${name}`,
              onclick: () => store.set({ selectedNode: node }),
            },
            name,
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'lane-hide',
              title: `Hide ${name}`,
              'aria-label': `Hide the lane of ${name}`,
              onclick: () => store.set({ hiddenNodes: [...store.get().hiddenNodes, node] }),
            },
            '×',
          ),
        );
      }),
    );
    this.chips.replaceChildren(...this.hiddenChips(choices));
  }

  /** What is hidden, each with a way to show it; of many only the selected node has one. */
  private hiddenChips({ hiddenNodes, selectedNode }: Choices): readonly HTMLElement[] {
    const { run, store } = this;
    if (hiddenNodes.length === 0) return [];
    const total = run.topology.nodes.length;
    const few = hiddenNodes.length <= chipsMax;
    const chip = (text: string, show: (node: number) => boolean): HTMLElement =>
      h(
        'button',
        {
          type: 'button',
          class: 'chip',
          onclick: () => store.set({ hiddenNodes: store.get().hiddenNodes.filter((node) => !show(node)) }),
        },
        text,
      );
    const single = few ? hiddenNodes : hiddenNodes.filter((node) => node === selectedNode);
    return [
      h(
        'span',
        {},
        few
          ? 'Hidden:'
          : `${counted(total - hiddenNodes.length, 'lane')} of ${total.toLocaleString('en')} shown. Select a node to show its lane.`,
      ),
      ...single.map((node) => chip(few ? nodeName(run, node) : `Show ${nodeName(run, node)}`, (other) => other === node)),
      ...(total <= lanesMax ? [chip('Show all', () => true)] : []),
    ];
  }

  private zoom(factor: number, aroundMs: number): void {
    const { view } = this.store.get();
    this.store.set({ view: zoomed(view, factor, aroundMs, this.run.durationMs) });
  }

  /** The cursor while it is in view, else the middle of the view. */
  private zoomCentre(): number {
    const { view, cursorMs } = this.store.get();
    return cursorMs >= view.fromMs && cursorMs <= view.toMs ? cursorMs : (view.fromMs + view.toMs) / 2;
  }

  private moveCursor(toMs: number): void {
    const cursorMs = Math.min(this.run.durationMs, Math.max(0, toMs));
    this.store.set({ cursorMs, view: revealing(this.store.get().view, cursorMs, this.run.durationMs) });
  }

  private jump(direction: 1 | -1): void {
    const next = neighbourEvent(this.run.events.timeMs, this.store.get().cursorMs, direction);
    if (next !== undefined) this.moveCursor(next);
  }

  private selectNeighbour(direction: 1 | -1): void {
    const { nodes } = this.lanes;
    const lane = this.lanes.laneOf[this.store.get().selectedNode] ?? -1;
    const node = nodes[Math.min(nodes.length - 1, Math.max(0, lane + direction))];
    if (node !== undefined) this.store.set({ selectedNode: node });
  }

  private key(event: KeyboardEvent): void {
    const { cursorMs, view } = this.store.get();
    const span = view.toMs - view.fromMs;
    const step = span * (event.shiftKey ? 0.25 : 0.02);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.moveCursor(cursorMs - step),
      ArrowRight: () => this.moveCursor(cursorMs + step),
      ArrowUp: () => this.selectNeighbour(-1),
      ArrowDown: () => this.selectNeighbour(1),
      PageUp: () => this.store.set({ view: panned(view, -span, this.run.durationMs) }),
      PageDown: () => this.store.set({ view: panned(view, span, this.run.durationMs) }),
      Home: () => this.moveCursor(0),
      End: () => this.moveCursor(this.run.durationMs),
      '+': () => this.zoom(0.5, this.zoomCentre()),
      '=': () => this.zoom(0.5, this.zoomCentre()),
      '-': () => this.zoom(2, this.zoomCentre()),
      '0': () => this.store.set({ view: { fromMs: 0, toMs: this.run.durationMs } }),
      ',': () => this.jump(-1),
      '.': () => this.jump(1),
      Escape: () => this.store.set({ selectedMessage: -1 }),
    };
    // With Ctrl, Alt or Cmd the keys belong to the editor.
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private wheel(event: WheelEvent): void {
    const { view } = this.store.get();
    const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      const around = timeAt(view, this.width, event.offsetX);
      this.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 150))), around);
    } else if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
      const perPixel = (view.toMs - view.fromMs) / this.width;
      this.store.set({ view: panned(view, sideways * perPixel, this.run.durationMs) });
    } else {
      // A plain wheel scrolls the page.
      return;
    }
    event.preventDefault();
  }

  /** A drag pans; a press without one sets the cursor and selects what is there. */
  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    const start = { x: event.clientX, view: this.store.get().view };
    let dragged = false;
    const move = (moved: PointerEvent): void => {
      const shift = moved.clientX - start.x;
      if (!dragged && Math.abs(shift) < 4) return;
      dragged = true;
      const perPixel = (start.view.toMs - start.view.fromMs) / this.width;
      this.store.set({ view: panned(start.view, -shift * perPixel, this.run.durationMs) });
    };
    const up = (): void => {
      this.canvas.removeEventListener('pointermove', move);
      if (!dragged) this.click(event.offsetX, event.offsetY);
    };
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener('pointerup', up, { once: true });
  }

  private click(x: number, y: number): void {
    const cursorMs = timeAt(this.store.get().view, this.width, x);
    const message = nearestSegment(this.segments, x, y, reachPx) ?? -1;
    const node = nodeAt(this.lanes, y);
    this.store.set({ cursorMs, selectedMessage: message, ...(node === undefined ? {} : { selectedNode: node }) });
  }

  private hover(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    this.setHovered(nearestSegment(this.segments, event.offsetX, event.offsetY, reachPx) ?? -1);
  }

  private setHovered(row: number): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.store.set({});
  }
}
