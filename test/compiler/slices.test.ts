import { describe, expect, it } from 'vitest';
import { isBlocked, isMet, isMetWith } from '../../src/model/quorum-values.ts';
import { isQuorum } from '../../src/model/value-operations.ts';
import { compileText, RecordingHost, shown } from '../support/compile-text.ts';

const protocol = `protocol P(trust: Quorum, given: Set<Node>) {
  var here = false
  var there = false
  var mine = false
  quorum Own = slices { members[0]: members[1]  {members[1], members[2]}: members[0] * members[1] * members[2] }
  on start { here = trust.met(given)  there = Own.met(given)  mine = trust.met(given, self) and Own.met(given, self) == Own.met(given) }
}`;

/** Whether the compiled test says that the nodes contain a quorum of the system's slices, and of the protocol's own. */
function answers(nodes: number, given: readonly number[]): { trust: boolean; own: boolean; mine: boolean } {
  const system = `system Test {
  node r[${nodes}]
  quorum Trust = slices { r[0]: atleast(2, r[0..2])  r[1]: atleast(2, r[0..2])  r[2]: r[0] * r[3]  r[3]: r[3] + r[0] }
  run P(trust: Trust, given: ${given.length === 0 ? 'r \\ r' : given.map((node) => `r[${node}]`).join(' + ')}) on r
}`;
  const { program, system: expanded } = compileText(protocol, { system });
  const instance = program.instantiate(1, new RecordingHost(nodes));
  instance.start();
  const trust = expanded.deployments[0]?.arguments[0]?.value;
  if (trust === undefined || !isQuorum(trust)) throw new Error('no quorum');
  const met = shown(program, instance, 'here') === 'true';
  expect(isMet(trust, (node) => given.includes(node))).toBe(met);
  // Node 1 is asked.
  const mine = shown(program, instance, 'mine') === 'true';
  expect(mine && !isMetWith(trust, (node) => given.includes(node), 1)).toBe(false);
  return { trust: met, own: shown(program, instance, 'there') === 'true', mine };
}

describe('federated slices in a handler', () => {
  for (const nodes of [5, 40]) {
    it(`say what one node needs, whatever the others need, among ${nodes} nodes`, () => {
      const text = `protocol P(trust: Quorum, one: Node) {
  var needs: Set<Node> = {}
  var own = false
  var closed = false
  var any = false
  quorum Most = atleast(2, members)
  on start {
    needs = trust.trusted(self) | trust.trusted(one)
    own = trust.satisfied({one}, self)
    closed = trust.met({one, self}, self)
    any = Most.satisfied({one, self}, self) and Most.trusted(self) == members and not Most.satisfied({self}, one)
  }
}`;
      const system = `system Test {
  node r[${nodes}]
  quorum Trust = slices { r[0]: r[3]  r[1]: atleast(1, [atleast(2, r[0..2]), r[3] + r[4]]) }
  run P(trust: Trust, one: r[4]) on r
}`;
      const { program } = compileText(text, { system });
      const instance = program.instantiate(1, new RecordingHost(nodes));
      instance.start();
      expect(shown(program, instance, 'needs')).toBe('{r[0], r[1], r[2], r[3], r[4]}');
      expect(['own', 'closed', 'any'].map((name) => shown(program, instance, name))).toEqual(['true', 'false', 'true']);
    });
  }

  for (const nodes of [5, 40]) {
    it(`are blocked by nodes that hit each of them, among ${nodes} nodes`, () => {
      const text = `protocol P(trust: Quorum, never: Quorum, lone: Node) {
  var blocking: List<Bool> = []
  var others: List<Bool> = []
  quorum Most = atleast(2, members)
  on start {
    for s in [{members[0], members[2]}, {members[0], members[1]}, {members[0], members[1], members[3]}, members, {}] {
      blocking += trust.blocked(s, self)
    }
    others = [never.blocked(members, self), trust.blocked(members, lone), Most.blocked(members \\ {self}, lone), Most.blocked({self}, lone)]
  }
}`;
      // The first of two parts is hit by two of three nodes, the second by either of two; both parts must be.
      const system = `system Test {
  node r[${nodes}]
  quorum Trust = slices { r[0]: r[3]  r[1]: atleast(1, [atleast(2, r[0..2]), r[3] * r[4]]) }
  quorum Never = slices { r[1]: atleast(4, r[0..2]) }
  run P(trust: Trust, never: Never, lone: r[4]) on r
}`;
      const { program, system: expanded } = compileText(text, { system });
      const instance = program.instantiate(1, new RecordingHost(nodes));
      instance.start();
      expect(shown(program, instance, 'blocking')).toBe('[false, false, true, true, false]');
      const trust = expanded.deployments[0]?.arguments[0]?.value;
      if (trust === undefined || !isQuorum(trust)) throw new Error('no quorum');
      expect([[0, 2], [0, 1], [0, 1, 3], []].map((given) => isBlocked(trust, (node) => given.includes(node), 1))).toEqual([
        false,
        false,
        true,
        false,
      ]);
      expect(shown(program, instance, 'others')).toBe('[false, false, true, false]');
    });

    it(`are met by a set that contains a closed set, among ${nodes} nodes`, () => {
      expect(answers(nodes, [])).toEqual({ trust: false, own: false, mine: false });
      expect(answers(nodes, [0, 1])).toEqual({ trust: true, own: false, mine: true });
      expect(answers(nodes, [0, 2])).toEqual({ trust: false, own: false, mine: false });
      expect(answers(nodes, [3])).toEqual({ trust: true, own: false, mine: false });
      expect(answers(nodes, [1, 2, 4])).toEqual({ trust: false, own: false, mine: false });
      expect(answers(nodes, [0, 1, 2])).toEqual({ trust: true, own: true, mine: true });
    });
  }
});
