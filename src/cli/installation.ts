import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files of the package; the bundle stands in dist/cli, the source in src/cli, both two folders below its root. */
export function installed(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as { version: string };
  return version;
}

/** The page that explains a finding; undefined where there is none. */
export function checkPage(code: string): string | undefined {
  const path = installed(`docs/checks/${code}.md`);
  return /^DS\d{4}$/.test(code) && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Codes that have a page, ascending. */
export function checkCodes(): string[] {
  return readdirSync(installed('docs/checks'))
    .flatMap((name) => /^(DS\d{4})\.md$/.exec(name)?.[1] ?? [])
    .sort();
}
