// The whole run in one strip: how many messages when, where the faults are, and which stretch is shown below.

import type { RunView } from '../protocol/view-model.ts';
import { h, sizeCanvas } from './dom.ts';
import { bandColour } from './draw-bands.ts';
import { at, countByLane, type MessageIndex } from './messages-in-view.ts';
import type { Choices, Store } from './store.ts';
import type { Theme } from './theme.ts';
import { panned, timeAt, xOf } from './time-scale.ts';

const height = 44;
const bandsHeight = 8;

export class Overview {
  readonly element: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private width = 300;

  constructor(
    private readonly run: RunView,
    private readonly index: MessageIndex,
    private readonly store: Store,
    private theme: Theme,
  ) {
    // The diagram below does by keys all that this strip does by mouse.
    this.canvas = h('canvas', { 'aria-hidden': 'true', onpointerdown: (event: PointerEvent) => this.grab(event) });
    this.element = h('div', { class: 'overview', title: 'The whole run: drag to move the part that is shown below' }, this.canvas);
    new ResizeObserver(([entry]) => {
      this.width = Math.max(1, Math.floor(entry?.contentRect.width ?? 0));
      this.draw(this.store.get());
    }).observe(this.element);
    store.subscribe((choices) => this.draw(choices));
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw(this.store.get());
  }

  private draw({ view, cursorMs }: Choices): void {
    const { run, theme, width } = this;
    const context = sizeCanvas(this.canvas, width, height);
    const whole = { fromMs: 0, toMs: run.durationMs };
    const { sent, lost, largest } = this.counts();
    const tallest = height - bandsHeight - 4;
    const binWidth = width / sent.length;
    for (let bin = 0; bin < sent.length; bin += 1) {
      // The square root keeps quiet times visible beside a burst.
      const barHeight = tallest * Math.sqrt(at(sent, bin) / Math.max(1, largest));
      const lostHeight = (barHeight * at(lost, bin)) / Math.max(1, at(sent, bin));
      context.fillStyle = theme.muted;
      context.fillRect(bin * binWidth, tallest + 2 - barHeight, Math.max(1, binWidth - 0.5), barHeight);
      context.fillStyle = theme.failed;
      context.fillRect(bin * binWidth, tallest + 2 - lostHeight, Math.max(1, binWidth - 0.5), lostHeight);
    }
    for (const band of run.bands) {
      context.fillStyle = bandColour(theme, band.kind);
      const left = xOf(whole, width, band.fromMs);
      const right = xOf(whole, width, band.toMs);
      context.globalAlpha = 0.7;
      context.fillRect(left, height - bandsHeight + 1, Math.max(2, right - left), bandsHeight - 3);
      context.globalAlpha = 1;
    }
    const left = xOf(whole, width, view.fromMs);
    const right = Math.max(left + 3, xOf(whole, width, view.toMs));
    context.fillStyle = theme.background;
    context.globalAlpha = 0.6;
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
    context.globalAlpha = 1;
    context.strokeStyle = theme.focus;
    context.lineWidth = 1.5;
    context.strokeRect(left + 0.75, 0.75, Math.max(2, right - left - 1.5), height - 1.5);
    const x = xOf(whole, width, cursorMs);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }

  private cached: { readonly width: number; readonly sent: Uint32Array; readonly lost: Uint32Array; readonly largest: number } | undefined;

  /** Messages by time over all lanes, counted once for a width. */
  private counts(): { readonly sent: Uint32Array; readonly lost: Uint32Array; readonly largest: number } {
    if (this.cached?.width === this.width) return this.cached;
    const bins = Math.max(10, Math.floor(this.width / 3));
    const whole = { fromMs: 0, toMs: this.run.durationMs };
    const { messages } = this.run;
    const oneLane = { ...messages, from: messages.from.map(() => 0) };
    const { sent, lost, largest } = countByLane(oneLane, this.index.order, whole, bins, 1);
    this.cached = { width: this.width, sent, lost, largest };
    return this.cached;
  }

  /** Moves the shown stretch to the pointer and along with it. */
  private grab(event: PointerEvent): void {
    const centre = (x: number): void => {
      const { view } = this.store.get();
      const moment = timeAt({ fromMs: 0, toMs: this.run.durationMs }, this.width, x);
      this.store.set({ view: panned(view, moment - (view.fromMs + view.toMs) / 2, this.run.durationMs) });
    };
    const move = (moved: PointerEvent): void => centre(moved.offsetX);
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener('pointermove', move);
    this.canvas.addEventListener('pointerup', () => this.canvas.removeEventListener('pointermove', move), { once: true });
    centre(event.offsetX);
  }
}
