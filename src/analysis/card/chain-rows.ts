import { counted, formatDuration, formatNumber } from '../../base/units.ts';
import { amplificationOf } from '../timing/amplification.ts';
import type { Hop } from '../timing/chain-code.ts';
import { type HopTimes, hopTimes, leastTrip, soonest } from '../timing/chain-times.ts';
import type { CardRow, CardSubject } from './section.ts';

/** The waits that each call passes, the client's first, and how many requests retries can make of one call. */
export function chainRows({ system, deployment, facts }: CardSubject): CardRow[] {
  return system.workloads.flatMap((workload) =>
    workload.calls.flatMap((call): CardRow[] => {
      if (call.deployment !== deployment.index || call.timeout === null) return [];
      const chain = hopTimes(system, deployment, call.operation, facts.work(4)) ?? [];
      if (chain.length === 0) return [];
      const trip = leastTrip(system, workload.clients, call, facts.work(4));
      const attempts = call.retries + 1;
      const client = `call ${attempts === 1 ? '' : `${formatNumber(attempts)} × `}${formatDuration(call.timeout)}`;
      const heard = chain.map((times) => soonest(system, deployment, times.shortest) + times.way + trip);
      const amplified = amplificationOf(system, workload, call, facts.work(4));
      const requests = amplified?.multiplies ? (amplified.layers.at(-1)?.requests ?? 1) : null;
      return [
        {
          label: `waits of \`${call.operation}\` of \`${workload.name}\``,
          value: [client, ...chain.map(waitWords)].join(' → '),
          notes: [
            ...chain.map(
              ({ hop }, i) =>
                `What \`${hop.timer}\` does reaches the client ${formatDuration(heard[i] ?? 0)} after the call at the earliest.`,
            ),
            ...(requests === null
              ? []
              : [`With no answer at all one call becomes up to ${counted(requests, 'request')} at the last of them.`]),
          ],
          data: {
            operation: call.operation,
            timeout: call.timeout,
            attempts,
            timers: chain.map(({ hop }) => hop.timer).join(' '),
            least_heard: heard.reduce((a, b) => Math.min(a, b)),
            requests,
          },
        },
      ];
    }),
  );
}

function waitWords({ hop, shortest, longest }: HopTimes): string {
  const range = shortest === longest ? formatDuration(shortest) : `${formatDuration(shortest)} to ${formatDuration(longest)}`;
  return `${place(hop)} waits ${range} for \`${hop.asks}\``;
}

function place({ by, timer }: Hop): string {
  return by.role === null ? `\`${timer}\`` : `\`${by.role}\``;
}
