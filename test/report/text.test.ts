import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/base/finding.ts';
import { renderScenario } from '../../src/report/scenario-text.ts';
import { Places } from '../../src/report/sources.ts';
import { coloured, plain } from '../../src/report/style.ts';
import { renderCards, renderFinding, renderSummary } from '../../src/report/text.ts';
import { formatCount } from '../../src/report/units.ts';
import { broad, failing, passing, places, report, requirement, wide } from './made-up-report.ts';

const repeat = 'dsys run systems/bank.dsys Crash --seed 4 --runs 1';

/** The frame of a finding in a text of its own: `span` is given by the text between « and ». */
function frame(marked: string, more: Partial<Finding> = {}): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const own = new Places({ textOf: () => text, pathOf: () => 'a.dsys' });
  return renderFinding({ code: 'DS0001', severity: 'error', message: 'm', span: { uri: 'a', start, end }, ...more }, own, plain);
}

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
])('the count %d is shown as %s', (count, shown) => {
  expect(formatCount(count)).toBe(shown);
});

describe('a finding', () => {
  it('shows its place, its labels, and the three sentences', () => {
    expect(renderFinding(requirement, places, plain)).toMatchInlineSnapshot(`
      "error[DS3004]: \`available(Majority)\` does not hold: 2 of 3 nodes may crash
        --> systems/bank.dsys:10:7
         |
       8 |     crash 2 of replica
         |     ------------------ this budget breaks it
       9 |   }
      10 |   run Vote(heartbeat: 50ms) on replica
         |       ^^^^
        ::: dsys-library:/consensus/vote.dsys:3:21
         |
       3 |   requires liveness available(Majority) because "a majority must stay up"
         |                     ------------------- required here
         |
         = why: a majority must stay up
         = witness: replica[0] and replica[1] crashed; left: replica[2]
         = note: n = 3, crashed = 2
         = note: checked under \`Production\`
         = help: add nodes or bear fewer crashes
         = fix: Raise \`replica\` from 3 to 5 nodes (line 5: \`3\` → \`5\`)
         = source: Lamport, The Part-Time Parliament, 1998, §2.1

      "
    `);
  });

  it('puts carets under wide characters, behind tabs', () => {
    expect(renderFinding(wide, places, plain)).toMatchInlineSnapshot(`
      "warning[DS2003]: group \`客户\` is in no run and no workload
       --> systems/bank.dsys:6:7
        |
      6 |     node 客户[2] in [eu] (cpu: 20us)
        |          ^^^^

      "
    `);
  });

  it('shows a span of several lines by its first and its last, and lets no control character through', () => {
    expect(renderFinding(broad, places, plain)).toMatchInlineSnapshot(`
      "info[DS2001]: spans three lines␛[31m and tries to colour them
       --> systems/bank.dsys:7:3
        |
      7 |   faults Production {
        |   ^^^^^^^^^^^^^^^^^^^
      8 |     crash 2 of replica
      9 |   }
        |   ^

      "
    `);
  });

  it('shows an empty span as one caret, at the end of the text too', () => {
    expect(frame('node a\n«»')).toMatchInlineSnapshot(`
      "error[DS0001]: m
       --> a.dsys:2:1
        |
      2 |
        | ^

      "
    `);
  });

  it('shows a very long line around its span', () => {
    const text = frame(`${'x'.repeat(500)} «here» ${'y'.repeat(500)}`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(180);
    const [, , , source, carets] = text.split('\n');
    expect(carets?.indexOf('^')).toBe(source?.indexOf('here'));
  });

  it('counts a combined emoji as two columns', () => {
    const [, , , source, carets] = frame('log "👩‍👩‍👧 é" «here»').split('\n');
    expect(source).toContain('👩‍👩‍👧');
    expect(carets?.indexOf('^')).toBe('1 | log "xx x" '.length);
  });

  it('needs no text of the file', () => {
    const lost = new Places({ textOf: () => undefined, pathOf: () => 'gone.dsys' });
    expect(renderFinding({ code: 'DS0001', severity: 'error', message: 'm', span: { uri: 'a', start: 3, end: 4 } }, lost, plain)).toBe(
      'error[DS0001]: m\n --> gone.dsys:1:1\n\n',
    );
  });

  it('is coloured where colours are wanted', () => {
    expect(renderFinding(wide, places, coloured)).toContain('\u001b[33m');
  });
});

describe('a scenario', () => {
  it('that fails shows its verdicts, the violation and the events before it', () => {
    expect(renderScenario({ result: failing, repeat }, places, plain)).toMatchInlineSnapshot(`
      "FAIL Bank.Crash under Production systems/bank.dsys:11, 10 seeds (1 to 10)
        pass  count(Committed) >= 100  count = 312 (least of 10 seeds, seed 4)
        FAIL  OneLeader                broken in 2 of 10 seeds (seed 4)
        seed 4: digest 0123456789abcdef, 12,345 events, 6,789 messages delivered, ended at 30 s
        invariant OneLeader broken at 1.250000 s: a = replica[0], b = replica[2]
          0.000000 s  replica[0]  starts
          1.200000 s  replica[2]  timer election runs out
          1.210000 s  replica[2]  sends Vote(term: 3, granted: true) to replica[0]
          1.240000 s  replica[0]  gets Vote(term: 3, granted: true) from replica[2]
          1.240000 s  replica[1]  crashes
          1.250000 s  replica[2]  emits Elected term = 3
        repeat with dsys run systems/bank.dsys Crash --seed 4 --runs 1
        a smallest run in which OneLeader fails: 12 faults → 1, 40 requests → 0, 12345 events → 99, 30s → 1s (77 runs)
          scenario Crash_Seed4 under Production (duration: 1s, seeds: 1, seed: 5) {
            at 250ms crash(replica[1])
          }
      "
    `);
  });

  it('that passes says what was measured', () => {
    expect(renderScenario({ result: passing, repeat }, places, plain)).toMatchInlineSnapshot(`
      "pass Bank.Calm [n = 5] systems/bank.dsys:11, seed 1
        pass  count(Committed) >= 100  count = 312 (least of 10 seeds, seed 4)
        seed 1: digest 0123456789abcdef, 12,345 events, 6,789 messages delivered, ended at 30 s
      "
    `);
  });
});

it('what deployments survive', () => {
  const [file] = report.files;
  if (file)
    expect(renderCards(file, plain)).toMatchInlineSnapshot(`
    "Bank: Vote under Production: first killed by: \`replica[0]\` and \`replica[1]\` crashed
      broken  liveness available(Majority)

    "
  `);
});

it('the summary counts findings and scenarios', () => {
  expect(renderSummary(report, { style: plain, verbose: false, brief: false, quiet: false })).toMatchInlineSnapshot(`
    "More about a finding: dsys explain DS3004
    1 scenario passed, 1 failed
    1 file checked: 2 errors, 1 warning, 1 info
    "
  `);
});
