import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called once the process runs. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/**
 * The command line as it is shipped: bundles of their own beside the package's library and documents, so that neither a
 * build by somebody else nor the sources are in play.
 */
export class Package {
  readonly folder = mkdtempSync(join(tmpdir(), 'dsys-package-'));
  readonly bundle = join(this.folder, 'dist/cli/dsys.mjs');

  constructor() {
    for (const name of ['docs', 'library', 'package.json']) symlinkSync(join(root, name), join(this.folder, name));
    execFileSync(process.execPath, ['scripts/build.mjs', '--into', join(this.folder, 'dist')], { cwd: root });
  }

  run(args: readonly string[], settings: RunSettings = {}): Promise<Outcome> {
    const { NO_COLOR: _1, FORCE_COLOR: _2, CI: _3, ...inherited } = process.env;
    const child = spawn(process.execPath, [this.bundle, ...args], { cwd: settings.cwd, env: { ...inherited, ...settings.env } });
    settings.started?.((signal) => child.kill(signal));
    return new Promise((resolve, reject) => {
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A folder with files, removed by the caller. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'dsys-files-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
