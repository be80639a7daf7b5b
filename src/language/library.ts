/**
 * The standard protocols, written in dsys and shipped with the tool. `import … from "dsys/consensus/raft"` names the file
 * `library/consensus/raft.dsys`, whose URI is `dsys-library:/consensus/raft.dsys` whatever the tool runs on.
 */
export interface Library {
  /** Paths without ending: `consensus/raft`. */
  list(): readonly string[];
  read(path: string): string | undefined;
}

export const LIBRARY_SCHEME = 'dsys-library:';
const PREFIX = 'dsys/';

/** The library of a tool that has none. */
export const emptyLibrary: Library = { list: () => [], read: () => undefined };

export const isLibraryUri = (uri: string): boolean => uri.startsWith(LIBRARY_SCHEME);

export function libraryUri(path: string): string {
  return `${LIBRARY_SCHEME}/${path}.dsys`;
}

/** `consensus/raft` of `dsys-library:/consensus/raft.dsys`. */
export function libraryPath(uri: string): string {
  return uri.slice(LIBRARY_SCHEME.length + 1).replace(/\.dsys$/, '');
}

/** Where an import leads: a URI, or undefined for a path that is neither relative nor of the library. */
export function resolveImport(from: string, path: string): string | undefined {
  if (path.startsWith(PREFIX)) return libraryUri(path.slice(PREFIX.length).replace(/\.dsys$/, ''));
  if (!path.startsWith('./') && !path.startsWith('../')) return undefined;
  try {
    return new URL(path.endsWith('.dsys') ? path : `${path}.dsys`, from).href;
  } catch {
    return undefined;
  }
}

/** How a file would write the import of another one. */
export function importPath(from: string, to: string): string {
  if (isLibraryUri(to) && !isLibraryUri(from)) return PREFIX + libraryPath(to);
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  const up = here.length - common;
  const path = `${up === 0 ? './' : '../'.repeat(up)}${there.slice(common).join('/')}`;
  return decodeURI(path.replace(/\.dsys$/, ''));
}
