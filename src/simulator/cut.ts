/** A cut between two sets of nodes; everybody else still sees both. */
interface Disconnection {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** Only what goes from `from` to `to` is cut. */
  readonly oneWay: boolean;
}

/**
 * Which nodes cannot hear each other. Partitions in force are boiled down to one number a node: two nodes hear each other
 * when their numbers agree, and several partitions at a time cut wherever one of them does. Disconnections of two sets leave everybody else alone, so hearing is not transitive under them; they are asked pair by pair.
 */
export class Cut {
  /** Whether anything is cut; while false, `separates` need not be asked. */
  active = false;
  private readonly side: Int32Array;
  private readonly partitions = new Map<number, Int32Array>();
  private readonly disconnections = new Map<number, Disconnection>();
  /** Single links that are cut, `from * nodes + to`, and how often: churn has many of them. */
  private readonly lines = new Map<number, number>();
  private readonly linesOf = new Map<number, readonly number[]>();
  private pairwise = false;

  constructor(private readonly nodes: number) {
    this.side = new Int32Array(nodes);
  }

  /** Nodes in none of the sides form one more. `id` names the partition for `remove`. */
  add(id: number, sides: readonly (readonly number[])[]): void {
    const sideOf = new Int32Array(this.nodes);
    sides.forEach((nodes, index) => {
      for (const node of nodes) sideOf[node] = index + 1;
    });
    this.partitions.set(id, sideOf);
    this.refine();
  }

  /** Cuts every pair of a node in `from` and one in `to`, in one direction or both. */
  disconnect(id: number, from: readonly number[], to: readonly number[], oneWay: boolean): void {
    const [a, b] = [from[0], to[0]];
    if (from.length === 1 && to.length === 1 && a !== undefined && b !== undefined) {
      const lines = oneWay ? [a * this.nodes + b] : [a * this.nodes + b, b * this.nodes + a];
      this.linesOf.set(id, lines);
      for (const line of lines) this.lines.set(line, (this.lines.get(line) ?? 0) + 1);
    } else this.disconnections.set(id, { from: this.mask(from), to: this.mask(to), oneWay });
    this.update();
  }

  /** Ends a partition or disconnection; whether there was such a one. */
  remove(id: number): boolean {
    if (this.disconnections.delete(id) || this.reconnectLines(id)) {
      this.update();
      return true;
    }
    const removed = this.partitions.delete(id);
    if (removed) this.refine();
    return removed;
  }

  /** Ends all partitions and disconnections. */
  clear(): void {
    this.partitions.clear();
    this.disconnections.clear();
    this.lines.clear();
    this.linesOf.clear();
    this.refine();
  }

  /** Whether what `from` sends to `to` over the link between them is lost. */
  separates(from: number, to: number): boolean {
    return this.active && (this.side[from] !== this.side[to] || (this.pairwise && this.isDisconnected(from, to)));
  }

  private isDisconnected(from: number, to: number): boolean {
    if (from === to) return false;
    if (this.lines.has(from * this.nodes + to)) return true;
    for (const cut of this.disconnections.values()) {
      if (cut.from[from] === 1 && cut.to[to] === 1) return true;
      if (!cut.oneWay && cut.from[to] === 1 && cut.to[from] === 1) return true;
    }
    return false;
  }

  private reconnectLines(id: number): boolean {
    const lines = this.linesOf.get(id);
    if (!lines) return false;
    this.linesOf.delete(id);
    for (const line of lines) {
      const left = (this.lines.get(line) ?? 1) - 1;
      if (left > 0) this.lines.set(line, left);
      else this.lines.delete(line);
    }
    return true;
  }

  private mask(nodes: readonly number[]): Uint8Array {
    const mask = new Uint8Array(this.nodes);
    for (const node of nodes) mask[node] = 1;
    return mask;
  }

  private update(): void {
    this.pairwise = this.disconnections.size > 0 || this.lines.size > 0;
    this.active = this.pairwise || this.partitions.size > 0;
  }

  private refine(): void {
    this.update();
    const classes = new Map<string, number>();
    const all = [...this.partitions.values()];
    for (let node = 0; node < this.nodes; node += 1) {
      const key = all.map((sideOf) => sideOf[node]).join(' ');
      let number = classes.get(key);
      if (number === undefined) {
        number = classes.size;
        classes.set(key, number);
      }
      this.side[node] = number;
    }
  }
}
