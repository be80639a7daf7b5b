import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lintFindings } from '../../src/analysis/lint/index.ts';
import { checkText } from './findings-of.ts';

const library = fileURLToPath(new URL('../../library/', import.meta.url));
const read = (path: string): string => readFileSync(library + path, 'utf8');

function lint(text: string): string[] {
  return checkText(text).protocols.flatMap((protocol) => lintFindings(protocol).map(({ code, message }) => `${code} ${message}`));
}

describe('the standard library', () => {
  for (const path of readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.dsys'))) {
    it(`${path} has nothing forgotten`, () => {
      const serious = checkText(read(path)).protocols.flatMap((protocol) =>
        lintFindings(protocol).filter(({ severity }) => severity === 'warning' || severity === 'error'),
      );
      expect(serious.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
    });
  }
});

describe('durability that is taken away is missed', () => {
  const cases: readonly (readonly [file: string, variable: string])[] = [
    ['consensus/raft.dsys', 'term'],
    ['consensus/raft.dsys', 'votedFor'],
    ['consensus/raft.dsys', 'log'],
    ['replication/register.dsys', 'tag'],
    ['replication/register.dsys', 'value'],
  ];
  for (const [file, variable] of cases) {
    it(`${file} with \`var ${variable}\``, () => {
      const text = read(file);
      const changed = text.replace(new RegExp(`durable(\\s+)${variable}\\b`), `var$1${variable}`);
      expect(changed).not.toBe(text);
      expect(lint(changed).filter((line) => line.startsWith('DS4009'))).toEqual([
        expect.stringContaining(`\`${variable}\` is lost in a crash`),
      ]);
    });
  }
});
