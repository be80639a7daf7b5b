import type { HistoryOperation, OperationKind, SequentialModel } from './linearizability.ts';

/**
 * The order of a history within its sessions. All calls of one client are a session. One call comes before another of its
 * session where it was answered before the other was made: calls that a client has outstanding at once are in no order,
 * and a call that was never answered comes before none, since it may take effect at any later time.
 */
export class Sessions {
  /** By time of call; operations that tell and change nothing, unanswered reads, are left out. */
  readonly operations: readonly HistoryOperation[];
  readonly kinds: readonly OperationKind[];
  /** Indices into `operations` of each client's, by time of call. */
  readonly sessions: readonly (readonly number[])[];

  constructor(history: readonly HistoryOperation[], model: SequentialModel) {
    const kind = (operation: HistoryOperation): OperationKind => model.kind?.(operation.operation) ?? 'both';
    this.operations = history
      .filter((operation) => operation.response !== null || kind(operation) !== 'read')
      .sort((a, b) => a.call - b.call || a.id - b.id);
    this.kinds = this.operations.map(kind);
    const sessions = new Map<number, number[]>();
    for (const [index, { client }] of this.operations.entries()) {
      const session = sessions.get(client);
      if (session) session.push(index);
      else sessions.set(client, [index]);
    }
    this.sessions = [...sessions.values()];
  }

  at(index: number): HistoryOperation {
    return this.operations[index] as HistoryOperation;
  }

  /** Whether `a` comes before `b` in their session. */
  before(a: number, b: number): boolean {
    const first = this.at(a);
    const second = this.at(b);
    return first.client === second.client && first.response !== null && first.response < second.call;
  }

  answered(index: number): boolean {
    return this.at(index).response !== null;
  }

  updates(index: number): boolean {
    return this.kinds[index] !== 'read';
  }

  /** Whether its result is known and can tell anything. */
  observes(index: number): boolean {
    return this.kinds[index] !== 'write' && this.answered(index);
  }

  /**
   * What a session observes, up to each operation that nothing it observes comes after: together with that one, all whose
   * answers it had before. One list where its calls come one after the other.
   */
  experiences(session: readonly number[]): readonly (readonly number[])[] {
    const observed = session.filter((index) => this.observes(index));
    const last = observed.filter((index) => !observed.some((other) => this.before(index, other)));
    return last.map((index) => observed.filter((other) => other === index || this.before(other, index)));
  }

  /**
   * For each operation those just before it in its session: their order is the whole order. Linear in the number of
   * operations times the calls that a client has outstanding at once.
   */
  predecessors(): readonly (readonly number[])[] {
    const result: number[][] = this.operations.map(() => []);
    for (const session of this.sessions) {
      const answered = session.filter((index) => this.answered(index));
      for (const index of session) {
        const earlier = answered.filter((other) => this.before(other, index));
        // Whoever was answered before the latest of them was made is before that one too.
        const latest = Math.max(...earlier.map((other) => this.at(other).call));
        result[index] = earlier.filter((other) => (this.at(other).response as number) >= latest);
      }
    }
    return result;
  }
}
