import type { NodeFault } from '../model/system.ts';

/** A budget of faults of one kind that single nodes may suffer. */
export interface NodeBudget {
  readonly kind: NodeFault;
  /** At least 0, at most the number of nodes. */
  readonly capacity: number;
  readonly nodes: readonly number[];
  /** Index in FaultModel.budgets. */
  readonly index: number;
}

/**
 * The sets of nodes that several budgets can strike together: each struck node is paid by one budget that names it. These
 * sets form a transversal matroid (Edmonds & Fulkerson 1965), which is why taking the heaviest nodes first, as long as
 * each can still be paid, gives the heaviest set exactly.
 */
export class Strikes {
  /** Budget that pays for a node, -1 for none. */
  private readonly payer: Int32Array;
  private readonly spent: number[];
  private readonly names: Uint8Array[];
  /** Nodes that are named by the same budgets. 0 for nodes that no budget names. */
  readonly type: Int32Array;
  readonly struck: number[] = [];

  constructor(
    readonly budgets: readonly NodeBudget[],
    nodeCount: number,
  ) {
    this.payer = new Int32Array(nodeCount).fill(-1);
    this.spent = budgets.map(() => 0);
    this.names = budgets.map((budget) => {
      const named = new Uint8Array(nodeCount);
      if (budget.capacity > 0) for (const node of budget.nodes) named[node] = 1;
      return named;
    });
    const types = new Map<string, number>([['', 0]]);
    this.type = new Int32Array(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      let key = '';
      for (let b = 0; b < budgets.length; b++) if (this.names[b]?.[node]) key += `${b},`;
      const known = types.get(key);
      if (known === undefined) types.set(key, types.size);
      this.type[node] = known ?? types.size - 1;
    }
  }

  /** Whether some budget names the node at all. */
  canStrike(node: number): boolean {
    return this.type[node] !== 0;
  }

  isStruck(node: number): boolean {
    return (this.payer[node] as number) >= 0;
  }

  /** Strikes a node, moving others to other budgets where that makes room. False when it cannot be paid. */
  add(node: number): boolean {
    if (this.isStruck(node)) return true;
    // Breadth-first search for an augmenting path over budgets; `via` is the node that would move into a budget.
    const via = new Int32Array(this.budgets.length).fill(-1);
    const queue: number[] = [];
    for (let b = 0; b < this.budgets.length; b++) {
      if (this.names[b]?.[node]) {
        via[b] = node;
        queue.push(b);
      }
    }
    for (let head = 0; head < queue.length; head++) {
      const budget = queue[head] as number;
      if ((this.spent[budget] as number) < (this.budgets[budget] as NodeBudget).capacity) {
        this.shift(budget, via);
        this.struck.push(node);
        return true;
      }
      for (const other of this.struck) {
        if (this.payer[other] !== budget) continue;
        for (let b = 0; b < this.budgets.length; b++) {
          if (via[b] === -1 && this.names[b]?.[other]) {
            via[b] = other;
            queue.push(b);
          }
        }
      }
    }
    return false;
  }

  private shift(last: number, via: Int32Array): void {
    this.spent[last] = (this.spent[last] as number) + 1;
    let budget = last;
    for (;;) {
      const node = via[budget] as number;
      const previous = this.payer[node] as number;
      this.payer[node] = budget;
      if (previous < 0) return;
      budget = previous;
    }
  }

  /** Takes back the strike of a node. */
  remove(node: number): void {
    const budget = this.payer[node] as number;
    if (budget < 0) return;
    this.spent[budget] = (this.spent[budget] as number) - 1;
    this.payer[node] = -1;
    this.struck.splice(this.struck.indexOf(node), 1);
  }

  clear(): void {
    for (const node of this.struck) this.payer[node] = -1;
    this.struck.length = 0;
    this.spent.fill(0);
  }

  /** Whether all these nodes can be struck at once; leaves them struck when `keep` is set. */
  admits(nodes: readonly number[], keep = false): boolean {
    this.clear();
    let all = true;
    for (const node of nodes) {
      if (!this.add(node)) {
        all = false;
        break;
      }
    }
    if (!all || !keep) this.clear();
    return all;
  }

  /** Index in FaultModel.budgets of the budget that pays for a struck node. */
  budgetOf(node: number): number | null {
    return this.budgets[this.payer[node] as number]?.index ?? null;
  }

  /** The kind of fault that a struck node suffers. */
  kindOf(node: number): NodeFault | null {
    return this.budgets[this.payer[node] as number]?.kind ?? null;
  }

  /**
   * The nodes struck, dealt out to sets in each of which a budget pays for no more than `capacity` says of its index in
   * FaultModel.budgets. Ascending, and as few sets as that allows.
   */
  shares(capacity: (index: number) => number): number[][] {
    const sets: number[][] = [];
    const paid = this.budgets.map(() => 0);
    for (const node of [...this.struck].sort((a, b) => a - b)) {
      const budget = this.payer[node] as number;
      const { index } = this.budgets[budget] as NodeBudget;
      const at = Math.floor((paid[budget] as number) / Math.max(1, capacity(index)));
      paid[budget] = (paid[budget] as number) + 1;
      while (sets.length <= at) sets.push([]);
      sets[at]?.push(node);
    }
    return sets;
  }

  /** Strikes the heaviest admissible set among `candidates` (ties by the order given); exact, see the class. */
  strikeHeaviest(candidates: readonly number[], weight: (node: number) => number): void {
    this.clear();
    const order = candidates.filter((node) => this.canStrike(node) && weight(node) > 0);
    order.sort((a, b) => weight(b) - weight(a));
    const exhausted = new Set<number>();
    for (const node of order) {
      // Once a type cannot be paid for it stays so: a matroid's span only grows.
      if (exhausted.has(this.type[node] as number)) continue;
      if (!this.add(node)) exhausted.add(this.type[node] as number);
    }
  }

  /**
   * One capacity for one set of nodes, when that is all the budgets amount to within `relevant` nodes: then any set of at
   * most `capacity` strikable nodes is admissible. Null when budgets differ in the nodes they name.
   */
  uniform(relevant: readonly number[]): { readonly capacity: number; readonly strikable: Uint8Array } | null {
    const strikable = new Uint8Array(this.type.length);
    let capacity = 0;
    let first: Uint8Array | null = null;
    for (let b = 0; b < this.budgets.length; b++) {
      const named = this.names[b] as Uint8Array;
      if (!relevant.some((node) => named[node])) continue;
      if (first === null) first = named;
      for (const node of relevant) {
        if (named[node] !== first[node]) return null;
        strikable[node] = named[node] as number;
      }
      capacity += (this.budgets[b] as NodeBudget).capacity;
    }
    return { capacity, strikable };
  }
}
