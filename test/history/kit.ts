import type { HistoryOperation, SequentialModel } from '../../src/history/linearizability.ts';

/** Registers by key, counters by key: `Write(v)`, `Read()`; `Add(v)`, `Get()`. State: a sorted list of entries. */
export const store: SequentialModel = {
  initial: () => '',
  apply(state, operation, args) {
    const entries = new Map((state as string).split(';').map((entry) => entry.split('=') as [string, string]));
    const [key, value] = args as [string, number];
    const now = Number(entries.get(key) ?? 0);
    if (operation === 'Read' || operation === 'Get') return { state, result: now };
    entries.set(key, String(operation === 'Write' ? value : now + value));
    const next = [...entries].filter(([name]) => name).sort(([a], [b]) => (a < b ? -1 : 1));
    return { state: next.map((entry) => entry.join('=')).join(';'), result: operation === 'Swap' ? now : null };
  },
  stateKey: (state) => state as string,
  resultKey: (_operation, result) => String(result),
  kind: (operation) => (operation === 'Read' || operation === 'Get' ? 'read' : operation === 'Swap' ? 'both' : 'write'),
};

/** The same, with what is known of its registers. */
export const registers: SequentialModel = {
  ...store,
  register({ operation, args, result }) {
    if (operation === 'Write') return { kind: 'write', key: String(args[0]), value: String(args[1]), initial: '0' };
    return operation === 'Read' ? { kind: 'read', key: String(args[0]), value: String(result), initial: '0' } : null;
  },
};

/**
 * A history from text, one client a string: `w x1` writes 1 to x, `r x1` reads 1, `+ x1` adds 1, `? x1` gets 1; a trailing `!`: never
 * answered. Calls of a client come one after the other, those of different clients overlap all.
 */
export function sessions(...clients: readonly string[]): HistoryOperation[] {
  return clients.flatMap((text, client) => {
    const calls = text
      .split(',')
      .map((call) => call.trim())
      .filter((call) => call !== '');
    return calls.map((call, at): HistoryOperation => {
      const [, sign = '', key = '', number = '', lost = ''] = /^(\S) (\w)(-?\d+)(!?)$/.exec(call) ?? [];
      const operation = { w: 'Write', r: 'Read', '+': 'Add', '?': 'Get' }[sign] as string;
      const value = Number(number);
      const reads = sign === 'r' || sign === '?';
      return {
        id: client * 100 + at,
        client,
        operation,
        key,
        args: reads ? [key] : [key, value],
        call: at * 1000 + client,
        response: lost ? null : at * 1000 + 500 + client,
        result: reads ? value : null,
      };
    });
  });
}
