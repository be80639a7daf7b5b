import type { CoverageData } from '../simulator/coverage.ts';
import type { LostSeed } from '../simulator/lost-seeds.ts';
import type { DoneSeed } from './worker-messages.ts';

/** What has come of the seeds of one part. */
export interface PartRecord {
  readonly done: Map<number, DoneSeed>;
  lost: LostSeed[];
  /** Of all seeds that are done; null where it is not asked for. */
  coverage: CoverageData | null;
}

export function emptyPart(): PartRecord {
  return { done: new Map(), lost: [], coverage: null };
}

/** What has come of a request's seeds so far, by part; it grows as they are run. */
export class CampaignRecord {
  /** By variant, '' without `vary`. */
  readonly parts = new Map<string, PartRecord>();

  part(variant: string | null): PartRecord {
    let part = this.parts.get(variant ?? '');
    if (!part) {
      part = emptyPart();
      this.parts.set(variant ?? '', part);
    }
    return part;
  }

  get seeds(): number {
    return [...this.parts.values()].reduce((sum, { done }) => sum + done.size, 0);
  }
}

/** Which of the seeds of a part are run here: every `of`-th, from the `index`-th on; both count from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}
