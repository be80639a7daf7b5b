import type { HistoryOperation, SequentialModel } from './linearizability.ts';

/** What an operation does in a state. `state`: the next one, -1 where nobody has asked for it yet. */
export interface Transition {
  readonly state: number;
  readonly result: number;
}

/**
 * States, operations and results of a specification as small integers, and its transitions, each worked out once: an operation runs
 * once per state. Shared by the searches of one history. State 0 is the first.
 */
export class Transitions {
  private readonly states: unknown[] = [];
  private readonly ids = new Map<string, number>();
  private readonly classes = new Map<string, number>();
  private readonly results = new Map<string, number>();
  private readonly rows: Map<number, Transition>[] = [];
  /** Arguments are plain values or run-time values, which are told apart by identity. */
  private readonly identities = new Map<object, number>();

  constructor(readonly model: SequentialModel) {
    this.intern(model.initial());
  }

  /** Equal for operations that do the same. */
  classOf(operation: HistoryOperation): number {
    return numbered(this.classes, `${operation.operation}(${operation.args.map((argument) => this.argumentKey(argument)).join()})`);
  }

  /** The result that was observed. */
  resultOf(operation: HistoryOperation): number {
    return numbered(this.results, this.model.resultKey(operation.operation, operation.result));
  }

  /**
   * What an operation, whose class is given, does in a state. Where its result is not `expected`, the next state is not worked out, for
   * most operations are only tried; -1 expects any.
   */
  step(state: number, kind: number, operation: HistoryOperation, expected: number): Transition {
    const row = this.rows[state] as Map<number, Transition>;
    const known = row.get(kind);
    if (known && (known.state >= 0 || (expected >= 0 && known.result !== expected))) return known;
    const next = this.model.apply(this.states[state], operation.operation, operation.args);
    const result = known?.result ?? numbered(this.results, this.model.resultKey(operation.operation, next.result));
    const wanted = expected < 0 || result === expected;
    const found = { state: !wanted ? -1 : next.state === this.states[state] ? state : this.intern(next.state), result };
    row.set(kind, found);
    return found;
  }

  private intern(state: unknown): number {
    const key = shorten(this.model.stateKey(state));
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, this.states.length);
    this.states.push(state);
    this.rows.push(new Map());
    return this.states.length - 1;
  }

  private argumentKey(argument: unknown): string {
    if (typeof argument === 'object' && argument !== null) {
      const known = this.identities.get(argument) ?? this.identities.size;
      this.identities.set(argument, known);
      return `#${known}`;
    }
    return `${typeof argument}:${String(argument).length}:${String(argument)}`;
  }
}

function numbered(ids: Map<string, number>, key: string): number {
  const known = ids.get(key);
  if (known !== undefined) return known;
  ids.set(key, ids.size);
  return ids.size - 1;
}

/** Keys of large states (logs, maps) are kept as a digest of 128 bits, or a history of 10,000 appends would fill the memory. */
function shorten(key: string): string {
  if (key.length <= 128) return key;
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit ^ (a >>> 15), 0x85ebca77);
    c = Math.imul(c ^ unit ^ (b >>> 13), 0xc2b2ae3d);
    d = Math.imul(d ^ unit ^ (c >>> 16), 0x27d4eb2f);
  }
  return `#${key.length}:${a >>> 0}:${b >>> 0}:${c >>> 0}:${d >>> 0}`;
}
