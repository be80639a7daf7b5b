import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/analysis/lint/decide.ts';
import { possibleValues } from '../../src/analysis/lint/possible-values.ts';
import { checkText } from './findings-of.ts';

/** What is decided of a condition, against all values that its state can have in a run. */

// `p` is A or B and never C, `q` is false, `x` is any number (0 to 3 here), `k` is 2.
const states = ['A', 'B'].flatMap((p) => [0, 1, 2, 3].map((x) => ({ p, x })));
type State = (typeof states)[number];

interface Condition {
  readonly text: string;
  readonly holds: (a: State, b: State) => boolean;
}

const atoms: readonly Condition[] = [
  { text: 'a.p == Phase.C', holds: () => false },
  { text: 'a.p != Phase.C', holds: () => true },
  { text: 'b.p == Phase.A', holds: (_, b) => b.p === 'A' },
  { text: 'a.p == b.p', holds: (a, b) => a.p === b.p },
  { text: 'a.p in [Phase.A, Phase.B]', holds: () => true },
  { text: 'a.q', holds: () => false },
  { text: 'a.q == b.q', holds: () => true },
  { text: 'a.x == a.x', holds: () => true },
  { text: 'a.x < b.x', holds: (a, b) => a.x < b.x },
  { text: 'a.x >= b.x', holds: (a, b) => a.x >= b.x },
  { text: 'b.x > a.x', holds: (a, b) => b.x > a.x },
  { text: 'a.x == b.x', holds: (a, b) => a.x === b.x },
  { text: 'b.x != a.x', holds: (a, b) => a.x !== b.x },
  { text: 'a.k == 2', holds: () => true },
  { text: 'a.x == a.k', holds: (a) => a.x === 2 },
  { text: 'a.log.size >= 0', holds: () => true },
  { text: '(forall i in 3..1: a.x == i)', holds: () => true },
  { text: '(exists i in 3..1: a.x == i)', holds: () => false },
  { text: '(exists i in 0..1: a.x == i)', holds: (a) => a.x <= 1 },
];

const { condition: conditions } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...atoms),
    tie('condition').map(({ text, holds }) => ({ text: `not (${text})`, holds: (a: State, b: State) => !holds(a, b) })),
    fc.tuple(tie('condition'), fc.constantFrom('and', 'or', 'implies'), tie('condition')).map(([left, operator, right]) => ({
      text: `(${left.text} ${operator} ${right.text})`,
      holds: (a: State, b: State) => {
        if (operator === 'and') return left.holds(a, b) && right.holds(a, b);
        return operator === 'or' ? left.holds(a, b) || right.holds(a, b) : !left.holds(a, b) || right.holds(a, b);
      },
    })),
  ),
}));

describe('conditions that are decided by the values of state', () => {
  it('come out so in every state', () => {
    let told = 0;
    fc.assert(
      fc.property(conditions, fc.constantFrom('forall', 'exists'), ({ text, holds }, quantifier) => {
        const [protocol] = checkText(`protocol P {
          enum Phase { A, B, C }
          var p = Phase.A
          var q = false
          var k = 2
          durable x = 0
          durable log: List<Int> = []
          operation Set(v: Int)
          on op: Set { x = op.v  log += op.v  p = if op.v > 3 then Phase.B else Phase.A  reply }
          invariant I { ${quantifier} a, b in members: ${text} }
        }`).protocols;
        const { answer } = decide(protocol!.invariants[0]!.condition, protocol!, possibleValues(protocol!));
        if (answer === null) return;
        told++;
        // Some pair of members in some pair of states; a node is also its own partner.
        const outcomes = states.flatMap((a) => states.map((b) => holds(a, b)));
        const all = outcomes.every((outcome) => outcome === answer);
        expect(all).toBe(true);
      }),
      { numRuns: 800 },
    );
    expect(told).toBeGreaterThan(100);
  });
});
