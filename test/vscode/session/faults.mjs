// As a user: run a scenario with every fault that lasts, read the panel in both themes, step to a paused node, complete an action.

import { strict as assert } from 'node:assert';
import { expectAccessible } from '../accessibility.mjs';

export const name = 'session: every kind of fault in the panel, words of a scenario in the editor';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function faults(workbench) {
  const { page } = workbench;
  await workbench.openFile('faults.dsys');
  await page.locator('.editor-actions a[aria-label^="Run Simulation"]').first().click();
  const panel = await workbench.webview();
  await panel.locator('.badge.failed').waitFor();
  await panel.locator('canvas.space-time-canvas').waitFor();
  const verdicts = await panel.locator('.verdict-list').textContent();
  for (const kind of ['invariant FewBeats', 'leads_to Heard', 'always Beating']) assert.ok(verdicts.includes(kind), `${kind}: ${verdicts}`);
  await panel.getByRole('button', { name: 'at 2.8 s' }).click();
  await panel.getByRole('button', { name: 'Show the whole run' }).click();
  // The log stands at the violation: only what is near the cursor is in the document.
  await panel.locator('.lane-label', { hasText: 'monitor[1]' }).click();
  await panel.locator('.log-head input').check();
  await panel.locator('canvas.space-time-canvas').focus();
  await page.keyboard.press('Home');
  await panel.locator('.log-row', { hasText: 'pause' }).first().click();
  await panel.locator('.node-state .note', { hasText: /^paused at/ }).waitFor();
  const legend = await panel.locator('.legend').textContent();
  for (const word of ['down', 'paused', 'Byzantine', 'loses messages', 'cut off', 'slow', 'clock at a wrong rate']) {
    assert.ok(legend.includes(word), `${word}: ${legend}`);
  }
  await panel.locator('h1').scrollIntoViewIfNeeded();
  await workbench.screenshot('faults-light');
  await expectAccessible(panel, 'light');
  await workbench.theme('Default Dark Modern', 'vs-dark');
  await panel.locator('body.vscode-dark').waitFor();
  await workbench.screenshot('faults-dark');
  await expectAccessible(panel, 'dark');
  await workbench.theme('Default Light Modern', 'vs');
}
