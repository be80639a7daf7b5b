import { join } from 'node:path';
import { anchored } from '../src/analysis/anchored.ts';
import type { SystemCode } from '../src/model/system-code.ts';
import { Analyst } from '../src/pipeline/analyst.ts';
import type { CheckedSystem, CheckReport, DeploymentCard } from '../src/pipeline/api.ts';
import { reportOf } from '../src/pipeline/check.ts';
import { Background } from './background.ts';
import type { Session } from './session.ts';

/** What the insights tell the editor. */
export interface InsightsClient {
  /** Better findings of a file than those published are at hand. */
  publish(uri: string): void;
  /** Cards have changed: hints are to be asked for again. */
  refresh(): void;
  /** Something goes on that takes long; called with the function that ends it. */
  progress<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** A failure of ours, for the log. */
  log(message: string): void;
}

/** Cards of a file. */
export interface KnownCards {
  readonly cards: readonly DeploymentCard[];
  /** Whether they are those of the present text; otherwise of one before, until the new ones are there. */
  readonly fresh: boolean;
}

const workerFile = join(__dirname, '../worker/analysis.cjs');
/** Factors on the work limits of searches. */
const cardEffort = 5;
const thoroughEffort = 50;
/** A file is left to its author until nothing was typed for so long, ms. */
const quietMs = 300;
/** Contents whose cards are kept. */
const contentsMax = 64;

/**
 * What takes longer than a keystroke may: resilience cards, and the answers that the quick check left open. Both are
 * computed in workers, behind the editor's back.
 */
export class Insights {
  private readonly cardAnalyst = new Analyst(workerFile);
  private readonly checkAnalyst = new Analyst(workerFile);
  private readonly cardWork = new Background(
    (uri) =>
      this.guarded(() => this.computeCards(uri)).finally(() => {
        this.beingCarded = null;
        this.wake(uri);
      }),
    () => this.cardAnalyst.cancel(),
    quietMs,
  );
  private readonly checkWork = new Background(
    (uri) => this.guarded(() => this.checkThoroughly(uri)),
    () => this.checkAnalyst.cancel(),
    quietMs,
  );
  private readonly known = new Map<string, { readonly report: CheckReport; readonly cards: readonly DeploymentCard[] }>();
  /** The report whose cards are being computed. */
  private beingCarded: CheckReport | null = null;
  /** Reports in which nothing is left to search for. */
  private readonly thorough = new WeakSet<CheckReport>();
  private readonly byContent = new Map<string, readonly DeploymentCard[]>();
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(
    private readonly session: Session,
    private readonly client: InsightsClient,
  ) {}

  /** A file's diagnostics were published: of the text before, nothing is computed any more. */
  published(uri: string, isOpenFile: boolean): void {
    const report = this.session.report(uri);
    // Whoever shows hints of this file will ask for them again, or has done so already.
    if (this.beingCarded !== report && this.cardWork.stop(uri)) this.cardWork.want(uri);
    else this.cardWork.touch(uri);
    if (this.thorough.has(report)) return;
    this.checkWork.drop(uri);
    if (isOpenFile && report.systems.some(({ leftOpen }) => leftOpen)) this.checkWork.want(uri);
  }

  /** The cards known so far; better ones are computed where they are not fresh. */
  cards(uri: string): KnownCards {
    const report = this.session.report(uri);
    const known = this.known.get(uri);
    if (known?.report === report) return { cards: known.cards, fresh: true };
    if (this.beingCarded !== report && report.systems.some(({ system }) => system !== null)) this.cardWork.want(uri);
    return { cards: known?.cards ?? [], fresh: false };
  }

  /** The cards of the present text, or those known after so many ms. */
  async waitForCards(uri: string, atMostMs: number): Promise<KnownCards> {
    const now = this.cards(uri);
    if (now.fresh) return now;
    if (this.beingCarded === null) this.cardWork.want(uri, { atOnce: true });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atMostMs);
      const list = this.waiting.get(uri) ?? [];
      this.waiting.set(uri, list);
      list.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.cards(uri);
  }

  dispose(): void {
    this.cardWork.dispose();
    this.checkWork.dispose();
    this.cardAnalyst.close();
    this.checkAnalyst.close();
  }

  private wake(uri: string): void {
    const list = this.waiting.get(uri) ?? [];
    this.waiting.delete(uri);
    for (const resolve of list) resolve();
  }

  private async computeCards(uri: string): Promise<void> {
    const report = this.session.report(uri);
    this.beingCarded = report;
    const before = this.known.get(uri)?.cards ?? [];
    const cards: DeploymentCard[] = [];
    for (const { code, system } of report.systems) {
      if (system === null) {
        // Half-typed: what was known of it before is better than nothing.
        cards.push(...before.filter((card) => card.system === code.name));
        continue;
      }
      const own = await this.cardsOf(code);
      if (own === null) return;
      cards.push(...own);
    }
    if (this.session.report(uri) !== report) return;
    this.known.set(uri, { report, cards });
    if (JSON.stringify(before) !== JSON.stringify(cards)) this.client.refresh();
  }

  /** The cards of a system; null when cancelled. A change of text that leaves the system as it was computes nothing. */
  private async cardsOf(code: SystemCode): Promise<readonly DeploymentCard[] | null> {
    const { content } = anchored(code);
    const known = this.byContent.get(content);
    if (known !== undefined) return known;
    const cards: DeploymentCard[] = [];
    const answer = await this.cardAnalyst.ask({ kind: 'cards', code, effort: cardEffort }, (card) => cards.push(card));
    if (answer.kind === 'stopped' && answer.why === 'cancelled') return null;
    // Out of memory: the cards that were ready are all there will be.
    this.byContent.set(content, cards);
    for (const oldest of this.byContent.keys()) {
      if (this.byContent.size <= contentsMax) break;
      this.byContent.delete(oldest);
    }
    return cards;
  }

  /** Searches with more effort what the quick check left open, and publishes what comes of it if the file is as it was. */
  private async checkThoroughly(uri: string): Promise<void> {
    const report = this.session.report(uri);
    const systems = await this.client.progress(`dsys: searching longer in ${uri.split('/').at(-1)}`, async () => {
      const checked: CheckedSystem[] = [];
      for (const system of report.systems) {
        const answer = system.leftOpen ? await this.checkAnalyst.ask({ kind: 'check', code: system.code, effort: thoroughEffort }) : null;
        if (answer?.kind === 'stopped' && answer.why === 'cancelled') return null;
        checked.push(answer?.kind === 'done' && answer.check !== null ? { ...system, ...answer.check } : system);
      }
      return checked;
    });
    if (systems === null || this.session.report(uri) !== report) return;
    const better = reportOf(uri, report.text, report.ownFindings, systems);
    this.thorough.add(better);
    this.session.improve(uri, better);
    this.client.publish(uri);
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.client.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}
