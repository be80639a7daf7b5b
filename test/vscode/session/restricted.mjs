// Restricted Mode: files of a workspace that the user does not trust are checked, and running one asks first.

import { strict as assert } from 'node:assert';

export const name = 'session: a workspace that is not trusted';
export const trust = false;

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function restricted(workbench) {
  const { page } = workbench;
  await page.getByRole('button', { name: "No, I don't trust the authors" }).click();
  await workbench.openFile('counter.dsys');
  const run = page.locator('.editor-actions a[aria-label^="Run Simulation"]').first();
  const question = page.getByRole('dialog').filter({ hasText: 'This workspace is not trusted. Run its simulation?' });

  await run.click();
  await question.waitFor();
  await workbench.screenshot('restricted-asks');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  assert.equal(await page.locator('iframe.webview').count(), 0, 'nothing ran');

  await run.click();
  await question.getByRole('button', { name: 'Run', exact: true }).click();
  const panel = await workbench.webview();
  await panel.locator('.badge').waitFor();
}
