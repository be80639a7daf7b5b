import { describe, expect, it } from 'vitest';
import { RuntimeFailure } from '../../src/compiler/program.ts';
import { compileSpecification } from '../../src/compiler/specification.ts';
import { compileText, systemOf } from '../support/compile-text.ts';

const text = `protocol P { record Entry(key: String, version: Int)  var entry = Entry("x", 1)  var entries: List<Entry> = []  operation Get(e: Entry): List<Entry> }
specification Store {
  record Entry(key: String, version: Int)
  var entries: Map<String, Entry> = {}
  var log: List<Entry> = []
  operation Put(key: String): Int {
    let version = next(key)
    entries[key] = Entry(key, version)
    log += entries[key]
    reply version
  }
  operation Get(key: String): Int { if key in entries { reply entries[key].version } else { reply 0 } }
  operation All: List<Entry> { reply log }
  operation Keep(e: Entry) { log += e  reply }
  operation Bad: Int { reply log[5].version }
  fun next(key: String): Int = if key in entries then entries[key].version + 1 else 1
}`;

describe('specifications', () => {
  const system = systemOf(text);
  const code = system.specifications.find(({ name }) => name === 'Store');
  if (code === undefined) throw new Error('no specification');
  const model = compileSpecification(code, 3);

  it('run operations on states that stay as they are', () => {
    const start = model.initial();
    const one = model.apply(start, 'Put', ['a']);
    const two = model.apply(one.state, 'Put', ['a']);
    const other = model.apply(one.state, 'Put', ['b']);
    expect([one.result, two.result, other.result]).toEqual([1, 2, 1]);
    expect(model.apply(start, 'Get', ['a']).result).toBe(0);
    expect(model.apply(one.state, 'Get', ['a']).result).toBe(1);
    expect(model.apply(two.state, 'Get', ['a']).result).toBe(2);
    expect(model.stateKey(start)).toBe('[];[]');
    expect(model.stateKey(one.state)).toBe('[["a",["a",1]]];[["a",1]]');
    expect(model.stateKey(model.apply(start, 'Put', ['a']).state)).toBe(model.stateKey(one.state));
    expect(model.stateKey(two.state)).not.toBe(model.stateKey(one.state));
  });

  it('reading gives the same state', () => {
    const { state } = model.apply(model.initial(), 'Put', ['a']);
    expect(model.apply(state, 'Get', ['a']).state).toBe(state);
  });

  it('results and arguments of a program are compared by what they are', () => {
    const { program } = compileText(text);
    const entry = { kind: 'record', record: 'P.Entry', fields: { key: 'a', version: 1 } } as const;
    const made = program.fromValue(entry, { kind: 'Record', name: 'P.Entry' });
    const list = program.fromValue({ kind: 'list', items: [entry] }, { kind: 'List', of: { kind: 'Record', name: 'P.Entry' } });
    const kept = model.apply(model.initial(), 'Keep', [made]);
    const all = model.apply(kept.state, 'All', []);
    expect(model.resultKey('All', all.result)).toBe('[["a",1]]');
    expect(model.resultKey('All', list)).toBe('[["a",1]]');
    expect(model.resultKey('Keep', null)).toBe('');
  });

  it('fail with a place', () => {
    expect(() => model.apply(model.initial(), 'Bad', [])).toThrow(RuntimeFailure);
    expect(() => model.apply(model.initial(), 'Missing', [])).toThrow(/no operation/);
  });
});
