import { describe, expect, test } from 'vitest';
import { toViewModel } from '../../src/protocol/to-view-model.ts';
import { outcome } from '../../src/protocol/view-model.ts';
import { EventKind } from '../../src/simulator/trace.ts';
import { bankRun, madeUpResult, madeUpSystem, span, TraceBuilder } from '../panel/made-up-run.ts';

const system = madeUpSystem({ zones: [{ name: 'eu', parent: -1 }], groups: [{ name: 'a', size: 3, zones: [0] }] });
const trace = (): TraceBuilder => new TraceBuilder(system.nodes.map((node) => node.name));
const placeOf = ({ uri, start }: { uri: string; start: number }) => ({ uri, line: start, character: 0 });

describe('messages', () => {
  const view = toViewModel(
    system,
    madeUpResult(
      trace()
        .add(1, EventKind.send, { node: 0, peer: 1, name: 'Ping', link: 1, detail: 'n: 1' })
        .add(1, EventKind.send, { node: 0, peer: 2, name: 'Ping', link: 2, detail: 'n: 1' })
        .add(2, EventKind.send, { node: 2, peer: 0, name: 'Pong', link: 3 })
        .add(3, EventKind.deliver, { node: 1, peer: 0, name: 'Ping', link: 1 })
        .add(4, EventKind.lose, { node: 2, peer: 0, name: 'Ping', link: 2 })
        .add(5, EventKind.deliver, { node: 1, peer: 0, name: 'Ping', link: 1 })
        .build(),
    ),
    placeOf,
  );

  test('a send and its end are one row, a duplicate has a row of its own', () => {
    expect(view.messages.from).toEqual([0, 0, 2, 0]);
    expect(view.messages.to).toEqual([1, 2, 0, 1]);
    expect(view.messages.sentMs).toEqual([1, 1, 2, 1]);
    expect(view.messages.endMs).toEqual([3, 4, 5, 5]);
    expect(view.messages.outcome).toEqual([outcome.delivered, outcome.lost, outcome.inFlight, outcome.delivered]);
    expect(view.messages.type.map((type) => view.messageTypes[type])).toEqual(['Ping', 'Ping', 'Pong', 'Ping']);
    expect(view.texts[view.messages.text[0] as number]).toBe('n: 1');
  });
  test('losses are in the log, sends and deliveries are not', () => {
    expect(view.events.kind.map((kind) => view.eventKinds[kind])).toEqual(['lost']);
    expect(view.texts[view.events.text[0] as number]).toBe('Ping from a[0]');
  });
});

describe('faults', () => {
  test('the log says when one of a node is over', () => {
    const builder = trace()
      .add(1, EventKind.pause, { node: 0, detail: '2s' })
      .add(2, EventKind.drift, { node: 1, detail: '+2 %' })
      .add(3, EventKind.pause, { node: 0 })
      .add(4, EventKind.drift, { node: 1 });
    const { events, eventKinds, texts } = toViewModel(system, madeUpResult(builder.build()), placeOf);
    const rows = events.kind.map((kind, row) => `${eventKinds[kind]} ${texts[events.text[row] as number]}`);
    expect(rows).toEqual(['pause 2s', 'clock drift +2 %', 'pause over', 'clock drift over']);
  });

  test('of links last until they end, or all cuts heal, and concern the nodes that they name', () => {
    const { bands } = toViewModel(
      system,
      madeUpResult(
        trace()
          .add(1, EventKind.links, { name: 'slow', link: 1, detail: '{a[0]} – {a[1]}, ×10' })
          .add(2, EventKind.links, { name: 'disconnect', link: 2, detail: '{a[0]} – {a[1], a[2]}' })
          .add(3, EventKind.slow, { node: 0 })
          .add(4, EventKind.links, { name: 'lose', link: 3, detail: '{a[1]} → {a[2]}, Vote, 30%' })
          .add(5, EventKind.heal)
          .add(6, EventKind.linksEnd, { name: 'slow', link: 1 })
          .add(9, EventKind.start, { node: 0 })
          .build(),
      ),
      placeOf,
    );
    expect(bands).toEqual([
      { kind: 'slow', label: 'slow {a[0]} – {a[1]}, ×10', fromMs: 1, toMs: 6, nodes: [0, 1] },
      { kind: 'partition', label: 'disconnect {a[0]} – {a[1], a[2]}', fromMs: 2, toMs: 5, nodes: [0, 1, 2] },
      { kind: 'omission', label: 'lose {a[1]} → {a[2]}, Vote, 30%', fromMs: 4, toMs: 9, nodes: [1, 2] },
    ]);
  });

  test('each lasts from its beginning to its end, or to the end of the run', () => {
    const { bands } = toViewModel(
      system,
      madeUpResult(
        trace()
          .add(1, EventKind.crash, { node: 1 })
          .add(2, EventKind.outage, { name: 'eu', link: 7 })
          .add(2, EventKind.crash, { node: 0 })
          .add(3, EventKind.partition, { link: 8, detail: 'a[0] | a[1], a[2]' })
          .add(4, EventKind.recover, { node: 1 })
          .add(5, EventKind.outageEnd, { name: 'eu', link: 7 })
          .add(9, EventKind.start, { node: 0 })
          .build(),
      ),
      placeOf,
    );
    expect(bands.map(({ kind, fromMs, toMs, nodes }) => ({ kind, fromMs, toMs, nodes }))).toEqual([
      { kind: 'crash', fromMs: 1, toMs: 4, nodes: [1] },
      { kind: 'outage', fromMs: 2, toMs: 5, nodes: [0, 1, 2] },
      { kind: 'partition', fromMs: 3, toMs: 9, nodes: [0, 1, 2] },
    ]);
  });
});

