// The faults of a trace that last, as bands from when they begin to when they end.

import { EventKind, type Trace } from '../simulator/trace.ts';
import type { BandKind, BandView, TopologyView } from './view-model.ts';

interface Begun {
  readonly kind: BandKind;
  readonly label: string;
  readonly fromMs: number;
  readonly nodes: readonly number[];
  /** What ends it: a number that the beginning and the end share, or -1. */
  readonly link: number;
  /** Whether a heal of everything ends it; undefined for what is no fault of links. */
  readonly heals?: boolean;
}

/** As what a fault of links is drawn, by its name in the trace. */
const linkBands: Readonly<Record<string, BandKind>> = { disconnect: 'partition', down: 'partition', lose: 'omission', hold: 'omission' };

/** A fault that nothing ends lasts to the end of the run. */
export function bandsOf(trace: Trace, topology: TopologyView, durationMs: number): readonly BandView[] {
  const bands: BandView[] = [];
  let begun: Begun[] = [];
  const everyNode = topology.nodes.map((_, node) => node);
  const end = (toMs: number, ends: (fault: Begun) => boolean): void => {
    for (const { link: _, heals: __, ...fault } of begun.filter(ends)) bands.push({ ...fault, toMs });
    begun = begun.filter((fault) => !ends(fault));
  };

  for (let event = 0; event < trace.length; event += 1) {
    const kind = trace.kind[event];
    const node = trace.node[event] as number;
    const link = trace.link[event] as number;
    const fromMs = (trace.time[event] as number) / 1e6;
    const name = trace.names[trace.name[event] as number] ?? '';
    const detail = trace.details[trace.detail[event] as number] ?? '';
    const nodeName = trace.nodes[node] ?? '';
    switch (kind) {
      case EventKind.crash:
        // A zone's outage takes its nodes down with it: its own band says so already.
        if (begun.some((fault) => fault.kind === 'outage' && fault.nodes.includes(node))) break;
        begun.push({ kind: 'crash', label: `${nodeName} crashed`, fromMs, nodes: [node], link });
        break;
      case EventKind.recover:
        end(fromMs, (fault) => fault.kind === 'crash' && fault.nodes[0] === node);
        break;
      case EventKind.outage:
        begun.push({ kind: 'outage', label: `outage of ${name}`, fromMs, nodes: nodesIn(topology, name), link });
        break;
      case EventKind.outageEnd:
        end(fromMs, (fault) => fault.kind === 'outage' && fault.link === link);
        break;
      case EventKind.partition:
        begun.push({ kind: 'partition', label: `partition ${detail}`.trim(), fromMs, nodes: everyNode, link, heals: true });
        break;
      case EventKind.heal:
        // A heal without a number heals every partition there is.
        end(fromMs, (fault) => (link < 0 ? fault.heals === true : fault.kind === 'partition' && fault.link === link));
        break;
      case EventKind.links: {
        const band = { kind: linkBands[name] ?? 'slow', label: `${name} ${detail}`, fromMs, nodes: namedIn(trace, detail), link };
        begun.push({ ...band, heals: name === 'disconnect' });
        break;
      }
      case EventKind.linksEnd:
        end(fromMs, (fault) => fault.heals !== undefined && fault.link === link);
        break;
      case EventKind.byzantine:
        end(fromMs, (fault) => fault.kind === 'byzantine' && fault.nodes[0] === node);
        // Without a behaviour it is the end of one.
        if (name || detail)
          begun.push({ kind: 'byzantine', label: `${nodeName} Byzantine: ${name || detail}`, fromMs, nodes: [node], link });
        break;
      case EventKind.pause:
        end(fromMs, (fault) => fault.kind === 'pause' && fault.nodes[0] === node);
        if (detail) begun.push({ kind: 'pause', label: `${nodeName} paused`, fromMs, nodes: [node], link });
        break;
      case EventKind.drift:
        end(fromMs, (fault) => fault.kind === 'clock' && fault.nodes[0] === node);
        if (detail) begun.push({ kind: 'clock', label: `${nodeName} clock ${detail}`, fromMs, nodes: [node], link });
        break;
      case EventKind.omit:
        end(fromMs, (fault) => fault.kind === 'omission' && fault.heals === undefined && fault.nodes[0] === node);
        if (detail) begun.push({ kind: 'omission', label: `${nodeName} loses ${detail}`, fromMs, nodes: [node], link });
        break;
      case EventKind.slow:
        end(fromMs, (fault) => fault.kind === 'slow' && fault.heals === undefined && fault.nodes[0] === node);
        if (name || detail) begun.push({ kind: 'slow', label: `${nodeName} slow ${detail || name}`, fromMs, nodes: [node], link });
        break;
    }
  }
  end(durationMs, () => true);
  return bands.sort((a, b) => a.fromMs - b.fromMs);
}

/** The nodes that a text names. */
function namedIn(trace: Trace, text: string): readonly number[] {
  const names = new Set(text.split(/[{},\s]+/));
  return trace.nodes.flatMap((name, node) => (names.has(name) ? [node] : []));
}

/** The nodes of a zone and of those inside it. */
function nodesIn(topology: TopologyView, zoneName: string): readonly number[] {
  const outer = topology.zones.findIndex(({ name }) => name === zoneName);
  const within = (zone: number): boolean => zone >= 0 && (zone === outer || within(topology.zones[zone]?.parent ?? -1));
  return topology.nodes.flatMap(({ zone }, node) => (within(zone) ? [node] : []));
}
