import { Random } from '../base/random.ts';
import type { FaultAction } from '../model/scenario.ts';
import type { Faults } from './faults.ts';
import type { Kernel } from './kernel.ts';
import { Down } from './node-status.ts';
import { Sampler } from './sampler.ts';

type ChurnAction = Extract<FaultAction['action'], { readonly kind: 'churn' | 'churn_links' }>;

/**
 * Nodes that leave and join, or links that fail and come back, again and again: each on its own is up for a time drawn
 * from `up`, then down for a time drawn from `down` (an alternating renewal process). At `until` whatever is down comes
 * back, so that what follows is quiet.
 */
export class Churn {
  private readonly random: Random;
  private readonly up: Sampler;
  private readonly down: Sampler;
  private readonly until: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly faults: Faults,
    private readonly cause: FaultAction,
    private readonly action: ChurnAction,
    seed: number,
    name: string,
  ) {
    this.random = new Random(seed, `churn ${name}`);
    this.up = new Sampler(action.up);
    this.down = new Sampler(action.down);
    this.until = action.until ?? kernel.end;
  }

  /** To be called when the action's time has come. Everything is up then. */
  begin(): void {
    const { action } = this;
    if (action.kind === 'churn') for (const node of action.nodes) this.next(() => this.absent(node));
    else for (const [a, b] of this.links()) this.next(() => this.linkDown(a, b));
  }

  /** One that is up: takes it down when its time is over, if that is before the end. `goDown` tells when it is up again. */
  private next(goDown: () => number): void {
    const time = this.kernel.now + this.draw(this.up);
    if (time >= this.until) return;
    this.kernel.at(time, {
      run: () => {
        const upAgain = goDown();
        // It comes back first, whatever else happens at that moment.
        this.kernel.at(upAgain, { run: () => this.next(goDown) });
      },
    });
  }

  /** ns, at least 1: time goes on whatever the distribution. */
  private draw(sampler: Sampler): number {
    return Math.max(1, sampler.drawTime(this.random));
  }

  private comesBack(): number {
    return Math.min(this.kernel.now + this.draw(this.down), this.until);
  }

  /** Takes a node out for a while, unless it is out already: then whoever took it out brings it back. */
  private absent(node: number): number {
    const back = this.comesBack();
    if (((this.kernel.status.downFor[node] as number) & Down.left) === 0) {
      this.strike({ kind: 'leave', nodes: [node] });
      this.kernel.at(back, { run: () => this.strike({ kind: 'join', nodes: [node] }) });
    }
    return back;
  }

  private linkDown(a: number, b: number): number {
    const back = this.comesBack();
    this.strike({ kind: 'disconnect', from: [a], to: [b], oneWay: false, for: back - this.kernel.now });
    return back;
  }

  private strike(action: FaultAction['action']): void {
    this.faults.strike(action, this.cause, -1);
  }

  /** Each link between the two sets once, in ascending order. */
  private links(): (readonly [number, number])[] {
    const { action, kernel } = this;
    if (action.kind === 'churn') return [];
    const { links } = kernel;
    const seen = new Set<number>();
    const found: (readonly [number, number])[] = [];
    for (const from of action.from) {
      for (const to of action.to) {
        const [a, b] = from < to ? [from, to] : [to, from];
        const pair = a * links.nodes + b;
        if (a === b || seen.has(pair) || (links.classOf(a, b) < 0 && links.classOf(b, a) < 0)) continue;
        seen.add(pair);
        found.push([a, b]);
      }
    }
    return found;
  }
}
