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

/** All of them in an order drawn at random. */
export function shuffle(items: readonly unknown[], host: Host, node: number, span: Span): unknown[] {
  charge(host, items.length, span);
  return shuffled(items.length, items.length, host, node).map((position) => items[position]);
}

/** At most `count` different ones. */
export function chooseSome(items: readonly unknown[], count: number, host: Host, node: number, span: Span): unknown[] {
  charge(host, items.length, span);
  return positions(items.length, count, host, node).map((position) => items[position]);
}

/** The same among all members but the one at `place` (-1: none is left out), of whom no list need be made. */
export function choosePeers(members: readonly number[], place: number, count: number, host: Host, node: number, span: Span): number[] {
  const peers = place < 0 ? members.length : members.length - 1;
  charge(host, peers, span);
  const chosen = positions(peers, count, host, node);
  for (let i = 0; i < chosen.length; i++) chosen[i] = peerAt(members, place, chosen[i] as number);
  return chosen;
}

export function choosePeer(members: readonly number[], place: number, host: Host, node: number, span: Span): number {
  const peers = place < 0 ? members.length : members.length - 1;
  if (peers === 0) return emptyFailure('choose', span);
  return peerAt(members, place, Math.min(peers - 1, Math.floor(host.random(node) * peers)));
}

function peerAt(members: readonly number[], place: number, position: number): number {
  return members[place < 0 || position < place ? position : position + 1] as number;
}

/** Up to this many draws, what the shuffle has moved is looked up in a list; beyond, in a table of all positions. */
const FEW = 40;

/** The head of a shuffle of the positions 0 to `length` - 1 that stops after `count`. */
function positions(length: number, count: number, host: Host, node: number): number[] {
  const taken = Math.max(0, Math.min(count, length));
  if (taken > FEW) return shuffled(length, taken, host, node);
  const result: number[] = [];
  // Where a position was swapped away, what stands there now; all others stand where they stood.
  const moved: number[] = [];
  const now: number[] = [];
  for (let i = 0; i < taken; i++) {
    const other = Math.min(length - 1, i + Math.floor(host.random(node) * (length - i)));
    const atOther = moved.indexOf(other);
    result.push(atOther < 0 ? other : (now[atOther] as number));
    if (other === i) continue;
    const atOwn = moved.indexOf(i);
    const own = atOwn < 0 ? i : (now[atOwn] as number);
    if (atOther < 0) {
      moved.push(other);
      now.push(own);
    } else now[atOther] = own;
  }
  return result;
}

function shuffled(length: number, taken: number, host: Host, node: number): number[] {
  const pool = Array.from({ length }, (_, position) => position);
  for (let i = 0; i < taken; i++) {
    const other = Math.min(length - 1, i + Math.floor(host.random(node) * (length - i)));
    const position = pool[i] as number;
    pool[i] = pool[other] as number;
    pool[other] = position;
  }
  return pool.slice(0, taken);
}

export function constantDistribution(value: number): Distribution {
  return { kind: 'constant', value };
}
