// Checks a frame with axe-core: contrast, names, roles.

import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { ensureInstalled } from './install.mjs';

/**
 * Fails when axe-core finds a serious or critical problem in the frame.
 * @param {import('playwright-core').Frame} frame
 * @param {string} look names the theme in the error
 */
export async function expectAccessible(frame, look) {
  const { axe } = await ensureInstalled();
  // The page's policy forbids foreign scripts, and it should: this one comes through the debugger.
  await frame.evaluate(await readFile(axe, 'utf8'));
  const found = await frame.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 5)
            .map((node) => `${node.html.slice(0, 160)} (${node.any[0]?.message ?? ''})`)
            .join('\n  ')}`,
      );
  });
  assert.deepEqual(found, [], `accessibility problems (${look}):\n${found.join('\n')}`);
}
