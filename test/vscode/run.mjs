// Runs the tests in a real VS Code: `node test/vscode/run.mjs [--no-build] [--only <text>]`.
// First the suite (`suite/`, inside the extension host, through the VS Code API), then the sessions (`session/`,
// Playwright clicking and typing as a user would). Ends with the line `N passed, N failed`.

import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launchBrowser, openPage } from './browser.mjs';
import { bundleSuite } from './bundle.mjs';
import { ensureInstalled } from './install.mjs';
import { startServer } from './server.mjs';
import { Workbench, workbenchUrl } from './workbench.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const artifacts = path.join(here, 'artifacts');
const only = option('--only');
const overallTimeoutMs = Number(process.env.DSYS_VSCODE_TIMEOUT_MS ?? 8 * 60_000);

/** What to undo at the end, newest first; run once, whether the tests end, fail, time out or are interrupted. */
const cleanups = [];
let cleaning;
const results = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => finish(`stopped by ${signal}`));
const overall = setTimeout(() => finish(`not done within ${overallTimeoutMs / 1000} s`), overallTimeoutMs);

main().then(
  () => finish(),
  (error) => finish(error?.stack ?? String(error)),
);

async function main() {
  if (!process.argv.includes('--no-build')) build();
  const installed = await ensureInstalled();
  const folder = await mkdtemp(path.join(tmpdir(), 'dsys-vscode-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  await rm(artifacts, { recursive: true, force: true });
  await mkdir(artifacts, { recursive: true });

  const browser = await launchBrowser({ ...installed, folder });
  cleanups.push(() => browser.close());
  await runSuite(installed, browser, folder);
  await runSessions(installed, browser, folder);
}

/** The suite: the workbench is told where `run()` is, calls it in the extension host, and reports an exit code. */
async function runSuite({ codeServer }, browser, base) {
  if (only?.startsWith('session')) return;
  const folder = path.join(base, 'suite');
  const report = path.join(folder, 'report.jsonl');
  const guardLog = path.join(folder, 'connections.log');
  await mkdir(folder, { recursive: true });
  await writeFile(report, '');
  const suite = await bundleSuite(path.join(folder, 'bundle'));
  const workspace = await copyWorkspace(folder);
  const server = await startServer({ codeServer, folder, report, trust: true, guard: guardFile, guardLog, only });
  cleanups.push(server.stop);

  const { context, page, violations } = await openPage(browser);
  const log = [];
  page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  const exit = new Promise((resolve) => {
    page.exposeFunction('codeAutomationLog', (type, args) => log.push(`${type}: ${args.join(' ')}`));
    page.exposeFunction('codeAutomationExit', (code) => resolve(code));
  });
  inProgress = async () => {
    await page.screenshot({ path: path.join(artifacts, 'suite-at-the-end.png') });
    results.push(...(await readReport(report)));
    await writeFile(path.join(artifacts, 'suite.log'), `${log.join('\n')}\n--- server ---\n${server.log()}`);
  };
  await page.goto(workbenchUrl({ port: server.port, workspace, extension: root, suite: path.join(suite, 'index.cjs') }));
  const code = await exit;
  const pending = inProgress;
  inProgress = undefined;
  await pending();
  if (code !== 0 && !results.some((result) => !result.passed)) {
    results.push({ name: 'suite', passed: false, error: `exit code ${code}\n${log.slice(-20).join('\n')}` });
  }
  await context.close();
  await server.stop();
  await noteConnections('suite', violations, guardLog);
}

/** The sessions: each on a server, page and workspace copy of its own. */
async function runSessions({ codeServer }, browser, base) {
  const folder = path.join(here, 'session');
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.mjs')).sort();
  for (const file of files) {
    const { default: session, name, trust = true } = await import(pathToFileURL(path.join(folder, file)).href);
    if (only && !name.includes(only)) continue;
    // The editor draws when it has time to, and on a busy machine a click may find its target gone: a session that fails is
    // tried once more from the start, and the result says so. What fails twice fails.
    const first = await runSession({ codeServer, browser, base, file, session, name, trust, attempt: 1 });
    if (first.passed) results.push(first);
    else {
      process.stdout.write(`again ${name}: ${String(first.error).split('\n')[0]}\n`);
      results.push(await runSession({ codeServer, browser, base, file, session, name, trust, attempt: 2 }));
    }
  }
}

async function runSession({ codeServer, browser, base, file, session, name, trust, attempt }) {
  const stem = path.basename(file, '.mjs');
  const state = path.join(base, `${stem}-${attempt}`);
  const guardLog = path.join(state, 'connections.log');
  await mkdir(state, { recursive: true });
  const workspace = await copyWorkspace(state);
  const server = await startServer({ codeServer, folder: state, report: '', trust, guard: guardFile, guardLog });
  cleanups.push(server.stop);
  const { context, page, violations } = await openPage(browser);
  const workbench = new Workbench(page, { server, workspace, extension: root, artifacts });
  const started = Date.now();
  let result;
  try {
    await workbench.open();
    await session(workbench);
    result = { name: attempt > 1 ? `${name} (second try)` : name, passed: true, ms: Date.now() - started };
  } catch (error) {
    await page.screenshot({ path: path.join(artifacts, `failed-${stem}.png`) });
    await writeFile(path.join(artifacts, `failed-${stem}.log`), server.log());
    result = { name, passed: false, ms: Date.now() - started, error: error?.stack ?? String(error) };
  }
  await context.close();
  await server.stop();
  await noteConnections(name, violations, guardLog);
  return result;
}

/** A run that is cut short still tells what it saw: set while the suite runs. */
let inProgress;
const guardFile = path.join(here, 'guard.cjs');

async function finish(problem) {
  if (cleaning) return cleaning;
  cleaning = (async () => {
    clearTimeout(overall);
    if (problem) {
      await within(5_000, inProgress?.());
      results.push({ name: 'run', passed: false, error: problem });
    }
    for (const undo of cleanups.reverse()) await within(10_000, undo());
    for (const { name, passed, ms, error } of results) {
      const time = ms === undefined ? '' : ` (${ms} ms)`;
      console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}${time}`);
      if (error) console.log(indent(error));
    }
    const failed = results.filter((result) => !result.passed).length;
    console.log(`${results.length - failed} passed, ${failed} failed`);
    process.exit(failed === 0 && results.length > 0 ? 0 : 1);
  })();
  return cleaning;
}

/** Waits for the promise at most so long; a clean-up that hangs or fails must not hide the results. */
async function within(limitMs, promise) {
  let timer;
  await Promise.race([
    Promise.resolve(promise).catch((error) => console.error(`clean-up: ${error}`)),
    new Promise((resolve) => {
      timer = setTimeout(resolve, limitMs);
    }),
  ]);
  clearTimeout(timer);
}

async function noteConnections(name, violations, guardLog) {
  const refused = await readFile(guardLog, 'utf8').catch(() => '');
  const all = [...violations, ...refused.split('\n').filter(Boolean)];
  results.push({
    name: `${name}: no request leaves the machine`,
    passed: all.length === 0,
    error: all.length === 0 ? undefined : [...new Set(all)].join('\n'),
  });
}

async function readReport(file) {
  return (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** A copy of the test workspace and of the examples, so that a test may edit them. */
async function copyWorkspace(folder) {
  const workspace = path.join(folder, 'workspace');
  await cp(path.join(here, 'workspace'), workspace, { recursive: true });
  await cp(path.join(root, 'examples'), path.join(workspace, 'examples'), { recursive: true }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return workspace;
}

function build() {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}

function option(name) {
  const index = process.argv.indexOf(name);
  return index < 0 ? undefined : process.argv[index + 1];
}

function indent(text) {
  return text.replace(/^/gm, '     ');
}
