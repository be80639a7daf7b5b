// A long run shows its progress and can be cancelled; afterwards everything works as before.

import { strict as assert } from 'node:assert';

export const name = 'session: cancel a long run';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function cancel(workbench) {
  const { page } = workbench;
  await workbench.openFile('long.dsys');
  await page.locator('.editor-actions a[aria-label^="Run Simulation"]').first().click();
  const toast = page.locator('.notification-toast', { hasText: 'Simulating Long' });
  await toast.filter({ hasText: /seed \d+ of 10000/ }).waitFor();
  await workbench.screenshot('run-in-progress');
  await toast.getByRole('button', { name: 'Cancel' }).click();
  await toast.waitFor({ state: 'detached' });
  assert.equal(await page.locator('iframe.webview').count(), 0, 'a cancelled run opens no panel');

  await workbench.openFile('counter.dsys');
  await page.locator('.editor-actions a[aria-label^="Run Simulation"]').first().click();
  await (await workbench.webview()).locator('.badge').waitFor();
}
