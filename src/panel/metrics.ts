// The metrics of a run as plots over time, each with its table.

import uPlot from 'uplot';
import { formatTime } from '../protocol/format-time.ts';
import type { PlotView, RunView } from '../protocol/view-model.ts';
import { h, tableBesideChart } from './dom.ts';
import type { Store } from './store.ts';
import { seriesStyle, type Theme } from './theme.ts';
import { revealing } from './time-scale.ts';

const plotHeight = 170;

export class Metrics {
  readonly element: HTMLElement;
  private readonly plots: readonly Plot[];

  constructor(run: RunView, store: Store, theme: Theme) {
    this.plots = run.plots.map((plot) => new Plot(plot, run, store, theme));
    this.element = h(
      'section',
      { class: 'metrics', 'aria-label': 'Metrics' },
      ...(this.plots.length > 0 ? [h('h2', {}, 'Metrics')] : []),
      h('div', { class: 'plots' }, ...this.plots.map((plot) => plot.element)),
    );
    store.subscribe(() => {
      for (const plot of this.plots) plot.redraw();
    });
  }

  setTheme(theme: Theme): void {
    for (const plot of this.plots) plot.setTheme(theme);
  }
}

class Plot {
  readonly element: HTMLElement;
  private readonly holder = h('div', { class: 'plot-holder' });
  private chart: uPlot | undefined;
  private width = 0;

  constructor(
    private readonly plot: PlotView,
    private readonly run: RunView,
    private readonly store: Store,
    private theme: Theme,
  ) {
    const unit = plot.unit ? ` (${plot.unit})` : '';
    const table = tableBesideChart(`${plot.title} as a table`, ['Time', ...plot.lines.map((line) => `${line.name}${unit}`)], () =>
      plot.timeMs.map((timeMs, row) => [
        formatTime(timeMs, run.durationMs / 1000),
        ...plot.lines.map((line) => number(line.values[row] ?? null)),
      ]),
    );
    this.element = h('figure', {}, h('figcaption', {}, plot.title, h('span', { class: 'unit' }, unit)), this.holder, table.element);
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width <= 0 || width === this.width) return;
      this.width = width;
      if (this.chart) this.chart.setSize({ width, height: plotHeight });
      else this.make();
    }).observe(this.holder);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (this.chart) this.make();
  }

  redraw(): void {
    this.chart?.redraw(false);
  }

  private make(): void {
    const { plot, theme, run, store } = this;
    this.chart?.destroy();
    const axis: uPlot.Axis = {
      stroke: theme.muted,
      font: theme.font,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { stroke: theme.grid, width: 1, size: 4 },
    };
    const options: uPlot.Options = {
      width: this.width,
      height: plotHeight,
      scales: { x: { time: false, range: [0, run.durationMs] }, y: { range: (_, _least, most) => [0, (most ?? 0) * 1.08 || 1] } },
      axes: [
        { ...axis, size: 28, values: (_, moments, _axis, _space, step) => moments.map((moment) => formatTime(moment, step)) },
        { ...axis, size: 52, values: (_, values) => values.map((value) => number(value)) },
      ],
      series: [
        { label: 'Time', value: (_, value) => (value === null ? '–' : formatTime(value, run.durationMs / 1000)) },
        ...plot.lines.map((line, index) => {
          const { colour, dash } = seriesStyle(theme, index);
          return {
            label: line.name,
            stroke: colour,
            dash: [...dash],
            width: 1.5,
            spanGaps: false,
            points: { show: line.values.filter((value) => value !== null).length < 40, size: 4 },
            value: (_: uPlot, value: number | null) => number(value),
          };
        }),
      ],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      legend: { live: true },
      hooks: { draw: [(chart) => this.drawCursor(chart)] },
    };
    this.holder.replaceChildren();
    this.chart = new uPlot(options, [[...plot.timeMs], ...plot.lines.map((line) => [...line.values])], this.holder);
    this.chart.over.addEventListener('click', (event) => {
      const cursorMs = Math.min(run.durationMs, Math.max(0, this.chart?.posToVal(event.offsetX, 'x') ?? 0));
      store.set({ cursorMs, view: revealing(store.get().view, cursorMs, run.durationMs) });
    });
  }

  /** The panel's cursor as a line in the plot. */
  private drawCursor(chart: uPlot): void {
    const x = Math.round(chart.valToPos(this.store.get().cursorMs, 'x', true)) + 0.5;
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.strokeStyle = this.theme.focus;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

/** A value with three significant digits, large ones in full. */
function number(value: number | null): string {
  if (value === null) return '–';
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
