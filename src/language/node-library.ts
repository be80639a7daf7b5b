import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Library } from './library.ts';

/**
 * The library as files: the folder `library` of the package, found from the running bundle or source file upwards. For
 * faces that run on Node; the core gets a `Library` and knows no files.
 */
export function nodeLibrary(from: string): Library {
  const root = packageFolder(from);
  const folder = root && join(root, 'library');
  let paths: readonly string[] | undefined;
  const texts = new Map<string, string | undefined>();
  return {
    list: () => {
      paths ??= folder ? listFiles(folder, folder).sort() : [];
      return paths;
    },
    read: (path) => {
      if (!texts.has(path))
        texts.set(path, folder && /^[\w-]+(\/[\w-]+)*$/.test(path) ? readIfThere(join(folder, `${path}.dsys`)) : undefined);
      return texts.get(path);
    },
  };
}

/** The package's own folder, upwards from a running bundle or source file; undefined outside of the package. */
export function packageFolder(from: string): string | undefined {
  for (let folder = dirname(from.startsWith('file:') ? fileURLToPath(from) : from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'library')) && existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(root, path);
    if (!entry.name.endsWith('.dsys')) return [];
    return [
      relative(root, path)
        .split(sep)
        .join('/')
        .replace(/\.dsys$/, ''),
    ];
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
