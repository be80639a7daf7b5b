import { Random } from '../base/random.ts';
import { BurstLoss } from './burst-loss.ts';
import { Category, EventCode } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Reordering } from './reordering.ts';

/** A message about to cross one link: `at` sends it to `via` on its way from `sender` to `to`. */
export interface Passage {
  readonly head: number;
  readonly at: number;
  readonly via: number;
  readonly to: number;
  readonly sender: number;
  readonly index: number;
  readonly number: number;
  readonly depth: number;
  readonly payload: unknown;
  readonly bytes: number;
  readonly linkClass: number;
}

/** What links do to messages while it is in force: an action of the scenario or a fault model's budget. */
export interface LinkRule {
  /** `hold` keeps messages until the rule is removed. */
  readonly kind: 'lose' | 'duplicate' | 'reorder' | 'slow' | 'delay' | 'hold';
  /** Masks by node. */
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** On which links: from the one set to the other, in both directions between them, or wherever an end is in `from`. */
  readonly where: 'along' | 'between' | 'either-end';
  /** A probability (`lose`, `duplicate`, `reorder`), a factor (`slow`) or ns (`delay`). */
  readonly amount: number;
  /** Message types that it strikes, by deployment; null: every message, calls and answers too. */
  readonly messages: readonly ReadonlySet<number>[] | null;
}

/** All rules that strike one message, together. */
interface Effect {
  /** Probability that it survives the rules' losses. */
  survives: number;
  /** Probability that no copy is made. */
  single: number;
  /** Probability that it is not overtaken. */
  inOrder: number;
  factor: number;
  /** ns. */
  delay: number;
  hold: LinkRule | null;
}

/**
 * Everything that can happen to a message on a link besides plain loss, copies and latency. The network asks only while
 * `active`: while a rule is in force, or where some link loses in bursts or reorders.
 */
export class LinkFaults {
  active: boolean;
  private readonly rules: LinkRule[] = [];
  private readonly held = new Map<LinkRule, Passage[]>();
  private readonly always: boolean;
  private readonly bursts: BurstLoss;
  private readonly reordering: Reordering;

  constructor(
    private readonly kernel: Kernel,
    seed: number,
  ) {
    const { burst, reorder } = kernel.links;
    this.always = burst.some((length) => length > 0) || reorder.some((share) => share > 0);
    this.active = this.always;
    this.bursts = new BurstLoss(new Random(seed, 'bursts'));
    this.reordering = new Reordering(kernel, new Random(seed, 'reordering'));
  }

  add(rule: LinkRule): void {
    this.rules.push(rule);
    this.active = true;
  }

  /** Ends a rule. What it has held leaves now, in the order in which it was sent. */
  remove(rule: LinkRule): void {
    const at = this.rules.indexOf(rule);
    if (at < 0) return;
    this.rules.splice(at, 1);
    const held = this.held.get(rule) ?? [];
    this.held.delete(rule);
    for (const { head, at: node, to, sender, index, number, depth, payload, bytes } of held) {
      this.kernel.network.forward(head & ~EventCode.relay, node, to, sender, index, number, depth, payload, bytes);
    }
    // A message that waits to be overtaken may be: as long as there is one, lines are watched.
    this.active = this.always || this.rules.length > 0 || this.reordering.isWaiting;
  }

  /** Sends a message over its link, whatever befalls it there. */
  cross(passage: Passage): void {
    const { kernel } = this;
    const { links, network } = kernel;
    const { at, via, linkClass } = passage;
    if (kernel.cut.separates(at, via)) {
      network.drop(passage.head, passage.sender, passage.to, passage.index, passage.number);
      return;
    }
    const effect = this.effectOn(passage);
    if (effect.hold) {
      this.keep(effect.hold, passage);
      return;
    }
    if (this.isLost(passage, effect)) {
      network.drop(passage.head, passage.sender, passage.to, passage.index, passage.number);
      return;
    }
    const reorder = links.fifo[linkClass] === 1 ? 0 : joint(links.reorder[linkClass] as number, effect.inOrder);
    this.launch(passage, effect, reorder);
    const duplicate = joint(links.duplicate[linkClass] as number, effect.single);
    if (duplicate > 0 && network.duplicateDraws.chance(duplicate)) {
      network.copied(passage.head, passage.sender, passage.to, passage.index, passage.number);
      this.launch(passage, effect, reorder);
    }
  }

  private launch(passage: Passage, { factor, delay }: Effect, reorder: number): void {
    const { at, via, bytes, linkClass } = passage;
    const arrival = this.kernel.network.arrivalOf(at, via, bytes, linkClass, factor, delay);
    this.reordering.place(passage, arrival, reorder);
  }

  private isLost({ at, via, linkClass }: Passage, { survives }: Effect): boolean {
    const { links, network } = this.kernel;
    const share = links.loss[linkClass] as number;
    const length = links.burst[linkClass] as number;
    const inBurst = length > 0 && this.bursts.loses(at * links.nodes + via, share, length);
    const loss = joint(length > 0 ? 0 : share, survives);
    return inBurst || (loss > 0 && network.lossDraws.chance(loss));
  }

  private keep(rule: LinkRule, passage: Passage): void {
    const held = this.held.get(rule);
    if (held) held.push(passage);
    else this.held.set(rule, [passage]);
  }

  private effectOn(passage: Passage): Effect {
    const effect: Effect = { survives: 1, single: 1, inOrder: 1, factor: 1, delay: 0, hold: null };
    for (const rule of this.rules) {
      if (!strikes(rule, passage)) continue;
      const { amount } = rule;
      if (rule.kind === 'lose') effect.survives *= 1 - amount;
      else if (rule.kind === 'duplicate') effect.single *= 1 - amount;
      else if (rule.kind === 'reorder') effect.inOrder *= 1 - amount;
      else if (rule.kind === 'slow') effect.factor *= amount;
      else if (rule.kind === 'delay') effect.delay += amount;
      else effect.hold ??= rule;
    }
    return effect;
  }
}

/** The probability that the link or a rule strikes, given the link's own share and the probability that the rules spare a message. */
function joint(share: number, spared: number): number {
  return spared === 1 ? share : 1 - (1 - share) * spared;
}

function strikes(rule: LinkRule, { at, via, head, index }: Passage): boolean {
  const along = rule.from[at] === 1 && rule.to[via] === 1;
  const against = rule.from[via] === 1 && rule.to[at] === 1;
  if (rule.where === 'either-end' ? rule.from[at] !== 1 && rule.from[via] !== 1 : !along && (rule.where === 'along' || !against))
    return false;
  if (rule.messages === null) return true;
  return ((head >> 4) & 3) === Category.protocol && rule.messages[head >> 8]?.has(index) === true;
}
