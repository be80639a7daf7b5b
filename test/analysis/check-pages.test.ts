import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analysisCodes } from '../../src/analysis/codes.ts';
import type { Fix } from '../../src/base/finding.ts';
import { findingsOf } from './findings-of.ts';

const codes = Object.keys(analysisCodes).filter((code) => code.startsWith('DS2') || code.startsWith('DS4'));

/** The dsys blocks of a page: the wrong example first, the mended one after it. */
function examples(code: string): string[] {
  const page = readFileSync(new URL(`../../docs/checks/${code}.md`, import.meta.url), 'utf8');
  return [...page.matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string);
}

function applied(text: string, fix: Fix): string {
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((result, { span, text: added }) => result.slice(0, span.start) + added + result.slice(span.end), text);
}

// Hints about what an example leaves out would drown what it shows.
const beside = new Set(['hint', 'information']);

describe('the page of each check', () => {
  for (const code of codes) {
    it(`${code} shows an example that has it and one that has not`, () => {
      const [wrong, mended] = examples(code) as [string, string];
      const found = findingsOf(wrong);
      expect(found.map((finding) => finding.code)).toContain(code);
      expect(found.filter((finding) => finding.code !== code && !beside.has(finding.severity)).map(say)).toEqual([]);
      const left = findingsOf(mended).filter((finding) => finding.code === code || !beside.has(finding.severity));
      expect(left.map(say)).toEqual([]);
    });
  }
});

describe('each fix that is offered', () => {
  for (const code of codes) {
    const [wrong] = examples(code) as [string];
    for (const fix of findingsOf(wrong).flatMap((finding) => (finding.code === code ? (finding.fixes ?? []) : []))) {
      it(`${code}: ${fix.title}`, () => {
        const left = findingsOf(applied(wrong, fix)).filter((finding) => finding.code === code || finding.severity === 'error');
        expect(left.map(say)).toEqual([]);
      });
    }
  }
});

function say(finding: { code: string; message: string }): string {
  return `${finding.code} ${finding.message}`;
}
