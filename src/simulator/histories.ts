import { RuntimeFailure } from '../compiler/program.ts';
import { checkLinearizable, type HistoryOperation, type LinearizabilityResult, type SequentialModel } from '../history/linearizability.ts';
import type { SpecificationCode } from '../model/code.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Kernel } from './kernel.ts';

interface Verdict {
  readonly held: boolean;
  readonly decided: boolean;
  readonly detail: string;
}

/** What `expect linearizable(S)` says of a run: the calls of each deployment that offers S's operations are compared with S. */
export function checkHistory(
  kernel: Kernel,
  specification: number,
  negated: boolean,
  options: { readonly specifications?: readonly (SequentialModel | null)[]; readonly shouldStop?: () => boolean },
): Verdict {
  const code = kernel.system.specifications[specification];
  const model = options.specifications?.[specification];
  if (!code || !model) return { held: false, decided: false, detail: 'the specification could not be made executable' };
  const verdicts = kernel.hosts
    .map((host) => ({ host, history: historyOf(kernel, host, code) }))
    .filter(({ history }) => history.length > 0)
    .map(({ host, history }) => {
      return { host, history, result: check(history, model, options.shouldStop) };
    });
  if (verdicts.length === 0) return { held: false, decided: true, detail: 'no call of its operations was made' };
  const refuted = verdicts.find(({ result }) => result.verdict === 'no');
  if (refuted && refuted.result.verdict === 'no') {
    const { witness, stuck } = refuted.result;
    const texts = witness.map((operation) => `${operation === stuck ? '→ ' : ''}${callText(kernel, refuted.host, operation)}`);
    return { held: negated, decided: true, detail: `no order explains ${texts.join('; ')}` };
  }
  const unknown = verdicts.find(({ result }) => result.verdict === 'unknown');
  if (unknown && unknown.result.verdict === 'unknown') return { held: false, decided: false, detail: unknown.result.reason };
  const calls = verdicts.reduce((sum, { history }) => sum + history.length, 0);
  return { held: !negated, decided: true, detail: `${calls} calls have an order` };
}

/** A specification that fails to run decides nothing. */
function check(history: readonly HistoryOperation[], model: SequentialModel, shouldStop?: () => boolean): LinearizabilityResult {
  try {
    return checkLinearizable(history, model, { shouldStop });
  } catch (failure) {
    if (failure instanceof RuntimeFailure) return { verdict: 'unknown', reason: `the specification fails: ${failure.message}` };
    throw failure;
  }
}

function historyOf(kernel: Kernel, host: DeploymentHost, code: SpecificationCode): HistoryOperation[] {
  const history: HistoryOperation[] = [];
  for (const call of kernel.calls?.records ?? []) {
    if (call.deployment !== host.index) continue;
    const info = host.program.operations[call.operation];
    if (!info || !code.operations.some((operation) => operation.name === info.name)) continue;
    history.push({
      id: call.id,
      client: call.client,
      operation: info.name,
      key: '',
      args: host.program.fieldsOfOperation(call.operation, call.fields),
      // The order of invocations and answers, not their times: within one instant it is known too.
      call: call.invokedOrder,
      response: call.answeredAt < 0 ? null : call.answeredOrder,
      result: call.result,
    });
  }
  return history;
}

/** `Write(v: 3) by client[0] → ok`. */
function callText(kernel: Kernel, host: DeploymentHost, operation: HistoryOperation): string {
  const { program } = host;
  const info = program.operations.find((candidate) => candidate.name === operation.operation);
  const fields = info?.fields ?? [];
  const args = fields.map((field, at) => `${field.name}: ${program.format(operation.args[at], field.type)}`).join(', ');
  const client = kernel.system.nodes[operation.client]?.name ?? operation.client;
  const unit = !info || info.result.kind === 'Unit';
  const result = operation.response === null ? 'no answer' : unit ? 'done' : program.format(operation.result, info.result);
  return `${operation.operation}(${args}) by ${client} gave ${result}`;
}
