/**
 * Chaos must find what is wrong: copies of a library protocol with one change each, run with the same seeds as the
 * unchanged twin, which must stay clean.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';

// A leader of an old term keeps itself as `leader` and forwards requests to itself for ever, which chaos finds at once (DS5006).
// Not among the bugs planted here; harmless once the library forgets the leader itself.
const protocol = readFileSync(new URL('../../library/consensus/raft.dsys', import.meta.url), 'utf8').replace(
  'if role == Role.Leader { await_leader() }',
  'if role == Role.Leader { await_leader() }  leader = none',
);
const system = `
system Bank {
  node replica[5]
  node client[2]
  link replica -- replica with (latency: uniform(1ms, 20ms), loss: 1%, duplicate: 1%)
  link client -- replica with (latency: 2ms)
  timing partially_synchronous(delay: 50ms, gst: 0s)
  faults Rough { crash 2 of replica with (recovers: true)  partition with (heals: 2s) }
  run Raft on replica
  workload writers on client { call Submit(command: unique) to any(replica) with (rate: 20/s, timeout: 1s) }
  scenario Storm under Rough (duration: 20s, seeds: 15) { at 0s chaos(rate: 2/s, until: 15s) }
}`;

/** Properties that broke in some run. */
function broken(from: string, to: string): string[] {
  expect(protocol).toContain(from);
  const uri = 'file:///planted.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, protocol.replace(from, to) + system);
  const code = workspace.check(uri).systems[0]!;
  const { results } = runScenarios({ code, scenarios: [], seed: 1, runs: null, trace: false, constants: {}, limits: defaultLimits });
  return results.flatMap(({ verdicts }) => verdicts.filter(({ passed }) => !passed).map(({ text }) => text));
}

describe('planted bugs', () => {
  it('the unchanged protocol stays clean', () => {
    expect(broken('protocol', 'protocol')).toEqual([]);
  });

  it.each([
    ['votes for whoever asks, however old its log (§5.4.1 left out)', 'm.term == term and current and', 'm.term == term and'],
    ['two of five are a quorum', 'quorum Majority = majority(members)', 'quorum Majority = atleast(2, members)'],
  ])('%s', (_, from, to) => {
    expect(broken(from, to)).toEqual(expect.arrayContaining(['invariant LeaderCompleteness', 'invariant StateMachineSafety']));
  });
});
