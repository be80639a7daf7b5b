import { expect, it } from 'vitest';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';

/** The titles of the changes that are offered for the first finding. */
function fixesOf(node: string): readonly string[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(
    'test:///mend.dsys',
    `protocol Store {
  quorum Majority = majority(members)
  requires liveness availability(Majority) >= 99.99%
}
system Shop {
  zone a (availability: 99.9%)
  zone b (availability: 99.9%)
  zone c (availability: 99.9%)
  faults One { outage 1 of [a] }
  ${node}
  run Store on replica
}`,
  );
  const [finding] = checkFile(workspace, 'test:///mend.dsys').findings.filter(({ code }) => code === 'DS3002');
  return (finding?.fixes ?? []).map(({ title }) => title);
}

it('a claimed availability that is missed is mended by placement or by nodes, each tried', () => {
  expect(fixesOf('node replica[3] in [a, b, c] (availability: 99.3%)')).toEqual(['Raise `replica` from 3 to 5 nodes']);
});

it('no new zone is offered: it would say no availability and count as never failing', () => {
  expect(fixesOf('node replica[3] in [a] (availability: 99.99%)').filter((title) => title.includes('Add the zone'))).toEqual([]);
});
