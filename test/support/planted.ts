import { readdirSync, readFileSync } from 'node:fs';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import type { SystemCode } from '../../src/model/system-code.ts';
import { checkFile } from '../../src/pipeline/check.ts';

const root = new URL('../../', import.meta.url);
const folder = new URL('test/planted/', root);

/**
 * A bug that a protocol has had, planted: `test/planted/ID-name.dsys` is a copy of its twin with one change, followed by the
 * system in which a campaign finds it. The first lines say what it is:
 *
 *     // R2: the vote is not durable
 *     // twin: library/consensus/raft.dsys
 *     // breaks: Election Safety
 *     // source: Ongaro & Ousterhout, USENIX ATC 2014, Figure 2
 *
 * Where the change is one of the system (links that are not FIFO), the twin has a system too and is compared whole.
 */
export interface Planted {
  readonly file: string;
  readonly id: string;
  readonly title: string;
  readonly twin: string;
  readonly breaks: string;
  readonly source: string;
  /** The twin's text with one change. */
  readonly protocol: string;
  /** The rest of the file, from the first line that begins with `adversary` or `system`; empty where the twin has a system of its own. */
  readonly system: string;
  readonly twinText: string;
}

/** All planted bugs, by id. */
export function plantedBugs(): Planted[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.dsys'));
  return files.map(read).sort((a, b) => order(a.id).localeCompare(order(b.id)));
}

/** R2 before R10. */
function order(id: string): string {
  return id.replace(/\d+/, (digits) => digits.padStart(3, '0'));
}

function read(file: string): Planted {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const head = /^(?:\/\/.*\n)+/.exec(text)?.[0] ?? '';
  const title = /^\/\/ ([A-Z]\d+): (.+)$/m.exec(head);
  const line = (name: string): string => {
    const found = new RegExp(`^// ${name}: (.+)$`, 'm').exec(head)?.[1];
    if (found === undefined) throw new Error(`${file} does not say \`// ${name}: …\``);
    return found;
  };
  const body = text.slice(head.length);
  const at = body.search(/^(?:system|adversary) /m);
  if (title === null || at < 0) throw new Error(`${file} does not begin with \`// ID: title\`, or has no system`);
  const twin = line('twin');
  const twinText = readFileSync(new URL(twin, root), 'utf8').trim();
  const whole = /^system /m.test(twinText);
  return {
    file,
    id: title[1] as string,
    title: title[2] as string,
    twin,
    breaks: line('breaks'),
    source: line('source'),
    protocol: (whole ? body : body.slice(0, at)).trim(),
    system: whole ? '' : body.slice(at),
    twinText,
  };
}

/** The lines in which a planted bug differs from its twin, those in between included. */
export function changedLines({ protocol, twinText }: Planted): { readonly planted: readonly string[]; readonly twin: readonly string[] } {
  const [planted, twin] = [protocol.split('\n'), twinText.split('\n')];
  const shorter = Math.min(planted.length, twin.length);
  let first = 0;
  while (first < shorter && planted[first] === twin[first]) first += 1;
  let last = 0;
  while (last < shorter - first && planted.at(-1 - last) === twin.at(-1 - last)) last += 1;
  return { planted: planted.slice(first, planted.length - last), twin: twin.slice(first, twin.length - last) };
}

/** The system with the protocol as planted or as its twin has it; the checks must leave it runnable. */
export function systemWith(planted: Planted, protocol: string): SystemCode {
  const uri = `file:///planted/${planted.file}`;
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText(uri, `${protocol}\n\n${planted.system}`);
  const { systems, findings } = checkFile(workspace, uri);
  const system = systems[0];
  if (systems.length !== 1 || !system?.runnable) {
    const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    throw new Error(`${planted.file} is not one system that runs: ${errors.join('; ')}`);
  }
  return system.code;
}
