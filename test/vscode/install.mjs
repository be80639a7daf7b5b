// Fetches what a real VS Code in a real browser needs, from the npm registry alone, into a cache folder outside the
// repository. The folder is built under a temporary name and renamed when complete, so an interrupted install leaves
// nothing that a later run would take for whole.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

const run = promisify(execFile);

/** Exact versions: code-server 4.100.3 carries VS Code 1.100, the oldest version the extension supports. */
const packages = {
  'code-server': '4.100.3',
  'playwright-core': '1.65.1',
  '@sparticuz/chromium': '147.0.0',
  'dejavu-fonts-ttf': '2.37.3',
  'axe-core': '4.14.1',
  '@vscode/ripgrep-linux-x64': '1.18.0',
  '@lydell/node-pty-linux-x64': '1.1.0',
};

/** Part of the cache's name; raise it when the steps below change, so that old folders are not reused. */
const recipe = 1;

const installTimeoutMs = 10 * 60_000;

/**
 * Makes sure the cache folder is complete and tells where its parts are.
 * @returns {Promise<{ folder: string, codeServer: string, chromium: string, libraries: string, fonts: string, playwright: string, axe: string }>}
 */
export async function ensureInstalled() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The headless VS Code is packaged for linux-x64, this is ${process.platform}-${process.arch}: run test/vscode/electron.mjs instead.`,
    );
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([packages, recipe]))
    .digest('hex')
    .slice(0, 12);
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const folder = path.join(base, `dsys-vscode-${hash}`);
  const stamp = path.join(folder, 'complete');
  await removeAbandoned(base, path.basename(folder));
  if (!(await exists(stamp))) {
    const partial = `${folder}.partial-${process.pid}`;
    process.stderr.write(`installing a VS Code for tests into ${folder} (once)\n`);
    try {
      await install(partial);
      await writeFile(path.join(partial, 'complete'), new Date().toISOString());
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder).catch(async (error) => {
        // Another run may have finished the same install between the two calls above; its folder is as good as ours.
        if (!(await exists(stamp))) throw error;
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }
  return {
    folder,
    codeServer: path.join(folder, 'node_modules/code-server/lib/vscode'),
    chromium: path.join(folder, 'browser/chromium'),
    libraries: path.join(folder, 'browser/lib'),
    fonts: path.join(folder, 'node_modules/dejavu-fonts-ttf/ttf'),
    playwright: path.join(folder, 'node_modules/playwright-core/index.mjs'),
    axe: path.join(folder, 'node_modules/axe-core/axe.min.js'),
  };
}

/** Removes what an install left behind that was killed: its process is no more. */
async function removeAbandoned(base, name) {
  for (const entry of await readdir(base).catch(() => [])) {
    const pid = Number(entry.startsWith(`${name}.partial-`) ? entry.split('-').at(-1) : Number.NaN);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    await rm(path.join(base, entry), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'dsys-vscode-test', private: true, dependencies: packages }));
  const npmFlags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await npm(folder, ['install', ...npmFlags]);

  const modules = path.join(folder, 'node_modules');
  const vscode = path.join(modules, 'code-server/lib/vscode');
  // --legacy-peer-deps: the shrinkwrap of VS Code's server names peers that plain `npm ci` refuses.
  await npm(vscode, ['ci', '--legacy-peer-deps', '--omit=dev', ...npmFlags]);
  // Install scripts are off, so the two native parts come prebuilt from packages of their own.
  await copyInto(path.join(modules, '@vscode/ripgrep-linux-x64/bin/rg'), path.join(vscode, 'node_modules/@vscode/ripgrep/bin/rg'));
  await chmod(path.join(vscode, 'node_modules/@vscode/ripgrep/bin/rg'), 0o755);
  await copyInto(
    path.join(modules, '@lydell/node-pty-linux-x64/pty.node'),
    path.join(vscode, 'node_modules/node-pty/build/Release/pty.node'),
  );
  await unpackBrowser(modules, path.join(folder, 'browser'));
}

async function unpackBrowser(modules, target) {
  await mkdir(target, { recursive: true });
  const bin = path.join(modules, '@sparticuz/chromium/bin');
  const unbrotli = promisify(brotliDecompress);
  const chromium = path.join(target, 'chromium');
  await writeFile(chromium, await unbrotli(await readFile(path.join(bin, 'chromium.br'))));
  await chmod(chromium, 0o755);
  // Libraries of a bare system (NSS, expat) that Chromium links to and a minimal container lacks.
  const tar = path.join(target, 'al2023.tar');
  await writeFile(tar, await unbrotli(await readFile(path.join(bin, 'al2023.tar.br'))));
  await run('tar', ['-xf', tar, '-C', target]);
  await rm(tar);
}

async function npm(cwd, args) {
  // An outer `npm run` exports its configuration (npm_config_*, also the workspace's prefix): the install must not see it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(package|lifecycle|config_(prefix|local_prefix))/i.test(key)),
  );
  await run('npm', args, { cwd, env, timeout: installTimeoutMs, maxBuffer: 64 << 20 });
}

async function copyInto(from, to) {
  await mkdir(path.dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function exists(file) {
  return stat(file).then(
    () => true,
    () => false,
  );
}
