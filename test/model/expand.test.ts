import { describe, expect, it } from 'vitest';
import { expand, type Overrides, spanKey } from '../../src/model/expand.ts';
import type { System } from '../../src/model/system.ts';
import type { SystemCode } from '../../src/model/system-code.ts';
import {
  at,
  attributes,
  binary,
  constant,
  group,
  intrinsic,
  link,
  literal,
  nodeGroup,
  protocolCode,
  run,
  scenario,
  shape,
  span,
  systemCode,
  zone,
} from '../support/code.ts';

const INT = { kind: 'Int' } as const;
const QUORUM = { kind: 'Quorum' } as const;
const NODES = { kind: 'Set', of: { kind: 'Node' } } as const;

function system(code: SystemCode, overrides?: Overrides): System {
  const { system: expanded, findings } = expand(code, overrides);
  expect(findings).toEqual([]);
  return expanded as System;
}

const codes = (code: SystemCode): string[] => expand(code).findings.map((finding) => finding.code);
const edges = ({ network }: System): string[] =>
  Array.from(network.from, (from, i) => `${from}${network.directed[i] ? '>' : '-'}${network.to[i]}`);
const zoneCode = (name: string, parent: string | null = null) => ({ name, parent, attributes: [], span: span(), nameSpan: span() });

describe('nodes', () => {
  it('are named, placed round-robin and weighed', () => {
    const { nodes, zones, groups } = system(
      systemCode({
        zones: [zoneCode('eu'), zoneCode('eu1', 'eu'), zoneCode('eu2', 'eu'), zoneCode('us')],
        groups: [
          nodeGroup('replica', 3, {
            placement: { spread: false, zones: ['eu1', 'us'], span: span() },
            attributes: attributes({ weight: { kind: 'list', items: [1, 2, 3] } }),
          }),
          nodeGroup('spare', 4, { placement: { spread: true, zones: ['eu', 'us'], span: span() } }),
          nodeGroup('primary', null),
        ],
      }),
    );
    expect(nodes.map((node) => node.name)).toEqual([
      'replica[0]',
      'replica[1]',
      'replica[2]',
      'spare[0]',
      'spare[1]',
      'spare[2]',
      'spare[3]',
      'primary',
    ]);
    expect(nodes.map((node) => node.zone)).toEqual([1, 3, 1, 1, 2, 3, 1, -1]);
    expect(nodes.map((node) => node.weight)).toEqual([1, 2, 3, 1, 1, 1, 1, 1]);
    expect(zones.map((item) => item.nodes)).toEqual([[0, 2, 3, 4, 6], [0, 2, 3, 6], [4], [1, 5]]);
    expect(groups[0]).toMatchObject({ first: 0, size: 3, sizeIsLiteral: true });
  });

  it('have sizes from constants, which may be overridden, as may the sizes', () => {
    const code = systemCode({
      constants: [
        { name: 'f', value: literal(2), span: span(), nameSpan: span() },
        { name: 'n', value: binary(binary(literal(3), '*', constant('f')), '+', literal(1)), span: span(), nameSpan: span() },
      ],
      groups: [nodeGroup('replica', constant('n'))],
    });
    expect(system(code).nodes.length).toBe(7);
    expect(system(code).groups[0]?.sizeIsLiteral).toBe(false);
    expect(system(code, { constants: { f: 1 } }).nodes.length).toBe(4);
    expect(system(code, { groupSizes: { replica: 9 } }).nodes.length).toBe(9);
  });

  it('must have possible sizes and attributes', () => {
    expect(codes(systemCode({ groups: [nodeGroup('replica', 0)] }))).toEqual(['DS2003']);
    expect(codes(systemCode({ groups: [nodeGroup('replica', 3, { attributes: attributes({ availability: 1.5 }) })] }))).toEqual(['DS2002']);
    expect(
      codes(systemCode({ groups: [nodeGroup('a', 3, { attributes: attributes({ weight: { kind: 'list', items: [1] } }) })] })),
    ).toEqual(['DS2005']);
    expect(codes(systemCode({ groups: [nodeGroup('a', binary(literal(1), '/', literal(0)))] }))).toEqual(['DS2001']);
  });
});

