import { describe, expect, it } from 'vitest';
import { everything, renderExport } from '../../src/report/exports/export.ts';
import { type ExportFormat, exportFormats } from '../../src/report/exports/formats.ts';
import { shivizParser } from '../../src/report/exports/shiviz.ts';
import { traceHeader } from '../../src/report/trace-file.ts';
import type { TraceFile } from '../../src/report/trace-reader.ts';
import { EventKind } from '../../src/simulator/trace.ts';
import { TraceBuilder } from '../panel/made-up-run.ts';
import { failing } from './made-up-report.ts';

/** A client's write that spreads, one message lost, a crash, a call without an answer, one that is open at the end. */
const trace = new TraceBuilder(['store[0]', 'store[1]', 'client'], ['eu', 'us', ''])
  .add(0, EventKind.start, { node: 0 })
  .add(1, EventKind.call, { node: 2, peer: 0, name: 'PutValue', link: 0, detail: 'key: 1, value: "a;b"' })
  .add(1, EventKind.send, { node: 2, peer: 0, name: 'PutValue', link: 0, detail: 'key: 1, value: "a;b"' })
  .add(2, EventKind.deliver, { node: 0, peer: 2, name: 'PutValue', link: 0 })
  .add(2, EventKind.send, { node: 0, peer: 1, name: 'Copy', link: 1, detail: 'value: "a;b"' })
  .add(2, EventKind.send, { node: 0, peer: 1, name: 'Copy', link: 2 })
  .add(2, EventKind.lose, { node: 1, peer: 0, name: 'Copy', link: 2 })
  .add(2, EventKind.state, { node: 0, name: 'value', detail: '"a;b"' })
  .add(2, EventKind.send, { node: 0, peer: 2, name: 'PutValue', link: 3 })
  .add(3, EventKind.deliver, { node: 2, peer: 0, name: 'PutValue', link: 3 })
  .add(3, EventKind.reply, { node: 2, peer: 0, name: 'PutValue', link: 0 })
  .add(4, EventKind.deliver, { node: 1, peer: 0, name: 'Copy', link: 1 })
  .add(5, EventKind.call, { node: 2, peer: 1, name: 'Read', link: 1 })
  .add(6, EventKind.call, { node: 2, peer: 0, name: 'Read', link: 2 })
  .add(7, EventKind.crash, { node: 1 })
  .add(8, EventKind.giveUp, { node: 2, name: 'Read', link: 1 })
  .add(9, EventKind.reply, { node: 2, peer: 0, name: 'Read', link: 2, detail: '[1, 2]' })
  .add(9, EventKind.violation, { name: 'Agreement', detail: 'a = store[0]' })
  .add(9.5, EventKind.call, { node: 2, peer: 0, name: 'Read', link: 3 })
  .build();

const run = failing.shown;
if (!run) throw new Error('no run');
const origin = { tool: '0.1.0', file: 'store.dsys', content: 'fedcba9876543210', constants: [] };
const file: TraceFile = { header: { ...traceHeader(failing, run, trace, origin), end: 10e6 }, trace, whole: true };
const text = (format: ExportFormat, window = everything): string => [...renderExport(format, file, window)].join('');

describe('exports', () => {
  it.each(exportFormats)('%s is stable', async (format) => {
    await expect(text(format)).toMatchFileSnapshot(`snapshots/export-${format}.txt`);
  });

  it('hold what lies in the window', () => {
    const between = text('mermaid', { ...everything, from: 2e6, to: 4e6, nodes: new Set([0, 1]) });
    expect(between.match(/n\d-+[>x]+n\d/g)).toEqual(['n0--xn1', 'n0->>n1']);
  });

  it.each(exportFormats)('%s bears an empty trace', (format) => {
    expect(() => text(format, { ...everything, from: 11e6 })).not.toThrow();
  });
});

