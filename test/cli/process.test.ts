import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, Package } from './dsys.ts';

const manyMistakes = `system Bad {\n  node a[3]\n${Array.from({ length: 1_200 }, (_, k) => `  link a -- nobody_${k}_at_all\n`).join('')}}\n`;
const bank = `import Raft from "dsys/consensus/raft"

system Bank {
  node replica[3]
  node client
  timing partially_synchronous(delay: 20ms, gst: 0s)
  faults TwoDown { crash 2 of replica }
  run Raft on replica
  workload writes on client { call Submit(command: unique) to any(replica) with (rate: 10/s, timeout: 1s) }
  scenario Crash under TwoDown (duration: 3s, seeds: 2) {
    at 1s crash(replica[0])
    expect messages >= 1000000
  }
  scenario Endless (duration: 100000h, seeds: 1000) { expect messages >= 0 }
}
`;

/** More scenarios than listeners that Node takes for a leak. */
const scenarios = `protocol Quiet { on start { } }
system Quietly {
  node a
  run Quiet on a
${Array.from({ length: 12 }, (_, k) => `  scenario S${k} (duration: 1s, seeds: 1) { expect messages < 1 }\n`).join('')}}
`;

/** Two rows a microsecond of trace: more than are kept in memory. */
const clock = `protocol Ticks {
  var ticks = 0
  timer tick
  on start { set tick after 1us }
  on timeout tick { ticks += 1  set tick after 1us }
}
system Clock { node a  run Ticks on a  scenario Second (duration: 1s, seeds: 1) { expect messages == 0 } }
`;

const store = `protocol Store {
  quorum Majority = majority(members)
  requires liveness available(Majority)
}
`;
const small = `${store}system Small { node peer[3]  run Store on peer }\n`;
/** Whether so many faults tear every majority apart is a long search. */
const grid = `${store}system Mesh { node peer[100]  link grid(peer, columns: 10)  faults Eight { crash 8 of peer }  run Store on peer }\n`;

let dsys: Package;
let cwd: string;
beforeAll(() => {
  dsys = new Package();
  cwd = folderWith({
    'scenarios.dsys': scenarios,
    'many.dsys': manyMistakes,
    'bank.dsys': bank,
    'clock.dsys': clock,
    'good.dsys': 'system Good { node a[3] }\n',
    'small.dsys': small,
    'mesh.dsys': grid,
  });
});
afterAll(() => {
  dsys.remove();
  rmSync(cwd, { recursive: true, force: true });
});

describe('pipes', () => {
  it('get all of a large output, however slowly they are read', async () => {
    const direct = await dsys.run(['check', 'many.dsys', '--format', 'json'], { cwd });
    expect(direct.code).toBe(1);
    const findings = JSON.parse(direct.stdout).findings;
    expect(findings.length).toBeGreaterThanOrEqual(1_000);
    expect(findings.length).toBeLessThanOrEqual(1_001);
    const slow = spawn('sh', ['-c', '"$0" "$1" check many.dsys --format json | (sleep 1; cat)', process.execPath, dsys.bundle], { cwd });
    let text = '';
    for await (const chunk of slow.stdout) text += chunk;
    expect(text).toBe(direct.stdout);
  });

  it('may close early: no message, no error', () => {
    const script = '("$0" "$1" check many.dsys; echo "code $?" >&2) 2>&1 >/dev/null | head -c 0; "$0" "$1" check many.dsys | head -c 100';
    expect(execFileSync('sh', ['-c', script, process.execPath, dsys.bundle], { cwd, encoding: 'utf8' })).toHaveLength(100);
  });
});

