import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileText, RecordingHost } from '../support/compile-text.ts';

const text = `protocol P {
  enum Role { A, B }
  var role = Role.A
  var term = 0
  var log: List<Int> = []
  var friend: Node = members.first
  message Set(role: Bool, term: Int, item: Int, friend: Node)
  on m: Set {
    role = if m.role then Role.B else Role.A
    term = m.term
    log += m.item
    if log.size > 3 { log = log.drop(1) }
    friend = m.friend
  }
  fun high(t: Int): Bool = t > 1
  invariant One { forall a in members: a.term < 3 or a.log.size < 3 }
  invariant Two { forall a, b in members: a.role == Role.B and b.role == Role.B and a.term == b.term implies a == b }
  invariant Deep { forall a, b in members: forall i in 0..min(a.log.size, b.log.size) - 1: a.log[i] <= b.log[i] + 2 }
  invariant Three { forall a, b, c in members: a.term + b.term + c.term < 7 and a.term < 4 }
  invariant Inner { forall a in members: high(a.term) implies exists b in members: b.term < a.term }
  invariant Friends { forall a in members: a.friend.term <= a.term + 2 }
  invariant Correct { forall a in correct: forall b in members: a.term <= b.term + 2 }
  invariant Agreed { forall a, b in members: a.log == b.log and b.term < 3 }
  invariant AllAlike { forall a, b in members: (a.role == b.role and a.term + a.log.size == b.term + b.log.size) and a.term >= 0 }
  invariant Counted { members.count(m => m.role == Role.B) <= 2 }
}`;

describe('properties', () => {
  it('after a step, looking at the tuples with that node is enough', () => {
    const { program } = compileText(text, { nodes: 4 });
    const step = fc.record({
      node: fc.nat(3),
      role: fc.boolean(),
      term: fc.nat(3),
      item: fc.nat(3),
      friend: fc.nat(3),
    });
    const broken = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.subarray([0, 1, 2, 3], { minLength: 2 }), (steps, members) => {
        const nodes = [0, 1, 2, 3].map((node) => program.instantiate(node, new RecordingHost(4)));
        const correct = members.slice(1);
        const alive = new Set(program.invariants);
        for (const { node, role, term, item, friend } of steps) {
          nodes[node]?.message(0, program.makeMessage(0, [role, term, item, friend]), 0);
          for (const property of [...alive]) {
            const full = property.check(nodes, members, correct, -1);
            const restricted = property.check(nodes, members, correct, node);
            expect(restricted === null, property.name).toBe(full === null);
            if (full !== null) {
              broken.set(property.name, (broken.get(property.name) ?? 0) + 1);
              alive.delete(property);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    // Each of them was broken at times: the comparison was not idle.
    expect([...broken.keys()].sort()).toEqual(program.invariants.map(({ name }) => name).sort());
  });

  it('say what the quantified variables stood for', () => {
    const { program } = compileText(text, { nodes: 4 });
    const nodes = [0, 1, 2, 3].map((node) => program.instantiate(node, new RecordingHost(4)));
    const set = (node: number, ...fields: unknown[]) => nodes[node]?.message(0, program.makeMessage(0, fields), 0);
    set(1, true, 2, 0, 0);
    set(3, true, 2, 5, 0);
    const check = (name: string, members: readonly number[], changed = -1) =>
      program.invariants.find((property) => property.name === name)?.check(nodes, members, members, changed);
    expect(check('Two', [0, 1, 2, 3])).toBe('a = r[1], b = r[3]');
    expect(check('Two', [0, 1, 2])).toBeNull();
    expect(check('Two', [0, 1, 2, 3], 3)).toBe('a = r[3], b = r[1]');
    expect(check('Deep', [1, 3])).toBe('a = r[3], b = r[1], i = 0');
    expect(check('Counted', [0, 1, 2, 3])).toBeNull();
  });

  it('know which variables they read', () => {
    const { program } = compileText(text, { nodes: 4 });
    const reads = Object.fromEntries(program.invariants.map((property) => [property.name, property.reads]));
    expect(reads).toMatchObject({ One: 0b110, Two: 0b11, Deep: 0b100, Friends: 0b1010, Counted: 0b1 });
  });

  it('a failure in a property is a counterexample with its message', () => {
    const { program } = compileText(`protocol P {
  var log: List<Int> = []
  invariant Headed { forall a in members: a.log[0] > 0 }
  eventually Done within 5s { forall a in correct: a.log.size > 0 }
}`);
    const nodes = [0, 1, 2].map((node) => program.instantiate(node, new RecordingHost(3)));
    expect(program.invariants[0]?.check(nodes, [0, 1], [0, 1], -1)).toMatch(/index 0 is outside an empty list/);
    expect(program.eventualities[0]?.within).toBe(5e9);
    expect(program.eventualities[0]?.check(nodes, [0, 1], [1], -1)).toBe('a = r[1]');
  });

  it('take time limits that are computed from parameters', () => {
    const { program } = compileText(
      `protocol P(wait: Duration = 1s, beats: Int = 3) {
  var up = true
  message Down
  on m: Down { up = false }
  on start { send Down to self }
  fun slack(): Duration = [wait, 2s].max()
  eventually Fell within (if beats > 2 then 2 * wait else wait) + slack() { forall a in correct: not a.up }
  eventually Answered within beats * wait { forall a in members: a.up leads_to not a.up }
  always Stays after wait + (beats - 1) * wait { forall a in correct: not a.up }
}`,
      { nodes: 2 },
    );
    expect(program.eventualities[0]?.within).toBe(4e9);
    expect(program.responses[0]?.within).toBe(3e9);
    expect(program.persistences[0]?.after).toBe(3e9);
  });

  it('properties of roles range over the nodes of the role', () => {
    const { program } = compileText(
      `protocol P {
  message Set(value: Int)
  role left { var value = 0  on m: Set { value = m.value } }
  role right { var limit = 5 }
  invariant Below { forall a in left: forall b in right: a.value < b.limit }
  invariant Small { right.size <= 2 }
}`,
      { system: 'system S { node a[2] node b[2] run P on left: a, right: b }' },
    );
    const nodes = [0, 1, 2, 3].map((node) => program.instantiate(node, new RecordingHost(4)));
    const members = [0, 1, 2, 3];
    nodes[1]?.message(0, program.makeMessage(0, [5]), 0);
    expect(program.invariants[0]?.check(nodes, members, members, -1)).toBe('a = a[1], b = b[0]');
    expect(program.invariants[0]?.check(nodes, members, members, 1)).toBe('a = a[1], b = b[0]');
    expect(program.invariants[0]?.check(nodes, members, members, 0)).toBeNull();
    expect(program.invariants[0]?.check(nodes, [0, 2, 3], members, -1)).toBeNull();
    expect(program.invariants[1]?.check(nodes, members, members, -1)).toBeNull();
  });
});
