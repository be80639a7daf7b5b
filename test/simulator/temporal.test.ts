import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../src/base/units.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';

const uri = 'file:///temporal.dsys';

/** What the first scenario says of a property, after a text without errors: `verdict`, and its `detail`. */
function judge(text: string): { readonly passed: boolean; readonly detail: string; readonly kind: string }[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const code = systems[0];
  if (!code) throw new Error('no system');
  const { results } = runScenarios({ code, scenarios: [], seed: 1, runs: null, trace: false, constants: {}, limits: defaultLimits });
  return results.flatMap(({ verdicts }) => verdicts.map(({ passed, detail, kind }) => ({ passed, detail, kind })));
}

/** One node that goes through states: `100P 200Q 300PQ 400-` are milliseconds with what holds from then on. */
function steps(states: string, property: string, duration = '1s', more = ''): string {
  const list = states.split(' ').map((state) => ({ time: Number.parseInt(state, 10), p: state.includes('P'), q: state.includes('Q') }));
  const step = ({ time, p, q }: (typeof list)[number], at: number): string => {
    const next = list[at + 1];
    return `if at == ${at + 1} { p = ${p}  q = ${q}${next ? `  set t after ${next.time - time}ms` : ''} }`;
  };
  return `
protocol Steps {
  var p = false
  var q = false
  timer t
  var at = 0
  on start { set t after ${list[0]?.time}ms }
  on timeout t {
    at += 1
    ${list.map(step).join('\n    ')}
  }
  ${property}
}
system One {
  node a
  node b
  link a -- b
  run Steps on a
  scenario S (duration: ${duration}, seeds: 1) { ${more} }
}`;
}

const responds = 'eventually Answered within 100ms { forall m in members: m.p leads_to m.q }';

describe('leads_to', () => {
  it('holds where each P is followed by a Q in time', () => {
    expect(judge(steps('100P 200Q 300P 390PQ', responds))).toEqual([{ kind: 'leads_to', passed: true, detail: 'held in the only seed' }]);
  });

  it('is missed when Q comes late, and names the binding', () => {
    const [verdict] = judge(steps('100P 201Q', responds));
    expect(verdict?.passed).toBe(false);
    expect(verdict?.detail).toBe('not answered by 200ms in seed 1: m = a (1 of 1 seed)');
  });

  it('is met by a Q at the very deadline, and by one in the moment of P', () => {
    expect(judge(steps('100P 200Q', responds))[0]?.passed).toBe(true);
    expect(judge(steps('100PQ 110-', responds))[0]?.passed).toBe(true);
  });

  it('asks again for a P that holds after a Q', () => {
    expect(judge(steps('100P 150PQ 160P', responds))[0]?.detail).toContain('not answered by 260ms');
  });

  it('does not take P’s end for an answer', () => {
    expect(judge(steps('100P 110-', responds))[0]?.passed).toBe(false);
  });

  it('is not judged where the run ends before the first deadline', () => {
    const [verdict] = judge(steps('950P', responds));
    expect(verdict).toMatchObject({ passed: true, detail: 'not judged: the run ends too soon after GST or the last fault' });
  });

  it('without `within` has until the end', () => {
    const open = 'eventually Answered { forall m in members: m.p leads_to m.q }';
    expect(judge(steps('100P 900Q', open))[0]?.passed).toBe(true);
    expect(judge(steps('100P', open))[0]?.detail).toContain('not answered by 1s');
  });

  it('says where its left side never held', () => {
    expect(judge(steps('100Q', responds))[0]).toMatchObject({
      passed: true,
      detail: 'never exercised: its left side held in no run after GST and the last fault',
    });
  });

  it('begins anew with a fault', () => {
    const list = '100P 250PQ';
    expect(judge(steps(list, responds))[0]?.passed).toBe(false);
    expect(judge(steps(list, responds, '1s', 'at 180ms crash(b)'))[0]?.passed).toBe(true);
  });

  it('can be expected to be violated', () => {
    const [verdict] = judge(steps('100P', responds, '1s', 'expect violated(Answered)'));
    expect(verdict).toMatchObject({ kind: 'expectation', passed: true });
  });

  it('keeps bindings apart, and those that leave what they range over', () => {
    const text = `
protocol Queue {
  var open: Set<Int> = {}
  var done: Set<Int> = {}
  var next = 0
  timer t
  on start { set t after 10ms }
  on timeout t {
    next += 1
    if next <= 4 { open += next }
    open -= next - 1
    if next != 4 { done += next - 2 }
    set t after 10ms
  }
  eventually Done within 50ms { forall m in members, r in m.open: true leads_to r in m.done }
}
system One {
  node a
  run Queue on a
  scenario S (duration: 1s, seeds: 1) {}
}`;
    expect(judge(text)[0]?.detail).toBe('not answered by 70ms in seed 1: m = a, r = 2 (1 of 1 seed)');
  });

  it('what P says of an optional is not known of Q', () => {
    const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
    workspace.setText(
      uri,
      'protocol X { var v: Int? = none\n on start { v = 3 }\n eventually E { forall m in members: m.v != none leads_to m.v > 2 } }',
    );
    expect(workspace.check(uri).findings.map(({ code }) => code)).toContain('DS1004');
  });

  it('agrees with its definition on generated sequences', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 120 }), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (gaps) => {
        let now = 0;
        const list = gaps.map(([gap, p, q]) => {
          now += gap;
          return [now, p, q] as const;
        });
        const late = list.filter(
          ([time, p, q], i) => p && !q && !list.some(([later, , answer], j) => j > i && answer && later <= time + 100),
        );
        const states = list.map(([time, p, q]) => `${time}${p ? 'P' : ''}${q ? 'Q' : ''}-`);
        const [verdict] = judge(steps(states.join(' '), responds, '2s'));
        expect(verdict?.passed).toBe(late.length === 0);
        if (late[0]) expect(verdict?.detail).toContain(`by ${formatDuration((late[0][0] + 100) * 1e6)}`);
      }),
      { numRuns: 40 },
    );
  });
});

describe('always … after', () => {
  const settles = 'always Settled after 300ms { forall m in members: m.p }';

  it('may be broken before its time', () => {
    expect(judge(steps('100P 200- 250P', settles))).toEqual([{ kind: 'always', passed: true, detail: 'held in the only seed' }]);
  });

  it('is broken by a step after it', () => {
    expect(judge(steps('100P 400-', settles))[0]?.detail).toBe('violated at 400ms in seed 1: m = a (1 of 1 seed)');
  });

  it('is broken where it is still false when its time begins, whether or not a step follows', () => {
    const at = 'violated at 300ms in seed 1: m = a (1 of 1 seed)';
    expect(judge(steps('100P 200-', settles))[0]?.detail).toBe(at);
    expect(judge(steps('100P 200- 350P', settles))[0]?.detail).toBe(at);
  });

  it('gets its time again with a fault', () => {
    const list = '100P 400- 450P';
    expect(judge(steps(list, settles, '1s', 'at 420ms crash(b)'))[0]?.passed).toBe(true);
    expect(judge(steps(list, settles, '600ms', 'at 420ms crash(b)'))[0]?.detail).toContain('not judged');
  });

  it('without `after` holds from GST or the last fault on', () => {
    expect(judge(steps('100P', 'always Never { forall m in members: not m.p }'))[0]?.detail).toContain('violated at 100ms');
  });

  it('is not asked in a run that ends before it must hold', () => {
    const fails = 'always Never after 2s { forall m in members: [m.p][1] }';
    expect(judge(steps('100P', fails))[0]?.detail).toContain('not judged');
  });
});
