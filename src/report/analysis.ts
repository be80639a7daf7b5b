import type { CardSection } from '../analysis/card/section.ts';
import type { DeploymentCard } from '../pipeline/api.ts';

/** What `dsys analyze` found, before it is text, JSON or Markdown. */
export interface AnalysisReport {
  /** Version of dsys. */
  readonly version: string;
  /** Factor on the work limits of searches. */
  readonly effort: number;
  /** In the order in which they are shown. */
  readonly files: readonly AnalyzedFile[];
  /** Whether a limit or the user ended it before everything was looked at. */
  readonly stopped: 'no' | 'limit' | 'cancelled';
}

export interface AnalyzedFile {
  readonly uri: string;
  /** Errors that `dsys check` reports in it. */
  readonly errors: number;
  readonly cards: readonly DeploymentCard[];
}

/** "Etcd: `Log` on `replica` under `ZoneLoss`". */
export function cardTitle({ system, name, faultModel }: DeploymentCard): string {
  return `${system}: ${name}${faultModel === null ? '' : ` under \`${faultModel}\``}`;
}

/** The few words of each section that has some. */
export function headlinesOf({ sections }: DeploymentCard): string[] {
  return sections.flatMap(({ headline }) => headline ?? []);
}

/** Much of a card is the same under every fault model: it is shown once for each deployment. */
export class Repeats {
  private readonly shown = new Map<string, string>();

  /** The fault model under which this very section was shown before; null the first time. */
  of(card: DeploymentCard, section: CardSection): string | null {
    const key = `${card.system}/${card.deployment}/${JSON.stringify(section)}`;
    const before = this.shown.get(key);
    if (before === undefined) this.shown.set(key, card.faultModel ?? '');
    return before ?? null;
  }
}
