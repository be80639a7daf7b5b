import type { Finding } from '../../base/finding.ts';
import type { Scenario } from '../../model/scenario.ts';
import { firstErrors } from '../findings.ts';
import type { ScenarioResult } from '../result.ts';
import type { ScenarioSetup, SeedOutcome } from '../scenario.ts';
import { verdictsOf } from '../verdicts.ts';
import type { Failure } from './failure.ts';
import { type ShrinkReport, sizesText } from './report.ts';
import { type ShrinkHooks, shrink } from './shrink.ts';

export interface ShrinkOptions {
  /** Runs that reducing the failures of a scenario may take, all of them together; short ones count less (`ShrinkBudget`). */
  readonly runs: number;
  /** Whether violations that the scenario expects are reduced as well. */
  readonly expected: boolean;
}

/** Events that reducing the failures of a scenario may take: some ten seconds. */
const eventsMost = 20_000_000;
/** Failures of a scenario that are reduced; the others come with them as often as not. */
const failuresMost = 4;

/** The result with its failures reduced, each finding with what came of that. */
export function shrinkResult(
  setup: ScenarioSetup,
  outcomes: readonly SeedOutcome[],
  result: ScenarioResult,
  { runs, expected }: ShrinkOptions,
  hooks: ShrinkHooks = {},
): ScenarioResult {
  const failures = failuresOf(setup, outcomes, expected).slice(0, failuresMost);
  const findings = [...result.findings];
  const shrunk: ShrinkReport[] = [];
  let spent = 0;
  for (const [turn, { failure, finding }] of failures.entries()) {
    if (hooks.shouldStop?.()) break;
    const share = failures.length - turn;
    const budget = { runs: Math.max(1, Math.floor((runs - spent) / share)), events: eventsMost / failures.length };
    const made = shrink(
      setup,
      failure,
      budget,
      hooks,
      shrunk.map(({ name }) => name),
    );
    const of = finding === null ? undefined : findings[finding];
    if ('report' in made) {
      spent += made.spent;
      shrunk.push({ finding, ...made.report });
      if (of && finding !== null) findings[finding] = withScenario(of, made.report, setup.scenario);
    } else if (of && finding !== null) findings[finding] = { ...of, notes: [...(of.notes ?? []), `not reduced: ${made.why}`] };
  }
  return { ...result, findings, shrunk };
}

/** In the order of the findings, so that each knows its own. */
function failuresOf(
  { system, scenario }: ScenarioSetup,
  outcomes: readonly SeedOutcome[],
  expected: boolean,
): { failure: Failure; finding: number | null }[] {
  const report = verdictsOf(system, scenario, outcomes);
  const found: Failure[] = [
    ...firstErrors(outcomes).map(({ error, seed }): Failure => ({ kind: 'error', error, seed })),
    ...report.brokenProperties.map(({ violation, seed }): Failure => ({ kind: 'property', violation, seed })),
    ...report.failedExpectations.map(({ index, seed }): Failure => ({ kind: 'expectation', index, seed })),
  ];
  const failing = found.map((failure, finding) => ({ failure, finding }));
  return expected ? [...failing, ...expectedViolations(scenario, outcomes)] : failing;
}

function expectedViolations({ expectations }: Scenario, outcomes: readonly SeedOutcome[]): { failure: Failure; finding: null }[] {
  return expectations.flatMap(({ expect }) => {
    if (expect.kind !== 'violated') return [];
    for (const { result } of outcomes) {
      const violation = result.violations.find(
        ({ property, deployment }) => property === expect.property && deployment === expect.deployment,
      );
      if (violation) return [{ failure: { kind: 'property' as const, violation, seed: result.seed }, finding: null }];
    }
    return [];
  });
}

/** A finding that ends with the scenario that shows it, ready to be put behind the one that found it. */
function withScenario(finding: Finding, report: Omit<ShrinkReport, 'finding'>, scenario: Scenario): Finding {
  const { name, text, isCutShort } = report;
  const rest = isCutShort ? ' (more runs may reduce it further)' : '';
  const end = { uri: scenario.span.uri, start: scenario.span.end, end: scenario.span.end };
  return {
    ...finding,
    notes: [...(finding.notes ?? []), `reduced: ${sizesText(report)}${rest}`],
    fixes: [
      ...(finding.fixes ?? []),
      { title: `Add the minimal failing scenario \`${name}\``, edits: [{ span: end, text: `\n\n${text}` }] },
    ],
  };
}
