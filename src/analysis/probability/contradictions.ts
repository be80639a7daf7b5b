import type { Finding } from '../../base/finding.ts';
import { formatDuration, formatRatio } from '../../base/units.ts';
import type { SystemUnderCheck } from '../checks.ts';

/** Two ways of writing the same downtime differ by less than this share of it, by rounding. */
const rounding = 0.05;

/**
 * DS3503: a group that says two different availabilities, by `availability` and by `mtbf` with `mttr`.
 * DS3504: `mtbf` without `mttr`, or the reverse, which together would say one.
 */
export function uptimeAttributes({ code, system }: SystemUnderCheck): Finding[] {
  return system.groups.flatMap((group): Finding[] => {
    const written = code.groups.find(({ name }) => name === group.name)?.attributes ?? [];
    const { availability, mtbf, mttr } = group.attributes;
    const attribute = (name: string) => written.find((one) => one.name === name);
    if (availability === null) {
      const alone = mtbf !== null && mttr === null ? attribute('mtbf') : mtbf === null && mttr !== null ? attribute('mttr') : undefined;
      // What is written and wrong is reported as such.
      if (alone === undefined || (attribute('mtbf') && attribute('mttr'))) return [];
      const missing = alone.name === 'mtbf' ? 'mttr' : 'mtbf';
      return [
        {
          code: 'DS3504',
          severity: 'hint',
          span: alone.span,
          message: `\`${group.name}\` gives \`${alone.name}\` without \`${missing}\`, which says nothing of how often it is up.`,
          why: 'The share of time up is MTBF / (MTBF + MTTR); one of the two alone leaves it open, and the nodes count as never failing.',
          help: `Write \`${missing}\` too, or \`availability\` in place of both.`,
        },
      ];
    }
    const said = attribute('availability');
    if (mtbf === null || mttr === null || said === undefined) return [];
    const up = mtbf / (mtbf + mttr);
    const gap = Math.abs(availability - up);
    if (gap <= rounding * Math.max(1 - availability, 1 - up)) return [];
    return [
      {
        code: 'DS3503',
        severity: 'warning',
        span: said.span,
        message: `\`${group.name}\` is up ${formatRatio(availability)} of the time by its \`availability\`, and ${formatRatio(up)} by its \`mtbf\` and \`mttr\`.`,
        why: `MTBF / (MTBF + MTTR) is ${formatDuration(mtbf)} / (${formatDuration(mtbf)} + ${formatDuration(mttr)}). The \`availability\` is what counts, so the other two change nothing.`,
        help: 'Keep one of the two ways, or make them agree.',
        labels: (['mtbf', 'mttr'] as const).flatMap((name) => {
          const span = attribute(name)?.span;
          return span === undefined ? [] : [{ span, message: 'says something else' }];
        }),
        numbers: { availability, mtbf, mttr, by_mtbf_and_mttr: up },
      },
    ];
  });
}
