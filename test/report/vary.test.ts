import { describe, expect, test } from 'vitest';
import { plain } from '../../src/report/style.ts';
import { renderVary, varySeries } from '../../src/report/vary.ts';
import { varySvg } from '../../src/report/vary-svg.ts';
import { frequency } from '../../src/simulator/frequency.ts';
import type { ScenarioResult } from '../../src/simulator/result.ts';

const span = { uri: 'file:///a.dsys', start: 0, end: 1 };

function resultAt(value: string, latency: number | null, failed: number): ScenarioResult {
  const measured = [{ text: 'p99(latency(Submit))', value: latency, unit: 'duration' as const }];
  const rate = frequency('failures', failed, 20);
  return {
    ...{ system: 'Cluster', scenario: 'Sizes', uri: span.uri, span, faultModel: null, variant: `n = ${value}` },
    verdicts: [{ text: 'fast', span, kind: 'expectation', passed: failed === 0, detail: '', seed: 1, rate, measured }],
    runs: Array.from({ length: 20 }, (_, at) => ({ seed: at + 1, digest: '', delivered: 0, end: 0, fails: false })),
    ...{ findings: [], passed: failed === 0, stopped: 'no', shown: null },
  } as ScenarioResult;
}

const series = varySeries([resultAt('3', 1e6, 0), resultAt('5', 2e6, 0), resultAt('<7>', null, 4)]);

describe('a scenario under vary', () => {
  test('is a table with a bar for what was measured', () => {
    expect(series && renderVary(series, plain)).toBe(
      [
        'Cluster.Sizes by n',
        '  n          fails  p99(latency(Submit))',
        '  3    pass  0/20   1ms ██████',
        '  5    pass  0/20   2ms ████████████',
        '  <7>  FAIL  4/20   –',
        '',
      ].join('\n'),
    );
  });

  test('is a plot with a chart for each metric and for the runs that fail', () => {
    const svg = series ? varySvg([series]) : '';
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(3 + 2);
    expect(svg).toContain('p99(latency(Submit)), Cluster.Sizes by n');
    expect(svg).toContain('&lt;7&gt;');
    expect(svg).not.toContain('<7>');
    expect(svg).not.toContain('NaN');
  });

  test('is nothing of the kind with one value, or without vary', () => {
    expect(varySeries([resultAt('3', 1e6, 0)])).toBeNull();
    expect(varySeries([])).toBeNull();
    expect(varySeries([resultAt('3', 1e6, 0), { ...resultAt('4', 1e6, 0), variant: null }])).toBeNull();
  });
});
