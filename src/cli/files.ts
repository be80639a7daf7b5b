import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from './exit-code.ts';

/** Files named on the command line, and those found in the folders named there, as URIs: each once, in a stable order. */
export function collectFiles(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    if (isFolder(path)) {
      const files = [...filesBelow(path)];
      if (files.length === 0) throw new UsageError(`there is no .dsys file in \`${path}\``);
      for (const file of files) found.add(pathToFileURL(resolve(file)).href);
    } else found.add(pathToFileURL(resolve(path)).href);
  }
  return [...found];
}

/** The one file that `run` takes. */
export function singleFile(path: string): string {
  if (isFolder(path)) throw new UsageError(`\`${path}\` is a folder; name a file, or use \`dsys test ${path}\` to run all scenarios in it`);
  return pathToFileURL(resolve(path)).href;
}

/** The text of a file that the user has named. */
export function readNamed(uri: string): string {
  const path = fileURLToPath(uri);
  try {
    return decode(readFileSync(path));
  } catch (error) {
    throw new UsageError(`cannot read \`${displayPath(uri)}\`: ${reason(error)}`);
  }
}

/** For the workspace: the text of an imported file. */
export function readImported(uri: string): string | undefined | { error: string } {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return decode(readFileSync(fileURLToPath(uri)));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { error: reason(error) };
  }
}

/** How a file is called in front of the user: relative where it is below the working folder. */
export function displayPath(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  const path = fileURLToPath(uri);
  const below = relative(process.cwd(), path);
  const shown = below.startsWith('..') || isAbsolute(below) || below === '' ? path : below;
  return sep === '/' ? shown : shown.split(sep).join('/');
}

/** What the system says of a failed access, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && reasons[code]) || (message ?? String(error));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
};

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new UsageError(`cannot read \`${path}\`: ${reason(error)}`);
  }
}

/** Links to folders are not followed, so that a circle of them does no harm. */
function* filesBelow(folder: string): Generator<string> {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    throw new UsageError(`cannot read \`${folder}\`: ${reason(error)}`);
  }
  for (const name of names) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) yield* filesBelow(path);
    else if (name.endsWith('.dsys')) yield path;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    // The byte order mark is kept out: it would shift the first line's columns.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not text in UTF-8');
  }
}
