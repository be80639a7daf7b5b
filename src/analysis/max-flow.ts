import type { Work } from './work.ts';

/**
 * Unit-capacity maximum flow by Dinic's algorithm: O(E · √V) on the networks used here (Even & Tarjan 1975). Arcs are
 * pairs: `i ^ 1` is the reverse of arc `i`.
 */
export class FlowNetwork {
  private readonly head: Int32Array;
  private readonly next: number[] = [];
  private readonly target: number[] = [];
  private readonly capacity: number[] = [];
  /** `capacity` as an array of numbers that is cheap to copy; made anew after a change. */
  private base: Int32Array | null = null;
  private residual: Int32Array = new Int32Array(0);
  private readonly level: Int32Array;
  private readonly at: Int32Array;
  private readonly queue: Int32Array;

  constructor(private readonly vertexCount: number) {
    this.head = new Int32Array(vertexCount).fill(-1);
    this.level = new Int32Array(vertexCount);
    this.at = new Int32Array(vertexCount);
    this.queue = new Int32Array(vertexCount);
  }

  /** An arc with capacities there and back; returns its number. */
  addArc(from: number, to: number, capacity: number, back = 0): number {
    this.base = null;
    this.push(from, to, capacity);
    this.push(to, from, back);
    return this.target.length - 2;
  }

  setCapacity(arc: number, capacity: number): void {
    this.capacity[arc] = capacity;
    if (this.base !== null) this.base[arc] = capacity;
  }

  private push(from: number, to: number, capacity: number): void {
    this.next.push(this.head[from] as number);
    this.target.push(to);
    this.capacity.push(capacity);
    this.head[from] = this.target.length - 1;
  }

  /** The maximum flow, or `limit` as soon as that much is found. Starts afresh each time. */
  maximum(source: number, sink: number, limit: number, work: Work): number {
    this.base ??= Int32Array.from(this.capacity);
    if (this.residual.length === this.base.length) this.residual.set(this.base);
    else this.residual = this.base.slice();
    let flow = 0;
    while (flow < limit && this.buildLevels(source, sink, work)) {
      this.at.set(this.head);
      while (flow < limit && this.augment(source, sink)) flow++;
    }
    return flow;
  }

  /** After `maximum` below its limit: vertices still reachable from the source, one side of a minimum cut. */
  reachable(source: number, work: Work): Uint8Array {
    this.buildLevels(source, -1, work);
    return Uint8Array.from(this.level, (level) => (level >= 0 ? 1 : 0));
  }

  private buildLevels(source: number, sink: number, work: Work): boolean {
    const { level, queue, head, next, target, residual } = this;
    level.fill(-1);
    level[source] = 0;
    queue[0] = source;
    let end = 1;
    let steps = 0;
    for (let start = 0; start < end; start++) {
      const vertex = queue[start] as number;
      for (let arc = head[vertex] as number; arc >= 0; arc = next[arc] as number) {
        steps++;
        const to = target[arc] as number;
        if ((residual[arc] as number) <= 0 || (level[to] as number) >= 0) continue;
        level[to] = (level[vertex] as number) + 1;
        if (to === sink) {
          work.spend(steps);
          return true;
        }
        queue[end++] = to;
      }
    }
    work.spend(steps + this.vertexCount);
    return false;
  }

  /** Sends one unit along a shortest path; iterative, since paths can be thousands of vertices long. */
  private augment(source: number, sink: number): boolean {
    const { level, at, next, target, residual } = this;
    const path: number[] = [];
    let vertex = source;
    while (vertex !== sink) {
      const arc = at[vertex] as number;
      if (arc < 0) {
        const back = path.pop();
        if (back === undefined) return false;
        vertex = target[back ^ 1] as number;
        at[vertex] = next[at[vertex] as number] as number;
        continue;
      }
      const to = target[arc] as number;
      if ((residual[arc] as number) > 0 && level[to] === (level[vertex] as number) + 1) {
        path.push(arc);
        vertex = to;
      } else at[vertex] = next[arc] as number;
    }
    for (const arc of path) {
      residual[arc] = (residual[arc] as number) - 1;
      residual[arc ^ 1] = (residual[arc ^ 1] as number) + 1;
    }
    return true;
  }
}
