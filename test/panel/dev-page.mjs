// Draws the panel with a made-up run outside of VS Code and takes pictures: `node test/panel/dev-page.mjs <folder>`.
// For whoever changes the panel's looks; the real editor's pictures are made by `npm run test:vscode`.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchBrowser } from '../vscode/browser.mjs';
import { ensureInstalled } from '../vscode/install.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2] ?? 'panel-pictures');
const themes = {
  light: {
    '--vscode-foreground': '#3b3b3b',
    '--vscode-editor-background': '#ffffff',
    '--vscode-descriptionForeground': '#717171',
    '--vscode-panel-border': '#e5e5e5',
    '--vscode-focusBorder': '#005fb8',
    '--vscode-charts-blue': '#1a85ff',
    '--vscode-charts-orange': '#d18616',
    '--vscode-charts-green': '#388a34',
    '--vscode-charts-purple': '#652d90',
    '--vscode-charts-yellow': '#bf8803',
    '--vscode-editorError-foreground': '#e51400',
  },
  dark: {
    '--vscode-foreground': '#cccccc',
    '--vscode-editor-background': '#1f1f1f',
    '--vscode-descriptionForeground': '#9d9d9d',
    '--vscode-panel-border': '#2b2b2b',
    '--vscode-focusBorder': '#0078d4',
    '--vscode-charts-blue': '#59a4f9',
    '--vscode-charts-orange': '#d18616',
    '--vscode-charts-green': '#89d185',
    '--vscode-charts-purple': '#b180d7',
    '--vscode-charts-yellow': '#cca700',
    '--vscode-editorError-foreground': '#f14c4c',
    '--vscode-textLink-foreground': '#4daafc',
    '--vscode-testing-iconPassed': '#73c991',
  },
};

const bundle = async (entry, format) => {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir: '/',
    format,
    globalName: 'bundle',
    target: 'es2023',
    logLevel: 'warning',
  });
  return Object.fromEntries(result.outputFiles.map((file) => [path.extname(file.path).slice(1), file.text]));
};
const panel = await bundle(path.join(here, '../../src/panel/main.ts'), 'iife');
const runs = await bundle(path.join(here, 'dev-runs.ts'), 'iife');

await mkdir(target, { recursive: true });
const browser = await launchBrowser({ ...(await ensureInstalled()), folder: path.join(target, '.browser') });
try {
  for (const [theme, colours] of Object.entries(themes)) {
    for (const subject of ['bank', 'busy', 'crash', 'faults', 'many', 'ring', 'wide']) {
      const page = await browser.newPage({ viewport: { width: subject === 'wide' ? 1300 : 760, height: 1000 }, locale: 'en-US' });
      page.on('pageerror', (error) => console.error(`${theme} ${subject}: ${error.stack}`));
      await page.setContent('<!doctype html><html lang="en"><body><main id="app"></main></body></html>');
      await page.evaluate(
        ({ theme, colours }) => {
          document.body.className = `vscode-${theme}`;
          for (const [name, value] of Object.entries(colours)) document.documentElement.style.setProperty(name, value);
          document.documentElement.style.setProperty('--vscode-font-family', 'sans-serif');
          window.posted = [];
          window.acquireVsCodeApi = () => ({
            postMessage: (m) => {
              window.posted.push(m);
            },
            getState: () => undefined,
            setState: () => undefined,
          });
        },
        { theme, colours },
      );
      await page.addStyleTag({ content: panel.css });
      await page.addScriptTag({ content: panel.js });
      await page.addScriptTag({ content: runs.js });
      const started = Date.now();
      await page.evaluate((subject) => window.postMessage(bundle.messages[subject](), '*'), subject);
      await page.waitForFunction(() => window.posted.some((message) => message.type === 'drawn'));
      console.log(`${theme} ${subject}: drawn after ${Date.now() - started} ms`);
      if (subject === 'busy') {
        await page.getByRole('button', { name: 'Show the whole run' }).click();
        await page.getByText('bars count them').waitFor();
      }
      if (subject === 'crash') await page.locator('canvas.space-time-canvas').hover({ position: { x: 240, y: 90 } });
      await page.screenshot({ path: path.join(target, `${subject}-${theme}.png`), fullPage: true });
      await page.close();
    }
  }
} finally {
  await browser.close();
}
