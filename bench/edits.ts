// Edits of the benchmarks of the language server.

/** A part of the text so far, and what comes in its place. */
export interface Replaced {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** Types a constant letter by letter at the top, again and again: most of the texts on the way are half-typed. */
export function* typing(): Generator<Replaced> {
  const typed = 'const pause = 12ms';
  for (;;) {
    for (let column = 0; column < typed.length; column++) yield { at: column, length: 0, text: typed[column] as string };
    yield { at: 0, length: typed.length, text: '' };
  }
}

/**
 * Replaces values by others that are valid, in turn, so that every text on the way is checked in full; each is new until
 * there are no more, since an answer that is remembered takes no time.
 *
 * @param places what to look for, `#` standing for the value, and the values that it gets.
 */
function* valid(text: string, places: readonly (readonly [pattern: string, values: readonly string[]])[]): Generator<Replaced> {
  let now = text;
  for (let round = 0; ; round++) {
    for (const [pattern, values] of places) {
      const [before, after] = pattern.split('#') as [string, string];
      const at = now.indexOf(before) + before.length;
      const length = now.slice(at).indexOf(after);
      if (at < before.length || length < 0) throw new Error(`the text has no ${pattern}`);
      const value = values[round % values.length] as string;
      now = now.slice(0, at) + value + now.slice(at + length);
      yield { at, length, text: value };
    }
  }
}

const numbers = (from: number, step: number): string[] => Array.from({ length: 40 }, (_, i) => String(from + i * step));

/** Values of the system with every kind of check. */
export const values = (text: string): Generator<Replaced> =>
  valid(text, [
    ['partially_synchronous(delay: #ms', numbers(151, 1)],
    ['link replica -- replica with (latency: normal(#ms', numbers(21, 1)],
    ['asia] (cpu: #us, availability: 99.9%, compromise', numbers(61, 1)],
    ['any(replica) with (rate: #/s', numbers(41, 1)],
    ['faults Nodes { crash # of', ['1', '3', '2']],
    ['const size = #\n', ['8', '9', '6', '7']],
    ['link client -- keeper with (latency: #ms', numbers(6, 1)],
    ['crash # of keeper  byzantine', ['2', '3', '4']],
    ['keeper[9] in [e1, u1, asia] (availability: 99.#%', numbers(50, 1)],
    ['run Register1(reads: #,', ['7', '6']],
    ['(heals: #s) }\n  faults Split', numbers(11, 1)],
    ['drift: 0.0#%', numbers(11, 1)],
  ]);

/** Handlers of protocols that this system runs. */
export const handler = (text: string): Generator<Replaced> =>
  valid(text, [
    ['let known = m.previous + m.entries.size#\n', numbers(1, 1).map((n) => ` + ${n} - ${n}`)],
    ['  on m: Query { reply State(m.round, tag, value#) }', numbers(1, 1).map((n) => ` + ${n}`)],
  ]);

export function positionOf(text: string, at: number): { readonly line: number; readonly character: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length - 1, character: (before.at(-1) as string).length };
}
