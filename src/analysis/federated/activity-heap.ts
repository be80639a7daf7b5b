/** A binary heap of variables, the most active first, ties by number. */
export class ActivityHeap {
  private readonly heap: number[] = [];
  private readonly places: number[] = [];

  constructor(private readonly activities: readonly number[]) {}

  insert(variable: number): void {
    if ((this.places[variable] ?? -1) >= 0) return;
    this.heap.push(variable);
    this.up(this.heap.length - 1);
  }

  raised(variable: number): void {
    const at = this.places[variable] ?? -1;
    if (at >= 0) this.up(at);
  }

  pop(): number | null {
    const top = this.heap[0];
    if (top === undefined) return null;
    const last = this.heap.pop() as number;
    this.places[top] = -1;
    if (this.heap.length > 0) {
      this.heap[0] = last;
      this.down();
    }
    return top;
  }

  private before(a: number, b: number): boolean {
    const difference = (this.activities[a] as number) - (this.activities[b] as number);
    return difference > 0 || (difference === 0 && a < b);
  }

  private up(from: number): void {
    let at = from;
    const variable = this.heap[at] as number;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.heap[parent] as number;
      if (!this.before(variable, above)) break;
      this.heap[at] = above;
      this.places[above] = at;
      at = parent;
    }
    this.heap[at] = variable;
    this.places[variable] = at;
  }

  private down(): void {
    const variable = this.heap[0] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && this.before(this.heap[child + 1] as number, this.heap[child] as number)) child++;
      const below = this.heap[child] as number;
      if (!this.before(below, variable)) break;
      this.heap[at] = below;
      this.places[below] = at;
      at = child;
    }
    this.heap[at] = variable;
    this.places[variable] = at;
  }
}
