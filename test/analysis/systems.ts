import type { Span } from '../../src/base/source.ts';
import type { Budget, FaultModel, NodeFault, NodeGroup, System, Zone } from '../../src/model/system.ts';
import type { QuorumSystem } from '../../src/model/values.ts';

/** Systems as plain data, built by hand: for tests that need no text. */

export const nowhere: Span = { uri: 'test:', start: 0, end: 0 };

export interface Sketch {
  readonly nodes: number;
  readonly weights?: readonly number[];
  /** Parent index (-1 at the root) and the nodes directly in each zone. */
  readonly zones?: readonly { readonly parent: number; readonly nodes: readonly number[] }[];
  /** Undirected links; left out: complete. */
  readonly links?: readonly (readonly [number, number])[];
  /** Whether the links go one way only. */
  readonly directed?: boolean;
  /** How available each node is, by itself; left out: nothing is said. */
  readonly availability?: readonly number[];
  /** How available each zone is. */
  readonly zoneAvailability?: readonly number[];
}

export function sketch({ nodes, weights, zones = [], links, directed = false, availability, zoneAvailability }: Sketch): System {
  const inside = zones.map((zone) => new Set(zone.nodes));
  for (let z = zones.length - 1; z >= 0; z--) {
    const parent = zones[z]?.parent ?? -1;
    for (const node of inside[z] ?? []) inside[parent]?.add(node);
  }
  const zoneOf = (node: number): number => zones.findIndex((zone) => zone.nodes.includes(node));
  return {
    name: 'Test',
    uri: 'test:',
    span: nowhere,
    nameSpan: nowhere,
    seed: 1,
    constants: [],
    zones: zones.map(
      (zone, index): Zone => ({
        index,
        name: `z${index}`,
        parent: zone.parent,
        nodes: [...(inside[index] ?? [])].sort((a, b) => a - b),
        availability: zoneAvailability?.[index] ?? null,
        span: nowhere,
      }),
    ),
    groups: availability?.map((share, index) => single(index, share)) ?? [],
    nodes: Array.from({ length: nodes }, (_, index) => ({
      index,
      name: `v[${index}]`,
      group: availability === undefined ? 0 : index,
      position: availability === undefined ? index : 0,
      zone: zoneOf(index),
      weight: weights?.[index] ?? 1,
    })),
    network: {
      complete: links === undefined,
      from: Int32Array.from(links ?? [], ([from]) => from),
      to: Int32Array.from(links ?? [], ([, to]) => to),
      directed: new Uint8Array(links?.length ?? 0).fill(directed ? 1 : 0),
      linkClass: new Int32Array(links?.length ?? 0),
      classes: [
        {
          latency: { kind: 'constant', value: 0 },
          loss: 0,
          burst: null,
          duplicate: 0,
          reorder: 0,
          bandwidth: null,
          fifo: false,
          span: null,
        },
      ],
      kind: new Int32Array(nodes),
      kinds: 1,
      pairClass: new Int32Array(1),
    },
    timing: { model: 'asynchronous', delay: null, gst: null, span: null },
    quorums: [],
    faultModels: [],
    protocols: [],
    adversaries: [],
    specifications: [],
    deployments: [],
    workloads: [],
    scenarios: [],
    expectedFindings: [],
  };
}

/** A group of one node that says how available it is. */
function single(index: number, availability: number): NodeGroup {
  return {
    index,
    name: `v[${index}]`,
    first: index,
    size: 1,
    span: nowhere,
    nameSpan: nowhere,
    sizeSpan: null,
    sizeIsLiteral: false,
    placement: [],
    placementSpan: null,
    attributes: { availability, mtbf: null, mttr: null, cpu: null, weights: [], drift: null, compromise: null },
  };
}

export function strike(kind: NodeFault, count: number, nodes: readonly number[]): Budget {
  return {
    kind,
    count,
    nodes,
    recovers: false,
    side: 'both',
    slowdown: 1,
    span: nowhere,
    countSpan: nowhere,
    countIsLiteral: true,
    targetsSpan: nowhere,
  };
}

export function outage(count: number, zones: readonly number[]): Budget {
  return { kind: 'outage', count, zones, recovers: false, span: nowhere, countSpan: nowhere, countIsLiteral: true, targetsSpan: nowhere };
}

export function faults(...budgets: readonly Budget[]): FaultModel {
  return { name: 'Faults', span: nowhere, nameSpan: nowhere, budgets };
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
export const node = (index: number): QuorumSystem => ({ kind: 'node', node: index });
export const atleast = (count: number, of: readonly (QuorumSystem | number)[]): QuorumSystem => ({
  kind: 'atleast',
  count,
  of: of.map((part) => (typeof part === 'number' ? node(part) : part)),
});
export const weighted = (threshold: number, weights: readonly number[]): QuorumSystem => ({
  kind: 'weighted',
  threshold,
  nodes: range(weights.length),
  weights,
});
