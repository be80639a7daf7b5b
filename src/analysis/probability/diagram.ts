import type { Formula } from '../formula.ts';
import { OutOfWork, type Work } from '../work.ts';
import type { Causes } from './causes.ts';
import { type Variable, zonesFirst } from './decision-order.ts';
import type { Chance } from './uptimes.ts';

/** What a look at one threshold costs while the diagram is built, in steps of work. */
const buildCost = 20;

/** More levels would overflow the stack. */
const mostLevels = 3_000;

/**
 * A binary decision diagram of a formula (Bryant 1986): each level decides one cause, and formulas that are left the same are
 * one node. Built by Shannon expansion with a memo on what is left: the missing and the possible weight of each threshold
 * that still matters. With zones as variables each stands before the nodes in it, which it takes down all at once.
 */
export class Diagram {
  private readonly variables: readonly Variable[];
  /** The threshold that each is a part of, -1 for the outermost, which is the first. */
  private readonly parents: number[] = [];
  /** Thresholds that a node is a part of, with its weight there. */
  private readonly places: (readonly { readonly gate: number; readonly weight: number }[])[];
  private readonly memo = new Map<string, number>();
  /** Of each diagram node from 2 on its level and where it leads; 0 and 1 are "does not hold" and "holds". */
  private readonly level: number[] = [-1, -1];
  private readonly low: number[] = [0, 1];
  private readonly high: number[] = [0, 1];
  private readonly root: number;

  constructor(
    formula: Formula,
    private readonly causes: Causes,
    /** Whether zones are decided too; otherwise nodes alone, whatever takes them down. */
    readonly withZones: boolean,
    private readonly work: Work,
  ) {
    const need: number[] = [];
    const possible: number[] = [];
    const places: { gate: number; weight: number }[][] = causes.nodes.map(() => []);
    const order: number[] = [];
    const add = (part: Formula, parent: number): void => {
      if (part.kind === 'node') {
        if ((places[part.node] as unknown[]).length === 0) order.push(part.node);
        (places[part.node] as { gate: number; weight: number }[]).push({ gate: parent, weight: 1 });
        return;
      }
      const gate = need.length;
      this.parents.push(parent);
      if (part.kind === 'weighted') {
        need.push(part.threshold);
        possible.push(part.weights.reduce((sum, weight) => sum + weight, 0));
        part.nodes.forEach((node, i) => {
          if ((places[node] as unknown[]).length === 0) order.push(node);
          (places[node] as { gate: number; weight: number }[]).push({ gate, weight: part.weights[i] as number });
        });
      } else {
        need.push(part.count);
        possible.push(part.of.length);
        for (const inner of part.of) add(inner, gate);
      }
    };
    add(formula.kind === 'node' ? { kind: 'atleast', count: 1, of: [formula] } : formula, -1);
    this.places = places;
    this.variables = withZones ? zonesFirst(order, causes) : order.map((node, i) => ({ node, zone: -1, after: i + 1 }));
    if (this.variables.length > mostLevels) throw new OutOfWork('the quorum system has too many nodes for a decision diagram');
    const left = Float64Array.from([...need, ...possible]);
    // Thresholds of nothing hold, and those that ask for more than there is never do, before anything is decided.
    const settled = new Uint8Array(need.length);
    for (let gate = need.length - 1; gate >= 0; gate--) this.settle(gate, left, settled);
    this.root = this.build(0, left, settled);
  }

  get size(): number {
    return this.level.length;
  }

  /** The probability that the formula holds. Without zones in the diagram `chances` are those of whole nodes. */
  probability(chances: readonly Chance[] = this.causes.nodes): Chance {
    const up = new Float64Array(this.level.length);
    const down = new Float64Array(this.level.length);
    up[1] = 1;
    down[0] = 1;
    this.work.spend(this.level.length);
    for (let id = 2; id < this.level.length; id++) {
      const { node, zone } = this.variables[this.level[id] as number] as Variable;
      const chance = (node >= 0 ? chances[node] : this.causes.zones[zone]) as Chance;
      const low = this.low[id] as number;
      const high = this.high[id] as number;
      up[id] = chance.up * (up[high] as number) + chance.down * (up[low] as number);
      down[id] = chance.up * (down[high] as number) + chance.down * (down[low] as number);
    }
    return { up: up[this.root] as number, down: down[this.root] as number };
  }

