import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyLibrary } from '../../src/language/library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { runScenarios } from '../../src/pipeline/run.ts';

/** What the pages of the lint say happens, happens in a run: the wrong example fails where the mended one does not. */

function examples(code: string): readonly [string, string] {
  const page = readFileSync(new URL(`../../docs/checks/${code}.md`, import.meta.url), 'utf8');
  return [...page.matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string) as unknown as [string, string];
}

/** Whether all scenarios of the first system pass. */
function passes(text: string): boolean {
  const workspace = new Workspace({ readText: () => undefined, library: emptyLibrary });
  workspace.setText('file:///a.dsys', text);
  const { systems, findings } = workspace.check('file:///a.dsys');
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { results } = runScenarios({
    code: systems[0]!,
    scenarios: [],
    seed: 1,
    runs: 20,
    trace: false,
    constants: {},
    limits: defaultLimits,
  });
  expect(results.length).toBeGreaterThan(0);
  return results.every(({ passed }) => passed);
}

describe('what the lint says comes about in runs', () => {
  const cases: readonly (readonly [code: string, what: string, system: string])[] = [
    [
      'DS4023',
      'a crash breaks the invariant',
      `system S { node r[3]  run Tell on r  scenario T (duration: 2s) { at 1s crash(r[0], for: 500ms) } }`,
    ],
    [
      'DS4025',
      'a second call replaces the first',
      `system S {
        node r[3]
        node c[4]
        link nodes -- nodes with (latency: 20ms)
        run Poll on r
        workload w on c { call Ping() to r[0] with (rate: 10/s, timeout: 1s) }
        scenario T (duration: 5s) { expect success(Ping) == 100% }
      }`,
    ],
  ];
  for (const [code, what, system] of cases) {
    it(`${code}: ${what}`, () => {
      const [wrong, mended] = examples(code);
      expect(passes(wrong + system)).toBe(false);
      expect(passes(mended + system)).toBe(true);
    });
  }

  it('DS3805: an eventuality over members fails once one is down for good, one over `correct` does not', () => {
    const [wrong, mended] = examples('DS3805');
    const scenario = '  scenario T under OneDown (duration: 2s) { at 0s crash(member[4]) }\n}';
    const within = (text: string): string => `${text.trimEnd().slice(0, -1)}${scenario}`;
    expect(passes(within(wrong))).toBe(false);
    expect(passes(within(mended))).toBe(true);
  });

  it('DS4026: what is confirmed before it is durable is lost in a crash', () => {
    const [wrong, mended] = examples('DS4026');
    // The sum of what was confirmed, as a client sees it.
    const counting = (text: string): string =>
      text
        .replace('operation Add(v: Int)', 'operation Add(v: Int)\n  operation Sum(): Int\n  on op: Sum { reply log.size + buffer.size }')
        .replace('set flush after 10ms', 'set flush after 200ms');
    const system = `
specification Counter {
  var count = 0
  operation Add(v: Int) { count += 1  reply }
  operation Sum(): Int { reply count }
}
system S {
  node r
  node c
  run Batch on r
  workload w on c {
    call Add(v: unique) to r with (rate: 20/s, timeout: 1s)
    call Sum() to r with (rate: 20/s, timeout: 1s)
  }
  scenario T (duration: 2s) { at 700ms crash(r, for: 100ms)  expect linearizable(Counter) }
}`;
    expect(passes(counting(wrong) + system)).toBe(false);
    expect(passes(counting(mended).replaceAll('+ buffer.size', '') + system)).toBe(true);
  });

  it('a crash in the middle of what a handler sends leaves none of its writes out, whatever their order', () => {
    const system = (body: string): string => `
protocol P {
  durable count = 0
  durable heard: Map<Node, Int> = {}
  message Said(count: Int)
  timer t
  on start { set t after random(1ms..20ms) }
  on recover { set t after random(1ms..20ms) }
  on timeout t { ${body}  set t after random(1ms..20ms) }
  on m: Said from p { heard[p] = max(heard.get(p, 0), m.count) }
  invariant NeverMore { forall a, b in members: b.heard.get(a, 0) <= a.count }
}
system S {
  node r[5]
  faults F { crash 2 of r with (recovers: true) }
  run P on r
  scenario T under F (duration: 5s) { chaos(rate: 10/s)  expect messages > 1000 }
}`;
    expect(passes(system('broadcast Said(count + 1)  count += 1'))).toBe(true);
    expect(passes(system('count += 1  broadcast Said(count)'))).toBe(true);
    // The invariant can break: here a node says more than it ever writes.
    expect(passes(system('broadcast Said(count + 2)  count += 1'))).toBe(false);
  });
});
