/*
 * A run is a function of the system, the scenario and the seed. digests.json tells the digests of the scenarios of the examples
 * and of everything.dsys; they must come out the same in this process, with and without a trace, and from the command line,
 * which runs them in a worker of a process of its own, under every Node there is: DSYS_NODES may name more executables than
 * this one, separated by colons (VS Code's own does as well). `npm run test:update` rewrites the digests; whoever changes one
 * says why.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileDeployment } from '../../../src/compiler/compile.ts';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';
import { runOnce } from '../../../src/simulator/run-once.ts';
import { Package } from '../../cli/dsys.ts';

/** Digests of seeds 1 and 2 by scenario. */
type Digests = Readonly<Record<string, readonly string[]>>;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const goldenPath = fileURLToPath(new URL('digests.json', import.meta.url));
const golden = JSON.parse(readFileSync(goldenPath, 'utf8')) as Record<string, Digests>;
const files = [
  ...readdirSync(join(root, 'examples'))
    .filter((name) => name.endsWith('.dsys') && /^\s*scenario /m.test(readFileSync(join(root, 'examples', name), 'utf8')))
    .map((name) => `examples/${name}`),
  'test/simulator/determinism/everything.dsys',
];
const executables = [process.execPath, ...(process.env.DSYS_NODES?.split(':') ?? [])];
const seeds = [1, 2];

function inThisProcess(file: string, trace: boolean): Digests {
  const workspace = new Workspace({ readText: (uri) => readFileSync(fileURLToPath(uri), 'utf8'), library: nodeLibrary(import.meta.url) });
  const { systems } = checkFile(workspace, pathToFileURL(join(root, file)).href);
  const digests: Record<string, string[]> = {};
  for (const { system } of systems) {
    if (!system) continue;
    const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
    for (const scenario of system.scenarios)
      digests[`${system.name}.${scenario.name}`] = seeds.map((seed) => runOnce(system, programs, scenario, seed, { trace }).digest);
  }
  return digests;
}

interface Report {
  readonly scenarios: readonly {
    readonly system: string;
    readonly scenario: string;
    readonly runs: readonly { readonly digest: string }[];
  }[];
}

let dsys: Package;
beforeAll(() => {
  dsys = new Package();
});
afterAll(() => dsys.remove());

async function fromTheCommandLine(executable: string, file: string): Promise<Digests> {
  const run = promisify(execFile)(
    executable,
    [dsys.bundle, 'run', join(root, file), '--seed', '1', '--runs', String(seeds.length), '--format', 'json'],
    { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, maxBuffer: 64 * 2 ** 20 },
  );
  // So few seeds need not show what a scenario expects (exit code 1): the runs are what is compared.
  const { stdout } = await run.catch((error: { readonly code?: unknown; readonly stdout: string }) => {
    if (error.code !== 1) throw error;
    return error;
  });
  const { scenarios } = JSON.parse(stdout) as Report;
  return Object.fromEntries(scenarios.map(({ system, scenario, runs }) => [`${system}.${scenario}`, runs.map(({ digest }) => digest)]));
}

describe.each(files)('%s', { timeout: 120_000 }, (file) => {
  const expected = golden[file];
  it('has the digests that it always had', () => {
    const actual = inThisProcess(file, false);
    if (process.env.UPDATE) writeFileSync(goldenPath, `${JSON.stringify({ ...readGolden(), [file]: actual }, null, 2)}\n`);
    else expect(actual).toEqual(expected);
  });

  it.skipIf(process.env.UPDATE)('has them with a trace', () => {
    expect(inThisProcess(file, true)).toEqual(expected);
  });

  it.skipIf(process.env.UPDATE).each(executables)('has them in a worker of another process: %s', async (executable) => {
    expect(await fromTheCommandLine(executable, file)).toEqual(expected);
  });
});

function readGolden(): Record<string, Digests> {
  return JSON.parse(readFileSync(goldenPath, 'utf8')) as Record<string, Digests>;
}
