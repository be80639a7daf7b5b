// After a reload of the window the panel is there again and offers to make the same run again.

export const name = 'session: the panel after a reload of the window';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function reload(workbench) {
  const { page } = workbench;
  await workbench.openFile('counter.dsys');
  await page.locator('.editor-actions a[aria-label^="Run Simulation"]').first().click();
  await (await workbench.webview()).locator('.badge').waitFor();

  // By the editor's own command: it writes down what is open before it goes.
  const loaded = page.waitForEvent('domcontentloaded');
  await workbench.command('Developer: Reload Window');
  await loaded;
  const again = await workbench.webview();
  await again.getByRole('button', { name: 'Run again' }).click();
  await again.locator('.badge').waitFor();
}
