import { counted, formatDuration, formatRate, formatRatio } from '../../base/units.ts';
import type { System } from '../../model/system.ts';
import type { CallLoad, NodeLoad, SystemLoad } from './load.ts';

/** How capacity messages name calls and shares. */

/** "`Submit` of `puts`". */
export function callName({ call, workload }: CallLoad): string {
  return `\`${call.operation}\` of \`${workload.name}\``;
}

/** "60 calls a second", closed loops by what their clients can ask for. */
export function rateOf({ call, rate }: CallLoad): string {
  return call.rate === null ? `up to ${formatRate(rate)}` : formatRate(rate);
}

/** 103%: in whole percent from 10 % on, so that no digit says more than is known. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'without bound';
  if (share >= 0.1) return `${Math.round(share * 100)}%`;
  return formatRatio(Number(share.toPrecision(2)));
}

/** Messages that one call makes a node serve, from its share of the node's time. */
export function messagesAt(load: NodeLoad, call: CallLoad, share: number): number {
  return call.rate === 0 || load.service.mean === 0 ? 0 : (share * 1e9) / load.service.mean / call.rate;
}

/** "80 calls a second × 4.2 messages × 10ms = 336%" of the call that takes most, the rest in a few words. */
export function arithmetic(load: NodeLoad, { calls }: SystemLoad): string {
  if (!Number.isFinite(load.service.mean)) return 'A service takes endless time in the mean, however rarely one is asked for';
  const parts = load.shares
    .map((share, i) => ({ share, call: calls[i] as CallLoad }))
    .sort((a, b) => b.share - a.share)
    .filter(({ share }, i) => share > 0.0005 || (i === 0 && share > 0 && share >= load.background))
    .map(({ share, call }) => {
      const messages = Number(messagesAt(load, call, share).toPrecision(3));
      return `${callName(call)}: ${rateOf(call)} × ${counted(messages, 'message')} × ${formatDuration(load.service.mean)} = ${percent(share)}`;
    });
  if (load.background > 0.0005 || (load.background > 0 && parts.length === 0)) parts.push(`without any call: ${percent(load.background)}`);
  return parts.join('; ');
}

/** The call that takes most of a node's or line's time; -1 when the background takes more than any. */
export function heaviest({ shares, background }: Pick<NodeLoad, 'shares' | 'background'>): number {
  let best = -1;
  let most = background;
  for (const [i, share] of shares.entries()) {
    if (share <= most) continue;
    best = i;
    most = share;
  }
  return best;
}

export function nodeName(system: System, node: number): string {
  return `\`${system.nodes[node]?.name ?? node}\``;
}