  private build(from: number, left: Float64Array, settled: Uint8Array): number {
    if (settled[0] === 1) return 1;
    if (settled[0] === 2) return 0;
    let level = from;
    const matters = this.matters(settled);
    while (level < this.variables.length && !this.decides(level, matters)) level++;
    const key = this.keyOf(level, left, matters);
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    const variable = this.variables[level] as Variable;
    this.work.spend(buildCost * (5 + this.parents.length));
    let low: number;
    let high: number;
    if (variable.node >= 0) {
      high = this.build(level + 1, ...this.decided([variable.node], true, left, settled));
      low = this.build(level + 1, ...this.decided([variable.node], false, left, settled));
    } else {
      high = this.build(level + 1, left, settled);
      const nodes = this.variables.slice(level + 1, variable.after).flatMap(({ node }) => (node >= 0 ? [node] : []));
      low = this.build(variable.after, ...this.decided(nodes, false, left, settled));
    }
    let id = high;
    if (low !== high) {
      id = this.level.length;
      this.level.push(level);
      this.low.push(low);
      this.high.push(high);
    }
    this.memo.set(key, id);
    return id;
  }

  /** What is left when these nodes are up, or down. */
  private decided(nodes: readonly number[], up: boolean, left: Float64Array, settled: Uint8Array): [Float64Array, Uint8Array] {
    const nextLeft = left.slice();
    const nextSettled = settled.slice();
    for (const node of nodes) {
      for (const { gate, weight } of this.places[node] as readonly { gate: number; weight: number }[]) {
        if (nextSettled[gate] !== 0) continue;
        const at = up ? gate : this.parents.length + gate;
        nextLeft[at] = (nextLeft[at] as number) - weight;
        // A part that holds is possible no longer, and missing no longer: both sides shrink by its weight.
        if (up) nextLeft[this.parents.length + gate] = (nextLeft[this.parents.length + gate] as number) - weight;
        this.settle(gate, nextLeft, nextSettled);
      }
    }
    return [nextLeft, nextSettled];
  }

  /** Passes on that a threshold is met, or out of reach. */
  private settle(gate: number, left: Float64Array, settled: Uint8Array): void {
    let at = gate;
    while (settled[at] === 0) {
      const missing = left[at] as number;
      const holds = missing <= 0;
      if (!holds && (left[this.parents.length + at] as number) >= missing) return;
      settled[at] = holds ? 1 : 2;
      const parent = this.parents[at];
      if (parent === undefined || parent < 0) return;
      const possible = this.parents.length + parent;
      left[possible] = (left[possible] as number) - 1;
      if (holds) left[parent] = (left[parent] as number) - 1;
      at = parent;
    }
  }

  /** Thresholds not yet settled inside of none that is. */
  private matters(settled: Uint8Array): Uint8Array {
    const result = new Uint8Array(this.parents.length);
    // Parents have smaller indices.
    for (let gate = 0; gate < this.parents.length; gate++) {
      const parent = this.parents[gate] as number;
      result[gate] = settled[gate] === 0 && (parent < 0 || result[parent] === 1) ? 1 : 0;
    }
    return result;
  }

  private decides(level: number, matters: Uint8Array): boolean {
    const { node, after } = this.variables[level] as Variable;
    const touches = (one: number): boolean => (this.places[one] as readonly { gate: number }[]).some(({ gate }) => matters[gate] === 1);
    if (node >= 0) return touches(node);
    for (let at = level + 1; at < after; at++) {
      const inner = this.variables[at]?.node ?? -1;
      if (inner >= 0 && touches(inner)) return true;
    }
    return false;
  }

  private keyOf(level: number, left: Float64Array, matters: Uint8Array): string {
    let key = `${level}`;
    for (let gate = 0; gate < this.parents.length; gate++) {
      if (matters[gate] === 1) key += `,${gate}:${left[gate]}/${left[this.parents.length + gate]}`;
    }
    return key;
  }
}
