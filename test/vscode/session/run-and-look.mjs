// As a user: open an example, press the run button, read the panel, change the theme, look at the topology.

import { strict as assert } from 'node:assert';
import { expectAccessible } from '../accessibility.mjs';

export const name = 'session: run an example and look at the panel';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function runAndLook(workbench) {
  const { page } = workbench;
  await workbench.openFile('etcd-three-zones.dsys');
  await page.locator('.editor-actions a[aria-label^="Run Simulation"]').first().click();
  // The cursor stands in no scenario, and there are three: one is asked for.
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'LeaderZoneLost' }).click();

  let panel = await workbench.webview();
  await panel.locator('.badge').waitFor();
  await panel.locator('canvas.space-time-canvas').waitFor();
  assert.match(await panel.locator('.space-time .note').textContent(), /messages? in view/);
  assert.ok((await panel.locator('.verdict-list li').count()) > 0, 'there is a verdict for each expectation');
  await workbench.screenshot('panel-light');
  await expectAccessible(panel, 'light');

  // The cursor moves by keys, and what hangs on it follows.
  const before = await panel.locator('.cursor-time').textContent();
  await panel.locator('canvas.space-time-canvas').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await panel.locator('.cursor-time', { hasNotText: before }).waitFor();

  // A lane can be hidden and shown again.
  const lanes = panel.locator('.lane-label');
  const all = await lanes.count();
  await lanes.first().hover();
  await panel.locator('.lane-hide').first().click();
  await panel.locator('.hidden-lanes .chip').first().waitFor();
  assert.equal(await lanes.count(), all - 1);
  await panel.getByRole('button', { name: 'Show all' }).click();
  await panel.locator('.hidden-lanes .chip').first().waitFor({ state: 'detached' });

  // The page is not kept while another tab hides it: it comes back with the cursor where it was.
  const moved = await panel.locator('.cursor-time').textContent();
  await workbench.tab('Run:').click();
  // Its neighbour: the list shows what is near the file at hand, however many examples there are.
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'etcd-two-zones.dsys' }).click();
  await workbench.tab('etcd-two-zones.dsys').waitFor();
  await workbench.tab('Run:').click();
  panel = await workbench.webview();
  await panel.locator('.cursor-time', { hasText: moved }).waitFor();

  await workbench.theme('Default Dark Modern', 'vs-dark');
  await panel.locator('body.vscode-dark').waitFor();
  await workbench.screenshot('panel-dark');
  await expectAccessible(panel, 'dark');

  await workbench.theme('Default High Contrast', 'hc-black');
  await panel.locator('body.vscode-high-contrast').waitFor();
  await workbench.screenshot('panel-high-contrast');
  await expectAccessible(panel, 'high contrast');

  await workbench.theme('Default Light Modern', 'vs');
  await workbench.tab('etcd-three-zones.dsys').click();
  await workbench.command('dsys: Show Topology');
  await panel.locator('.verdict-list').waitFor({ state: 'detached' });
  await panel.locator('.topology-picture').waitFor();
  await workbench.screenshot('topology-light');
}
