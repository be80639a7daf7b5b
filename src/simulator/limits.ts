import type { Span } from '../base/source.ts';

/** What a specification may use; beyond it a run is stopped with an error that names the place, never the tool. */
export interface SimulatorLimits {
  /** Steps of one handler. */
  readonly handlerSteps: number;
  /** Events that one run may process. */
  readonly events: number;
  /** Events that may be pending at a time: messages on their way or in queues, timers. */
  readonly pending: number;
  /** Steps that may follow one another within one instant. */
  readonly instantSteps: number;
  /** Rows that a trace keeps. */
  readonly traceEvents: number;
  /** Characters of all texts of a trace together: with a million long ones it would not fit into a panel. Rows go on without. */
  readonly traceText: number;
}

export const defaultSimulatorLimits: SimulatorLimits = {
  handlerSteps: 100_000,
  events: 200_000_000,
  pending: 5_000_000,
  instantSteps: 10_000,
  traceEvents: 1_000_000,
  traceText: 40_000_000,
};

/** A limit other than a handler's own steps was reached. `span` null: nobody's line, the scenario's then. */
export class LimitReached extends Error {
  constructor(
    message: string,
    readonly span: Span | null,
  ) {
    super(message);
    this.name = 'LimitReached';
  }
}

/** Whoever runs the scenario asked it to stop. */
export class Cancelled extends Error {}
