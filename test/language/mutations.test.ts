import { describe, expect, it } from 'vitest';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';

/*
 * Text in the middle of being written: library files with words left out, doubled, swapped or replaced by others. The
 * checker may say what it likes about them, but it must come to an end, throw nothing, and point into the text.
 */
const library = nodeLibrary(import.meta.url);

/** A small generator, so that a failing text can be made again from its seed. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutate(text: string, random: (below: number) => number): string {
  const words = text.split(/(\s+|\b)/);
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(words.length);
    const other = words[random(words.length)]!;
    switch (random(4)) {
      case 0:
        words.splice(at, 1 + random(3));
        break;
      case 1:
        words.splice(at, 0, other);
        break;
      case 2:
        words[at] = other;
        break;
      default:
        words.length = Math.max(1, at);
    }
  }
  return words.join('');
}

describe('texts that are being written', () => {
  for (const path of library.list()) {
    it(`${path}: 60 mutations are checked without an exception`, () => {
      const text = library.read(path) ?? '';
      for (let seed = 1; seed <= 60; seed++) {
        const mutated = mutate(text, generator(seed));
        const workspace = new Workspace({ readText: () => undefined, library });
        workspace.setText('file:///mutated.dsys', mutated);
        let findings: readonly { readonly span: { readonly start: number; readonly end: number } }[] = [];
        expect(() => {
          findings = workspace.check('file:///mutated.dsys').findings;
        }, `seed ${seed}`).not.toThrow();
        for (const { span } of findings)
          expect(span.start >= 0 && span.start <= span.end && span.end <= mutated.length, `seed ${seed}`).toBe(true);
      }
    });
  }

  it('library files as they are have no finding', () => {
    const workspace = new Workspace({ readText: () => undefined, library });
    for (const path of library.list()) {
      workspace.setText('file:///copy.dsys', library.read(path) ?? '');
      expect(workspace.check('file:///copy.dsys').findings, path).toEqual([]);
    }
  });
});
