import { describe, expect, it } from 'vitest';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';

/*
 * The table of lower bounds cell by cell (Dwork, Lynch & Stockmeyer 1988, Table I; Bracha & Toueg 1985; Pease, Shostak & Lamport
 * 1980), n and f over small numbers: the check must speak exactly where a cell forbids, and nowhere else.
 */

interface Cell {
  readonly name: string;
  readonly timing: string;
  readonly problem: string;
  readonly fault: 'crash' | 'omission' | 'byzantine';
  readonly signed?: boolean;
  /** Members that f faults need; 0 where nothing is said. */
  readonly least: (f: number) => number;
}

const synchronous = 'timing synchronous(delay: 10ms)';
const partially = 'timing partially_synchronous(delay: 10ms, gst: 1s)';
const asynchronous = 'timing asynchronous';

const half = (f: number): number => 2 * f + 1;
const third = (f: number): number => 3 * f + 1;
const none = (): number => 0;

const cells: readonly Cell[] = [
  ...['consensus', 'total_order_broadcast'].flatMap((problem): Cell[] => [
    { name: 'crashes', timing: synchronous, problem, fault: 'crash', least: none },
    { name: 'crashes', timing: partially, problem, fault: 'crash', least: half },
    { name: 'crashes', timing: asynchronous, problem, fault: 'crash', least: half },
    { name: 'omissions', timing: partially, problem, fault: 'omission', least: half },
    { name: 'lies', timing: synchronous, problem, fault: 'byzantine', least: third },
    { name: 'signed lies', timing: synchronous, problem, fault: 'byzantine', signed: true, least: none },
    { name: 'lies', timing: partially, problem, fault: 'byzantine', least: third },
    { name: 'signed lies', timing: partially, problem, fault: 'byzantine', signed: true, least: third },
    { name: 'signed lies', timing: asynchronous, problem, fault: 'byzantine', signed: true, least: third },
  ]),
  { name: 'crashes', timing: asynchronous, problem: 'atomic_storage', fault: 'crash', least: half },
  { name: 'lies', timing: asynchronous, problem: 'atomic_storage', fault: 'byzantine', signed: true, least: third },
  { name: 'lies', timing: synchronous, problem: 'atomic_storage', fault: 'byzantine', least: none },
  { name: 'crashes', timing: asynchronous, problem: 'reliable_broadcast', fault: 'crash', least: none },
  { name: 'lies', timing: asynchronous, problem: 'reliable_broadcast', fault: 'byzantine', least: third },
  { name: 'crashes', timing: partially, problem: 'leader_election', fault: 'crash', least: half },
  { name: 'crashes', timing: partially, problem: 'atomic_commit', fault: 'crash', least: none },
  { name: 'lies', timing: partially, problem: 'convergence', fault: 'byzantine', least: none },
];

function codesOf(cell: Cell, n: number, f: number): string[] {
  const signing = cell.signed ? 'message Say(v: Signed<Int>)  on start { broadcast Say(sign(1)) }  on m: Say { assert m.v.value > 0 }' : '';
  const text = `protocol P { solves ${cell.problem}  ${signing} }
system S {
  node a[${n}]
  channel a -- a with (latency: 1ms)
  ${cell.timing}
  faults F { ${cell.fault} ${f} of a }
  run P on a
}`;
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText('test:///a.dsys', text);
  return checkFile(workspace, 'test:///a.dsys').findings.map(({ code }) => code);
}

describe('the table of lower bounds', () => {
  for (const cell of cells) {
    it(`${cell.problem}, ${cell.timing.replace(/timing |\(.*/g, '')}, ${cell.name}`, () => {
      for (let n = 3; n <= 8; n++) {
        for (let f = 0; f <= 3; f++) {
          const codes = codesOf(cell, n, f);
          expect({ n, f, said: codes.includes('DS3703') }).toEqual({ n, f, said: f > 0 && n < cell.least(f) });
        }
      }
    });
  }

  it('the impossibility without timing speaks of the problems that it is proved for, from one fault on', () => {
    const hard = ['consensus', 'total_order_broadcast', 'leader_election', 'atomic_commit'];
    for (const problem of [...hard, 'reliable_broadcast', 'atomic_storage', 'convergence']) {
      for (const f of [0, 1]) {
        const cell: Cell = { name: '', timing: asynchronous, problem, fault: 'crash', least: none };
        expect([problem, f, codesOf(cell, 5, f).includes('DS3701')]).toEqual([problem, f, f > 0 && hard.includes(problem)]);
        expect(codesOf({ ...cell, timing: partially }, 5, f)).not.toContain('DS3701');
      }
    }
  });
});
