// Entry point of the suite: both runners (run.mjs in a browser, electron.mjs on the desktop) load this and call `run()`.

import './activation.ts';
import './checking.ts';
import './hints.ts';
import './running.ts';
import { runAll } from './harness.ts';

export async function run(): Promise<void> {
  await runAll();
}
