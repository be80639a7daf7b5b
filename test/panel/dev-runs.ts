// What `dev-page.mjs` shows: messages as the extension would send them.

import { type Origin, protocolVersion, type ToPanel } from '../../src/panel/protocol.ts';
import { toViewModel } from '../../src/protocol/to-view-model.ts';
import { topologyView } from '../../src/protocol/topology-view.ts';
import { EventKind } from '../../src/simulator/trace.ts';
import { bankRun, faultyRun, madeUpResult, madeUpSystem, span, TraceBuilder } from './made-up-run.ts';

const origin: Origin = { uri: 'file:///bank.dsys', system: 'Bank', scenario: 'LeaderCrash', seed: 17 };

function run(heartbeatMs: number, durationMs: number): ToPanel {
  const { system, result } = bankRun(heartbeatMs, durationMs);
  const placeOf = ({ uri, start }: { uri: string; start: number }) => ({ uri, line: start, character: 0 });
  return { version: protocolVersion, type: 'show', origin, subject: { kind: 'run', run: toViewModel(system, result, placeOf) } };
}

export const messages: Readonly<Record<string, () => ToPanel>> = {
  bank: () => run(50, 30_000),
  wide: () => run(50, 30_000),
  busy: () => run(20, 30_000),
  /** Without a violation the view opens at the first fault: a crash. */
  crash: () => {
    const message = run(50, 30_000);
    if (message.subject.kind !== 'run') return message;
    const calm = { ...message.subject.run, verdicts: message.subject.run.verdicts.filter(({ passed }) => passed), passed: true };
    return { ...message, subject: { kind: 'run', run: calm } };
  },
  /** A thousand nodes, lost messages, a run-time error. */
  many: () => {
    const system = madeUpSystem({ groups: [{ name: 'peer', size: 1000 }] });
    const builder = new TraceBuilder(system.nodes.map(({ name }) => name));
    for (let link = 0; link < 900; link += 1) {
      const from = (link * 7) % 1000;
      const to = (link * 13 + 5) % 1000;
      builder.add(link * 2, EventKind.send, { node: from, peer: to, name: `Gossip${link % 9}`, link, detail: `rumor: ${link}` });
      const end = link % 11 === 0 ? EventKind.lose : EventKind.deliver;
      builder.add(link * 2 + 40, end, { node: to, peer: from, name: `Gossip${link % 9}`, link });
      if (link % 5 === 0) builder.add(link * 2 + 40, EventKind.state, { node: to, name: 'rumors', detail: `{${link}, ${link + 1}}` });
    }
    const plain = madeUpResult(builder.build());
    const error = {
      message: 'index 3 of a list of 2 elements',
      span,
      node: 'peer[4]',
      time: 1_800_000_000,
      kind: 'error' as const,
      deployment: 0,
    };
    const result = { ...plain, passed: false, shown: plain.shown && { ...plain.shown, error } };
    const place = { uri: span.uri, line: 3, character: 4 };
    return { version: protocolVersion, type: 'show', origin, subject: { kind: 'run', run: toViewModel(system, result, () => place) } };
  },
  /** Every kind of fault that lasts, and every kind of verdict. */
  faults: () => {
    const { system, result } = faultyRun();
    return { version: protocolVersion, type: 'show', origin, subject: { kind: 'run', run: toViewModel(system, result, () => null) } };
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
