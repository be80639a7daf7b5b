/** Fault actions as they are being typed: findings, never an exception, whatever is there so far. */
import { expect, test } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';

const before =
  'protocol P { message M(n: Int)  var k = 0  operation Ask(n: Int): Int  on op: Ask { reply k } }\nsystem S { zone z  node a[3] in z  node c  run P on a  faults F { crash 1 of a }  scenario Z under F (duration: 1s) { ';
const actions = [
  'at 5ms crash(a[0], loses: unsynced, after_sends: 3, within: 2ms, for: 20ms)',
  'at 1ms when exists m in members: m.k > 1 after 2ms isolate(any(a.filter(m => m.k > 0)), for: 3ms)',
  'partition(a[0..1], c, for: 2ms) heal() outage(z, for: 1ms)',
  'omit(a, side: send, share: 40%) reorder(a, c, 30%, message: M, for: 1ms)',
  'delay(a, c, by: 1ms) hold(a, c, for: 2ms) disconnect(a, c, one_way: true)',
  'churn(a, c, up: exponential(2ms), down: uniform(1ms, 2ms), until: 5ms)',
  'skew(a, -3ms) drift(a, -2%) slow(a, c, factor: 3) pause(a, for: 1ms) byzantine(a[0], silent)',
  'at 1ms call Ask(n: unique) from c to [a[0], a[1]] with (timeout: 2ms, retries: 1) chaos(rate: 3/s)',
];
const wrong = ['-1', '1e400', '9007199254740993', '99999999999999d', '-5%', '"text"', 'none', '{}', 'a', 'x => x', '0/s', '1/0'];

function check(action: string, after: string): void {
  const uri = 'file:///half.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, before + action + after);
  for (const code of workspace.check(uri).systems) expand(code);
}

test.each(actions)('%s', (action) => {
  for (let end = 0; end <= action.length; end += 2) expect(() => check(action.slice(0, end), end % 4 === 0 ? ' } }' : '')).not.toThrow();
});

test.each(actions)('with wrong values: %s', (action) => {
  // Every value that stands behind a colon, comma or bracket.
  const places = [...action.matchAll(/[:,(] *([^:,()]+)(?=[,)])/g)];
  for (const place of places) {
    const from = place.index + place[0].length - (place[1] as string).length;
    for (const value of wrong)
      expect(() => check(action.slice(0, from) + value + action.slice(place.index + place[0].length), ' } }')).not.toThrow();
  }
});
