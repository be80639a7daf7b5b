import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceWriter, traceHeader } from '../../src/report/trace-file.ts';
import { TraceFileError, TraceReader } from '../../src/report/trace-reader.ts';
import { sampledRows } from '../../src/report/trace-sample.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import '../support/seed.ts';
import { failing, trace } from './made-up-report.ts';

const origin = { tool: '0.1.0', file: 'bank.dsys', content: 'fedcba9876543210', constants: ['n=3'] };

function written(of: Trace, kept?: (row: number) => boolean): string {
  const run = failing.shown;
  if (!run) throw new Error('no run');
  let text = '';
  const writer = new TraceWriter((piece) => {
    text += piece;
  });
  writer.header(traceHeader(failing, run, of, origin));
  writer.add(of, kept);
  writer.finish(of.truncated);
  return text;
}

function read(text: string) {
  const reader = new TraceReader();
  for (let at = 0; at < text.length; at += 777) reader.push(text.slice(at, at + 777));
  return reader.finish();
}

/** A trace with so many messages sent. */
function long(length: number): Trace {
  return {
    ...trace,
    length,
    time: Float64Array.from({ length }, (_, row) => row * 10),
    kind: new Uint8Array(length),
    node: new Int32Array(length),
    peer: new Int32Array(length).fill(1),
    name: new Int32Array(length),
    link: Int32Array.from({ length }, (_, row) => row),
    detail: new Int32Array(length).fill(-1),
  };
}

describe('a trace file', () => {
  it('is a header, an array a row, and a last line that says that it is whole', () => {
    const lines = written(trace).trimEnd().split('\n');
    expect(lines).toHaveLength(trace.length + 2);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ format: 'dsys-trace', version: 2, ...origin, seed: 4, sample: 1 });
    expect(lines.slice(1, 4).map((line) => JSON.parse(line))).toEqual([
      [0, 'start', 'replica[0]', null, null, null, null],
      [1.2e9, 'timeout', 'replica[2]', null, 'election', null, null],
      [1.21e9, 'send', 'replica[2]', 'replica[0]', 'Vote', 1, '(term: 3, granted: true)'],
    ]);
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ whole: true, truncated: false, rows: trace.length });
  });

  it('reads back as it was', () => {
    const { trace: again, whole } = read(written(trace));
    expect(whole).toBe(true);
    // Texts are numbered anew: what is written again is the same.
    expect(written(again)).toBe(written(trace));
  });

  it('cut short, keeps the chunks that are whole', () => {
    const text = written(long(5_000));
    const { trace: kept, whole } = read(text.slice(0, Math.floor(text.length * 0.9)));
    expect({ whole, rows: kept.length, truncated: kept.truncated }).toEqual({ whole: false, rows: 4_000, truncated: true });
  });

  it('ended early, keeps all rows that were written', () => {
    let text = '';
    const writer = new TraceWriter((piece) => {
      text += piece;
    });
    writer.header(traceHeader(failing, { seed: 4, digest: '0123456789abcdef', end: 0 }, trace, origin));
    writer.add(long(2_500));
    writer.cut();
    const { trace: kept, whole } = read(text);
    expect({ whole, rows: kept.length }).toEqual({ whole: false, rows: 2_500 });
  });

  it.each([
    ['', 'is empty'],
    ['system A { node b }\n', 'is no trace'],
    ['{"format":"dsys-campaign","version":2}\n', 'is no trace'],
    ['null\n', 'is no trace'],
    ['{"format":"dsys-trace","version":1}\n', 'is of version 1 of the format, and this dsys reads version 2'],
    ['{"format":"dsys-trace","version":2,"nodes":[null]}\n', 'was changed'],
    [written(trace).replace('term: 3', 'term: 4'), 'was changed'],
    [written(trace).replace('"seed":4', '"seed":5'), 'was changed'],
    [written(trace).replace('"truncated":false', '"truncated":true'), 'was changed'],
    [`${written(trace)}[]\n`, 'goes on after its end'],
  ])('%j is refused', (text, why) => {
    expect(() => read(text)).toThrow(TraceFileError);
    expect(() => read(text)).toThrow(why);
  });

  it('cut anywhere is an error or a beginning of the trace', () => {
    const text = written(long(4_100));
    const all = read(text).trace;
    fc.assert(
      fc.property(fc.nat(text.length), (end) => {
        try {
          const { trace: kept } = read(text.slice(0, end));
          expect(kept.time).toEqual(all.time.slice(0, kept.length));
          expect([0, 2_000, 4_000, 4_100]).toContain(kept.length);
        } catch (error) {
          if (!(error instanceof TraceFileError)) throw error;
        }
      }),
      { numRuns: 40 },
    );
  });

  it('with any byte changed is an error, or says the same, or ends before', () => {
    const bytes = new TextEncoder().encode(written(trace));
    const all = read(written(trace)).trace;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ flip;
        try {
          const { trace: kept, whole } = read(new TextDecoder().decode(changed));
          if (whole) expect(kept).toEqual(all);
          else expect(kept.length).toBe(0);
        } catch (error) {
          if (!(error instanceof TraceFileError)) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a sampled trace', () => {
  it('keeps messages whole or not at all, and everything else', () => {
    const { trace: kept } = read(written(long(100), sampledRows(long(100), 10)));
    expect([...kept.link]).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    const rest = read(written(trace, sampledRows(trace, 10))).trace;
    expect([...rest.kind]).not.toContain(EventKind.send);
    expect([...rest.kind]).not.toContain(EventKind.deliver);
    expect(rest.length).toBe(trace.length - 2);
  });
});
