import { formatRatio } from '../base/units.ts';
import { formatQuantity } from '../simulator/expectations.ts';
import type { VarySeries } from './vary.ts';

const width = 560;
const height = 170;
const left = 90;
const right = 20;
const top = 34;
const bottom = 26;

interface Point {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
}

interface Chart {
  readonly title: string;
  readonly points: readonly Point[];
  readonly format: (value: number) => string;
}

/**
 * The series of scenarios as charts one below the other: the share of runs that fail with its 95 % interval, then each
 * metric. Values stand at equal distances in the order in which they are written; those that fail are red. The axes begin
 * at zero.
 */
export function varySvg(all: readonly VarySeries[]): string {
  const charts = all.flatMap((series) => chartsOf(series).map((chart) => ({ series, chart })));
  const total = Math.max(1, charts.length) * height;
  const drawn = charts.map(({ series, chart }, at) => `<g transform="translate(0 ${at * height})">${drawChart(series, chart)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}" font-family="sans-serif" font-size="11">
<rect width="${width}" height="${total}" fill="#ffffff"/>
${drawn.join('\n')}
</svg>
`;
}

function chartsOf({ rows, metrics }: VarySeries): Chart[] {
  const shares = rows.map(({ failures }): Point => {
    if (!failures || failures.runs === 0) return { value: null, low: 0, high: 0 };
    return { value: failures.seen / failures.runs, low: failures.low, high: failures.high };
  });
  const charts: Chart[] = [];
  if (shares.some(({ value }) => value !== null)) charts.push({ title: 'runs that fail', points: shares, format: formatRatio });
  metrics.forEach(({ text, unit }, at) => {
    const points = rows.map(({ values }): Point => ({ value: values[at] ?? null, low: values[at] ?? 0, high: values[at] ?? 0 }));
    charts.push({ title: text, points, format: (value) => formatQuantity(value, unit) });
  });
  return charts;
}

function drawChart({ title: scenario, name, rows }: VarySeries, { title, points, format }: Chart): string {
  const most = Math.max(...points.map(({ high, value }) => (value === null ? 0 : high))) || 1;
  const x = (at: number): number => round(left + ((at + 0.5) * (width - left - right)) / Math.max(1, points.length));
  const y = (value: number): number => round(height - bottom - (value / most) * (height - top - bottom));
  const known = points.flatMap(({ value }, at) => (value === null ? [] : [`${x(at)},${y(value)}`]));
  const marks = points.flatMap(({ value, low, high }, at) => {
    if (value === null) return [];
    const colour = rows[at]?.passed ? '#1a7f37' : '#cf222e';
    const interval = high > low ? `<line x1="${x(at)}" x2="${x(at)}" y1="${y(low)}" y2="${y(high)}" stroke="${colour}"/>` : '';
    const told = `${name} = ${rows[at]?.value}: ${format(value)}`;
    return [`${interval}<circle cx="${x(at)}" cy="${y(value)}" r="3.5" fill="${colour}"><title>${escapeXml(told)}</title></circle>`];
  });
  const labels = rows.map(
    ({ value }, at) => `<text x="${x(at)}" y="${height - bottom + 15}" text-anchor="middle" fill="#57606a">${escapeXml(value)}</text>`,
  );
  const ticks = [0, most / 2, most].map(
    (value) =>
      `<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" stroke="#d0d7de"/>` +
      `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end" fill="#57606a">${escapeXml(format(value))}</text>`,
  );
  const heading = `<text x="${left}" y="18" font-weight="bold">${escapeXml(`${title}, ${scenario} by ${name}`)}</text>`;
  const line = `<polyline points="${known.join(' ')}" fill="none" stroke="#0969da" stroke-width="1.5"/>`;
  return [heading, ...ticks, line, ...marks, ...labels].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
