import { formatRate } from '../../base/units.ts';
import type { System, Workload, WorkloadCall } from '../../model/system.ts';
import type { SystemCode } from '../../model/system-code.ts';
import { type Candidate, sizeMends } from '../mend-candidates.ts';
import type { Direction } from '../mends.ts';

/** What a node should have left for the waits to stay short: about four fifths of its time. */
const comfortable = 0.8;

/** Changes that may take load off: a lower rate of a call where it is written as a number, and more nodes to share it. */
export function loadDirections(code: SystemCode, system: System, call: WorkloadCall, excess: number): Direction[] {
  const sizes = system.groups
    .filter(({ first, size }) => call.targets.some((target) => target >= first && target < first + size))
    .map((group) => ({ candidates: [...sizeMends(group)].filter(({ cost }) => [1, 2, 4, 8, 16].includes(cost)), monotone: true }));
  return [{ candidates: rateMends(code, call, excess), monotone: false }, ...sizes];
}

function* rateMends(code: SystemCode, call: WorkloadCall, excess: number): Generator<Candidate> {
  const written = code.workloads.flatMap(({ calls }) => calls).find(({ span }) => span.start === call.span.start);
  const value = written?.attributes.find(({ name }) => name === 'rate')?.value;
  if (value?.kind !== 'literal' || call.rate === null || !Number.isFinite(excess)) return;
  for (const share of [comfortable, comfortable / 2, comfortable / 10]) {
    const rate = twoDigits((call.rate * share) / excess);
    if (!(rate > 0) || rate >= call.rate) continue;
    yield {
      title: `Lower the rate of \`${call.operation}\` from ${formatRate(call.rate)} to ${formatRate(rate)} a client`,
      edits: [{ span: value.span, text: formatRate(rate) }],
      cost: 1 / share,
      weakens: true,
      key: `rate ${call.span.start} ${rate}`,
      overrides: null,
      change: (tried) => ({ ...tried, workloads: tried.workloads.map((workload) => withRate(workload, call, rate)) }),
    };
  }
}

function withRate(workload: Workload, call: WorkloadCall, rate: number): Workload {
  return { ...workload, calls: workload.calls.map((each) => (each.span.start === call.span.start ? { ...each, rate } : each)) };
}

/** Rounded down to two significant digits, per second or, below one, per minute: `formatRate` writes it exactly. */
function twoDigits(rate: number): number {
  if (!(rate > 0)) return 0;
  if (rate < 1) return Math.floor(rate * 60) / 60;
  const unit = 10 ** (Math.floor(Math.log10(rate)) - 1);
  return Math.floor(rate / unit + 1e-9) * unit;
}
