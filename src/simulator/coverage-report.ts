import type { Span } from '../base/source.ts';
import type { CoveragePoint } from '../compiler/coverage.ts';
import type { Program } from '../compiler/program.ts';
import type { System } from '../model/system.ts';
import { type CoverageData, type DeploymentCoverage, distinctStates } from './coverage.ts';
import type { CoverageItem, CoverageReport } from './result.ts';

/** What the runs have exercised, in the words of the specification, and what none of them has. */
export function coverageReport(system: System, programs: readonly Program[], data: CoverageData): CoverageReport {
  const items = new Map<string, CoverageItem>();
  const add = (kind: CoverageItem['kind'], name: string, span: Span, count: number, never: string): void => {
    // Deployments of one protocol share its code: what one of them exercises is exercised.
    const key = `${kind} ${name} ${span.uri} ${span.start} ${never}`;
    items.set(key, { kind, name, span, count: (items.get(key)?.count ?? 0) + count, never });
  };
  system.deployments.forEach((deployment, at) => {
    const program = programs.find((candidate) => candidate.deployment === deployment.index);
    const counts = data.deployments[at] as DeploymentCoverage;
    const code = system.protocols[deployment.protocol];
    if (!program || !code) return;
    program.coverage?.points.forEach((point, index) => {
      add(kindOf(point), point.name, point.span, counts.points[index] ?? 0, neverOf(point));
    });
    code.messages.forEach(({ name, span }, index) => {
      const sent = counts.sent[index] ?? 0;
      const never = sent === 0 ? 'was never sent' : 'was never delivered';
      add('message', name, span, counts.delivered[index] ?? 0, `\`${name}\` ${never}`);
    });
    code.timers.forEach(({ name, span }, index) => {
      add('timer', name, span, counts.timers[index] ?? 0, `timer \`${name}\` never ran out`);
    });
    code.events.forEach(({ name, span }, index) => {
      add('event', name, span, counts.events[index] ?? 0, `\`${name}\` was never emitted`);
    });
    code.operations.forEach(({ name, span }, index) => {
      const calls = counts.calls[index] ?? 0;
      add('operation', name, span, counts.answers[index] ?? 0, `\`${name}\` was never ${calls === 0 ? 'called' : 'answered'}`);
    });
  });
  return {
    runs: data.runs,
    states: distinctStates(data.registers),
    changes: data.changes,
    items: [...items.values()],
    faults: Object.entries(data.faults)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kinds, runs]) => ({ kinds: kinds.split(' + '), runs })),
  };
}

/** What no run exercised, by place; the inside of a handler or function that never ran is left out. */
export function neverExercised({ items }: CoverageReport): readonly CoverageItem[] {
  const missed = items.filter(({ count }) => count === 0);
  const whole = missed.filter(({ kind }) => kind === 'handler' || kind === 'function');
  const inside = ({ span }: CoverageItem): boolean =>
    whole.some((outer) => outer.span.uri === span.uri && outer.span.start < span.start && span.end <= outer.span.end);
  return missed
    .filter((item) => !inside(item))
    .toSorted((a, b) => (a.span.uri === b.span.uri ? a.span.start - b.span.start : a.span.uri < b.span.uri ? -1 : 1));
}

function kindOf({ kind }: CoveragePoint): CoverageItem['kind'] {
  return kind === 'handler' || kind === 'function' ? kind : 'branch';
}

function neverOf({ kind, name }: CoveragePoint): string {
  switch (kind) {
    case 'handler':
      return `\`${name}\` never ran`;
    case 'function':
      return `\`${name}\` was never called`;
    case 'then':
      return 'this condition never held';
    case 'else':
      return 'the else branch was never taken';
    case 'arm':
      return 'this arm was never taken';
    case 'loop':
      return 'this loop was never entered';
  }
}
