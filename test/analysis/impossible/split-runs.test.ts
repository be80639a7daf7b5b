import { describe, expect, it } from 'vitest';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';
import { sampleKey } from '../../../src/simulator/metrics.ts';
import { librarySystem, simulate } from '../simulated.ts';

/** A linearizable register of the library loses at least what is said that any must lose while the network is split. */

const text = (sides: string, bound: string, workloads: string): string => `import Register, SharedInt from "dsys/replication/register"
system Store {
  node replica[5]
  node east
  node west
  faults Cut { partition with (heals: 30s) }
  run Register on replica
  ${workloads}
  scenario Split under Cut (duration: 60s, seeds: 1) {
    at 10s partition(${sides}, for: 30s)
    expect linearizable(SharedInt)
    expect success(Read) >= ${bound} and success(Write) >= ${bound}
  }
}`;

const both =
  'workload w on east + west {\n call Write(v: unique) to any(replica) with (rate: 10/s, timeout: 500ms)\n call Read() to any(replica) with (rate: 30/s, timeout: 500ms)\n}';
const apart =
  'workload w on east { call Write(v: unique) to any(replica) with (rate: 20/s, timeout: 500ms) }\nworkload r on west { call Read() to any(replica) with (rate: 20/s, timeout: 500ms) }';

function said(source: string): { readonly lost: number; readonly allowed: number } | null {
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText('file:///test.dsys', source);
  const found = checkFile(workspace, 'file:///test.dsys').findings.find(({ code }) => code === 'DS3702');
  return found === undefined ? null : { lost: found.numbers?.lost ?? 0, allowed: found.numbers?.allowed ?? 0 };
}

function lostInRun(source: string): number {
  const { sample } = simulate(librarySystem(source), 1);
  const operations = ['Read', 'Write'].map((name) => sample.operations.get(sampleKey(0, name)));
  const calls = operations.reduce((sum, operation) => sum + (operation?.calls ?? 0), 0);
  const succeeded = operations.reduce((sum, operation) => sum + (operation?.succeeded ?? 0), 0);
  return 1 - succeeded / calls;
}

describe('answers on both sides of a split', () => {
  it.each([
    ['a majority in the east, both call', 'east + replica[0..2], west + replica[3..4]', both],
    ['writers in the east, readers in the west', 'east + replica[0..2], west + replica[3..4]', apart],
    ['no member in the west', 'east + replica[0..4], west', both],
  ])('%s', (_, sides, workloads) => {
    const source = text(sides, '99%', workloads);
    const found = said(source);
    expect(found?.lost).toBeGreaterThan(0.05);
    expect(lostInRun(source)).toBeGreaterThanOrEqual(found?.lost ?? 1);
    // What the run loses is fewer than what may be expected to be lost: then nothing is said.
    expect(said(text(sides, '40%', workloads))).toBeNull();
  });
});
