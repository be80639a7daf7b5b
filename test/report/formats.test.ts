import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { renderGithub } from '../../src/report/github.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderJunit } from '../../src/report/junit.ts';
import type { Report } from '../../src/report/report.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { bankUri, failing, places, report, requirement } from './made-up-report.ts';

const page = '# DS3004: a quorum may be lost\n\nSome *text*.\n';
const documentation = (code: string): string | undefined => (code === 'DS3004' ? page : undefined);
const empty: Report = { command: 'check', version: '0.1.0', files: [], scenarios: [], stopped: 'no' };

describe('JSON', () => {
  it('is stable', async () => {
    await expect(renderJson(report, places)).toMatchFileSnapshot('snapshots/json.txt');
  });

  it('writes what is not a number as null', () => {
    const odd = { ...requirement, numbers: { ratio: Number.POSITIVE_INFINITY } };
    const text = renderJson({ ...report, files: [{ uri: bankUri, findings: [odd], cards: [] }] }, places);
    expect(JSON.parse(text).findings[0].numbers).toEqual({ ratio: null });
  });
});

describe('SARIF', () => {
  const schema = JSON.parse(readFileSync(new URL('sarif-schema-2.1.0.json', import.meta.url), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  it('is stable', async () => {
    await expect(renderSarif(report, places, documentation)).toMatchFileSnapshot('snapshots/sarif.txt');
  });

  it.each([
    { name: 'one of everything', given: report },
    { name: 'nothing', given: empty },
    { name: 'stopped', given: { ...report, stopped: 'limit' as const } },
  ])('satisfies the schema of OASIS: $name', ({ given }) => {
    validate(JSON.parse(renderSarif(given, places, documentation)));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('fingerprints do not depend on lines above, and tell equal findings apart', () => {
    const twice: Report = { ...report, files: [{ uri: bankUri, findings: [requirement, requirement], cards: [] }], scenarios: [] };
    const results = JSON.parse(renderSarif(twice, places, documentation)).runs[0].results;
    const prints = results.map((result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints['dsysFinding/v1']);
    expect(new Set(prints).size).toBe(2);
    const changed = { ...requirement, message: 'other numbers', numbers: { n: 9 } };
    const again: Report = { ...twice, files: [{ uri: bankUri, findings: [changed], cards: [] }] };
    expect(JSON.parse(renderSarif(again, places, documentation)).runs[0].results[0].partialFingerprints['dsysFinding/v1']).toBe(prints[0]);
  });
});

describe('JUnit', () => {
  it('is stable', async () => {
    await expect(renderJunit(report, places)).toMatchFileSnapshot('snapshots/junit.txt');
  });

  it('holds no character that XML forbids', () => {
    const nasty = { ...requirement, message: 'a\u0000b\u001b[1m <&>"\ud800 ]]> \u{1f600}\ufffe' };
    const text = renderJunit({ ...report, files: [{ uri: bankUri, findings: [nasty], cards: [] }] }, places);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
    expect(text).toContain('a␀b␛[1m &lt;&amp;&gt;&quot;\\u{d800} ]]&gt; \u{1f600}\\u{fffe}');
  });

  it('says that a run was stopped, not that it failed', () => {
    const stopped = { ...failing, verdicts: [], findings: [], passed: false, stopped: 'limit' as const };
    expect(renderJunit({ ...report, scenarios: [{ result: stopped, repeat: 'dsys run' }] }, places)).toContain(
      '<error message="stopped by a limit" type="stopped"/>',
    );
  });
});

describe('GitHub annotations', () => {
  it('are stable', async () => {
    await expect(renderGithub(report, places)).toMatchFileSnapshot('snapshots/github.txt');
  });

  it('stay on one line each, whatever the message', () => {
    const nasty = { ...requirement, message: '100%, a:b\r\n::error::injected' };
    const text = renderGithub({ ...empty, files: [{ uri: bankUri, findings: [nasty], cards: [] }] }, places);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(text).toContain('::100%25, a:b␍%0A::error::injected%0A');
  });
});
