import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderWith, Package } from './cli/dsys.ts';

/*
 * Bad input of every kind, through the command line as it is shipped: a clear finding or error at the right place, the right
 * exit code, no stack trace, and an end. (`test/language/parser.test.ts` has the half-typed texts and the random bytes.)
 */
let dsys: Package;
beforeAll(() => {
  dsys = new Package();
}, 60_000);
afterAll(() => dsys.remove());

const system = 'system S {\n  node a[2]\n  run P on a\n  scenario R (duration: 1s, seeds: 2) { expect messages == 0 }\n}\n';

interface Case {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly code: number;
  /** What the output must say, the place first. */
  readonly says: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'a loop over a huge range is stopped at its line',
    files: {
      'main.dsys': `protocol P {\n  var x = 0\n  on start {\n    for i in 0..1000000000000 { x += 1 }\n  }\n  invariant I { forall m in members: m.x >= 0 }\n}\n${system}`,
    },
    code: 3,
    says: ['main.dsys:4:5', 'more than 100000 steps'],
  },
  {
    what: 'endless recursion is stopped at the function',
    files: {
      'main.dsys': `protocol P {\n  var x = 0\n  fun f(k: Int): Int = f(k + 1) + 1\n  on start { x = f(0) }\n  invariant I { forall m in members: m.x >= 0 }\n}\n${system}`,
    },
    code: 3,
    says: ['main.dsys:3:', 'levels deep'],
  },
  {
    what: 'a constant of a protocol that overflows is shown at its place',
    files: {
      'main.dsys': `protocol P {\n  const circle = 2 ^ 53\n  var x = 0\n  on start { x = circle - 1 }\n  invariant I { forall m in members: m.x >= 0 }\n}\n${system}`,
    },
    code: 1,
    says: ['main.dsys:2:', 'DS5001', 'leaves the safe range', 'constants of the protocol'],
  },
  {
    what: 'an initial value that overflows is shown at its place',
    files: {
      'main.dsys': `protocol P {\n  var x = 2 ^ 53\n  on start { x = 1 }\n  invariant I { forall m in members: m.x >= 0 }\n}\n${system}`,
    },
    code: 1,
    says: ['main.dsys:2:', 'DS5001', 'leaves the safe range'],
  },
  {
    what: 'a handler that sends to itself for ever is stopped and named',
    files: {
      'main.dsys': `protocol P {\n  message M(k: Int)\n  var k = 0\n  on start { send M(0) to self }\n  on m: M { k = m.k  send M(m.k + 1) to self }\n  invariant I { forall a in members: a.k >= 0 }\n}\n${system}`,
    },
    code: 3,
    says: ['main.dsys:5:', 'one instant', '`M`'],
  },
  {
    what: 'protocols of a node that call each other for ever are stopped and named',
    files: {
      'main.dsys': `protocol L {\n  var x = 0\n  operation A(k: Int): Int\n  on op: A { x = op.k  reply op.k }\n}\nprotocol P {\n  uses l: L\n  var k = 0\n  on start { call l.A(0) }\n  on r: l.A { k = r.result  call l.A(k + 1) }\n  invariant I { forall a in members: a.k >= 0 and a.l.x >= 0 }\n}\n${system.replace('run P', 'run L on a\n  run P')}`,
    },
    code: 3,
    says: ['main.dsys:4:', 'one instant', 'protocols that call each other on a node'],
  },
  {
    what: 'a protocol without what it uses is shown at its run, with the line to add',
    files: {
      'main.dsys': `protocol L {\n  var x = 0\n  operation A(k: Int): Int\n  on op: A { x = op.k  reply op.k }\n  invariant X { forall m in members: m.x >= 0 }\n}\nprotocol P {\n  uses l: L\n  var k = 0\n  on start { call l.A(0) }\n  on r: l.A { k = r.result }\n  invariant I { forall a in members: a.k >= 0 }\n}\n${system}`,
    },
    code: 1,
    says: ['main.dsys:16:7', 'DS2018', 'Add `run L on a`'],
  },
  {
    what: 'a division by zero in a handler names its line and the seed',
    files: {
      'main.dsys': `protocol P(d: Int = 0) {\n  var x = 0\n  on start { x = 1 / d }\n  invariant I { forall m in members: m.x >= 0 }\n}\n${system}`,
    },
    code: 1,
    says: ['main.dsys:3:18', 'division by zero', 'seed 1'],
  },
  {
    what: 'a list that only grows is stopped before the engine gives up',
    files: {
      'main.dsys': `protocol P {\n  var l: List<Int> = []\n  timer t\n  on start { set t after 1ns }\n  on timeout t {\n    for i in 0..1000 { l += i }\n    set t after 1ns\n  }\n  invariant I { forall m in members: m.l.size >= 0 }\n}\n${system}`,
    },
    code: 3,
    says: ['main.dsys:6:24', 'a list may hold 10000000 elements'],
  },
  {
    what: 'a division by zero in a constant',
    files: { 'main.dsys': 'const zero = 0\nsystem S { node a[1 / zero] }' },
    code: 1,
    says: ['main.dsys:2:23', 'division by zero'],
  },
  {
    what: 'an overflow of Int',
    files: {
      'main.dsys': `protocol P {\n  var x = 9007199254740991\n  on start { x += 1 }\n  invariant I { forall m in members: m.x >= 0 }\n}\n${system}`,
    },
    code: 1,
    says: ['main.dsys:3:', 'Int'],
  },
  {
    what: 'a missing key',
    files: {
      'main.dsys': `protocol P {\n  var x: Map<Int, Int> = {}\n  var y = 0\n  on start { y = x[7] }\n  invariant I { forall m in members: m.y >= m.x.size }\n}\n${system}`,
    },
    code: 1,
    says: ['main.dsys:4:18', '7'],
  },
  {
    what: 'a type error in what overrides the library',
    files: {
      'main.dsys':
        'import Raft from "dsys/consensus/raft"\nadversary Bad for Raft { on m: Vote from v { votes = 3 } }\nsystem S { node a[3]  timing partially_synchronous(delay: 10ms)  run Raft(heartbeat: "50ms") on a }',
    },
    code: 1,
    says: ['main.dsys:2:54', 'expected Set<Node>', 'main.dsys:3:86', 'expected Duration'],
  },
  {
    what: 'imports in a circle',
    files: { 'main.dsys': 'import b from "./b.dsys"\nconst a = 1', 'b.dsys': 'import a from "./main.dsys"\nconst b = 1' },
    code: 1,
    says: ['main.dsys:1:', 'DS1204', 'b.dsys'],
  },
  {
    what: 'a missing import',
    files: { 'main.dsys': 'import Raft from "dsys/consensus/rafd"' },
    code: 1,
    says: ['main.dsys:1:18', 'DS1201', 'dsys/consensus/raft'],
  },
  {
    what: '10,000 nested parentheses',
    files: { 'main.dsys': `const a = ${'('.repeat(10_000)}1${')'.repeat(10_000)}` },
    code: 1,
    says: ['main.dsys:1:', 'DS0004'],
  },
  {
    what: 'a file of 5 MB',
    files: { 'main.dsys': 'const a = 1\n'.repeat(430_000) },
    code: 1,
    says: ['main.dsys:1:1', 'DS0003', '512 KiB'],
  },
  {
    what: 'more links than memory',
    files: { 'main.dsys': 'system S {\n  node a[100000]\n  link a -- a\n}' },
    code: 1,
    says: ['main.dsys:3:3', '10,000,000,000 pairs'],
  },
  {
    what: 'more nodes than are allowed',
    files: { 'main.dsys': 'system S { node a[100000000000] }' },
    code: 1,
    says: ['main.dsys:1:19', '100,000'],
  },
  { what: 'an empty file is nothing wrong', files: { 'main.dsys': '' }, code: 0, says: ['no problems'] },
];

describe('dsys test', () => {
  for (const { what, files, code, says } of cases) {
    test(what, async () => {
      const outcome = await dsys.run(['test', 'main.dsys'], { cwd: folderWith(files) });
      for (const text of says) expect(outcome.stdout).toContain(text);
      expect(outcome.stdout + outcome.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
      expect(outcome.code).toBe(code);
    });
  }

  test('a file that cannot be read, and one that is a folder', async () => {
    const cwd = folderWith({ 'a.dsys': '' });
    mkdirSync(join(cwd, 'folder.dsys'));
    expect(await dsys.run(['run', 'folder.dsys'], { cwd })).toMatchObject({ code: 2 });
    expect(await dsys.run(['check', 'none.dsys'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});
