// `npm test`: everything that must hold, one step after the other, and one line with the sum at the end.
//   --fast   leaves out the real VS Code
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'dsys-test-'));
const vitestReport = join(scratch, 'vitest.json');

/** Runs a command, passes its output on and returns its exit code and standard output. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      process.stdout.write(data);
    });
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve({ code: 1, output });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const steps = [
  { name: 'grammar', command: process.execPath, args: ['scripts/generate.mjs'] },
  // Twice, since a checkout that has been built is built again.
  { name: 'grammar, over what is there', command: process.execPath, args: ['scripts/generate.mjs'] },
  { name: 'bundles', command: process.execPath, args: ['scripts/build.mjs'] },
  { name: 'types', command: bin('tsc'), args: ['--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of the panel', command: bin('tsc'), args: ['--noEmit', '-p', 'src/panel/tsconfig.json'] },
  { name: 'types of the editor suite', command: bin('tsc'), args: ['--noEmit', '-p', 'test/vscode/tsconfig.json'] },
  { name: 'lint and format', command: bin('biome'), args: ['check', '.'] },
  {
    name: 'vitest',
    command: bin('vitest'),
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
    count: countVitest,
  },
  { name: 'examples', command: process.execPath, args: ['dist/cli/dsys.mjs', 'test', 'examples'] },
  { name: 'VS Code', command: process.execPath, args: ['test/vscode/run.mjs'], count: countClosingLine, slow: true },
];

let passed = 0;
let failed = 0;
const broken = [];
for (const step of steps) {
  if (step.slow && process.argv.includes('--fast')) continue;
  const started = Date.now();
  process.stdout.write(`\n── ${step.name}\n`);
  const result = await run(step.command, step.args);
  const counts = step.count?.(result) ?? { passed: result.code === 0 ? 1 : 0, failed: result.code === 0 ? 0 : 1 };
  // A step that died without saying what failed has failed all the same.
  if (result.code !== 0 && counts.failed === 0) counts.failed = 1;
  passed += counts.passed;
  failed += counts.failed;
  if (counts.failed > 0) broken.push(step.name);
  process.stdout.write(
    `── ${step.name}: ${counts.passed} passed, ${counts.failed} failed in ${((Date.now() - started) / 1000).toFixed(1)} s\n`,
  );
}
rmSync(scratch, { recursive: true, force: true });
if (broken.length > 0) process.stdout.write(`\nfailed: ${broken.join(', ')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function countVitest() {
  try {
    const report = JSON.parse(readFileSync(vitestReport, 'utf8'));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numFailedTestSuites * (report.numFailedTests === 0 ? 1 : 0),
    };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function countClosingLine({ output }) {
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  return line ? { passed: Number(line[1]), failed: Number(line[2]) } : { passed: 0, failed: 1 };
}
