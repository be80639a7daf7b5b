/* The order of a collection's elements: whoever asks only what it begins with leaves additions behind that where they are. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Order } from '../../src/compiler/runtime/order.ts';

const step = fc.record({
  kind: fc.oneof({ weight: 8, arbitrary: fc.constant('add') }, fc.constantFrom('remove', 'look', 'copy', 'begins', 'begins', 'keep')),
  value: fc.nat(5000),
});

it('knows what it begins with, whatever was added, removed and looked at', () => {
  let yes = 0;
  let no = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), fc.constantFrom(1, 2), (steps, stride) => {
      let order = new Order<number>([], (a, b) => a - b);
      let model: number[] = [];
      let parts: number[] = [];
      for (const { kind, value } of steps) {
        if (kind === 'add' && !model.includes(value)) {
          order.add(value);
          model = [...model, value].sort((a, b) => a - b);
        } else if (kind === 'remove' && model.length > 0) {
          const [gone] = model.splice(value % model.length, 1);
          order.remove(gone as number);
        } else if (kind === 'look') expect(order.items()).toEqual(model);
        else if (kind === 'copy') order = order.copy();
        else if (kind === 'keep') parts = model.slice(0, 1 + (value % 4)).flatMap((part) => Array.from({ length: stride }, () => part));
        else if (kind === 'begins' && parts.length > 0) {
          const held = parts.every((part, i) => model[Math.floor(i / stride)] === part);
          expect(order.begins(parts, stride)).toBe(held);
          if (held) yes += 1;
          else no += 1;
        }
      }
      expect(order.items()).toEqual(model);
    }),
    { numRuns: 60 },
  );
  expect(Math.min(yes, no)).toBeGreaterThan(50);
});
