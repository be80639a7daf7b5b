// What a deployment survives, where it is written: words behind the `run`, the card on hover, in light and in dark.

import { strict as assert } from 'node:assert';

export const name = 'session: words behind a run, and its card on hover';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function resilience(workbench) {
  const { page } = workbench;
  await workbench.openFile('etcd-three-zones.dsys');
  const line = page.locator('.view-line', { hasText: /run\s+Raft\(/ });
  await line.filter({ hasText: /survives\s+1\s+of\s+3\s+crashes,\s+any\s+1\s+zone/ }).waitFor();

  const card = page.locator('.monaco-hover:not(.hidden)', { hasText: 'What it survives' });
  const hoverRun = async () => {
    await line.locator('span', { hasText: /^Raft/ }).last().hover();
    await card.waitFor();
    // It fades in.
    await page.waitForTimeout(700);
  };
  await hoverRun();
  const text = await card.textContent();
  assert.match(text, /Under ZoneLoss: survives 1 of 3 crashes/);
  assert.match(text, /zones: any 1 of a, b and c may be lost/);
  await workbench.screenshot('card-light');
  await page.mouse.move(5, 5);
  await card.waitFor({ state: 'detached' }).catch(() => undefined);

  await workbench.theme('Default Dark Modern', 'vs-dark');
  await hoverRun();
  await workbench.screenshot('card-dark');
}
