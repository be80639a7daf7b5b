// Starts VS Code's server on a free local port with folders of its own, and stops it with everything it started.

import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

const readyTimeoutMs = 60_000;

/**
 * @param {{ codeServer: string, folder: string, report: string, trust: boolean, guard: string, guardLog: string, only?: string }} options
 *   `folder`: temporary folder for all of the server's state; `report`: file the suite appends its results to;
 *   `trust`: whether every workspace is trusted (false: Restricted Mode until the user decides);
 *   `guard`: module loaded into each Node process of the server that refuses connections to other machines and
 *   notes them in `guardLog`; `only`: text that the names of the suite's tests to run contain.
 * @returns {Promise<{ port: number, log: () => string, stop: () => Promise<void> }>}
 */
export async function startServer({ codeServer, folder, report, trust, guard, guardLog, only }) {
  const userFolder = path.join(folder, 'data/User');
  await mkdir(userFolder, { recursive: true });
  await writeFile(path.join(userFolder, 'settings.json'), JSON.stringify(quietSettings, undefined, 2));

  const port = await freePort();
  const args = [
    path.join(codeServer, 'out/server-main.js'),
    '--accept-server-license-terms',
    '--without-connection-token',
    '--host=127.0.0.1',
    `--port=${port}`,
    `--server-data-dir=${path.join(folder, 'srv')}`,
    `--user-data-dir=${path.join(folder, 'data')}`,
    `--extensions-dir=${path.join(folder, 'ext')}`,
    '--log=warn',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    ...(trust ? ['--disable-workspace-trust'] : []),
  ];
  const child = spawn(process.execPath, args, {
    // A process group of its own: the extension host and the language server are stopped with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      EXTENSIONS_GALLERY: '{}',
      DSYS_VSCODE_REPORT: report,
      DSYS_VSCODE_GUARD_LOG: guardLog,
      NODE_OPTIONS: `--require=${guard}`,
      ...(only ? { DSYS_VSCODE_ONLY: only } : {}),
    },
  });
  let output = '';
  const collect = (chunk) => {
    output = (output + chunk).slice(-100_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exited = new Promise((resolve) => child.once('exit', resolve));

  const stop = async () => {
    kill(child.pid, 'SIGTERM');
    const timer = setTimeout(() => kill(child.pid, 'SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
    // The group's other members (extension host, language server) may outlive the leader.
    kill(child.pid, 'SIGKILL');
  };

  try {
    await Promise.race([
      answers(`http://127.0.0.1:${port}/version`),
      exited.then((code) => {
        throw new Error(`VS Code's server ended with code ${code}:\n${output}`);
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, log: () => output, stop };
}

/** Settings that keep the editor from asking, animating, updating or reaching out. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'chat.commandCenter.enabled': false,
  'editor.fontFamily': 'DejaVu Sans Mono',
};

function kill(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Resolves when the address answers a GET; there is no event for it, so it is asked again until the deadline. */
async function answers(url) {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) throw new Error(`no answer from ${url} within ${readyTimeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
