/** Operations that a protocol may refuse: a `none` that the specification does not know says that nothing was done. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import { runScenario } from '../../src/simulator/scenario.ts';

/** Whether the history of a cell that has one node is linearizable. Each second call is refused, by `refuse`. */
function passes(refuse: string, calls: string): boolean {
  const text = `
protocol Cell {
  var value = 0
  var turn = 0
  operation Write(v: Int): Bool?
  operation Read(): Int
  on op: Write {
    turn += 1
    if turn mod 2 == 0 { ${refuse} } else { value = op.v  reply true }
  }
  on op: Read { reply value }
}
specification Integer {
  var value = 0
  operation Write(v: Int): Bool { value = v  reply true }
  operation Read(): Int { reply value }
}
system S {
  node cell
  node client
  run Cell on cell
  scenario Calls (duration: 2s, seeds: 1) {
    ${calls}
    at 1s call Read() from client to cell
    expect linearizable(Integer)
  }
}`;
  const uri = 'file:///refusals.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const { system } = expand(systems[0]!);
  const programs = system!.deployments.map(({ index }) => compileDeployment(system!, index));
  const scenario = system!.scenarios[0]!;
  return runScenario({ system: system!, programs, scenario, variant: null, firstSeed: 1, seeds: 1, trace: false }).passed;
}

describe('a call that was refused', () => {
  const two = `at 100ms call Write(v: 1) from client to cell
    at 200ms call Write(v: 2) from client to cell`;

  it('is not asked of the specification', () => {
    expect(passes('reply none', two)).toBe(true);
  });

  it('must have done nothing', () => {
    expect(passes('value = op.v  reply none', two)).toBe(false);
  });

  it('may have done something when it was tried before', () => {
    // The first attempt sets the value, and its answer comes too late; the second one is refused.
    const slow = `at 0s delay(cell, client, by: 50ms, for: 120ms)
    at 100ms call Write(v: 1) from client to cell with (timeout: 30ms, retries: 1)`;
    expect(passes('reply none', slow)).toBe(true);
  });

  it('is not what another answer says', () => {
    expect(passes('reply false', two)).toBe(false);
  });
});
