// Makes the README's picture of the panel, from the real editor: `node test/vscode/picture.mjs`.

import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openPage } from './browser.mjs';
import { ensureInstalled } from './install.mjs';
import { startServer } from './server.mjs';
import { Workbench } from './workbench.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const images = path.join(root, 'docs/images');

const installed = await ensureInstalled();
const folder = await mkdtemp(path.join(tmpdir(), 'dsys-picture-'));
const workspace = path.join(folder, 'bank');
await cp(path.join(root, 'examples'), workspace, { recursive: true });
await mkdir(images, { recursive: true });
const browser = await launchBrowser({ ...installed, folder });
const server = await startServer({
  codeServer: installed.codeServer,
  folder,
  report: '',
  trust: true,
  guard: path.join(here, 'guard.cjs'),
  guardLog: path.join(folder, 'connections.log'),
});
try {
  const { page } = await openPage(browser, { width: 1500, height: 980 });
  const workbench = new Workbench(page, { server, workspace, extension: root, artifacts: images });
  await workbench.open();
  await workbench.openFile('pbft-ledger.dsys');
  // The side bar and the minimap are not what the picture is about.
  await page.keyboard.press('Control+B');
  await workbench.command('View: Toggle Minimap');
  await page.locator('.editor-actions a[aria-label^="Run Simulation"]').first().click();
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'PrimaryCrashes' }).click();
  const panel = await workbench.webview();
  await panel.locator('.badge').waitFor();
  await page.locator('.notification-toast').waitFor({ state: 'detached' });
  await workbench.screenshot('panel');
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