describe('colours', () => {
  const isColoured = async (args: readonly string[], env: Record<string, string> = {}): Promise<boolean> =>
    (await dsys.run(['check', 'many.dsys', '--quiet', ...args], { cwd, env })).stdout.includes('\u001b[');

  it('follow --color, then NO_COLOR, then FORCE_COLOR, then what stdout is', async () => {
    expect(await isColoured([])).toBe(false);
    expect(await isColoured([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await isColoured([], { FORCE_COLOR: '0' })).toBe(false);
    expect(await isColoured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await isColoured(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
    expect(await isColoured(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
  });

  it('are never in the other formats', async () => {
    expect(await isColoured(['--format', 'junit', '--color', 'always'])).toBe(false);
  });
});

it('many scenarios at once are no reason for a warning of Node', async () => {
  const { code, stderr } = await dsys.run(['test', 'scenarios.dsys'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

describe('formats of a real run', () => {
  it('JSON has the verdicts, the runs, and the command that repeats them', async () => {
    const { code, stdout } = await dsys.run(['run', 'bank.dsys', 'Crash', '--format', 'json'], { cwd });
    expect(code).toBe(1);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ format: 'dsys-report', version: 1, command: 'run', stopped: 'no', summary: { scenariosFailed: 1 } });
    const [scenario] = document.scenarios;
    expect(scenario.runs.map((run: { seed: number }) => run.seed)).toEqual([1, 2]);
    const again = JSON.parse((await dsys.run([...scenario.repeat.split(' ').slice(1), '--format', 'json'], { cwd })).stdout);
    expect(again.scenarios[0].shown.digest).toBe(scenario.shown.digest);
  });

  it('SARIF satisfies the schema', async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const schema = JSON.parse(readFileSync(new URL('../report/sarif-schema-2.1.0.json', import.meta.url), 'utf8'));
    for (const args of [
      ['check', 'bank.dsys'],
      ['run', 'bank.dsys', 'Crash'],
    ]) {
      const { stdout } = await dsys.run([...args, '--format', 'sarif'], { cwd });
      const log = JSON.parse(stdout);
      expect(ajv.validate(schema, log), JSON.stringify(ajv.errors)).toBe(true);
      expect(log.runs[0].results.length).toBeGreaterThan(0);
      for (const rule of log.runs[0].tool.driver.rules) expect(rule.help?.markdown, rule.id).toContain('#');
    }
  });

  it('a trace holds the run that is shown', async () => {
    const { stdout, stderr } = await dsys.run(['run', 'bank.dsys', 'Crash', '--runs', '1', '--seed', '5', '--trace', 'trace.jsonl'], {
      cwd,
    });
    expect(stderr).toContain('the checks report 1 error in this file');
    const [header, ...more] = readFileSync(join(cwd, 'trace.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      format: 'dsys-trace',
      system: 'Bank',
      scenario: 'Crash',
      seed: 5,
      version: 2,
      file: 'bank.dsys',
    });
    const rows = more.filter(Array.isArray);
    expect(more.at(-1)).toMatchObject({ whole: true, truncated: false, rows: rows.length });
    expect(stdout).toContain(`digest ${header.digest}`);
    const times = rows.map((row) => row[0]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(rows.filter((row) => row[1] === 'crash')).toEqual([[1e9, 'crash', 'replica[0]', null, null, null, null]]);
  });
});

describe('the trace of a long run', () => {
  it('is written to its end', async () => {
    const { code } = await dsys.run(['run', 'clock.dsys', '--trace', 'clock.trace', '--quiet'], { cwd });
    expect(code).toBe(0);
    const last = readFileSync(join(cwd, 'clock.trace'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ whole: true, truncated: false, rows: 2_000_002 });
    const { stdout, code: exported } = await dsys.run(['export', 'csv-summary', 'clock.trace'], { cwd });
    expect(exported).toBe(0);
    expect(stdout).toContain('Second');
  });

  it('is cut short by Ctrl-C, and what is there can be read', async () => {
    const path = join(cwd, 'cut.trace');
    let look: NodeJS.Timeout | undefined;
    const started = (kill: (signal: NodeJS.Signals) => void): void => {
      look = setInterval(() => {
        if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
        clearInterval(look);
        kill('SIGINT');
      }, 5);
    };
    const { code, stderr } = await dsys.run(['run', 'clock.dsys', '--trace', 'cut.trace', '--quiet'], { cwd, started });
    clearInterval(look);
    expect(stderr).toBe('dsys: stopped while the trace of seed 1 was written; `cut.trace` is cut short\n');
    expect(code).toBe(3);
    const exported = await dsys.run(['export', 'csv-summary', 'cut.trace'], { cwd });
    expect(exported.code).toBe(0);
    expect(exported.stderr).toMatch(/^dsys: `cut.trace` is cut short: exported are the [\d,]+ rows that are whole\n$/);
  });
});

describe('exit codes', () => {
  it('3 when the user stops it, with what there is', async () => {
    const started = (kill: (signal: NodeJS.Signals) => void): void => void setTimeout(() => kill('SIGINT'), 2_000);
    const outcome = await dsys.run(['run', 'bank.dsys', 'Endless'], { cwd, started });
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).toContain('Stopped: what is shown is not all.');
  });

  it('3 when the user stops a long analysis, with the cards before it', async () => {
    const started = (kill: (signal: NodeJS.Signals) => void): void => void setTimeout(() => kill('SIGINT'), 2_000);
    const outcome = await dsys.run(['analyze', 'small.dsys', 'mesh.dsys', '--effort', '1000000'], { cwd, started });
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).toContain('Small: `Store` on `peer`');
    expect(outcome.stdout).not.toContain('Mesh:');
    expect(outcome.stdout).toContain('Stopped: what is shown is not all.');
  });

  it('70 for a bug of ours, with a request to report it and no stack', async () => {
    const worker = join(dsys.folder, 'dist/worker');
    renameSync(worker, `${worker}-away`);
    try {
      const brief = await dsys.run(['run', 'bank.dsys', 'Crash'], { cwd });
      expect(brief.code).toBe(70);
      expect(brief.stderr).toMatch(/this is a bug in dsys \d+\.\d+\.\d+, not in your specification/);
      expect(brief.stderr).toContain('Please report it');
      expect(brief.stderr).not.toMatch(/^ +at /m);
      expect((await dsys.run(['run', 'bank.dsys', 'Crash', '--verbose'], { cwd })).stderr).toMatch(/^ +at /m);
    } finally {
      renameSync(`${worker}-away`, worker);
    }
  });

  it('2 for what cannot be read or is not text', async () => {
    symlinkSync('loop.dsys', join(cwd, 'loop.dsys'));
    const loop = await dsys.run(['check', 'loop.dsys'], { cwd });
    rmSync(join(cwd, 'loop.dsys'));
    expect([loop.code, loop.stderr]).toEqual([2, 'dsys: cannot read `loop.dsys`: symbolic links lead in a circle\n']);
    const binary = await dsys.run(['check', process.execPath], { cwd });
    expect([binary.code, binary.stderr]).toEqual([2, `dsys: cannot read \`${process.execPath}\`: it is not text in UTF-8\n`]);
  });
});

describe('the language server', () => {
  it('answers over stdio', async () => {
    const server = spawn(process.execPath, [dsys.bundle, 'lsp', '--stdio'], { cwd });
    const request = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: null, rootUri: null, capabilities: {} },
    });
    server.stdin.write(`Content-Length: ${request.length}\r\n\r\n${request}`);
    let answer = '';
    for await (const chunk of server.stdout) {
      answer += chunk;
      if (answer.includes('"hoverProvider"')) break;
    }
    server.kill();
    expect(answer).toContain('"id":1');
  });
});

describe('start-up', () => {
  it('says its version without loading the language', async () => {
    const { code, stdout } = await dsys.run(['--version']);
    expect([code, stdout]).toEqual([0, `${JSON.parse(readFileSync(join(dsys.folder, 'package.json'), 'utf8')).version}\n`]);
  });
});