describe('the network', () => {
  const two = [nodeGroup('a', 3), nodeGroup('b', 2)];

  it('is complete without a link, with classes by kinds of nodes', () => {
    const { network } = system(
      systemCode({
        groups: two,
        channels: [{ from: group('a'), to: group('b'), directed: false, attributes: attributes({ latency: 80_000_000 }), span: span() }],
      }),
    );
    expect(network.complete).toBe(true);
    expect(network.from.length).toBe(0);
    expect(network.kinds).toBe(2);
    const latency = (x: number, y: number): unknown =>
      network.classes[network.pairClass[(network.kind[x] as number) * network.kinds + (network.kind[y] as number)] as number]?.latency;
    expect(latency(0, 3)).toEqual({ kind: 'constant', value: 80_000_000 });
    expect(latency(0, 1)).toEqual({ kind: 'constant', value: 1_000_000 });
  });

  it('has an edge a pair, once', () => {
    expect(edges(system(systemCode({ groups: two, links: [link(group('a'), group('a'))] })))).toEqual(['0-1', '0-2', '1-2']);
    const all = binary(group('a'), '+', group('b'), NODES);
    expect(edges(system(systemCode({ groups: two, links: [link(group('a'), all)] })))).toHaveLength(3 + 6);
    expect(edges(system(systemCode({ groups: two, links: [link(group('b'), group('b'), {}, true)] })))).toEqual(['3>4', '4>3']);
  });

  it('lets the later link win, for both directions or one', () => {
    const again = system(systemCode({ groups: two, links: [link(group('a'), group('a'), { loss: 0.1 }), shape('ring', [group('a')])] }));
    expect(edges(again)).toEqual(['0-1', '1-2', '2-0']);
    expect(again.network.classes.map((item) => item.loss)).toEqual([0]);
    const oneWay = system(
      systemCode({
        groups: two,
        links: [
          link(group('b'), group('b'), { loss: 0.1 }),
          link(at(group('b'), literal(0), { kind: 'Node' }), at(group('b'), literal(1), { kind: 'Node' }), { loss: 0.2 }, true),
        ],
      }),
    );
    expect(edges(oneWay)).toEqual(['4>3', '3>4']);
    expect(Array.from(oneWay.network.linkClass, (index) => oneWay.network.classes[index]?.loss)).toEqual([0.1, 0.2]);
  });

  it('splits a two-way link where a one-way channel crosses it', () => {
    const split = system(
      systemCode({
        groups: two,
        links: [link(group('a'), group('b'))],
        channels: [
          { from: group('a'), to: group('b'), directed: true, attributes: attributes({ loss: 0.5 }), span: span() },
          {
            from: at(group('a'), literal(0), { kind: 'Node' }),
            to: group('b'),
            directed: false,
            attributes: attributes({ loss: 0.7 }),
            span: span(),
          },
        ],
      }),
    );
    const loss = (from: number, to: number): number | undefined => {
      const index = Array.from(split.network.from).findIndex(
        (a, i) => (a === from && split.network.to[i] === to) || (!split.network.directed[i] && a === to && split.network.to[i] === from),
      );
      return split.network.classes[split.network.linkClass[index] as number]?.loss;
    };
    expect([loss(1, 3), loss(3, 1)]).toEqual([0.5, 0]);
    // The later channel overrides the earlier one.
    expect([loss(0, 3), loss(3, 0)]).toEqual([0.7, 0.7]);
  });

  it('reports shapes that cannot be, links that link nothing and channels that cross nothing', () => {
    expect(codes(systemCode({ groups: two, links: [shape('hypercube', [group('a')])] }))).toEqual(['DS2007']);
    expect(codes(systemCode({ groups: two, links: [shape('random', [group('a')], { degree: 3 })] }))).toEqual(['DS2007']);
    expect(codes(systemCode({ groups: [nodeGroup('x', null)], links: [link(group('x'), group('x'))] }))).toEqual(['DS2012']);
    expect(
      codes(
        systemCode({
          groups: two,
          links: [link(group('a'), group('a'))],
          channels: [{ from: group('a'), to: group('b'), directed: false, attributes: attributes({ loss: 0.5 }), span: span() }],
        }),
      ),
    ).toEqual(['DS2013']);
  });

  it('expands a thousand nodes fast', () => {
    const mesh = systemCode({ groups: [nodeGroup('a', 1_000)], links: [link(group('a'), group('a'))] });
    const sparse = systemCode({ groups: [nodeGroup('a', 1_000)], links: [shape('random', [group('a')], { degree: 20 })] });
    const layered = systemCode({ groups: [nodeGroup('a', 1_000)], links: [link(group('a'), group('a')), shape('ring', [group('a')])] });
    for (const [code, limit, count] of [
      [mesh, 3_000, 499_500],
      [sparse, 3_000, 10_000],
      [layered, 3_000, 499_500],
    ] as const) {
      const start = performance.now();
      expect(expand(code).system?.network.from.length).toBe(count);
      // Generous: the machine that runs the tests is shared. The benchmark says how fast it is.
      expect(performance.now() - start).toBeLessThan(limit);
    }
  });
});

