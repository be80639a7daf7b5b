import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Facts } from '../../../src/analysis/facts.ts';
import { goneNodes, unresponsive } from '../../../src/analysis/fault-sets.ts';
import { coverOf } from '../../../src/analysis/impossible/covers.ts';
import type { Deployment, System } from '../../../src/model/system.ts';
import { admissible, maskOf, unions } from '../brute-force.ts';
import { cases, runs } from '../random-systems.ts';
import { nowhere } from '../systems.ts';

function everyone(system: System): Deployment {
  const members = system.nodes.map(({ index }) => index);
  return { index: 0, called: 'P', protocol: 0, span: nowhere, nameSpan: nowhere, members, roles: [], arguments: [], uses: [], quorums: [] };
}

it('sets that may be gone and sets that may lie cover all members exactly when enumeration finds such sets', () => {
  const parts = fc.constantFrom({ gone: 2, lying: 0 }, { gone: 0, lying: 3 }, { gone: 2, lying: 1 });
  fc.assert(
    fc.property(cases, parts, ({ system, model }, { gone, lying }) => {
      const deployment = everyone(system);
      const all = maskOf(deployment.members);
      const away = unions(admissible(system, model, unresponsive), gone);
      const liars = unions(admissible(system, model, ['byzantine']), lying);
      const expected = [...away].some((set) => [...liars].some((lie) => ((set | lie) & all) === all));
      const found = coverOf(new Facts(system, deployment, model), deployment.members, { gone, lying });
      expect(found !== null).toBe(expected);
      if (found === null) return;
      expect(found.length).toBeLessThanOrEqual(gone + lying);
      expect(found.reduce((mask, set) => mask | maskOf(goneNodes(system, set)), 0) & all).toBe(all);
      const single = admissible(system, model, unresponsive);
      for (const set of found) expect(single.has(maskOf(goneNodes(system, set)))).toBe(true);
    }),
    runs,
  );
});
