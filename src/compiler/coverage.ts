import type { Span } from '../base/source.ts';
import type { Trigger } from '../model/code.ts';

/** A place in a protocol's code that a run may come by. */
export interface CoveragePoint {
  readonly kind: 'handler' | 'function' | 'then' | 'else' | 'arm' | 'loop';
  /** `on m: Vote`, a function's name; empty for branches and loops. */
  readonly name: string;
  /** Of the whole handler or function; of branches where they begin. */
  readonly span: Span;
}

/** The points of a program and how often runs have come by them, since somebody last set the counts to 0. */
export interface ProgramCoverage {
  readonly points: readonly CoveragePoint[];
  readonly counts: Float64Array;
}

/** Numbers the points of a program under construction. What an adversary inherits counts with the protocol it is from. */
export class CoveragePoints {
  readonly points: CoveragePoint[] = [];
  private readonly numbers = new Map<string, number>();

  /** The statement that counts a point; `C` is the array of counts. */
  hit(kind: CoveragePoint['kind'], name: string, span: Span): string {
    const key = `${kind} ${name} ${span.start} ${span.end} ${span.uri}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.points.length;
      this.points.push({ kind, name, span });
      this.numbers.set(key, number);
    }
    return `C[${number}]++;`;
  }
}

/** How a handler's head reads. */
export function triggerWords(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'message':
      return `on ${trigger.variable}: ${trigger.message}`;
    case 'operation':
      return `on ${trigger.variable}: ${trigger.operation}`;
    case 'timeout':
      return `on timeout ${trigger.timer}`;
    case 'used-event':
    case 'answer':
      return `on ${trigger.variable}: ${trigger.use}.${trigger.kind === 'answer' ? trigger.operation : trigger.event}`;
    default:
      return `on ${trigger.kind}`;
  }
}
