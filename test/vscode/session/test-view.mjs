// The test view: scenarios of the workspace are tests, and a run marks them.

export const name = 'session: scenarios in the test view';

/** @param {import('../workbench.mjs').Workbench} workbench */
export default async function testView(workbench) {
  const { page } = workbench;
  await workbench.openFile('counter.dsys');
  await page.locator('.activitybar a[aria-label^="Testing"]').click();
  const row = (text) => page.locator('.test-explorer .monaco-list-row', { hasText: text }).first();
  await row('counter.dsys').waitFor();
  await expand(row('counter.dsys'), row('OneCrash'));
  await untilDone(async () => {
    await row('OneCrash').hover({ timeout: 3_000 });
    await row('OneCrash').getByRole('button', { name: 'Run Test' }).click({ timeout: 3_000 });
  });
  await row('OneCrash').locator('.codicon-testing-passed-icon').waitFor();
  await workbench.screenshot('test-view');
}

/**
 * Opens a row until a child shows. While files are still being found the rows move, so that a click may land on a neighbour,
 * and VS Code 1.100 now and then draws an opened row without the children that came meanwhile: a user would close and open it
 * again, and so does this.
 */
async function expand(parent, child) {
  const twistie = parent.locator('.monaco-tl-twistie');
  await untilDone(async () => {
    if ((await parent.getAttribute('aria-expanded')) === 'true') await twistie.click();
    await twistie.click();
    await child.waitFor({ timeout: 3_000 });
  });
}

/** Tries again what a moving view got in the way of, eight times at the most. */
async function untilDone(action) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action();
      return;
    } catch (error) {
      if (attempt === 8) throw error;
    }
  }
}
