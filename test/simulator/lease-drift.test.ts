/** A lease lasts by the holder's clock: one that is made to run slow reads too long, unless a margin makes up for it. */
import { describe, expect, it } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import { plantedBugs } from '../support/planted.ts';

const specification = `
specification SharedInt {
  var value = 0
  operation Read(): Int { reply value }
  operation Write(v: Int) { value = v  reply }
}`;

/** No clock drifts but by the action; each replica is cut off with a client of its own, the primary among them. */
const system = (rate: string): string => `
system Cluster {
  node replica[3]
  node client[3]
  link replica -- replica with (latency: uniform(1ms, 5ms))
  link client -- replica with (latency: 1ms)
  timing partially_synchronous(delay: 10ms, gst: 0s)
  run LeaseStore on replica
  workload load on client {
    call Write(v: unique) to any(replica) with (rate: 50/s, timeout: 1s)
    call Read() to any(replica) with (rate: 100/s, timeout: 1s)
  }
  scenario Slow (duration: 4s, seeds: 8) {
    ${[0, 1, 2]
      .map(
        (at) => `at ${at + 1}s drift(replica.filter(m => m.primary), ${rate}, for: 800ms)
    at ${at + 1}s partition(replica[${at}] + client[${at}], for: 750ms)`,
      )
      .join('\n    ')}
    expect linearizable(SharedInt)
  }
}`;

function linearizable(protocol: string, rate: string): boolean | undefined {
  const uri = 'file:///lease.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  const known = protocol.includes('specification SharedInt') ? protocol : `${protocol}${specification}`;
  workspace.setText(uri, `${known}${system(rate)}`);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const report = runScenarios({
    code: systems[0]!,
    scenarios: [],
    seed: 1,
    runs: null,
    trace: false,
    constants: {},
    limits: defaultLimits,
  });
  return report.results[0]?.verdicts.find(({ kind }) => kind === 'expectation')?.passed;
}

describe('a clock that an action makes run 40 % slow', () => {
  const bug = plantedBugs().find(({ id }) => id === 'R13')!;

  it('breaks a lease without margin', () => {
    expect(linearizable(bug.protocol, '-40%')).toBe(false);
  });

  it('breaks none whose margin makes up for it, nor one without margin where the clock is right', () => {
    expect(linearizable(bug.twinText, '-40%')).toBe(true);
    expect(linearizable(bug.protocol, '0%')).toBe(true);
  });

  it('breaks it where the clock is slower than the margin admits', () => {
    expect(linearizable(bug.twinText, '-80%')).toBe(false);
  });
});
