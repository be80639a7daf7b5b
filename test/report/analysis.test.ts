import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { Repeats } from '../../src/report/analysis.ts';
import { renderAnalysisJson } from '../../src/report/analysis-json.ts';
import { renderAnalysisMarkdown } from '../../src/report/analysis-markdown.ts';
import { renderAnalysisSummary, renderCardText } from '../../src/report/analysis-text.ts';
import { coloured, plain } from '../../src/report/style.ts';
import { analysis, cards } from './made-up-analysis.ts';
import { places } from './made-up-report.ts';

function textOf(options: Partial<Parameters<typeof renderCardText>[2]> = {}): string {
  const repeats = new Repeats();
  return cards.map((card) => renderCardText(card, repeats, { style: plain, verbose: false, width: 90, ...options })).join('');
}

describe('cards as text', () => {
  it('are aligned, wrapped, and say what repeats', () => {
    expect(textOf()).toMatchInlineSnapshot(`
      "Bank: \`Vote\` on \`replica\` under \`Production\`
        survives 1 of 3 crashes

        What it survives
          liveness: \`available(Majority)\`  does not hold: not with \`replica[0]\` and \`replica[1]\`
                                           crashed
          safety: \`x | y < 3 * z\`          holds: 1 | 2 < 3 * 4
          crashes alone                    any 1 of 3 members may crash
                                           With \`replica[0]\` and \`replica[1]\` crashed, liveness
                                           fails: \`available(Majority)\`.

        Network
          a label that is so long that it does not fit its column
                     2 of 客户
          undecided  undecided
                     ␛[31mred <b>bold</b> *star*

      Bank: \`Vote\` on \`replica\` under \`Calm\`
        survives 2 of 3 crashes

        What it survives
          safety: \`x | y < 3 * z\`  holds: 1 | 2 < 3 * 4
          crashes alone            any 1 of 3 members may crash
                                   With \`replica[0]\` and \`replica[1]\` crashed, liveness fails:
                                   \`available(Majority)\`.

        Network as under \`Production\`

      Bank: \`Silent\` on 2 nodes
        nothing to say: its protocol asks nothing of a deployment

      "
    `);
  });

  it.each([60, 80, 120])('fit a terminal of %i columns', (width) => {
    expect(
      Math.max(
        ...textOf({ width, verbose: true })
          .split('\n')
          .map((line) => stringWidth(line)),
      ),
    ).toBeLessThanOrEqual(width);
  });

  it('name assumptions and sources to those who ask', () => {
    expect(textOf()).not.toContain('Malkhi');
    expect(textOf({ verbose: true })).toContain('    source: Malkhi & Reiter 1998, fail-prone systems\n');
    expect(textOf({ verbose: true })).toContain('    assumes: All budgets');
  });

  it('are coloured where colours are wanted, and let no control character through', () => {
    expect(textOf()).not.toContain('\u001b');
    expect(textOf({ style: coloured })).toContain('\u001b[32mholds\u001b[39m: 1 | 2');
    expect(textOf({ style: coloured })).toContain('\u001b[31mdoes not hold\u001b[39m');
  });

  it('end with what was looked at', () => {
    expect(renderAnalysisSummary(analysis, plain)).toBe('2 files analysed: 3 cards\nStopped: what is shown is not all.\n');
  });
});

describe('JSON', () => {
  it('is stable', async () => {
    await expect(renderAnalysisJson(analysis, places.sources)).toMatchFileSnapshot('snapshots/analysis-json.txt');
  });
});

describe('Markdown', () => {
  it('is stable', async () => {
    await expect(renderAnalysisMarkdown(analysis, places.sources)).toMatchFileSnapshot('snapshots/analysis-markdown.md');
  });

  it('has two cells in every row, whatever stands in them', () => {
    const rows = renderAnalysisMarkdown(analysis, places.sources)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
  });
});
