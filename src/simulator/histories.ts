import { counted, formatDuration } from '../base/units.ts';
import { RuntimeFailure } from '../compiler/program.ts';
import { type CriterionResult, checkCriterion } from '../history/criteria.ts';
import type { HistoryOperation, SequentialModel } from '../history/linearizability.ts';
import { reasonOf } from '../history/reason.ts';
import type { SpecificationCode } from '../model/code.ts';
import { type Criterion, criteria } from '../model/consistency.ts';
import type { Expectation } from '../model/scenario.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Kernel } from './kernel.ts';

interface Verdict {
  readonly held: boolean;
  readonly decided: boolean;
  readonly detail: string;
  /** ns: where the part that cannot be explained ends. */
  readonly at?: number;
}

/** What an expectation on histories says of a run: the calls of each deployment that offers S's operations are compared with S. */
export function checkHistory(
  kernel: Kernel,
  { criterion, specification, negated }: Extract<Expectation['expect'], { kind: 'history' }>,
  options: { readonly specifications?: readonly (SequentialModel | null)[]; readonly shouldStop?: () => boolean },
): Verdict {
  const code = kernel.system.specifications[specification];
  const model = options.specifications?.[specification];
  if (!code || !model) return { held: false, decided: false, detail: 'the specification could not be made executable' };
  const verdicts = kernel.hosts
    .map((host) => ({ host, history: historyOf(kernel, host, code) }))
    .filter(({ history }) => history.length > 0)
    .map(({ host, history }) => {
      return { host, history, result: check(criterion, history, model, options.shouldStop) };
    });
  if (verdicts.length === 0) return { held: false, decided: true, detail: 'no call of its operations was made' };
  const refuted = verdicts.find(({ result }) => result.verdict === 'no');
  if (refuted && refuted.result.verdict === 'no') {
    const { host, history, result } = refuted;
    const rows = timeline(kernel, host, result.offending);
    const ends = result.offending.map(({ id }) => kernel.calls?.records[id]?.answeredAt ?? 0);
    const reason = reasonOf(criterion, result.offending, model, ({ operation, ...rest }) =>
      callTexts(host, { operation, ...rest }).join(' '),
    );
    const detail = [
      `${counted(result.offending.length, 'call')} of ${history.length} cannot be explained:`,
      ...rows.map((row) => `    ${row}`),
      `  there is no such thing as ${criteria[criterion].why}`,
      ...(reason === null ? [] : [`  ${reason}`]),
    ].join('\n');
    return { held: negated, decided: true, detail, at: Math.max(0, ...ends) };
  }
  const unknown = verdicts.find(({ result }) => result.verdict === 'unknown');
  if (unknown && unknown.result.verdict === 'unknown') {
    const { reason, stuck } = unknown.result;
    const then = stuck ? `; then came \`${callTexts(unknown.host, stuck).join(' ')}\`` : '';
    const at = stuck && kernel.calls?.records[stuck.id]?.answeredAt;
    return { held: false, decided: false, detail: `${reason}${then}`, ...(at === undefined ? {} : { at }) };
  }
  const calls = verdicts.reduce((sum, { history }) => sum + history.length, 0);
  return { held: !negated, decided: true, detail: `${counted(calls, 'call')} explained` };
}

/** A specification that fails to run decides nothing. */
function check(
  criterion: Criterion,
  history: readonly HistoryOperation[],
  model: SequentialModel,
  shouldStop?: () => boolean,
): CriterionResult {
  try {
    return checkCriterion(criterion, history, model, { shouldStop });
  } catch (failure) {
    if (failure instanceof RuntimeFailure) return { verdict: 'unknown', reason: `the specification fails: ${failure.message}` };
    throw failure;
  }
}

/** The calls that a specification is about. One that was refused, answered with `none` where the specification knows no such answer, did nothing. */
function historyOf(kernel: Kernel, host: DeploymentHost, code: SpecificationCode): HistoryOperation[] {
  const history: HistoryOperation[] = [];
  for (const call of kernel.calls?.records ?? []) {
    if (call.deployment !== host.index) continue;
    const info = host.program.operations[call.operation];
    const specified = info && code.operations.find((operation) => operation.name === info.name);
    if (!specified) continue;
    const refused = call.answeredAt >= 0 && call.result === null && info.result.kind === 'Optional' && specified.result.kind !== 'Optional';
    // An earlier attempt may have done what a later one was refused.
    if (refused && call.attempts === 1) continue;
    history.push({
      id: call.id,
      client: call.client,
      operation: info.name,
      key: '',
      args: host.program.fieldsOfOperation(call.operation, call.fields),
      // The order of invocations and answers, not their times: within one instant it is known too.
      call: call.invokedOrder,
      response: call.answeredAt < 0 || refused ? null : call.answeredOrder,
      result: call.result,
    });
  }
  return history;
}

/** Operations that are shown at the most. */
const SHOWN = 12;

/**
 * One line an operation: who, what, what came back, and from when to when. `client[0]  Write(v: 3)  done  from 1.2s to 1.4s`.
 */
function timeline(kernel: Kernel, host: DeploymentHost, operations: readonly HistoryOperation[]): readonly string[] {
  const cells = operations.slice(0, SHOWN).map((operation) => {
    const call = kernel.calls?.records[operation.id];
    const from = call ? formatDuration(call.invokedAt) : '';
    const to = operation.response === null || !call ? 'never' : formatDuration(call.answeredAt);
    return [
      kernel.system.nodes[operation.client]?.name ?? String(operation.client),
      ...callTexts(host, operation),
      `from ${from} to ${to}`,
    ];
  });
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  const rows = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const more = operations.length - cells.length;
  return more > 0 ? [...rows, `and ${more} more`] : rows;
}

/** `Write(v: 3)` and `done`. */
function callTexts({ program }: DeploymentHost, operation: HistoryOperation): readonly [string, string] {
  const info = program.operations.find((candidate) => candidate.name === operation.operation);
  const fields = info?.fields ?? [];
  const args = fields.map((field, at) => `${field.name}: ${program.format(operation.args[at], field.type)}`).join(', ');
  const unit = !info || info.result.kind === 'Unit';
  const result = operation.response === null ? 'no answer' : unit ? 'done' : `gave ${program.format(operation.result, info.result)}`;
  return [`${operation.operation}(${args})`, result];
}
