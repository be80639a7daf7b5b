import type { FoldingRange } from 'vscode-languageserver';
import type { LineIndex } from '../src/base/source.ts';

/** Comments, strings and brackets; everything else does not matter for folding. */
const marks = /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"?|[{}]/g;

/** Blocks in braces and comments of several lines. Works on any text, half-typed ones too. */
export function foldingRanges(lines: LineIndex): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const open: number[] = [];
  for (const match of lines.text.matchAll(marks)) {
    const line = lines.position(match.index).line;
    if (match[0] === '{') open.push(line);
    else if (match[0] === '}') {
      const start = open.pop();
      // The closing brace's line stays visible.
      if (start !== undefined && line - 1 > start) ranges.push({ startLine: start, endLine: line - 1 });
    } else if (match[0].startsWith('/*')) {
      const end = lines.position(match.index + match[0].length).line;
      if (end > line) ranges.push({ startLine: line, endLine: end, kind: 'comment' });
    }
  }
  return ranges.sort((a, b) => a.startLine - b.startLine);
}
