import { describe, expect, test } from 'vitest';
import type { CardSection } from '../../../src/analysis/card/section.ts';
import { linesOf, sectionsOf } from './card-of.ts';

function survives(text: string): CardSection | undefined {
  return sectionsOf(text).find(({ id }) => id === 'survives');
}

const raft = (body: string): string => `import Raft from "dsys/consensus/raft"
system S {
  ${body}
  timing partially_synchronous(delay: 10ms, gst: 0s)
  run Raft on replica
}`;

describe('what a deployment survives', () => {
  test('five over three zones: two crashes, one zone, nobody who lies', () => {
    const section = survives(raft('zone eu zone us zone asia node replica[5] in [eu, us, asia, eu, us] faults One { crash 1 of replica }'));
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "[survives 2 of 5 crashes, any 1 zone]
      safety: \`byzantine == 0\`: holds: 0 == 0
      safety: \`intersect(Majority)\`: holds: any two quorums share a member that is sure to be honest
      liveness: \`available(Majority)\`: holds: every admissible fault set leaves a quorum
      liveness: \`2 * delay < election.min\`: holds: 2 * 10ms < 150ms
      liveness: \`heartbeat < election.min\`: holds: 50ms < 150ms
      crashes alone: any 2 of 5 members may crash
        With \`replica[0]\`, \`replica[1]\` and \`replica[2]\` crashed, liveness fails: \`available(Majority)\`.
      Byzantine alone: none of 5 members may be Byzantine
        With \`replica[0]\` Byzantine, safety fails: \`byzantine == 0\`.
      zones: any 1 of \`eu\`, \`us\` and \`asia\` may be lost
        With \`eu\` and \`us\` down, liveness fails: \`available(Majority)\`.
      breaks safety first: one more Byzantine member: \`replica[0]\` Byzantine
        \`byzantine == 0\` fails.
      breaks liveness first: one more lost zone: \`eu\` down and \`replica[1]\` crashed
        \`available(Majority)\` fails.
        Or 2 more crashes: \`replica[0]\`, \`replica[1]\` and \`replica[2]\` crashed."
    `);
    expect(section?.rows.find(({ label }) => label === 'crashes alone')?.data).toMatchObject({ tolerated: 2, exact: true, members: 5 });
  });

  test('two zones: the one with the majority stops it', () => {
    expect(linesOf(survives(raft('zone eu zone us node replica[3] in [eu, us, eu]')))).toMatchInlineSnapshot(`
      "[survives 1 of 3 crashes, not zone eu]
      safety: \`byzantine == 0\`: holds: 0 == 0
      safety: \`intersect(Majority)\`: holds: any two quorums share a member that is sure to be honest
      liveness: \`available(Majority)\`: holds: every admissible fault set leaves a quorum
      liveness: \`2 * delay < election.min\`: holds: 2 * 10ms < 150ms
      liveness: \`heartbeat < election.min\`: holds: 50ms < 150ms
      crashes alone: any 1 of 3 members may crash
        With \`replica[0]\` and \`replica[1]\` crashed, liveness fails: \`available(Majority)\`.
      Byzantine alone: none of 3 members may be Byzantine
        With \`replica[0]\` Byzantine, safety fails: \`byzantine == 0\`.
      zones: losing \`eu\` stops it, losing \`us\` does not
        With \`eu\` down, liveness fails: \`available(Majority)\`.
      breaks safety first: one Byzantine member: \`replica[0]\` Byzantine
        \`byzantine == 0\` fails.
      breaks liveness first: one lost zone: \`eu\` down
        \`available(Majority)\` fails.
        Or 2 crashes: \`replica[0]\` and \`replica[1]\` crashed."
    `);
  });

  test('what the fault model admits already breaks it', () => {
    expect(linesOf(survives(raft('node replica[3] faults Two { crash 2 of replica }')))).toMatchInlineSnapshot(`
      "[no liveness under Two]
      safety: \`byzantine == 0\`: holds: 0 == 0
      safety: \`intersect(Majority)\`: holds: any two quorums share a member that is sure to be honest
      liveness: \`available(Majority)\`: does not hold: not with \`replica[0]\` and \`replica[1]\` crashed
      liveness: \`2 * delay < election.min\`: holds: 2 * 10ms < 150ms
      liveness: \`heartbeat < election.min\`: holds: 50ms < 150ms
      crashes alone: any 1 of 3 members may crash
        With \`replica[0]\` and \`replica[1]\` crashed, liveness fails: \`available(Majority)\`.
      Byzantine alone: none of 3 members may be Byzantine
        With \`replica[0]\` Byzantine, safety fails: \`byzantine == 0\`.
      breaks safety first: one more Byzantine member: \`replica[0]\` Byzantine
        \`byzantine == 0\` fails.
      breaks liveness first: what the fault model admits: \`replica[0]\` and \`replica[1]\` crashed
        \`available(Majority)\` fails."
    `);
  });

  test('all zones of a level may be lost where members outside of them are enough', () => {
    const text = `
      protocol Store { quorum Majority = majority(members)  requires liveness available(Majority) }
      system S {
        zone eu { zone eu1  zone eu2 }
        zone us
        zone asia
        node r[5] in [eu1, eu2, us, asia, us]
        run Store on r
      }`;
    const rows = sectionsOf(text).find(({ id }) => id === 'survives')?.rows ?? [];
    expect(rows.find(({ label }) => label === 'inner zones')?.value).toBe('all of `eu1` and `eu2` may be lost at once');
  });

  test('liars that split quorums are named', () => {
    const text = `
      protocol Vote { quorum Q = atleast(3, members)  requires safety intersect(Q) }
      system S { node r[4] faults One { byzantine 1 of r } run Vote on r }`;
    const rows = survives(text)?.rows ?? [];
    expect(rows.find(({ label }) => label === 'breaks safety first')?.value).toBe('one more Byzantine member: `r[0]` and `r[1]` Byzantine');
  });

  test('nested zones are looked at level by level', () => {
    const body =
      'zone eu { zone e1 zone e2 zone e3 } zone us { zone u1 zone u2 } node replica[5] in [e1, e2, e3, u1, u2] faults One { outage 1 of [e1, e2, e3, u1, u2] }';
    expect(linesOf(survives(raft(body)))).toMatchInlineSnapshot(`
      "[survives 2 of 5 crashes, not zone eu]
      safety: \`byzantine == 0\`: holds: 0 == 0
      safety: \`intersect(Majority)\`: holds: any two quorums share a member that is sure to be honest
      liveness: \`available(Majority)\`: holds: every admissible fault set leaves a quorum
      liveness: \`2 * delay < election.min\`: holds: 2 * 10ms < 150ms
      liveness: \`heartbeat < election.min\`: holds: 50ms < 150ms
      crashes alone: any 2 of 5 members may crash
        With \`replica[0]\`, \`replica[1]\` and \`replica[2]\` crashed, liveness fails: \`available(Majority)\`.
      Byzantine alone: none of 5 members may be Byzantine
        With \`replica[0]\` Byzantine, safety fails: \`byzantine == 0\`.
      outer zones: losing \`eu\` stops it, losing \`us\` does not
        With \`eu\` down, liveness fails: \`available(Majority)\`.
      inner zones: any 2 of \`e1\`, \`e2\`, \`e3\`, \`u1\` and \`u2\` may be lost
        With \`e1\`, \`e2\` and \`e3\` down, liveness fails: \`available(Majority)\`.
      breaks safety first: one more Byzantine member: \`replica[0]\` Byzantine
        \`byzantine == 0\` fails.
      breaks liveness first: one more lost zone: \`eu\` down
        \`available(Majority)\` fails.
        Or 2 more crashes: \`e1\` down and \`replica[1]\` and \`replica[2]\` crashed."
    `);
  });

  test('liars: four bear one', () => {
    const text = `import Pbft from "dsys/consensus/pbft"
system S {
  node replica[4]
  timing partially_synchronous(delay: 10ms, gst: 0s)
  faults One { byzantine 1 of replica }
  run Pbft(f: 1) on replica
}`;
    expect(linesOf(survives(text))).toMatchInlineSnapshot(`
      "[survives 1 of 4 crashes, 1 Byzantine]
      safety: \`byzantine <= f\`: holds: 1 <= 1
      safety: \`intersect(Certificate)\`: holds: any two quorums share a member that is sure to be honest
      liveness: \`available(Certificate)\`: holds: every admissible fault set leaves a quorum
      liveness: \`4 * delay < patience\`: holds: 4 * 10ms < 1s
      crashes alone: any 1 of 4 members may crash
        With \`replica[0]\` and \`replica[1]\` crashed, liveness fails: \`available(Certificate)\`.
      Byzantine alone: any 1 of 4 members may be Byzantine
        With \`replica[0]\` and \`replica[1]\` Byzantine, safety fails: \`byzantine <= f\`.
      breaks safety first: one more Byzantine member: \`replica[0]\` and \`replica[1]\` Byzantine
        \`byzantine <= f\` fails.
      breaks liveness first: one more crash: \`replica[1]\` crashed and \`replica[0]\` Byzantine
        \`available(Certificate)\` fails."
    `);
  });

  test('majorities of any size bear one less than a half', () => {
    for (let size = 1; size <= 7; size++) {
      const row = survives(raft(`node replica[${size}]`))?.rows.find(({ label }) => label === 'crashes alone');
      expect(row?.data).toMatchObject({ tolerated: Math.ceil(size / 2) - 1, exact: true });
    }
  });

  test('a requirement that fails without any fault leaves no margin', () => {
    const text = 'protocol P { requires safety n >= 4 } system S { node a[3] run P on a }';
    expect(linesOf(survives(text))).toBe('[no safety even without faults]\nsafety: `n >= 4`: does not hold: 3 >= 4');
  });

  test('a protocol that requires nothing has no such section', () => {
    expect(survives('protocol P { } system S { node a[3] run P on a }')).toBeUndefined();
  });
});
