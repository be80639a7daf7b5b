// The whole library, parsed, resolved, type-checked and linted, cold; and a file that imports one protocol of it, which pays for that one
// alone. A new process each time. References: Node itself with nothing to do; the same file with the protocol written into it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, report } from './report.ts';

const root = join(import.meta.dirname, '../..');
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

const times = { empty: [] as number[], library: [] as number[], importing: [] as number[], whole: [] as number[] };
for (let round = 0; round < 11; round += 1) {
  times.empty.push(time(['-e', '0']));
  times.library.push(check(join(root, 'library')));
  times.importing.push(check(importing));
  times.whole.push(check(whole));
}
rmSync(folder, { recursive: true });

const unit = 's';
report({
  name: 'dsys check of the whole library, cold, median',
  value: percentile(times.library, 0.5),
  unit,
  reference: { name: 'node -e 0', value: percentile(times.empty, 0.5) },
  atMost: 1,
});
report({
  name: 'dsys check of a file that imports one protocol, cold, median',
  value: percentile(times.importing, 0.5),
  unit,
  reference: { name: 'with the protocol written into it', value: percentile(times.whole, 0.5) },
  atMost: 0.6,
});
