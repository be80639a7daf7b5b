import { describe, expect, it } from 'vitest';
import { checkCriterion } from '../../src/history/criteria.ts';
import type { HistoryOperation } from '../../src/history/linearizability.ts';
import { reasonOf } from '../../src/history/reason.ts';
import type { Criterion } from '../../src/model/consistency.ts';
import { registers, sessions } from './kit.ts';

const text = ({ operation, args, result }: HistoryOperation): string =>
  operation === 'Write' ? `${args[0]} := ${args[1]}` : `${args[0]} = ${result}`;

function reason(criterion: Criterion, ...clients: readonly string[]): string | null {
  const found = checkCriterion(criterion, sessions(...clients), registers);
  if (found.verdict !== 'no') throw new Error(found.verdict);
  return reasonOf(criterion, found.offending, registers, text);
}

describe('why a part cannot be explained', () => {
  it('names the own write that a client does not read', () => {
    expect(reason('read_your_writes', 'w x1, r x0')).toBe(
      '`x = 0` gives what was there before `x := 1`, but it comes after it at the same client',
    );
  });

  it('names the read after which an older value is read', () => {
    expect(reason('monotonic_reads', 'w x1', 'r x1, r x0')).toBe(
      '`x = 0` gives what was there before `x := 1`, but it comes after it by way of `x = 1`',
    );
  });

  it('names the calls through which a cause was known', () => {
    expect(reason('causal', 'w x1, w x2', 'r x2, w y1', 'r y1, r x1')).toBe(
      '`x = 1` gives what `x := 2` had replaced, but it comes after it by way of `x = 2` and `y := 1` and `y = 1`; ' +
        'that came after `x := 1` at the same client',
    );
  });

  it('says nothing where the criterion is not about causes, or the specification is no register', () => {
    expect(reason('sequential', 'w x1', 'w x2', 'r x1, r x2', 'r x2, r x1')).toBeNull();
    const { register: _, ...opaque } = registers;
    const history = sessions('w x1, r x0');
    expect(reasonOf('causal', history, opaque, text)).toBeNull();
  });
});

/** Additions that all overlap: too many orders to try. */
const adds = Array.from(
  { length: 24 },
  (_, id): HistoryOperation => ({
    id,
    client: id,
    operation: 'Add',
    key: 'x',
    args: ['x', 2 ** id],
    call: 1,
    response: null,
    result: null,
  }),
);

describe('a verdict that is not reached', () => {
  it('says how far it came, and at which call', () => {
    const get = { id: 99, client: 99, operation: 'Get', key: 'x', args: ['x'], call: 2, response: 3, result: 0.5 };
    const result = checkCriterion('linearizable', [...adds, get], registers, { maxStates: 10_000 });
    expect(result).toEqual({
      verdict: 'unknown',
      reason: 'no answer for 25 calls within 10,000 configurations: 0 of the 1 answers of one object explained',
      stuck: get,
    });
  });

  it('does not keep a wrong object from being found, wherever it stands', () => {
    const get = { id: 99, client: 99, operation: 'Get', key: 'x', args: ['x'], call: 2, response: 3, result: 0.5 };
    const wrong = { ...get, id: 100, key: 'y', args: ['y'] };
    const model = { ...registers, partition: ({ key }: HistoryOperation) => key };
    const result = checkCriterion('linearizable', [...adds, get, wrong], model, { maxStates: 100_000 });
    expect(result.verdict === 'no' && result.offending.map(({ id }) => id)).toEqual([100]);
  });
});
