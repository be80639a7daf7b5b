import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { installed } from '../installation.ts';

/** `dsys lsp --stdio`: the server takes over this process, and reads `--stdio` from its arguments. */
export async function lsp(): Promise<void> {
  const server = installed('dist/server/server.cjs');
  if (!existsSync(server)) throw new Error(`the language server is not where it should be: ${server}`);
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  createRequire(import.meta.url)(server);
  // The server ends the process itself, when its client says so or is gone.
  await new Promise(() => undefined);
}
