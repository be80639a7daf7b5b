import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding, Fix } from '../../../src/base/finding.ts';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';
import { sampleKey } from '../../../src/simulator/metrics.ts';
import { linesOf, sectionsOf } from '../card/card-of.ts';
import { librarySystem, simulate } from '../simulated.ts';

/** What is said of the waits along a chain of calls, held against runs of the same text. */

function findingsOf(text: string): readonly Finding[] {
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText('file:///test.dsys', text);
  return checkFile(workspace, 'file:///test.dsys').findings.filter(({ code }) => code === 'DS3405' || code === 'DS3406');
}

function examples(code: string): string[] {
  const page = readFileSync(new URL(`../../../docs/checks/${code}.md`, import.meta.url), 'utf8');
  return [...page.matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string);
}

function applied(text: string, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((result, { span, text: added }) => result.slice(0, span.start) + added + result.slice(span.end), text);
}

/** Answered calls of the page's only operation, and all that were made. */
function answered(text: string, seed = 1): { readonly succeeded: number; readonly calls: number } {
  const found = simulate(librarySystem(text), seed).sample.operations.get(sampleKey(0, 'Get'));
  return { succeeded: found?.succeeded ?? -1, calls: found?.calls ?? -1 };
}

describe('deadlines that do not nest', () => {
  const [wrong = '', mended = ''] = examples('DS3405');

  it('with a lost backend no call is answered in time, though the failover works later', () => {
    const lost = answered(wrong);
    expect(lost.calls).toBeGreaterThan(10);
    expect(lost.succeeded).toBe(0);
    // Asked for longer, the same failover answers all of them 156 ms after the call.
    const patient = answered(wrong.replace('timeout: 100ms', 'timeout: 157ms'));
    expect(patient.succeeded).toBe(patient.calls);
    expect(answered(wrong.replace('timeout: 100ms', 'timeout: 155ms')).succeeded).toBe(0);
  });

  it('each mend that is offered lets the calls be answered', () => {
    const [finding] = findingsOf(wrong);
    expect(finding?.numbers).toMatchObject({ timeout: 100e6, attempts: 1, timer: 150e6, heard: 156e6 });
    const fixes = finding?.fixes ?? [];
    expect(fixes.length).toBe(2);
    for (const text of [mended, ...fixes.map((fix) => applied(wrong, fix))]) {
      expect(findingsOf(text)).toEqual([]);
      const { succeeded, calls } = answered(text);
      expect(succeeded).toBe(calls);
    }
  });

  it('what is found is never helped, whatever the times: retries, drifting clocks, slow ways', () => {
    let found = 0;
    for (const timeout of [60, 90, 160, 310]) {
      for (const retries of [0, 1, 3]) {
        for (const drift of ['', ' (drift: 5%)']) {
          const text = wrong
            .replace('timeout: 100ms', `timeout: ${timeout}ms, retries: ${retries}`)
            .replace('node proxy\n', `node proxy${drift}\n`)
            .replace('(latency: 2ms)', '(latency: uniform(1ms, 30ms))');
          if (!findingsOf(text).some(({ code }) => code === 'DS3405')) continue;
          found += 1;
          for (const seed of [1, 2]) expect(answered(text, seed).succeeded).toBe(0);
        }
      }
    }
    expect(found).toBeGreaterThan(5);
  });
});

describe('retries that multiply', () => {
  const [wrong = ''] = examples('DS3406');

  it('no run sends more than is said, and one sends as many', () => {
    const said = findingsOf(wrong)[0]?.numbers?.requests;
    expect(said).toBe(24);
    const text = wrong
      .replace('think: 400ms', 'think: 0s, limit: 1, start: 100ms')
      .replace(
        /scenario[\s\S]*/,
        'scenario Lost (duration: 700ms) { at 0s crash(backend[0])  at 0s crash(backend[1])  expect messages >= 0 }\n}',
      );
    const system = librarySystem(text);
    const sent = Array.from({ length: 40 }, (_, seed) => simulate(system, seed + 1).sample.sentBy[0] ?? 0);
    expect(Math.max(...sent)).toBe(24);
  });
});

describe('the card', () => {
  it('shows the waits that a call passes', () => {
    const [wrong = ''] = examples('DS3405');
    const row = sectionsOf(wrong)
      .find(({ id }) => id === 'timing')
      ?.rows.find(({ label }) => label === 'waits of `Get` of `reads`');
    expect(row?.value).toBe('call 100ms → `proxy` waits 150ms for `Ask`');
    expect(row?.notes).toEqual(['What `retry` does reaches the client 156ms after the call at the earliest.']);
    const [multiplied = ''] = examples('DS3406');
    const lines = linesOf(sectionsOf(multiplied).find(({ id }) => id === 'timing'));
    expect(lines).toContain('call 3 × 200ms → `proxy` waits 50ms for `Ask`');
    expect(lines).toContain('up to 24 requests');
  });
});