describe('verdicts', () => {
  const { system: bank, result } = bankRun();
  const view = toViewModel(bank, result, placeOf);

  test('a violated property points at its moment in the shown run and at its line', () => {
    expect(view.verdicts[0]).toMatchObject({ text: 'ElectionSafety', passed: false, timeMs: 16_700, place: { uri: 'file:///raft.dsys' } });
    expect(view.verdicts[1]?.timeMs).toBeNull();
  });
  test('a verdict stands at the name of its property, a violation at the whole of it, in its own deployment', () => {
    const violation = { property: 'Few', kind: 'always' as const, span, detail: '', event: -1 };
    const violations = [
      { ...violation, deployment: 0, time: 2_000_000 },
      { ...violation, deployment: 1, time: 3_000_000 },
    ];
    const name = { ...span, start: span.start + 4, end: span.start + 7 };
    const verdict = { text: 'always Few', span: name, kind: 'always' as const, passed: false, detail: '', seed: 17 };
    const verdicts = [
      { ...verdict, deployment: 0 },
      { ...verdict, deployment: 1 },
      { ...verdict, kind: 'invariant' as const },
    ];
    const plain = madeUpResult(trace().add(4, EventKind.start, { node: 0 }).build(), { verdicts });
    const told = { ...plain, shown: plain.shown && { ...plain.shown, violations } };
    expect(toViewModel(system, told, placeOf).verdicts.map(({ timeMs }) => timeMs)).toEqual([2, 3, null]);
  });
  test('an expected violation points at its moment too', () => {
    const expectation = { ...span, start: 77 };
    const expecting = {
      ...system,
      scenarios: [
        {
          name: 'LeaderCrash',
          span,
          nameSpan: span,
          faults: null,
          duration: 1,
          seeds: 1,
          vary: null,
          calls: [],
          workloads: true,
          delays: 'drawn' as const,
          schedule: { kind: 'latency' as const },
          seed: null,
          actions: [],
          expectations: [
            { span: expectation, text: 'violated(Agreement)', expect: { kind: 'violated' as const, property: 'Agreement', deployment: 0 } },
          ],
        },
      ],
    };
    const plain = madeUpResult(trace().add(3, EventKind.start, { node: 0 }).build());
    const violations = [{ property: 'Agreement', deployment: 0, kind: 'invariant' as const, span, time: 2_000_000, detail: '', event: -1 }];
    const verdict = { text: 'violated(Agreement)', span: expectation, kind: 'expectation' as const, passed: true, detail: '', seed: null };
    const told = { ...plain, verdicts: [verdict], shown: plain.shown && { ...plain.shown, violations } };
    expect(toViewModel(expecting, told, placeOf).verdicts[0]?.timeMs).toBe(2);
  });
  test('metrics have a line for each thing counted', () => {
    expect(view.plots.map(({ title, lines }) => `${title}: ${lines.map(({ name }) => name).join(', ')}`)).toEqual([
      'Messages per second: sent, lost',
      'Calls per second: answered, without answer',
      'Latency of Submit: median, highest',
      'Events so far: Elected, Committed',
    ]);
  });
  test('it survives JSON: nothing in it is a typed array or a class', () => {
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});

describe('what went wrong', () => {
  test('a run-time error is said first, with its place', () => {
    const plain = madeUpResult(trace().build());
    const error = { message: 'index 3 of a list of 2', span, node: 'a[1]', time: 5, kind: 'error' as const, deployment: 0 };
    const view = toViewModel(system, { ...plain, shown: plain.shown && { ...plain.shown, error } }, placeOf);
    expect(view.problem).toBe('Run-time error at a[1]: index 3 of a list of 2');
    expect(view.problemPlace).toEqual({ uri: span.uri, line: span.start, character: 0 });
  });
  test('a run without a trace is still a view', () => {
    const view = toViewModel(system, madeUpResult(null), placeOf);
    expect(view.messages.type).toEqual([]);
    expect(view.durationMs).toBe(1);
  });
});

test('a variant with more nodes than the file shows the nodes that ran', () => {
  const ran = new TraceBuilder(['a[0]', 'a[1]', 'a[2]', 'a[3]'], ['eu', 'eu', 'eu', ''])
    .add(1, EventKind.outage, { name: 'eu', link: 1 })
    .build();
  const view = toViewModel(system, madeUpResult(ran), placeOf);
  expect(view.topology.nodes.map(({ name, zone }) => `${name} ${zone}`)).toEqual(['a[0] 0', 'a[1] 0', 'a[2] 0', 'a[3] -1']);
  expect(view.bands[0]?.nodes).toEqual([0, 1, 2]);
});
