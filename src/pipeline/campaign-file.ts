import type { SystemCode } from '../model/system-code.ts';
import type { CoverageData } from '../simulator/coverage.ts';
import { Digest } from '../simulator/digest.ts';
import type { LostSeed } from '../simulator/lost-seeds.ts';
import { CampaignRecord, type Shard } from './campaign-record.ts';
import type { DoneSeed } from './worker-messages.ts';

/** What a campaign file holds the outcomes of. Files are of one campaign when all but their shards are the same. */
export interface CampaignHeader {
  /** Version of dsys: another one may run the same seed otherwise. */
  readonly tool: string;
  /** The specification's path from the folder of the campaign file. */
  readonly file: string;
  /** `contentOf` the system's code: the file and what it imports. */
  readonly content: string;
  readonly system: string;
  readonly scenario: string;
  /** Each `NAME=VALUE`. */
  readonly settings: readonly string[];
  /** `--schedule`, as `scheduleText` writes it; left out: the scenario's. */
  readonly schedule?: string;
  /** Whether it counts what the runs exercise. */
  readonly coverage: boolean;
  /** Null: the scenario's. */
  readonly firstSeed: number | null;
  /** How many seeds each variant has over all shards; null: as many as the scenario says. */
  readonly runs: number | null;
  /** Null: all seeds. */
  readonly shard: Shard | null;
}

export interface CampaignContent {
  readonly header: CampaignHeader;
  readonly record: CampaignRecord;
}

/** Why a text is not the campaign file that it should be: what follows the file's name in a sentence. */
export class CampaignFileError extends Error {
  constructor(
    message: string,
    /** Whether it is a campaign file at all, which nobody misses. */
    readonly isCampaign = true,
  ) {
    super(message);
  }
}

const format = 'dsys-campaign';
const version = 1;

/**
 * A campaign as JSON lines: the header, a line for each seed that has been run or is lost, and a last line with how many
 * they are and a checksum of all before it, without which the file is cut short. Documented in docs/formats.md.
 */
export function campaignText({ header, record }: CampaignContent): string {
  const lines = [JSON.stringify({ format, version, ...header })];
  for (const [variant, { done, lost, coverage }] of [...record.parts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const head = `{"variant":${JSON.stringify(variant)},`;
    for (const { seed, fails, limit, outcome } of [...done.values()].toSorted((a, b) => a.seed - b.seed)) {
      lines.push(`${head}"seed":${seed},"fails":${fails},"limit":${limit},"outcome":${outcome}}`);
    }
    if (coverage) lines.push(`${head}"coverage":${JSON.stringify(coverage)}}`);
    for (const seed of lost.toSorted((a, b) => a.seed - b.seed)) lines.push(`${head}"lost":${JSON.stringify(seed)}}`);
  }
  return `${lines.join('\n')}\n${JSON.stringify({ lines: lines.length, checksum: checksumOf(lines) })}\n`;
}

/** Throws CampaignFileError. */
export function parseCampaign(text: string, tool: string): CampaignContent {
  const lines = text.split('\n');
  const header = objectOf(lines[0]);
  if (header?.format !== format) throw new CampaignFileError('is not a campaign file', false);
  if (header.version !== version) {
    throw new CampaignFileError(`has version ${String(header.version)} of the format, this dsys reads version ${version}`);
  }
  if (header.tool !== tool) {
    throw new CampaignFileError(`was written by dsys ${String(header.tool)}, this is dsys ${tool}, which may run a seed otherwise`);
  }
  const end = objectOf(lines.at(-2));
  const body = lines.slice(0, -2);
  if (lines.at(-1) !== '' || typeof end?.checksum !== 'string') throw new CampaignFileError('is cut short');
  if (end.lines !== body.length || end.checksum !== checksumOf(body)) throw new CampaignFileError('was changed after dsys wrote it');
  const record = new CampaignRecord();
  for (const line of body.slice(1)) read(line, record);
  const { format: _1, version: _2, ...rest } = header;
  return { header: rest as unknown as CampaignHeader, record };
}

/** What keeps two files from being of one campaign: a sentence's end; null when nothing does. Shards may differ. */
export function difference(a: CampaignHeader, b: CampaignHeader): string | null {
  const say = (what: string, of: (header: CampaignHeader) => string): string | null =>
    of(a) === of(b) ? null : `${what}: ${of(a)} and ${of(b)}`;
  return (
    say('another system', ({ system }) => `\`${system}\``) ??
    say('another scenario', ({ scenario }) => `\`${scenario}\``) ??
    (a.content === b.content ? null : 'another text of the specification or of a file that it imports') ??
    say('other constants', ({ settings }) => (settings.length === 0 ? 'none set' : settings.join(', '))) ??
    say('another schedule', ({ schedule }) => schedule ?? 'the scenario’s') ??
    (a.coverage === b.coverage ? null : 'only one of them counts coverage') ??
    say('another first seed', ({ firstSeed }) => (firstSeed === null ? 'the scenario’s' : String(firstSeed))) ??
    say('another number of seeds', ({ runs }) => (runs === null ? 'the scenario’s' : String(runs))) ??
    say('another division into shards', ({ shard }) => (shard === null ? 'none' : `${shard.of} shards`))
  );
}

export function shardText(shard: Shard | null): string {
  return shard === null ? 'all seeds' : `shard ${shard.index}/${shard.of}`;
}

/** 16 hex digits over the code of a system with all that it imports, wherever the files lie. */
export function contentOf(code: SystemCode): string {
  const digest = new Digest();
  const uris = new Map<unknown, number>();
  digest.addText(
    JSON.stringify(code, (key, value: unknown) => {
      if (key !== 'uri') return value;
      if (!uris.has(value)) uris.set(value, uris.size);
      return uris.get(value);
    }),
  );
  return digest.toString();
}

/** The files that a system's code stands in, in an order that does not hang on where they lie. */
export function filesOf(code: SystemCode): readonly string[] {
  const uris = new Set<string>();
  JSON.stringify(code, (key, value: unknown) => {
    if (key === 'uri' && typeof value === 'string') uris.add(value);
    return value;
  });
  return [...uris];
}

interface OtherLine {
  readonly variant: string;
  readonly lost?: LostSeed;
  readonly coverage?: CoverageData;
}

function read(line: string, record: CampaignRecord): void {
  const { variant, seed, fails, limit, lost, coverage } = JSON.parse(line) as DoneSeed & OtherLine;
  const part = record.part(variant);
  if (lost) part.lost.push(lost);
  else if (coverage) part.coverage = coverage;
  else part.done.set(seed, { seed, fails, limit, outcome: line.slice(line.indexOf('"outcome":') + '"outcome":'.length, -1) });
}

function objectOf(line: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function checksumOf(lines: readonly string[]): string {
  const digest = new Digest();
  for (const line of lines) digest.addText(line);
  return digest.toString();
}
