// The workbench as a user meets it: open, run a command, open a file, look at a webview, take a picture.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Address of a workbench on `workspace` with the extension under development, and a test suite when one is given. */
export function workbenchUrl({ port, workspace, extension, suite }) {
  const remote = (file) => `vscode-remote://localhost:${port}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ...(suite ? [['extensionTestsPath', remote(suite)]] : []),
    ['skipWelcome', 'true'],
  ];
  return `http://localhost:${port}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

export class Workbench {
  /** @param {import('playwright-core').Page} page */
  constructor(page, { server, workspace, extension, artifacts }) {
    this.page = page;
    this.server = server;
    this.workspace = workspace;
    this.extension = extension;
    this.artifacts = artifacts;
  }

  async open() {
    const { page, server, workspace, extension } = this;
    await page.goto(workbenchUrl({ port: server.port, workspace, extension }));
    await page.locator('.monaco-workbench .statusbar').waitFor();
  }

  /** Opens a file of the workspace by name, as with Ctrl+P. */
  async openFile(relative) {
    const { page } = this;
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(relative);
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: path.basename(relative) }).first();
    await row.waitFor();
    await page.keyboard.press('Enter');
    await this.tab(path.basename(relative)).waitFor();
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    const { page } = this;
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(`>${title}`);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await page.keyboard.press('Enter');
  }

  tab(name) {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  /**
   * The document inside the visible webview: VS Code nests it two frames deep and names it `active-frame`.
   * Resolves when it is there.
   */
  async webview() {
    const outer = this.page.locator('iframe.webview.ready');
    await outer.waitFor();
    const inner = outer.contentFrame().locator('iframe#active-frame');
    await inner.waitFor();
    const frame = await (await inner.elementHandle()).contentFrame();
    await frame.locator('main#app > *').first().waitFor();
    return frame;
  }

  /**
   * Changes the colour theme and waits until the workbench wears it. By the workspace's settings: the editor watches
   * them, while a user's settings are read once by a workbench in a browser.
   * @param {string} name as in the settings: `Default Dark Modern`
   * @param {string} kind class of the workbench under it: `vs`, `vs-dark`, `hc-black`, `hc-light`
   */
  async theme(name, kind) {
    const folder = path.join(this.workspace, '.vscode');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': name }));
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  async screenshot(name) {
    await this.page.screenshot({ path: path.join(this.artifacts, `${name}.png`) });
  }
}
