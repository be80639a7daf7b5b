import type { Fuel } from './failure.ts';
import { Held } from './list.ts';

/** Systems of at most this many nodes keep a Set<Node> in one small integer. */
export const MASK_NODES = 30;

export function population(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function maskOf(nodes: readonly number[]): number {
  let mask = 0;
  for (let i = 0; i < nodes.length; i++) mask |= 1 << (nodes[i] as number);
  return mask;
}

export function nodesOfMask(mask: number): number[] {
  const nodes: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) nodes.push(31 - Math.clz32(rest & -rest));
  return nodes;
}

/** The `position`-th lowest node of a mask, -1 beyond its end. */
export function nthOfMask(mask: number, position: number): number {
  let rest = mask;
  for (let i = 0; rest !== 0; i++, rest &= rest - 1) if (i === position) return 31 - Math.clz32(rest & -rest);
  return -1;
}

/** Set<Node> of a large system: a bit set that grows to its highest node. Words beyond the end count as zero. */
export class NodeSet {
  shared: number = Held.alone;
  private constructor(
    private words: number[],
    public size: number,
  ) {}

  static of(nodes: readonly number[]): NodeSet {
    const set = new NodeSet([], 0);
    for (const node of nodes) set.add(node);
    return set;
  }
  static single(node: number): NodeSet {
    const set = new NodeSet([], 0);
    set.add(node);
    return set;
  }
  has(node: number): boolean {
    const word = node >>> 5;
    return word < this.words.length && (((this.words[word] as number) >>> (node & 31)) & 1) === 1;
  }
  add(node: number): void {
    const word = node >>> 5;
    while (this.words.length <= word) this.words.push(0);
    const before = this.words[word] as number;
    const after = before | (1 << (node & 31));
    if (after === before) return;
    this.words[word] = after;
    this.size++;
  }
  delete(node: number): void {
    if (!this.has(node)) return;
    const word = node >>> 5;
    this.words[word] = (this.words[word] as number) & ~(1 << (node & 31));
    this.size--;
  }
  /** The lowest node above `node`, -1 when there is none: a loop without allocation. */
  next(node: number): number {
    const from = node + 1;
    let word = from >>> 5;
    if (word >= this.words.length) return -1;
    let bits = (this.words[word] as number) & (-1 << (from & 31));
    while (bits === 0) {
      if (++word >= this.words.length) return -1;
      bits = this.words[word] as number;
    }
    return word * 32 + 31 - Math.clz32(bits & -bits);
  }
  items(): number[] {
    const nodes: number[] = [];
    for (let node = this.next(-1); node >= 0; node = this.next(node)) nodes.push(node);
    return nodes;
  }
  /** The `position`-th lowest node, -1 beyond the end. */
  nth(position: number): number {
    if (position < 0 || position >= this.size) return -1;
    let node = this.next(-1);
    for (let i = 0; i < position; i++) node = this.next(node);
    return node;
  }
  copy(_fuel: Fuel): NodeSet {
    return new NodeSet(this.words.slice(), this.size);
  }
  addAll(other: NodeSet): void {
    const count = other.words.length;
    while (this.words.length < count) this.words.push(0);
    for (let i = 0; i < count; i++) this.words[i] = (this.words[i] as number) | (other.words[i] as number);
    this.recount();
  }
  deleteAll(other: NodeSet): void {
    const count = Math.min(this.words.length, other.words.length);
    for (let i = 0; i < count; i++) this.words[i] = (this.words[i] as number) & ~(other.words[i] as number);
    this.recount();
  }
  union(other: NodeSet): NodeSet {
    const result = new NodeSet(this.words.slice(), this.size);
    result.addAll(other);
    return result;
  }
  intersection(other: NodeSet): NodeSet {
    const words = this.words.slice(0, other.words.length);
    for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) & (other.words[i] as number);
    const result = new NodeSet(words, 0);
    result.recount();
    return result;
  }
  difference(other: NodeSet): NodeSet {
    const result = new NodeSet(this.words.slice(), this.size);
    result.deleteAll(other);
    return result;
  }
  /** A new set with one node more. */
  with(node: number): NodeSet {
    const result = new NodeSet(this.words.slice(), this.size);
    result.add(node);
    return result;
  }
  /** A new set with one node less. */
  without(node: number): NodeSet {
    const result = new NodeSet(this.words.slice(), this.size);
    result.delete(node);
    return result;
  }
  equals(other: NodeSet): boolean {
    if (this.size !== other.size) return false;
    return this.sharedWith(other) === this.size;
  }
  /** How many nodes both have: a threshold quorum in one pass. */
  sharedWith(other: NodeSet): number {
    const count = Math.min(this.words.length, other.words.length);
    let size = 0;
    for (let i = 0; i < count; i++) size += population((this.words[i] as number) & (other.words[i] as number));
    return size;
  }
  private recount(): void {
    let size = 0;
    for (let i = 0; i < this.words.length; i++) size += population(this.words[i] as number);
    this.size = size;
  }
}

/** All members but one. */
export function peersOf(members: NodeSet, node: number): NodeSet {
  const peers = members.difference(NodeSet.of([]));
  peers.delete(node);
  return peers;
}
