/** Who lies cannot sign for others: not by an adversary that is written, nor by a built-in behaviour. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import { runOnce } from '../../src/simulator/run-once.ts';

/** The first node signs a number each tick; everybody passes on what it has heard, and asserts that the signer meant it. */
const source = (adversary: string, faults: string): string => `
protocol Signing {
  var ticks = 0
  var heard: Signed<Int>? = none
  var other: Signed<Int>? = none
  message Fact(fact: Signed<Int>, hops: Int)
  timer t
  on start { set t after 10ms }
  on timeout t {
    ticks += 1
    broadcast Fact(sign(if self == members.first then 2 * ticks else 2 * ticks + 1), 0)
    set t after 10ms
  }
  on m: Fact {
    heard = m.fact
    if m.fact.signer == members.first { other = m.fact }
    if m.hops == 0 { broadcast Fact(m.fact, 1) }
  }
  // What the first has signed is even, and what anybody else signs is odd.
  invariant Unforged { forall a in members: a.other == none or a.other.value mod 2 == 0 }
}
${adversary}
system S {
  node r[4]
  link r -- r with (latency: uniform(1ms, 5ms))
  run Signing on r
  scenario X (duration: 500ms, seeds: 1) { ${faults} }
}`;

function check(adversary: string, faults: string) {
  const uri = 'file:///signatures.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, source(adversary, faults));
  const { systems, findings } = workspace.check(uri);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`);
  return { errors, systems };
}

function violations(adversary: string, faults: string): string[] {
  const { errors, systems } = check(adversary, faults);
  expect(errors).toEqual([]);
  const system = expand(systems[0]!).system!;
  const programs = [compileDeployment(system, 0)];
  return [1, 2, 3, 4, 5].flatMap((seed) => {
    const { error, violations: broken } = runOnce(system, programs, system.scenarios[0]!, seed);
    expect(error).toBeNull();
    return broken.map(({ property }) => property);
  });
}

describe.each(['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'])('a node that lies: %s', (behavior) => {
  it('changes and invents nothing that another has signed', () => {
    expect(violations('', `byzantine(r[1], ${behavior})  byzantine(r[3], ${behavior})`)).toEqual([]);
  });
});

describe('a written adversary', () => {
  const liar = (body: string): string => `adversary Liar for Signing { on m: Fact from p { ${body} } }`;

  it('signs as itself, and repeats what others have signed', () => {
    expect(violations(liar('send Fact(sign(7), 0) to members.last  broadcast Fact(m.fact, 1)'), 'byzantine(r[1], Liar)')).toEqual([]);
  });

  it('cannot make or change a signed value of another', () => {
    const errors = (body: string): number => check(liar(body), '').errors.length;
    expect(errors('broadcast Fact(m.fact.with(value: 7), 0)')).toBeGreaterThan(0);
    expect(errors('broadcast Fact(Signed(7, p), 0)')).toBeGreaterThan(0);
    expect(errors('broadcast Fact(sign(7, p), 0)')).toBeGreaterThan(0);
    expect(errors('var x = m.fact  x.value = 7  broadcast Fact(x, 0)')).toBeGreaterThan(0);
    expect(errors('broadcast Fact(7, 0)')).toBeGreaterThan(0);
    expect(errors('broadcast Fact(m.fact, 3)')).toBe(0);
  });
});
