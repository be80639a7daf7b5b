import { readFileSync, writeFileSync } from 'node:fs';
import type { Finding } from '../../src/base/finding.ts';
import { LineIndex } from '../../src/base/source.ts';

/**
 * Literate tests: a Markdown file whose headings are tests and whose ```dsys blocks are files. What is expected stands in
 * comments under the line that it is about, carets under the text:
 *
 *     let x: Int = "one"
 *     //           ^^^^^ error DS1003: expected Int
 *
 * Without carets the finding may stand anywhere in the line (`// error DS1003: …`). A finding of several lines is marked
 * in its first. Every finding must be expected; the text behind the colon is part of its message. A block's name follows
 * the word dsys (```dsys a.dsys); without one it is `main.dsys`, of which a test has one at most.
 */
export interface Fixture {
  readonly title: string;
  readonly blocks: readonly Block[];
}

interface Block {
  readonly name: string;
  readonly text: string;
  /** Lines of the Markdown file, the first one's number. */
  readonly firstLine: number;
  readonly expected: readonly Expectation[];
}

interface Expectation {
  /** Line of the block, from 0. */
  readonly line: number;
  /** Columns; null for anywhere in the line. */
  readonly from: number | null;
  readonly to: number | null;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

/** What a stage has to say of some files: the findings of each, by the file's name. */
export type FindingsOf = (files: ReadonlyMap<string, string>) => ReadonlyMap<string, readonly Finding[]>;

const EXPECTATION = /^\s*\/\/\s*(\^+\s+)?(error|warning|information|hint) (DS\d{4})(?:: (.*))?$/;

/** The tests of a Markdown file, in order. */
export function readFixtures(markdown: string): Fixture[] {
  const fixtures: { title: string; blocks: Block[] }[] = [];
  const titles: string[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const heading = /^(#+)\s+(.*)$/.exec(line);
    if (heading) {
      titles.length = heading[1]!.length - 1;
      titles[heading[1]!.length - 1] = heading[2]!;
      fixtures.push({ title: titles.filter((title) => title).join(' › '), blocks: [] });
      continue;
    }
    const fence = /^```dsys(?:\s+(\S+))?\s*$/.exec(line);
    if (!fence) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the block is not closed`);
    const content = lines.slice(at + 1, end);
    fixtures
      .at(-1)
      ?.blocks.push({ name: fence[1] ?? 'main.dsys', text: content.join('\n'), firstLine: at + 1, expected: expectations(content) });
    at = end;
  }
  return fixtures.filter((fixture) => fixture.blocks.length > 0);
}

function expectations(lines: readonly string[]): Expectation[] {
  const expected: Expectation[] = [];
  let subject = 0;
  lines.forEach((line, number) => {
    const match = EXPECTATION.exec(line);
    if (!match) {
      subject = number;
      return;
    }
    const [, carets, severity, code, message] = match;
    const from = carets ? line.indexOf('^') : null;
    expected.push({
      line: subject,
      from,
      to: from === null ? null : from + carets!.trim().length,
      severity: severity!,
      code: code!,
      message: message ?? '',
    });
  });
  return expected;
}

/** Differences between what a test expects and what was found; empty when there are none. */
export function differences(fixture: Fixture, findingsOf: FindingsOf): string[] {
  const found = findingsOf(new Map(fixture.blocks.map((block) => [block.name, block.text])));
  return fixture.blocks.flatMap((block) => {
    const index = new LineIndex(block.text);
    const left = [...block.expected];
    const problems: string[] = [];
    for (const finding of found.get(block.name) ?? []) {
      const at = left.findIndex((expectation) => matches(expectation, finding, index));
      if (at >= 0) left.splice(at, 1);
      else
        problems.push(`not expected, line ${block.firstLine + 1 + index.position(finding.span.start).line}: ${describe(finding, index)}`);
    }
    return [
      ...problems,
      ...left.map((each) => `not found, line ${block.firstLine + 1 + each.line}: ${each.severity} ${each.code}: ${each.message}`),
    ];
  });
}

/** Start and end of a finding in its first line. */
function extent(finding: Finding, index: LineIndex): { line: number; from: number; to: number } {
  const start = index.position(finding.span.start);
  const end = index.position(finding.span.end);
  return { line: start.line, from: start.column, to: end.line === start.line ? end.column : index.line(start.line).length };
}

function matches(expectation: Expectation, finding: Finding, index: LineIndex): boolean {
  const { line, from, to } = extent(finding, index);
  return (
    expectation.line === line &&
    expectation.severity === finding.severity &&
    expectation.code === finding.code &&
    finding.message.includes(expectation.message) &&
    (expectation.from === null || (expectation.from === from && expectation.to === Math.max(to, from + 1)))
  );
}

/** The comment that would expect a finding. */
function describe(finding: Finding, index: LineIndex): string {
  const { from, to } = extent(finding, index);
  const carets = from < 3 ? '// ' : `//${' '.repeat(from - 2)}${'^'.repeat(Math.max(1, to - from))} `;
  return `${carets}${finding.severity} ${finding.code}: ${finding.message}`;
}

/** Rewrites the expectations of a Markdown file to what is found. */
export function updateFixtures(path: string, findingsOf: FindingsOf): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  const replaced = new Map<number, { count: number; with: string[] }>();
  for (const fixture of readFixtures(lines.join('\n'))) {
    const found = findingsOf(new Map(fixture.blocks.map((block) => [block.name, block.text])));
    for (const block of fixture.blocks) {
      const index = new LineIndex(block.text);
      const findings = (found.get(block.name) ?? []).map((finding) => ({ finding, ...extent(finding, index) }));
      const fresh = block.text.split('\n').flatMap((line, number) => {
        if (EXPECTATION.test(line)) return [];
        return [line, ...findings.filter((each) => each.line === number).map((each) => describe(each.finding, index))];
      });
      replaced.set(block.firstLine, { count: block.text.split('\n').length, with: fresh });
    }
  }
  const result: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const block = replaced.get(at);
    if (block) {
      result.push(...block.with);
      at += block.count;
    }
    result.push(lines[at]!);
  }
  writeFileSync(path, result.join('\n'));
}
