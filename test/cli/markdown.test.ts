/*
 * Runs the sessions in the Markdown files of this folder: a heading is a test in a folder of its own, a `dsys NAME` block is a
 * file, a `console` block holds commands after `$ ` and what they print, stdout before stderr, then `exit N` unless it is 0.
 * UPDATE=1 rewrites the blocks.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, Package } from './dsys.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
let dsys: Package;
beforeAll(() => {
  dsys = new Package();
});
afterAll(() => dsys.remove());

for (const name of readdirSync(here).filter((entry) => entry.endsWith('.md'))) {
  const path = join(here, name);
  const sections = readFileSync(path, 'utf8').split(/^(?=#+ )/m);
  describe(name, () => {
    for (const [index, section] of sections.entries()) {
      if (!section.includes('```console')) continue;
      it(/^#+ (.*)/.exec(section)?.[1] ?? name, async () => {
        const actual = await replay(section);
        if (process.env.UPDATE) sections[index] = actual;
        else expect(actual).toBe(section);
      });
    }
    afterAll(() => {
      if (process.env.UPDATE) writeFileSync(path, sections.join(''));
    });
  });
}

/** The section with the output that its commands have now. */
async function replay(section: string): Promise<string> {
  const files = Object.fromEntries([...section.matchAll(/^```dsys (\S+)\n(.*?)^```$/gms)].map(([, name, text]) => [name, text]));
  const folder = folderWith(files as Record<string, string>);
  try {
    let output = '';
    let at = 0;
    for (const match of section.matchAll(/(?<=^```console\n).*?(?=^```$)/gms)) {
      output += section.slice(at, match.index);
      at = match.index + match[0].length;
      for (const [, command = ''] of match[0].matchAll(/^\$ dsys(.*)$/gm)) {
        const { code, stdout, stderr } = await dsys.run(words(command), { cwd: folder });
        const ending = code === 0 ? '' : `exit ${code}\n`;
        output += `$ dsys${command}\n${clean(stdout + stderr, folder)}${ending}`;
      }
    }
    return output + section.slice(at);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Digests and counts of events change with every change of the simulator, and say nothing here. */
function clean(text: string, folder: string): string {
  return text
    .replaceAll(folder, '/work')
    .replace(/digest [0-9a-f]{16}, [\d,]+ events?, [\d,]+ messages?/g, 'digest …, … events, … messages')
    .replace(/has digest [0-9a-f]{16}/g, 'has digest …')
    .replace(/[ \t]+$/gm, '');
}
