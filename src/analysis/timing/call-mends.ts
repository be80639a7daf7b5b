import { durationLiteral } from '../../base/units.ts';
import type { System, Workload, WorkloadCall } from '../../model/system.ts';
import type { CallCode } from '../../model/system-code.ts';
import type { SystemUnderCheck } from '../checks.ts';
import type { Candidate } from '../mend-candidates.ts';

/** Longer time limits of a call, where one is written for it. */
export function* longerTimeouts({ code }: SystemUnderCheck, call: WorkloadCall): Generator<Candidate> {
  const attribute = codeOf(
    code.workloads.flatMap(({ calls }) => calls),
    call,
  )?.attributes.find(({ name }) => name === 'timeout');
  if (attribute === undefined || attribute.value.kind !== 'literal' || call.timeout === null) return;
  const { timeout } = call;
  for (const factor of [2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000]) {
    const text = durationLiteral(timeout * factor);
    yield {
      title: `Raise the timeout of \`${call.operation}\` to ${text}`,
      edits: [{ span: attribute.value.span, text }],
      cost: factor,
      weakens: false,
      key: `timeout ${call.span.start} ${text}`,
      overrides: null,
      change: (system) => ({
        ...system,
        workloads: system.workloads.map((workload) => ({
          ...workload,
          calls: workload.calls.map((each) => (each.span.start === call.span.start ? { ...each, timeout: timeout * factor } : each)),
        })),
      }),
    };
  }
}

function codeOf(calls: readonly CallCode[], { span }: WorkloadCall): CallCode | undefined {
  return calls.find((call) => call.span.start === span.start && call.span.uri === span.uri);
}

/** The same call in a system that was changed. */
export function callAt(system: System, { span }: WorkloadCall): { readonly workload: Workload; readonly call: WorkloadCall } | null {
  for (const workload of system.workloads) {
    const call = workload.calls.find((each) => each.span.start === span.start);
    if (call !== undefined) return { workload, call };
  }
  return null;
}
