import { bounds } from './attributes.ts';
import type { Schedule } from './scenario.ts';

/** How a schedule is written in a file: `random`, `pct(3)`. */
export function scheduleSource(schedule: Schedule): string {
  if (schedule.kind === 'pct') return `pct(${schedule.depth})`;
  return schedule.kind === 'delay_bounded' ? `delay_bounded(${schedule.delays})` : schedule.kind;
}

/** How a schedule is written on a command line: `random`, `pct:3`. */
export function scheduleText(schedule: Schedule): string {
  if (schedule.kind === 'pct') return `pct:${schedule.depth}`;
  return schedule.kind === 'delay_bounded' ? `delay_bounded:${schedule.delays}` : schedule.kind;
}

/** Reads that, or the same as in a file: `pct(3)`. Null where it is none, or its number out of range. */
export function parseSchedule(text: string): Schedule | null {
  const [, kind, colon, parenthesis] = /^(\w+)(?::(\d+)|\((\d+)\))?$/.exec(text) ?? [];
  const written = colon ?? parenthesis;
  if (written === undefined) return kind === 'latency' || kind === 'random' || kind === 'targeted' ? { kind } : null;
  const number = Number(written);
  if (kind === 'pct') return bounds.scheduleDepth.holds(number) ? { kind, depth: number } : null;
  return kind === 'delay_bounded' && bounds.scheduleDelays.holds(number) ? { kind, delays: number } : null;
}
