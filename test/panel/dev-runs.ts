// What `dev-page.mjs` shows: messages as the extension would send them.

import { type Origin, protocolVersion, type ToPanel } from '../../src/panel/protocol.ts';
import { toViewModel } from '../../src/protocol/to-view-model.ts';
import { topologyView } from '../../src/protocol/topology-view.ts';
import { bankRun, madeUpSystem } from './made-up-run.ts';

const origin: Origin = { uri: 'file:///bank.dsys', system: 'Bank', scenario: 'LeaderCrash', seed: 17 };

function run(heartbeatMs: number, durationMs: number): ToPanel {
  const { system, result } = bankRun(heartbeatMs, durationMs);
  const placeOf = ({ uri, start }: { uri: string; start: number }) => ({ uri, line: start, character: 0 });
  return { version: protocolVersion, type: 'show', origin, subject: { kind: 'run', run: toViewModel(system, result, placeOf) } };
}

export const messages: Readonly<Record<string, () => ToPanel>> = {
  bank: () => run(50, 30_000),
  wide: () => run(50, 30_000),
  busy: () => {
    const message = run(20, 30_000);
    if (message.subject.kind !== 'run') return message;
    return message;
  },
  ring: () => ({
    version: protocolVersion,
    type: 'show',
    origin,
    subject: {
      kind: 'topology',
      topology: topologyView(
        madeUpSystem({
          groups: [{ name: 'peer', size: 24 }],
          links: Array.from({ length: 24 }, (_, node) => [node, (node + 1) % 24] as const).concat(
            Array.from({ length: 4 }, (_, chord) => [chord * 6, chord * 6 + 3] as const),
          ),
        }),
      ),
    },
  }),
};
