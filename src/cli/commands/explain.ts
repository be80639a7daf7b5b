import { UsageError } from '../exit-code.ts';
import { checkCodes, checkPage } from '../installation.ts';
import type { Terminal } from '../terminal.ts';

/** `dsys explain [CODE]` */
export async function explain(terminal: Terminal, given: string | undefined): Promise<void> {
  const codes = checkCodes();
  if (given === undefined) {
    terminal.print(codes.map((code) => `${code}  ${titleOf(code)}\n`).join(''));
    return;
  }
  const code = /^\d{4}$/.test(given) ? `DS${given}` : given.toUpperCase();
  const page = checkPage(code);
  if (page === undefined) {
    const near = nearCodes(code, codes);
    const list = near.length === 0 ? '' : `; near it: ${near.map((other) => `${other} (${titleOf(other)})`).join(', ')}`;
    throw new UsageError(`there is no finding \`${given}\`${list}. \`dsys explain\` lists all`);
  }
  terminal.print(page.endsWith('\n') ? page : `${page}\n`);
}

function titleOf(code: string): string {
  return /^#\s*(?:DS\d{4}\s*[:—-]?\s*)?(.+)$/m.exec(checkPage(code) ?? '')?.[1] ?? '';
}

/** Codes that differ in one place, or else those with the nearest numbers. */
function nearCodes(code: string, codes: readonly string[]): string[] {
  const differences = (other: string): number => [...other].filter((character, index) => character !== code[index]).length;
  const close = codes.filter((other) => code.length === other.length && differences(other) === 1);
  if (close.length > 0) return close.slice(0, 4);
  const number = Number(/\d+/.exec(code)?.[0]);
  if (Number.isNaN(number)) return [];
  const distance = (other: string): number => Math.abs(Number(other.slice(2)) - number);
  return codes
    .filter((other) => distance(other) <= 20)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 3);
}
