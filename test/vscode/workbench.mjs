// The workbench as a user meets it: open, run a command, open a file, look at a webview, take a picture.

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

  /** The document inside the visible webview: VS Code nests it two frames deep and calls it `active-frame`. */
  webview() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** Changes the colour theme and waits until the workbench wears it. */
  async theme(name, kind) {
    await this.server.settings({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  async screenshot(name) {
    await this.page.screenshot({ path: path.join(this.artifacts, `${name}.png`) });
  }
}
