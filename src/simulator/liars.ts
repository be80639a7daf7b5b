import { Random } from '../base/random.ts';
import type { CallHandle, Payload } from '../compiler/program.ts';
import type { BuiltInBehavior } from '../model/scenario.ts';
import { alterMessage, alterValue } from './alteration.ts';
import type { DeploymentHost } from './deployment-host.ts';
import { Category } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';

/** Messages that a node keeps for replaying. */
const memory = 32;
/** How much later a delaying node's messages arrive. */
const latenessOfDelay = 10;

interface Liar {
  readonly behavior: BuiltInBehavior;
  /** 1 for those that an equivocating node tells the other story. */
  readonly deceived: Uint8Array;
  /** Which field of each message it lies about, by deployment and message. */
  readonly lies: Map<number, number>;
  readonly past: { readonly host: DeploymentHost; readonly message: number; readonly payload: Payload }[];
  /** The last payload that was altered, and what became of it: all who are deceived hear the same. */
  lastTruth: Payload | null;
  lastLie: Payload | null;
}

const mixture: readonly (BuiltInBehavior | 'honest')[] = ['honest', 'silent', 'equivocate', 'corrupt', 'delay', 'replay'];

/**
 * The built-in Byzantine behaviours. Such a node runs the protocol as it should; what it says of it goes through here. It
 * cannot forge a sender, for messages carry their sender's node, nor another's signature, for `Signed` fields stay as
 * they are.
 */
export class Liars {
  private readonly liars = new Map<number, Liar>();
  private readonly random: Random;

  constructor(
    private readonly kernel: Kernel,
    seed: number,
  ) {
    this.random = new Random(seed, 'byzantine');
  }

  begin(node: number, behavior: BuiltInBehavior): void {
    const count = this.kernel.system.nodes.length;
    // A random half, so that the other stories meet in different quorums from seed to seed.
    const order = this.random.shuffle(Array.from({ length: count }, (_, at) => at));
    const deceived = new Uint8Array(count);
    for (const other of order.slice(0, count >> 1)) deceived[other] = 1;
    this.liars.set(node, { behavior, deceived, lies: new Map(), past: [], lastTruth: null, lastLie: null });
    this.kernel.status.setFlag(node, Flag.lies, true);
  }

  end(node: number): void {
    this.liars.delete(node);
    this.kernel.status.setFlag(node, Flag.lies, false);
  }

  send(host: DeploymentHost, node: number, target: number, message: number, payload: Payload): void {
    const liar = this.liars.get(node) as Liar;
    const behavior = liar.behavior === 'random' ? this.pick() : liar.behavior;
    switch (behavior) {
      case 'silent':
        // Silence concerns others: what a node tells itself is its own state.
        if (target === node) this.pass(host, node, target, message, payload);
        return;
      case 'equivocate':
        this.pass(host, node, target, message, liar.deceived[target] === 1 ? this.otherStory(liar, host, message, payload) : payload);
        return;
      case 'corrupt':
        this.pass(host, node, target, message, this.corrupted(host, message, payload));
        return;
      case 'delay':
        this.kernel.network.lateness = 1 + this.random.nextFloat() * 2 * (latenessOfDelay - 1);
        this.pass(host, node, target, message, payload);
        this.kernel.network.lateness = 1;
        return;
      case 'replay':
        this.pass(host, node, target, message, payload);
        this.replay(liar, host, node, target, message, payload);
        return;
      default:
        this.pass(host, node, target, message, payload);
    }
  }

  /** Answers to clients: withheld, altered or late as messages are. */
  reply(host: DeploymentHost, node: number, call: CallHandle, value: unknown): void {
    const liar = this.liars.get(node) as Liar;
    const behavior = liar.behavior === 'random' ? this.pick() : liar.behavior;
    if (behavior === 'silent') return;
    const type = host.program.operations[call.operation]?.result;
    const lies = behavior === 'corrupt' ? this.random.chance(0.5) : behavior === 'equivocate' && liar.deceived[call.client] === 1;
    const said = lies && type ? alterValue(this.kernel.system, host, value, type, this.random) : value;
    if (behavior === 'delay') this.kernel.network.lateness = latenessOfDelay;
    host.sendReply(node, call, said === undefined ? value : said);
    this.kernel.network.lateness = 1;
  }

  /** A call of the node's own to another node: withheld or late as messages are. */
  call(node: number, send: () => void): void {
    const liar = this.liars.get(node) as Liar;
    const behavior = liar.behavior === 'random' ? this.pick() : liar.behavior;
    if (behavior === 'silent') return;
    if (behavior === 'delay') this.kernel.network.lateness = latenessOfDelay;
    send();
    this.kernel.network.lateness = 1;
  }

  /** What a relay passes on of a message; null for nothing. */
  relayed(host: DeploymentHost, node: number, message: number, payload: Payload): Payload | null {
    const liar = this.liars.get(node) as Liar;
    const behavior = liar.behavior === 'random' ? this.pick() : liar.behavior;
    if (behavior === 'silent') return null;
    return behavior === 'corrupt' ? this.corrupted(host, message, payload) : payload;
  }

  private pass(host: DeploymentHost, node: number, target: number, message: number, payload: Payload): void {
    const bytes = host.program.sizeOf(message, payload);
    this.kernel.network.send(Category.protocol, host.index, node, target, message, payload, bytes);
  }

  private pick(): BuiltInBehavior | 'honest' {
    return mixture[this.random.nextInt(mixture.length)] as BuiltInBehavior | 'honest';
  }

  private corrupted(host: DeploymentHost, message: number, payload: Payload): Payload {
    if (this.random.chance(0.5)) return payload;
    return alterMessage(this.kernel.system, host, message, payload, this.random.nextInt(1 << 16), this.random) ?? payload;
  }

  private otherStory(liar: Liar, host: DeploymentHost, message: number, payload: Payload): Payload {
    if (liar.lastTruth === payload && liar.lastLie) return liar.lastLie;
    const key = host.index * 65_536 + message;
    let field = liar.lies.get(key);
    if (field === undefined) {
      field = this.random.nextInt(1 << 16);
      liar.lies.set(key, field);
    }
    liar.lastTruth = payload;
    liar.lastLie = alterMessage(this.kernel.system, host, message, payload, field, null) ?? payload;
    return liar.lastLie;
  }

  private replay(liar: Liar, host: DeploymentHost, node: number, target: number, message: number, payload: Payload): void {
    if (liar.past.length > 0 && this.random.chance(0.3)) {
      const old = liar.past[this.random.nextInt(liar.past.length)];
      if (old && old.host === host) this.pass(host, node, target, old.message, old.payload);
    }
    if (liar.past.length < memory) liar.past.push({ host, message, payload });
    else liar.past[this.random.nextInt(memory)] = { host, message, payload };
  }
}
