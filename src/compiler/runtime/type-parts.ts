import { ascending } from './sets.ts';
import type { Parts, TypeNames, TypeOperations } from './type-operations.ts';
import type { Signed } from './values.ts';
import { Piece } from './writer.ts';

/** What can be done with values of the types that are made of others, or of nothing that is known. */

export const COMMA = new Piece(', ');
const NONE = new Piece('none');
const SIGNED = new Piece('signed(');
const CLOSE = new Piece(')');

export function plainWriter(format: (value: unknown) => string): Parts['write'] {
  return (value, out) => {
    out.text(format(value));
  };
}

export function byCanonical(canonical: (value: unknown) => string): Parts {
  return {
    equals: (a, b) => a === b || canonical(a) === canonical(b),
    compare: (a, b) => ascending(canonical(a), canonical(b)),
    key: canonical,
    canonical,
    write: plainWriter(canonical),
    size: () => 8,
  };
}

export function optional(of: TypeOperations, identical: boolean): Parts {
  return {
    equals: identical ? (a, b) => a === b : (a, b) => a === b || (a !== null && b !== null && of.equals(a, b)),
    compare: (a, b) => (a === null ? (b === null ? 0 : -1) : b === null ? 1 : of.compare(a, b)),
    key: (value) => (value === null ? 'null' : of.canonical(value)),
    canonical: (value) => (value === null ? 'null' : of.canonical(value)),
    write(value, out) {
      if (value === null) out.piece(NONE);
      else of.write(value, out);
    },
    size: (value) => (value === null ? 1 : of.size(value)),
    startsWith: (value, parts, whole) => value !== null && (of.startsWith?.(value, parts, whole) ?? false),
  };
}

export function sequence(of: Parts, items: (value: unknown) => readonly unknown[], open: string, close: string): Parts {
  const canonical = (value: unknown) => `[${items(value).map(of.canonical).join(',')}]`;
  const [opening, closing] = [new Piece(open), new Piece(close)];
  return {
    equals(a, b) {
      if (a === b) return true;
      const left = items(a);
      const right = items(b);
      if (left.length !== right.length) return false;
      for (let i = 0; i < left.length; i++) if (!of.equals(left[i], right[i])) return false;
      return true;
    },
    compare(a, b) {
      const left = items(a);
      const right = items(b);
      for (let i = 0; i < left.length && i < right.length; i++) {
        const order = of.compare(left[i], right[i]);
        if (order !== 0) return order;
      }
      return left.length - right.length;
    },
    key: canonical,
    canonical,
    write(value, out) {
      const parts = out.takeParts();
      const all = items(value);
      out.piece(opening);
      for (let i = 0; i < all.length; i++) {
        if (out.full) return;
        parts?.push(all[i]);
        if (i > 0) out.piece(COMMA);
        of.write(all[i], out);
      }
      out.piece(closing);
    },
    startsWith(value, parts, whole) {
      const all = items(value);
      if (whole ? all.length !== parts.length : all.length < parts.length) return false;
      for (let i = 0; i < parts.length; i++) if (all[i] !== parts[i]) return false;
      return true;
    },
    size(value) {
      let bytes = 0;
      for (const item of items(value)) bytes += of.size(item);
      return bytes;
    },
  };
}

export function nodeSet(
  items: (value: unknown) => readonly number[],
  equals: (a: unknown, b: unknown) => boolean,
  count: (value: unknown) => number,
  names: TypeNames,
): Parts {
  const node: Parts = {
    ...byCanonical(String),
    compare: (a, b) => (a as number) - (b as number),
    write: (value, out) => out.piece(names.nodes[value as number] as Piece),
  };
  return { ...sequence(node, items, '{', '}'), equals, size: (value) => 8 * count(value) };
}

export function signed(of: TypeOperations, names: TypeNames): Parts {
  const canonical = (value: unknown) => `[${of.canonical((value as Signed).value)},${(value as Signed).signer}]`;
  return {
    equals: (a, b) => (a as Signed).signer === (b as Signed).signer && of.equals((a as Signed).value, (b as Signed).value),
    compare: (a, b) => of.compare((a as Signed).value, (b as Signed).value) || (a as Signed).signer - (b as Signed).signer,
    key: canonical,
    canonical,
    write(value, out) {
      out.takeParts();
      out.piece(SIGNED);
      of.write((value as Signed).value, out);
      out.piece(COMMA);
      out.piece(names.nodes[(value as Signed).signer] as Piece);
      out.piece(CLOSE);
    },
    size: (value) => of.size((value as Signed).value) + 8,
  };
}
