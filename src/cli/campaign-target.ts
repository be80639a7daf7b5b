import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Schedule } from '../model/scenario.ts';
import { scheduleText } from '../model/schedule-text.ts';
import type { SystemCode } from '../model/system-code.ts';
import {
  type CampaignContent,
  CampaignFileError,
  type CampaignHeader,
  campaignText,
  contentOf,
  difference,
  parseCampaign,
  shardText,
} from '../pipeline/campaign-file.ts';
import { CampaignRecord, type Shard } from '../pipeline/campaign-record.ts';
import { UsageError } from './exit-code.ts';
import { reason } from './files.ts';
import { toolVersion } from './installation.ts';

/** Progress is written no more often than this, ms, and so that writing takes no more than a tenth of the time. */
const saveEveryMs = 3_000;

export interface CampaignOptions {
  /** The specification. */
  readonly uri: string;
  readonly code: SystemCode;
  readonly scenario: string;
  readonly settings: readonly string[];
  readonly schedule: Schedule | undefined;
  readonly coverage: boolean;
  readonly seed: number | null;
  readonly runs: number | null;
  readonly shard: Shard | null;
}

/**
 * The file that `--campaign` names: read at the start when it is there, so that what it holds is not run again, and written
 * every few seconds to another name that is then given its own, so that at every moment a whole file stands there.
 */
export class CampaignTarget {
  readonly record: CampaignRecord;
  private readonly header: CampaignHeader;
  private savedAt = performance.now();
  private pause = saveEveryMs;

  constructor(
    private readonly path: string,
    options: CampaignOptions,
  ) {
    this.header = headerOf(path, options);
    const found = readCampaign(path);
    if (found) {
      const other =
        difference(found.header, this.header) ??
        (found.header.shard?.index === this.header.shard?.index
          ? null
          : `another shard: ${shardText(found.header.shard)} and ${shardText(this.header.shard)}`);
      if (other) throw new UsageError(`\`${path}\` is of another campaign (${other}); name another file, or delete this one to begin anew`);
    }
    this.record = found?.record ?? new CampaignRecord();
    // Lost seeds are tried again: there may be more memory now.
    for (const part of this.record.parts.values()) part.lost = [];
    // A path that cannot be written is said before anything is run.
    this.save();
  }

  /** Called as seeds are done: writes them when it is time. */
  progressed(): void {
    if (performance.now() - this.savedAt >= this.pause) this.save();
  }

  save(): void {
    const begun = performance.now();
    writeCampaign(this.path, { header: this.header, record: this.record });
    this.savedAt = performance.now();
    this.pause = Math.max(saveEveryMs, 10 * (this.savedAt - begun));
  }
}

export function writeCampaign(path: string, content: CampaignContent): void {
  const temporary = `${path}.${process.pid}.part`;
  try {
    writeFileSync(temporary, campaignText(content));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : reason(error);
    throw new UsageError(`cannot write the campaign to \`${path}\`: ${why}`);
  }
}

/** What a campaign file holds; null when there is none. */
export function readCampaign(path: string): CampaignContent | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(`cannot read \`${path}\`: ${reason(error)}`);
  }
  try {
    return parseCampaign(text, toolVersion());
  } catch (error) {
    if (!(error instanceof CampaignFileError)) throw error;
    const remedy = error.isCampaign ? 'its seeds cannot be used: delete it and run them again' : 'name another file';
    throw new UsageError(`\`${path}\` ${error.message}; ${remedy}`);
  }
}

/** The specification's path from the folder of a campaign file. */
export function pathFrom(campaign: string, uri: string): string {
  return relative(dirname(resolve(campaign)), fileURLToPath(uri))
    .split(sep)
    .join('/');
}

function headerOf(path: string, { uri, code, scenario, settings, schedule, coverage, seed, runs, shard }: CampaignOptions): CampaignHeader {
  return {
    tool: toolVersion(),
    file: pathFrom(path, uri),
    content: contentOf(code),
    system: code.name,
    scenario,
    settings: settings.map((setting) => setting.replace(/^\s*(\S+?)\s*=\s*/, '$1=').trim()),
    ...(schedule ? { schedule: scheduleText(schedule) } : {}),
    coverage,
    firstSeed: seed,
    runs,
    shard,
  };
}
