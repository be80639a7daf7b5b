import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntMap } from '../../src/compiler/runtime/int-map.ts';
import { KeyedMap, PlainMap } from '../../src/compiler/runtime/maps.ts';
import { NodeSet } from '../../src/compiler/runtime/node-set.ts';
import { KeyedSet, type Ordering, PlainSet } from '../../src/compiler/runtime/sets.ts';

const fuel = { fuel: 1e9 };
const span = { uri: '', start: 0, end: 0 };
const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'look', 'copy', 'merge'), value: fc.nat(80) });
const pairs: Ordering = {
  compare: (a, b) => (a as number[])[0]! - (b as number[])[0]!,
  key: (value) => String((value as number[])[0]),
};

interface Kind<T> {
  readonly empty: () => T;
  readonly add: (set: T, value: number) => void;
  readonly remove: (set: T, value: number) => void;
  readonly items: (set: T) => number[];
  readonly copy: (set: T) => T;
  readonly merge: (set: T, other: T) => void;
}

/** Does the same to a collection and to a plain sorted array; copies must go their own ways. */
function agrees<T>(kind: Kind<T>): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let set = kind.empty();
      let model = new Set<number>();
      let other = kind.empty();
      let otherModel = new Set<number>();
      for (const { kind: what, value } of steps) {
        if (what === 'add') {
          kind.add(set, value);
          model.add(value);
        } else if (what === 'remove') {
          kind.remove(set, value);
          model.delete(value);
        } else if (what === 'copy') {
          [other, set] = [set, kind.copy(set)];
          [otherModel, model] = [model, new Set(model)];
        } else if (what === 'merge') {
          kind.merge(set, other);
          for (const item of otherModel) model.add(item);
        } else expect(kind.items(set)).toEqual([...model].sort((a, b) => a - b));
      }
      expect(kind.items(set)).toEqual([...model].sort((a, b) => a - b));
      expect(kind.items(other)).toEqual([...otherModel].sort((a, b) => a - b));
    }),
  );
}

describe('collections are gone through in ascending order, whatever was done to them', () => {
  it('sets of primitives', () =>
    agrees<PlainSet>({
      empty: () => new PlainSet(new Set()),
      add: (set, value) => set.add(value),
      remove: (set, value) => set.delete(value),
      items: (set) => [...set.items()] as number[],
      copy: (set) => set.copy(fuel),
      merge: (set, other) => set.addAll(other, fuel, span),
    }));

  it('sets of composite values', () =>
    agrees<KeyedSet>({
      empty: () => new KeyedSet(new Map(), pairs),
      add: (set, value) => set.add([value]),
      remove: (set, value) => set.delete([value]),
      items: (set) => set.items().map((item) => (item as number[])[0] as number),
      copy: (set) => set.copy(fuel),
      merge: (set, other) => set.addAll(other, fuel, span),
    }));

  it('sets of many nodes', () =>
    agrees<NodeSet>({
      empty: () => NodeSet.of([]),
      add: (set, value) => set.add(value),
      remove: (set, value) => set.delete(value),
      items: (set) => {
        const items = set.items();
        expect(set.size).toBe(items.length);
        expect(items.map((_, i) => set.nth(i))).toEqual(items);
        expect([set.with(70).size, set.without(70).size]).toEqual(set.has(70) ? [set.size, set.size - 1] : [set.size + 1, set.size]);
        expect(set.without(70).with(70).equals(set.with(70))).toBe(true);
        return items;
      },
      copy: (set) => set.copy(fuel),
      merge: (set, other) => set.addAll(other),
    }));

  it('maps', () =>
    agrees<PlainMap>({
      empty: () => new PlainMap(new Map()),
      add: (map, value) => map.put(value, value),
      remove: (map, value) => map.delete(value),
      items: (map) => {
        expect(map.values()).toEqual(map.keys());
        return [...map.keys()] as number[];
      },
      copy: (map) => map.copy(fuel),
      merge: (map, other) => {
        for (const key of other.keys()) map.put(key, key);
      },
    }));

  it.each([
    ['close together', (value: number) => value],
    ['in clusters', (value: number) => (value & 3) * 1_000_000 + (value >> 2) - 5],
    ['far apart', (value: number) => value * 1_000_003 - 40_000_000],
  ])('maps over integers %s', (_, spread) => {
    const back = new Map(Array.from({ length: 81 }, (_, value) => [spread(value), value]));
    agrees<IntMap>({
      empty: () => new IntMap(),
      add: (map, value) => map.put(spread(value), value),
      remove: (map, value) => map.delete(spread(value)),
      items: (map) => {
        const keys = [...map.keys()];
        expect(keys).toEqual([...keys].sort((a, b) => a - b));
        expect(map.size).toBe(keys.length);
        expect(map.values()).toEqual(keys.map((key) => back.get(key)));
        for (const [key, value] of back) expect(map.get(key)).toBe(keys.includes(key) ? value : undefined);
        return keys.map((key) => back.get(key) as number).sort((a, b) => a - b);
      },
      copy: (map) => map.copy(fuel),
      merge: (map, other) => {
        for (const key of other.keys()) map.put(key, back.get(key));
      },
    });
  });

  it('a map over integers keeps a window that moves on, and one that moves back', () => {
    for (const direction of [1, -1]) {
      const map = new IntMap();
      for (let key = 0; key < 5_000; key += 1) {
        map.put(direction * key, key);
        map.delete(direction * (key - 100));
      }
      expect(map.size).toBe(100);
      expect(map.values()).toEqual([...map.keys()].map((key) => direction * key));
    }
  });

  it('maps with composite keys', () =>
    agrees<KeyedMap>({
      empty: () => new KeyedMap(new Map(), pairs),
      add: (map, value) => map.put(String(value), [value], value),
      remove: (map, value) => map.delete(String(value)),
      items: (map) => {
        expect(map.values()).toEqual(map.keys().map((key) => (key as number[])[0]));
        return map.keys().map((key) => (key as number[])[0] as number);
      },
      copy: (map) => map.copy(fuel),
      merge: (map, other) => {
        for (const key of other.keys()) map.put(pairs.key(key) as string, key, (key as number[])[0]);
      },
    }));
});
