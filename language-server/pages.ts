import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../src/language/node-library.ts';

/** The pages of `docs/checks` as the editor shows them: what a finding's code leads to, and the theory in hovers. */
export class Pages {
  private readonly folder: string | undefined;
  private readonly paths = new Map<string, string | undefined>();

  /** @param from a file of the package: the running bundle. */
  constructor(from: string) {
    const root = packageFolder(from);
    this.folder = root && join(root, 'docs', 'checks');
  }

  /** Where a finding's page stands; undefined when it is not installed. */
  link(code: string): string | undefined {
    const path = this.path(code);
    return path && pathToFileURL(path).href;
  }

  /** A page without its title, up to and with its first example. */
  theory(code: string): string | undefined {
    const path = this.path(code);
    if (path === undefined) return undefined;
    const [, prose, example] = /^#[^\n]*\n+([\s\S]*?)(```dsys\n[\s\S]*?\n```|$)/.exec(readFileSync(path, 'utf8')) ?? [];
    return [prose?.trim(), example].filter((part) => part !== undefined && part !== '').join('\n\n');
  }

  private path(code: string): string | undefined {
    if (this.folder === undefined || !/^DS\d{4}$/.test(code)) return undefined;
    if (!this.paths.has(code)) {
      const path = join(this.folder, `${code}.md`);
      this.paths.set(code, existsSync(path) ? path : undefined);
    }
    return this.paths.get(code);
  }
}
