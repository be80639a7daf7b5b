import type { Span } from '../../base/source.ts';
import type { Distribution } from '../../model/values.ts';
import type { Host } from '../program.ts';
import { charge, emptyFailure, fail } from './failure.ts';

/** Draws take the node's own stream; each takes a fixed number of values, so that a change elsewhere moves nothing. */

export function randomInt(host: Host, node: number, span: Span, min: number, max: number): number {
  if (max < min) return fail(`nothing to draw from the empty range ${min}..${max}`, span);
  return Math.min(max, min + Math.floor(host.random(node) * (max - min + 1)));
}

export function randomDuration(host: Host, node: number, span: Span, min: number, max: number): number {
  if (max < min) return fail('nothing to draw from an empty range of durations', span);
  return Math.round(min + host.random(node) * (max - min));
}

export function randomReal(host: Host, node: number, span: Span, min: number, max: number): number {
  if (max < min) return fail(`nothing to draw from the empty range ${min}..${max}`, span);
  return min + host.random(node) * (max - min);
}

export function choose(items: readonly unknown[], host: Host, node: number, span: Span): unknown {
  if (items.length === 0) return emptyFailure('choose', span);
  return items[Math.min(items.length - 1, Math.floor(host.random(node) * items.length))];
}

/** At most `count` different ones: the head of a shuffle that stops there. */
export function chooseSome(items: readonly unknown[], count: number, host: Host, node: number, span: Span): unknown[] {
  charge(host, items.length, span);
  const pool = items.slice();
  const taken = Math.max(0, Math.min(count, pool.length));
  for (let i = 0; i < taken; i++) {
    const other = Math.min(pool.length - 1, i + Math.floor(host.random(node) * (pool.length - i)));
    [pool[i], pool[other]] = [pool[other], pool[i]];
  }
  return pool.slice(0, taken);
}

export function constantDistribution(value: number): Distribution {
  return { kind: 'constant', value };
}
