// The test view: scenarios of the workspace are tests, and a run marks them.

export const name = 'session: scenarios in the test view';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function testView(workbench) {
  const { page } = workbench;
  await workbench.openFile('counter.dsys');
  await page.locator('.activitybar a[aria-label^="Testing"]').click();
  const row = (text) => page.locator('.test-explorer .monaco-list-row', { hasText: text }).first();
  await row('counter.dsys').waitFor();
  await row('counter.dsys').locator('.monaco-tl-twistie').click();
  await row('OneCrash').waitFor();
  await row('OneCrash').hover();
  await row('OneCrash').getByRole('button', { name: 'Run Test' }).click();
  await row('OneCrash').locator('.codicon-testing-passed-icon').waitFor();
  await workbench.screenshot('test-view');
}
