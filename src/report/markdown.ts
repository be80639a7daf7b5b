import { printable } from './printable.ts';

/**
 * A sentence as Markdown: names in backticks stay code, all else is shown as it is written. What a specification says must
 * not become markup.
 */
export function markdownText(text: string): string {
  return printable(text)
    .split(/(`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(/[\\*_[\]~#|`]/g, '\\$&')
            .replaceAll('<', '&lt;')
            .replaceAll('>', '&gt;'),
    )
    .join('')
    .replace(/\s*\n\s*/g, ' ');
}

/** The same for a cell of a table, where even code may hold no bare bar. */
export function markdownCell(text: string): string {
  return markdownText(text).replace(/(?<!\\)\|/g, '\\|');
}
