import { existsSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ImportError, type ImportedNetwork, trustedOnly } from '../../import/network.ts';
import { readStellar } from '../../import/stellar.ts';
import { readUniqueNodeLists } from '../../import/unique-node-lists.ts';
import { writeNetwork } from '../../import/write.ts';
import type { ImportOptions } from '../command-line.ts';
import { UsageError } from '../exit-code.ts';
import { displayPath, readNamed, reason, singleFile } from '../files.ts';
import type { Terminal } from '../terminal.ts';

export type ImportFormat = 'stellar' | 'unl';

/** Bytes of a file that are read. */
const largestFile = 64 * 1024 * 1024;
/** What a file of the language may have. */
const largestText = 512 * 1024;

const readers: Readonly<Record<ImportFormat, (text: string) => ImportedNetwork>> = { stellar: readStellar, unl: readUniqueNodeLists };

/** `dsys import FORMAT FILE`: a network of another tool as a file of the language. */
export function importNetwork(terminal: Terminal, format: ImportFormat, file: string, options: ImportOptions): void {
  const uri = singleFile(file);
  const shown = displayPath(uri);
  const bytes = statSync(fileURLToPath(uri), { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > largestFile)
    throw new UsageError(`\`${shown}\` has ${Math.ceil(bytes / 2 ** 20)} MiB, and networks of up to 64 MiB are read`);
  const text = converted(format, readNamed(uri), shown, options.trusted);
  if (options.out === undefined) {
    terminal.print(text);
    return;
  }
  if (existsSync(options.out) && !options.force) throw new UsageError(`\`${options.out}\` exists already; \`--force\` overwrites it`);
  try {
    writeFileSync(options.out, text);
  } catch (error) {
    throw new UsageError(`cannot write \`${options.out}\`: ${reason(error)}`);
  }
}

function converted(format: ImportFormat, json: string, shown: string, onlyTrusted: boolean): string {
  try {
    const network = readers[format](json);
    const kept = onlyTrusted ? trustedOnly(network) : network;
    if (kept.nodes.length === 0) throw new ImportError('no node is trusted by another one');
    const text = writeNetwork(kept, { from: shown, kind: format === 'unl' ? 'lists' : 'slices' });
    if (Buffer.byteLength(text) <= largestText) return text;
    const help = onlyTrusted ? '' : '; `--trusted` leaves out nodes whom nobody trusts';
    throw new ImportError(`the network would make a file of more than 512 KiB${help}`);
  } catch (error) {
    if (error instanceof ImportError) throw new UsageError(`cannot import \`${shown}\`: ${error.message}`);
    throw error;
  }
}
