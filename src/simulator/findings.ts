import type { Finding, Label } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import { counted, formatDuration } from '../base/units.ts';
import type { Scenario } from '../model/scenario.ts';
import type { System } from '../model/system.ts';
import type { RunError, Violation } from './result.ts';
import type { SeedOutcome } from './scenario.ts';
import type { BrokenProperty, FailedExpectation, Report } from './verdicts.ts';

/**
 * What CI reports of a scenario: run-time errors (DS5001, limits DS5006), properties that broke (DS5002 invariants, DS5003
 * eventualities, DS5008 responses, DS5009 persistences, DS5004 asserts), expectations that failed (DS5005) and violations that were expected and did not come
 * (DS5007).
 */
export function findingsOf(system: System, scenario: Scenario, outcomes: readonly SeedOutcome[], report: Report): Finding[] {
  const seeds = outcomes.length;
  return [
    ...errorFindings(system, scenario, outcomes),
    ...report.brokenProperties.map((broken) => propertyFinding(system, scenario, broken, seeds)),
    ...report.failedExpectations.map((failed) => expectationFinding(scenario, failed, seeds)),
    ...report.undecidedExpectations.map((undecided) => undecidedFinding(scenario, undecided)),
  ];
}

/** Run-time errors, each at the seed in which it came first. */
export function firstErrors(outcomes: readonly SeedOutcome[]): { error: RunError; seed: number; seeds: number }[] {
  const first = new Map<string, { error: RunError; seed: number; seeds: number }>();
  for (const { result } of outcomes) {
    const { error } = result;
    if (!error) continue;
    const key = `${error.span.uri} ${error.span.start} ${error.kind}`;
    const known = first.get(key);
    if (known) known.seeds += 1;
    else first.set(key, { error, seed: result.seed, seeds: 1 });
  }
  return [...first.values()];
}

function errorFindings(system: System, scenario: Scenario, outcomes: readonly SeedOutcome[]): Finding[] {
  return firstErrors(outcomes).map(({ error, seed, seeds }): Finding => {
    const { span, labels } = place(system, scenario, error.span, error.deployment);
    const limit = error.kind === 'limit';
    const where = error.node ? ` at \`${error.node}\`` : '';
    return {
      code: limit ? 'DS5006' : 'DS5001',
      severity: 'error',
      span,
      message: `${error.message}${where}, ${formatDuration(error.time)} into \`${scenario.name}\` with seed ${seed}`,
      why: limit
        ? 'a run has limits so that a specification can stop itself, never the tool'
        : 'a node that runs into an error has no state that the protocol could go on from, so the run ends there',
      help: limit ? 'look for work that feeds itself, or make the scenario smaller' : 'handle the case before this line, or rule it out',
      notes: [`in ${seeds} of ${counted(outcomes.length, 'seed')}`],
      labels,
      witness: { kind: 'run', scenario: scenario.name, seed, time: error.time },
    };
  });
}

const ofProperty = {
  invariant: { code: 'DS5002', why: 'an invariant must hold after every step, over all members that are not Byzantine' },
  eventually: {
    code: 'DS5003',
    why: 'an `eventually` must hold at some moment within its time, counted from GST or the last fault, whichever is later',
  },
  leads_to: {
    code: 'DS5008',
    why: 'whenever the left side of a `leads_to` holds after GST and the last fault, the right side must hold then or within its time',
  },
  always: {
    code: 'DS5009',
    why: 'an `always` must hold after every step from its `after` on, counted from GST or the last fault, whichever is later',
  },
  assert: { code: 'DS5004', why: 'an `assert` states what its author takes for granted at that line' },
} as const;

function propertyFinding(system: System, scenario: Scenario, { violation, seed, seeds }: BrokenProperty, runs: number): Finding {
  const { span, labels } = place(system, scenario, violation.span, violation.deployment);
  const { code, why } = ofProperty[violation.kind];
  return {
    code,
    severity: 'error',
    span,
    message: propertyMessage(scenario, violation, seed),
    why,
    help: `look at seed ${seed} in the panel, or expect it: \`expect violated(${violation.property})\``,
    notes: [`in ${seeds} of ${counted(runs, 'seed')}`],
    labels,
    witness: { kind: 'run', scenario: scenario.name, seed, time: violation.time },
  };
}

function propertyMessage(scenario: Scenario, { property, kind, time, detail }: Violation, seed: number): string {
  const run = `\`${scenario.name}\` with seed ${seed}`;
  const tail = detail ? `: ${detail}` : '';
  if (kind === 'eventually') return `\`${property}\` is not reached by ${formatDuration(time)} of ${run}${tail}`;
  if (kind === 'leads_to') return `\`${property}\` is not answered by ${formatDuration(time)} of ${run}${tail}`;
  if (kind === 'assert') return `an assert in \`${property}\` fails ${formatDuration(time)} into ${run}${tail}`;
  return `\`${property}\` is violated ${formatDuration(time)} into ${run}${tail}`;
}

function expectationFinding(scenario: Scenario, { index, detail, seed, at }: FailedExpectation, seeds: number): Finding {
  const { text, span, expect } = scenario.expectations[index] as Scenario['expectations'][number];
  if (expect.kind === 'violated') {
    return {
      code: 'DS5007',
      severity: 'error',
      span,
      message: `no run of \`${scenario.name}\` violates \`${expect.property}\`: it ${detail}`,
      why: 'the scenario claims that this property can break here; what does not break shows nothing',
      help: seeds < 1000 ? 'try more seeds, harsher faults, or drop the expectation' : 'use harsher faults, or drop the expectation',
    };
  }
  return {
    code: 'DS5005',
    severity: 'error',
    span,
    message: `expected ${text}, but ${detail}`,
    help: seed === null ? undefined : `look at seed ${seed} in the panel`,
    witness: seed === null ? undefined : { kind: 'run', scenario: scenario.name, seed, time: at },
  };
}

function undecidedFinding(scenario: Scenario, { index, detail, seed, at }: FailedExpectation): Finding {
  const { text, span } = scenario.expectations[index] as Scenario['expectations'][number];
  return {
    code: 'DS5006',
    // Not known to hold is not held: a pass would be a claim that nobody has checked.
    severity: 'error',
    span,
    message: `could not decide ${text}: ${detail}`,
    why: 'whether some order explains a history is an NP-complete question (Papadimitriou 1979, Gibbons & Korach 1997); the search has a limit',
    help: 'make fewer calls at a time, or a shorter scenario',
    witness: seed === null ? undefined : { kind: 'run', scenario: scenario.name, seed, time: at },
  };
}

/** Where it is shown: at its own line in the user's file; what lies in another file, at the `run` that brings it in. */
function place(system: System, scenario: Scenario, span: Span, deployment: number): { span: Span; labels: readonly Label[] } {
  const run = system.deployments[deployment];
  if (span.uri === system.uri || !run) {
    return { span, labels: span === scenario.nameSpan ? [] : [{ span: scenario.nameSpan, message: 'in this scenario' }] };
  }
  return {
    span: run.nameSpan,
    labels: [
      { span, message: 'here' },
      { span: scenario.nameSpan, message: 'in this scenario' },
    ],
  };
}
