/**
 * Partitions in force, boiled down to one number a node: two nodes hear each other when their numbers agree. Several
 * partitions at a time cut wherever one of them does.
 */
export class Cut {
  /** Whether any partition is in force; while false, `side` need not be asked. */
  active = false;
  readonly side: Int32Array;
  private readonly partitions = new Map<number, Int32Array>();

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

  /** Whether there was such a partition. */
  remove(id: number): boolean {
    const removed = this.partitions.delete(id);
    if (removed) this.refine();
    return removed;
  }

  /** Ends all partitions. */
  clear(): void {
    this.partitions.clear();
    this.refine();
  }

  separates(a: number, b: number): boolean {
    return this.active && this.side[a] !== this.side[b];
  }

  private refine(): void {
    this.active = this.partitions.size > 0;
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
