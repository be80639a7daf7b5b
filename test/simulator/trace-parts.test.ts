import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import type { Trace } from '../../src/simulator/trace.ts';
import { systemOf } from '../support/compile-text.ts';

const system = systemOf(
  `protocol Chat {
    message Word(number: Int)
    record Line(author: Node, words: List<String>)
    var count = 0
    var lines: Map<Int, Line> = {}     // longer than a trace shows, and written at both ends
    var said: Set<String> = {}
    var best: Line? = none             // written over and over with what it was
    var rarely: List<Int> = []         // the same for several parts on end
    on start { broadcast Word(number: 0) }
    on m: Word from p {
      count += 1
      said = {"word", "é" + (if m.number mod 2 == 0 then "even" else "odd")}
      best = Line(p, ["x"])
      if m.number mod 2000 == 0 { rarely += m.number }
      let line = m.number mod 12
      if not (line in lines) { lines[line] = Line(p, []) }
      if lines[line].words.size > 8 { lines[line] = Line(p, []) }
      lines[line].words += "word"
      send Word(number: m.number + 1) to p
    }
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

  it('goes on without texts where they are too many, with a row for each change that there is', () => {
    const brief = { ...scenario, duration: scenario.duration / 10 };
    const whole = runOnce(system, programs, brief, 1, { trace: true }).trace as Trace;
    const short = runOnce(system, programs, brief, 1, { trace: true, limits: { traceText: 3_000 } }).trace as Trace;
    const lastText = short.detail.findLastIndex((detail) => detail >= 0);
    expect(lastText).toBeGreaterThan(100);
    expect(lastText).toBeLessThan(short.length / 2);
    const withoutTexts = { ...whole, detail: whole.detail.map((detail, row) => (row > lastText ? -1 : detail)) };
    expect(rowsOf(short)).toEqual(rowsOf(withoutTexts));
  });
});
