import { readFileSync } from 'node:fs';

/** One vector of test/analysis/vectors: what others have published, fields as the file has them. */
export type Vector = Readonly<Record<string, unknown>> & { readonly id: string };

export function vectorsOf(name: string): readonly Vector[] {
  const file = new URL(`../vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] }).vectors;
}

export function vector(name: string, idStart: string): Vector {
  const found = vectorsOf(name).find(({ id }) => id.startsWith(idStart));
  if (found === undefined) throw new Error(`no vector ${idStart} in ${name}`);
  return found;
}

export function rowsOf(name: string, idStart: string): readonly Readonly<Record<string, number>>[] {
  return vector(name, idStart).rows as readonly Readonly<Record<string, number>>[];
}
