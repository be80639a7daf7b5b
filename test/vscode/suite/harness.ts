// A test runner of one screen: VS Code calls `run()`, and a dependency that does more is not needed for that.

import { strict as assert } from 'node:assert';
import { appendFileSync } from 'node:fs';

interface Test {
  readonly name: string;
  readonly body: () => Promise<void>;
}

const tests: Test[] = [];

/** Declares a test; they run one after another in the order of declaration. */
export function test(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

/** Longest time one test may take, in milliseconds. */
const testTimeoutMs = 90_000;

/**
 * Runs all declared tests and appends a line of JSON for each to the file named by `DSYS_VSCODE_REPORT`
 * (the remote host's console does not reach the browser).
 */
export async function runAll(): Promise<void> {
  let failed = 0;
  const only = process.env.DSYS_VSCODE_ONLY ?? '';
  for (const { name, body } of tests.filter((declared) => declared.name.includes(only))) {
    const started = Date.now();
    let error: string | undefined;
    try {
      await withTimeout(body(), testTimeoutMs, () => `"${name}" took longer than ${testTimeoutMs / 1000} s`);
    } catch (thrown) {
      failed += 1;
      error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    }
    report({ name, passed: error === undefined, ms: Date.now() - started, error });
  }
  assert.equal(failed, 0, `${failed} of ${tests.length} tests failed`);
}

function report(entry: { name: string; passed: boolean; ms: number; error: string | undefined }): void {
  const file = process.env.DSYS_VSCODE_REPORT;
  if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`);
  else console.log(`${entry.passed ? 'ok  ' : 'FAIL'} ${entry.name} (${entry.ms} ms)${entry.error ? `\n${entry.error}` : ''}`);
}

/** The promise's value, or an error with `message()` when it is not settled in time. */
export async function withTimeout<T>(promise: PromiseLike<T>, limitMs: number, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