describe('Chrome trace', () => {
  const { traceEvents } = JSON.parse(text('chrome'));

  it('has what every event needs, in µs', () => {
    for (const event of traceEvents) {
      expect(event).toMatchObject({ name: expect.any(String), ts: expect.any(Number), pid: expect.any(Number), tid: expect.any(Number) });
      if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0);
      if ('sfbe'.includes(event.ph)) expect(event).toMatchObject({ id: expect.any(String), cat: expect.any(String) });
    }
    expect(traceEvents.find((event: { ph: string; name: string }) => event.ph === 'X' && event.name === 'Copy').ts).toBe(4_000);
  });

  it('ends every call, and every arrow begins', () => {
    const ids = (ph: string): string[] =>
      traceEvents.filter((event: { ph: string }) => event.ph === ph).map(({ id }: { id: string }) => id);
    expect(ids('e').sort()).toEqual(ids('b').sort());
    expect(ids('s')).toEqual(expect.arrayContaining(ids('f')));
  });
});

describe('ShiViz log', () => {
  const events = [...text('shiviz').matchAll(new RegExp(shivizParser, 'g'))].map(({ groups }) => ({
    host: groups?.host as string,
    clock: JSON.parse(groups?.clock ?? '') as Record<string, number>,
    event: groups?.event as string,
  }));

  it('counts each host up by one, as ShiViz demands', () => {
    const counts: Record<string, number> = {};
    for (const { host, clock } of events) {
      counts[host] = (counts[host] ?? 0) + 1;
      expect(clock[host]).toBe(counts[host]);
    }
    expect(events.length * 2).toBe(text('shiviz').trimEnd().split('\n').length);
  });

  it('a delivery knows what its sender knew', () => {
    const sent = events.find(({ event }) => event.includes('sends Copy value'))?.clock ?? {};
    const got = events.find(({ event }) => event.includes('gets Copy'))?.clock ?? {};
    expect(Object.keys(sent)).toEqual(['store[0]', 'client']);
    for (const [host, count] of Object.entries(sent)) expect(got[host]).toBeGreaterThanOrEqual(count);
  });
});

describe('OTLP', () => {
  interface Span {
    traceId: string;
    spanId: string;
    parentSpanId?: string;
    name: string;
    kind: number;
    startTimeUnixNano: string;
    endTimeUnixNano: string;
  }
  const spans: Span[] = JSON.parse(text('otlp')).resourceSpans.flatMap(
    (resource: { scopeSpans: { spans: Span[] }[] }) => resource.scopeSpans[0]?.spans ?? [],
  );

  it('has ids in hex and times as strings of ns', () => {
    for (const span of spans) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
      expect(span.startTimeUnixNano).toMatch(/^\d{18,19}$/);
      expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
      expect([1, 2, 3, 4, 5]).toContain(span.kind);
    }
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('puts what a call caused below it, in one trace', () => {
    const call = spans.find(({ name, kind }) => name === 'PutValue' && kind === 3);
    const copy = spans.find(({ name }) => name === 'Copy');
    const handler = spans.find(({ spanId }) => spanId === copy?.parentSpanId);
    expect(handler?.parentSpanId).toBe(call?.spanId);
    expect(copy?.traceId).toBe(call?.traceId);
    expect(call?.parentSpanId).toBeUndefined();
  });
});

describe('Mermaid', () => {
  it('says what it leaves out', () => {
    const few = text('mermaid', { ...everything, limit: 2 });
    expect(few.match(/->>/g)).toHaveLength(1);
    expect(few).toContain('11 more: --from, --to, --nodes and --limit');
  });

  it('keeps text from ending a statement', () => {
    expect(text('mermaid')).toContain('Copy');
    expect(text('mermaid').replaceAll(/#\d+;/g, '')).not.toContain(';');
  });
});

describe('history for Jepsen', () => {
  const lines = text('edn').trimEnd().split('\n');

  it('has no process that does two things at a time, or anything after :info', () => {
    const busy = new Map<string, string>();
    for (const line of lines) {
      const [, type = '', process = ''] = /:type (\S+), :process (\d+)/.exec(line) ?? [];
      const before = busy.get(process);
      if (type === ':invoke') expect([undefined, ':ok']).toContain(before);
      else expect(before).toBe(':invoke');
      busy.set(process, type);
    }
  });

  it('an answer without a value has that of the call, others their own', () => {
    expect(lines.filter((line) => line.includes(':type :ok')).map((line) => /:value (.*), :time/.exec(line)?.[1])).toEqual([
      '{:key 1, :value "a;b"}',
      '[1 2]',
    ]);
  });
});
