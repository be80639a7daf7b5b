// The whole library, parsed, resolved and type-checked, cold; the same by `dsys check`, which lints it as well; and a file that imports one protocol of it, which pays for that one
// alone. A new process each time. References: Node itself with nothing to do; the same file with the protocol written into it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { percentile, report } from './report.ts';

const root = join(import.meta.dirname, '../..');
if (process.argv[2] === 'types') {
  const library = nodeLibrary(pathToFileURL(join(root, 'dist/cli/dsys.mjs')).href);
  const workspace = new Workspace({ readText: () => undefined, library });
  const files = library.list().map((path) => workspace.check(`dsys-library:/${path}.dsys`));
  const isWhole =
    files.length > 0 &&
    files.every(({ protocols, findings }) => protocols.length > 0 && findings.every(({ severity }) => severity !== 'error'));
  process.exit(isWhole ? 0 : 1);
}
const folder = mkdtempSync(join(tmpdir(), 'dsys-bench-'));
const system = `system Small {
  node replica[3]
  faults One { crash 1 of replica }
  timing partially_synchronous(delay: 20ms, gst: 0s)
  run Raft on replica
}
`;
const importing = join(folder, 'importing.dsys');
writeFileSync(importing, `import Raft from "dsys/consensus/raft"\n${system}`);
const whole = join(folder, 'whole.dsys');
writeFileSync(whole, readFileSync(join(root, 'library/consensus/raft.dsys'), 'utf8') + system);

const time = (args: readonly string[]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`exit ${status}: ${stdout}${stderr}`);
  return (performance.now() - started) / 1000;
};
const check = (path: string) => time([join(root, 'dist/cli/dsys.mjs'), 'check', path]);

const times = { empty: [] as number[], types: [] as number[], library: [] as number[], importing: [] as number[], whole: [] as number[] };
for (let round = 0; round < 11; round += 1) {
  times.empty.push(time(['-e', '0']));
  times.types.push(time([process.argv[1] as string, 'types']));
  times.library.push(check(join(root, 'library')));
  times.importing.push(check(importing));
  times.whole.push(check(whole));
}
rmSync(folder, { recursive: true });

const unit = 's';
report({
  name: 'the whole library parsed, resolved and type-checked, cold, median',
  value: percentile(times.types, 0.5),
  unit,
  reference: { name: 'node -e 0', value: percentile(times.empty, 0.5) },
  atMost: 1,
});
report({
  name: 'dsys check of it, with lints, cold, median',
  value: percentile(times.library, 0.5),
  unit,
  reference: { name: 'types alone', value: percentile(times.types, 0.5) },
});
report({
  name: 'dsys check of a file that imports one protocol, cold, median',
  value: percentile(times.importing, 0.5),
  unit,
  reference: { name: 'with the protocol written into it', value: percentile(times.whole, 0.5) },
  atMost: 0.6,
});
