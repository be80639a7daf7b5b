import { neverExercised } from '../simulator/coverage-report.ts';
import type { CoverageItem, CoverageReport } from '../simulator/result.ts';
import { printable } from './printable.ts';
import type { Places } from './sources.ts';
import type { Style } from './style.ts';
import { formatCount, plural } from './units.ts';

/** Combinations of faults to list: those that came up most often. */
const combinationsShown = 8;

const words: readonly (readonly [kind: CoverageItem['kind'], plural: string])[] = [
  ['handler', 'handlers'],
  ['branch', 'branches'],
  ['function', 'functions'],
  ['message', 'kinds of messages delivered'],
  ['timer', 'timers'],
  ['operation', 'operations'],
  ['event', 'events'],
];

/** What the runs exercised in a few lines, then what none of them did, with its place. */
export function coverageLines(coverage: CoverageReport, places: Places, style: Style): string[] {
  const { items, faults, runs, states, changes } = coverage;
  const shares = words.flatMap(([kind, many]) => {
    const all = items.filter((item) => item.kind === kind);
    return all.length === 0 ? [] : [`${all.filter(({ count }) => count > 0).length} of ${all.length} ${many}`];
  });
  const lines = [
    `  coverage of ${plural(runs, 'run')}: ${shares.join(', ')}`,
    `    about ${formatCount(states)} different states in ${plural(changes, 'change')}`,
  ];
  const often = faults.toSorted((a, b) => b.runs - a.runs);
  if (faults.length > 0) {
    const listed = often.slice(0, combinationsShown).map(({ kinds, runs: seen }) => `${kinds.join(' + ')} (${plural(seen, 'run')})`);
    const more = often.length > combinationsShown ? `, and ${often.length - combinationsShown} more` : '';
    lines.push(`    faults in force: ${printable(listed.join(', '))}${more}`);
  }
  const missed = neverExercised(coverage);
  if (missed.length > 0) lines.push('  never exercised:');
  for (const { span, never } of missed) {
    const { path, line } = places.of(span);
    lines.push(`    ${style.dim(printable(`${path}:${line}`))}  ${printable(never)}`);
  }
  return lines;
}
