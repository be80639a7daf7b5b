// Launches the cached Chromium and watches that nothing leaves this machine.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @param {{ chromium: string, libraries: string, fonts: string, playwright: string, folder: string }} options
 *   `folder`: temporary folder for the browser's own files.
 */
export async function launchBrowser({ chromium, libraries, fonts, playwright, folder }) {
  const { chromium: launcher } = await import(pathToFileURL(playwright).href);
  const home = path.join(folder, 'browser');
  await mkdir(home, { recursive: true });
  const fontsConf = path.join(home, 'fonts.conf');
  await writeFile(fontsConf, fontsConfig(fonts, home));
  return launcher.launch({
    executablePath: chromium,
    headless: true,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_FILE: fontsConf,
      HOME: home,
      XDG_CACHE_HOME: home,
    },
    args: [
      '--no-sandbox',
      '--no-zygote',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      // Names of other machines do not even resolve, whatever asks for them.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
}

/** The DejaVu fonts for whatever family a page asks for: pictures look the same on every machine. */
function fontsConfig(fonts, cache) {
  const prefer = (family, font) => `<alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${fonts}</dir><cachedir>${cache}</cachedir>
${prefer('monospace', 'DejaVu Sans Mono')}
${['system-ui', 'sans-serif', 'sans', 'Arial', 'Times New Roman', 'Ubuntu', 'Droid Sans'].map((family) => prefer(family, 'DejaVu Sans')).join('\n')}
</fontconfig>\n`;
}

/**
 * Opens a page whose requests to other machines are refused and listed in `violations`.
 * A webview's resources have addresses under vscode-cdn.net that its own service worker answers from the local server;
 * those never reach the network and are not violations.
 */
export async function openPage(browser, { width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-US' });
  const violations = [];
  context.on('requestfailed', (request) => {
    if (!isLocal(request.url())) violations.push(`${request.method()} ${request.url()}`);
  });
  context.on('response', (response) => {
    if (!isLocal(response.url()) && !response.fromServiceWorker()) violations.push(`answered: ${response.url()}`);
  });
  const page = await context.newPage();
  return { context, page, violations };
}

function isLocal(address) {
  const url = new URL(address);
  if (['data:', 'blob:', 'about:', 'vscode-file:', 'chrome-extension:'].includes(url.protocol)) return true;
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
