import { describe, expect, it } from 'vitest';
import { compileSpecification } from '../../src/compiler/specification.ts';
import { systemOf } from '../support/compile-text.ts';

/** A model of a specification that has an operation `Read`. */
function model(body: string) {
  const system = systemOf(`protocol P { operation Read(k: Int): Int  on op: Read { reply 0 } }\nspecification S { ${body} }`, {
    system: 'system T { node r[3]  run P on r  workload w on r { call Read(k: 1) }  scenario A (duration: 1s) { expect linearizable(S) } }',
  });
  return compileSpecification(system.specifications[0]!, 3);
}
const call = (operation: string, ...args: unknown[]) => ({ operation, args, result: 5 });

describe('the shape of a specification', () => {
  it('keeps the keys of a map apart, and knows registers', () => {
    const s = model(
      'var m: Map<Int, Int> = {}  operation Read(k: Int): Int { reply m.get(k, 0) }  operation Write(k: Int, v: Int) { m[k] = v }',
    );
    expect(s.partition(call('Read', 1))).toBe(s.partition(call('Write', 1, 7)));
    expect(s.partition(call('Read', 1))).not.toBe(s.partition(call('Read', 2)));
    expect([s.kind('Read'), s.kind('Write')]).toEqual(['read', 'write']);
    expect(s.register(call('Write', 1, 5))).toMatchObject({ kind: 'write', value: s.register(call('Read', 1))?.value });
  });

  it.each([
    { leak: 'an operation that looks at all keys', more: 'operation Size(): Int { reply m.size }' },
    { leak: 'an operation of two keys', more: 'operation Move(a: Int, b: Int) { m[b] = m.get(a, 0) }' },
    { leak: 'a key that is changed first', more: 'operation Next(k: Int) { for j in [k + 1] { m[j] = 1 } }' },
    { leak: 'a function that reads the map', more: 'fun all(): Int { return m.size }  operation Sum(k: Int): Int { reply all() }' },
    { leak: 'a variable beside the map', more: 'var n = 0  operation Count(k: Int) { m[k] = n  n += 1 }' },
  ])('does not keep keys apart over $leak', ({ more }) => {
    const s = model(`var m: Map<Int, Int> = {}  operation Read(k: Int): Int { reply m.get(k, 0) }  ${more}`);
    expect(s.partition(call('Read', 1))).toBe(s.partition(call('Read', 2)));
  });

  it('keeps variables apart that no operation uses together', () => {
    const s = model('var a = 0  var b = 0  operation Read(k: Int): Int { reply a }  operation Other(): Int { b += 1  reply b }');
    expect(s.partition(call('Read', 1))).not.toBe(s.partition(call('Other')));
    expect(s.kind('Other')).toBe('both');
    expect(s.register(call('Other'))).toBeNull();
  });
});
