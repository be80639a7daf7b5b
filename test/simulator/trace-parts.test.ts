import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import type { Trace } from '../../src/simulator/trace.ts';
import { systemOf } from '../support/compile-text.ts';

const system = systemOf(
  `protocol Chat {
    message Word(number: Int)
    var count = 0
    on start { broadcast Word(number: 0) }
    on m: Word from p { count += 1 send Word(number: m.number + 1) to p }
  }`,
  { system: 'system Test { node r[4] run Chat on r scenario Long (duration: 3s, seeds: 1) { } }' },
);
const [scenario] = system.scenarios;
if (!scenario) throw new Error('no scenario');
const programs = system.deployments.map(({ index }) => compileDeployment(system, index));

/** Each row in words, whatever the numbers of its texts. */
function rowsOf(trace: Trace): string[] {
  return Array.from({ length: trace.length }, (_, row) =>
    [
      ...[trace.time[row], trace.kind[row], trace.node[row], trace.peer[row], trace.link[row]],
      ...[trace.names[trace.name[row] as number], trace.details[trace.detail[row] as number]],
    ].join(' '),
  );
}

describe('a trace handed out in parts', () => {
  it('has the rows of the whole one, and none of them changes the digest', () => {
    const whole = runOnce(system, programs, scenario, 1, { trace: true });
    const rows: string[] = [];
    const lengths: number[] = [];
    const inParts = runOnce(system, programs, scenario, 1, {
      // The limit is of what is kept in memory only.
      limits: { traceEvents: 10 },
      trace: (part) => {
        lengths.push(part.length);
        rows.push(...rowsOf(part));
      },
    });
    expect(lengths.length).toBeGreaterThan(2);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16_384);
    expect(rows).toEqual(rowsOf(whole.trace as Trace));
    expect(inParts.trace?.length).toBe(0);
    expect([inParts.digest, runOnce(system, programs, scenario, 1).digest]).toEqual([whole.digest, whole.digest]);
  });
});
