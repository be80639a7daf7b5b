import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';

const uri = 'file:///page.dsys';

/** Codes that the runs of a text's scenarios report; what the checks say of it without a run comes first. */
function codesOf(text: string): string[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`);
  const results = systems.flatMap(
    (code) => runScenarios({ code, scenarios: [], seed: 1, runs: null, trace: false, constants: {}, limits: defaultLimits }).results,
  );
  return [...errors, ...results.flatMap((result) => result.findings.map(({ code }) => code))];
}

describe('pages of the runs’ findings', () => {
  it.each(['DS5001', 'DS5002', 'DS5003', 'DS5004', 'DS5005', 'DS5006', 'DS5007', 'DS5008', 'DS5009'])(
    '%s: the first example shows it, the second is free of it',
    (code) => {
      const page = readFileSync(new URL(`../../docs/checks/${code}.md`, import.meta.url), 'utf8');
      const examples = [...page.matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string);
      expect(examples).toHaveLength(2);
      expect(new Set(codesOf(examples[0] as string))).toEqual(new Set([code]));
      expect(codesOf(examples[1] as string)).toEqual([]);
    },
  );
});
