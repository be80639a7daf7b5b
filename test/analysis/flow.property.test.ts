import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationFlow } from '../../src/analysis/flow/index.ts';
import { Work } from '../../src/analysis/work.ts';
import type { System } from '../../src/model/system.ts';
import { librarySystem, simulate } from './simulated.ts';

/**
 * Bounds hold in runs, whatever the code: random protocols whose handlers send, loop, branch on state and return early.
 * Messages go from lower kinds to higher ones, so that every call comes to an end.
 */

const kinds = 4;

/** Statements of a handler that may send messages of kinds from `least` on. */
const statements = (least: number, depth: number, canReply: boolean): fc.Arbitrary<string> => {
  const message = fc.integer({ min: Math.min(least, kinds - 1), max: kinds - 1 });
  const options: fc.Arbitrary<string>[] = [
    fc.constant('k += 1'),
    fc.constant('if k > 3 { return }'),
    fc.constant('if n > 2 { k += 2 } else { return }'),
    fc.constant('if self == members.first { k += 1 }'),
  ];
  if (least < kinds) {
    options.push(
      message.map((m) => `broadcast M${m}()`),
      message.map((m) => `send M${m}() to peers`),
      message.map((m) => `send M${m}() to members`),
      message.map((m) => `send M${m}() to members[k mod n]`),
      message.map((m) => `send M${m}() to choose(peers, 2)`),
      message.map((m) => `send M${m}() to peers.filter(other => other > self)`),
      message.map((m) => `help${m}(k)`),
    );
    if (canReply) options.push(message.map((m) => `reply M${m}()`));
  }
  if (depth > 0) {
    const inner = statements(least, depth - 1, canReply);
    options.push(
      inner.map((body) => `if k mod 2 == 0 { ${body} }`),
      fc.tuple(inner, inner).map(([a, b]) => `if k > 2 { ${a} } else { ${b} }`),
      inner.map((body) => `if Majority.met({self}) { ${body} }`),
      inner.map((body) => `for i${depth} in 1..2 { ${body} }`),
      inner.map((body) => `for p${depth} in peers { ${body} }`),
      fc.tuple(inner, inner).map(([a, b]) => `match k mod 3 { 0 => { ${a} } 1 => { ${b} } else => { } }`),
    );
  }
  return fc.array(fc.oneof(...options), { minLength: 0, maxLength: 3 }).map((parts) => parts.join('\n'));
};

const protocol = fc
  .tuple(
    statements(0, 2, false),
    fc.tuple(...Array.from({ length: kinds }, (_, kind) => statements(kind + 1, 1, true))),
    fc.tuple(...Array.from({ length: kinds }, (_, kind) => statements(kind + 1, 1, false))),
  )
  .map(
    ([operation, handlers, helpers]) => `protocol P {
      quorum Majority = majority(members)
      var k = 0
      ${handlers.map((_, kind) => `message M${kind}`).join('\n')}
      operation Do
      on op: Do {
        reply
        ${operation}
      }
      ${handlers.map((body, kind) => `on m: M${kind} { ${body} }`).join('\n')}
      ${helpers.map((body, kind) => `fun help${kind}(x: Int) { if x > 5 { return } broadcast M${kind}() ${body} }`).join('\n')}
    }`,
  );

describe('bounds of flow', () => {
  it('hold for the reference execution and in runs', () => {
    let told = 0;
    fc.assert(
      fc.property(protocol, fc.integer({ min: 2, max: 4 }), (code, nodes) => {
        const system = librarySystem(`${code}
          system S {
            node r[${nodes}]
            node c
            run P on r
            workload w on c { call Do() to any(r) with (rate: 1/s, arrival: constant, limit: 4) }
            scenario A (duration: 20s) {}
          }`);
        const deployment = system.deployments[0] as System['deployments'][number];
        const flow = operationFlow(system, deployment, 'Do', { work: new Work(1e9) });
        expect(flow).not.toBeNull();
        for (const { kind, least, expected, most } of flow?.messages ?? []) {
          expect(expected, kind).toBeGreaterThanOrEqual(least);
          expect(expected, kind).toBeLessThanOrEqual(most);
        }
        const { sample } = simulate(system, 1);
        const calls = sample.operations.get('0 Do')?.succeeded ?? 0;
        expect(calls).toBe(4);
        const perCall = sample.messages / calls;
        expect(perCall).toBeGreaterThanOrEqual(flow?.total.least ?? 0);
        expect(perCall).toBeLessThanOrEqual(flow?.total.most ?? 0);
        if ((flow?.total.least ?? 0) > 0) told += 1;
      }),
      { numRuns: 120 },
    );
    // Bounds that say nothing would hold too.
    expect(told).toBeGreaterThan(20);
  });
});
