import { EventKind, type Trace } from '../simulator/trace.ts';

/**
 * Which rows a sampled trace keeps: of the messages those whose number is a multiple of `every`, each with its sending, deliveries,
 * losses and copies; calls, faults, violations, errors and emitted events all; state changes, timers and starts all.
 */
export function sampledRows(trace: Trace, every: number): (row: number) => boolean {
  return (row) => {
    const kind = trace.kind[row];
    const ofMessage = kind === EventKind.send || kind === EventKind.deliver || kind === EventKind.lose || kind === EventKind.duplicate;
    return !ofMessage || (trace.link[row] as number) % every === 0;
  };
}
