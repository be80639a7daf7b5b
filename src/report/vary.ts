import stringWidth from 'fast-string-width';
import { formatQuantity } from '../simulator/expectations.ts';
import type { Frequency, Quantity, ScenarioResult } from '../simulator/result.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** A scenario under `vary`: what was measured at each value. */
export interface VarySeries {
  /** `Cluster.Sizes` */
  readonly title: string;
  /** The constant that is varied. */
  readonly name: string;
  readonly rows: readonly VaryRow[];
  /** Metrics that some value was measured of, in the order of the expectations. */
  readonly metrics: readonly { readonly text: string; readonly unit: Quantity['unit'] }[];
}

export interface VaryRow {
  readonly value: string;
  readonly passed: boolean;
  readonly runs: number;
  /** Of the verdict that fails most often; null where no verdict is about single runs. */
  readonly failures: Frequency | null;
  /** In the order of `VarySeries.metrics`: in the worst run, or over all; null where nothing was measured. */
  readonly values: readonly (number | null)[];
}

/** Null when the results are not of one scenario under `vary`. */
export function varySeries(results: readonly ScenarioResult[]): VarySeries | null {
  const [first] = results;
  if (!first || results.length < 2 || results.some(({ variant, scenario }) => variant === null || scenario !== first.scenario)) return null;
  const split = (result: ScenarioResult): [string, string] => {
    const [name = '', ...value] = (result.variant ?? '').split(' = ');
    return [name, value.join(' = ')];
  };
  const quantities = (result: ScenarioResult): Quantity[] => result.verdicts.flatMap(({ measured }) => measured ?? []);
  const metrics = new Map<string, Quantity>();
  for (const quantity of results.flatMap(quantities)) if (!metrics.has(quantity.text)) metrics.set(quantity.text, quantity);
  return {
    title: `${first.system}.${first.scenario}`,
    name: split(first)[0],
    metrics: [...metrics.values()].map(({ text, unit }) => ({ text, unit })),
    rows: results.map((result) => {
      const measured = quantities(result);
      const rates = result.verdicts.flatMap(({ rate }) => (rate?.of === 'failures' ? [rate] : []));
      return {
        value: split(result)[1],
        passed: result.passed,
        runs: result.runs.length,
        failures: rates.toSorted((a, b) => b.seen / Math.max(1, b.runs) - a.seen / Math.max(1, a.runs))[0] ?? null,
        values: [...metrics.keys()].map((text) => measured.find((quantity) => quantity.text === text)?.value ?? null),
      };
    }),
  };
}

const barWidth = 12;

/** One row a value, with a bar beside each metric: the longest is the largest that was measured. */
export function renderVary(series: VarySeries, style: Style): string {
  const { title, name, rows, metrics } = series;
  const most = metrics.map((_, at) => Math.max(0, ...rows.map((row) => row.values[at] ?? 0)));
  const head = [name, '', 'fails', ...metrics.map(({ text }) => text)].map(printable);
  const body = rows.map((row) => [
    printable(row.value),
    row.passed ? 'pass' : 'FAIL',
    row.failures ? `${row.failures.seen}/${row.failures.runs}` : '',
    ...row.values.map((value, at) => {
      if (value === null) return '–';
      return `${formatQuantity(value, (metrics[at] as Quantity).unit)} ${bar(value / (most[at] || 1))}`;
    }),
  ]);
  const widths = head.map((text, column) => Math.max(stringWidth(text), ...body.map((cells) => stringWidth(cells[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell + ' '.repeat((widths[column] as number) - stringWidth(cell))).join('  ')}`.trimEnd();
  const coloured = body.map((cells, row) => {
    const text = line(cells);
    return rows[row]?.passed ? text.replace('pass', style.green('pass')) : text.replace('FAIL', style.red('FAIL'));
  });
  return `${style.bold(printable(`${title} by ${name}`))}\n${[style.dim(line(head)), ...coloured].join('\n')}\n`;
}

/** A share of the full width, in eighths of a character. */
function bar(share: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * barWidth * 8);
  return '█'.repeat(eighths >> 3) + (['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7] ?? '');
}