describe('faults', () => {
  it('are budgets over nodes and zones, with their places, and can be overridden', () => {
    const count = literal(1);
    const code = systemCode({
      zones: [zoneCode('eu'), zoneCode('us')],
      groups: [nodeGroup('a', 4, { placement: { spread: false, zones: ['eu', 'us'], span: span() } })],
      faultModels: [
        {
          name: 'F',
          span: span(),
          nameSpan: span(),
          budgets: [
            { kind: 'crash', count, targets: group('a'), zones: [], attributes: attributes({ recovers: true }), span: span() },
            { kind: 'outage', count: literal(1), targets: zone('eu'), zones: ['us', 'eu'], attributes: [], span: span() },
            { kind: 'partition', attributes: attributes({ heals: 5 }), span: span() },
            { kind: 'loss', probability: literal(0.1), targets: null, span: span() },
          ],
        },
      ],
    });
    expect(system(code).faultModels[0]?.budgets).toMatchObject([
      { kind: 'crash', count: 1, nodes: [0, 1, 2, 3], recovers: true, side: 'both', countIsLiteral: true, countSpan: count.span },
      { kind: 'outage', count: 1, zones: [0, 1], recovers: false },
      { kind: 'partition', heals: 5 },
      { kind: 'loss', probability: 0.1, nodes: null },
    ]);
    expect(system(code, { budgetCounts: { [spanKey(count.span)]: 3 } }).faultModels[0]?.budgets[0]).toMatchObject({ count: 3 });
  });
});

describe('deployments', () => {
  const protocol = protocolCode('P', {
    parameters: [
      {
        name: 'fanout',
        type: INT,
        value: binary({ kind: 'given', name: 'n', type: INT, span: span() }, '-', literal(1)),
        span: span(),
        documentation: '',
      },
      {
        name: 'twice',
        type: INT,
        value: binary({ kind: 'parameter', name: 'fanout', type: INT, span: span() }, '*', literal(2)),
        span: span(),
        documentation: '',
      },
    ],
    quorums: [
      {
        name: 'Majority',
        value: intrinsic('majority', QUORUM, { kind: 'given', name: 'members', type: NODES, span: span() }),
        span: span(),
        nameSpan: span(),
      },
    ],
  });

  it('evaluate defaults over n and earlier parameters, and quorums over members', () => {
    const code = systemCode({ groups: [nodeGroup('x', 1), nodeGroup('a', 3)], runs: [run('P', group('a'))], protocols: [protocol] });
    const [deployment] = system(code).deployments;
    expect(deployment?.members).toEqual([1, 2, 3]);
    expect(deployment?.arguments).toMatchObject([
      { name: 'fanout', value: 2, span: null },
      { name: 'twice', value: 4 },
    ]);
    expect(deployment?.quorums[0]?.system).toMatchObject({ kind: 'atleast', count: 2, of: [{ node: 1 }, { node: 2 }, { node: 3 }] });
    expect(system(code, { arguments: { '0.fanout': 5 } }).deployments[0]?.arguments).toMatchObject([{ value: 5 }, { value: 10 }]);
  });

  it('keep a quorum that cannot be evaluated as null, with a finding', () => {
    const broken = {
      ...protocol,
      quorums: [
        {
          name: 'Q',
          value: intrinsic('atleast', QUORUM, literal(-1), { kind: 'given', name: 'members', type: NODES, span: span() }),
          span: span(),
          nameSpan: span(),
        },
      ],
    };
    const { system: expanded, findings } = expand(
      systemCode({ groups: [nodeGroup('a', 3)], runs: [run('P', group('a'))], protocols: [broken] }),
    );
    expect(findings.map((finding) => finding.code)).toEqual(['DS2001']);
    expect(expanded?.deployments[0]?.quorums).toMatchObject([{ name: 'Q', system: null }]);
  });
});

describe('scenarios', () => {
  it('have actions in order of time and values to vary', () => {
    const crash = (time: number, index: number) => ({
      at: literal(time),
      action: 'crash' as const,
      sets: [{ name: 'nodes', value: at(group('a'), literal(index), { kind: 'Node' as const }) }],
      options: attributes({ for: 7 }),
      zone: null,
      behavior: null,
      message: null,
      when: null,
      choice: null,
      span: span(),
    });
    const code = systemCode({
      groups: [nodeGroup('a', 3)],
      scenarios: [
        scenario('S', {
          attributes: attributes({ duration: 100, seeds: 5 }),
          vary: { name: 'n', values: literal({ kind: 'list', items: [1, 2] }), span: span() },
          actions: [crash(50, 1), crash(10, 0)],
        }),
        scenario('Late', { attributes: attributes({ duration: 100 }), actions: [crash(100, 0)] }),
      ],
    });
    const { system: expanded, findings } = expand(code);
    expect(expanded?.scenarios[0]).toMatchObject({
      duration: 100,
      seeds: 5,
      vary: { name: 'n', values: [1, 2] },
      actions: [
        { at: 10, action: { kind: 'crash', nodes: [0], for: 7 } },
        { at: 50, action: { kind: 'crash', nodes: [1] } },
      ],
    });
    expect(findings.map((finding) => finding.code)).toEqual(['DS2010']);
  });
});
