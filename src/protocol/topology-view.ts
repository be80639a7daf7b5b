// The nodes, zones and links of a system as the panel draws them.

import type { LinkAttributes, System } from '../model/system.ts';
import type { Distribution } from '../model/values.ts';
import type { Trace } from '../simulator/trace.ts';
import { formatTime } from './format-time.ts';
import type { LinkView, TopologyView } from './view-model.ts';

/** More links than these make a black sheet, not a picture: the view keeps the first ones. */
const linksMax = 4_000;

export function topologyView(system: System): TopologyView {
  const { network } = system;
  const links: LinkView[] = [];
  if (!network.complete) {
    for (let link = 0; link < Math.min(network.from.length, linksMax); link += 1) {
      const attributes = network.classes[network.linkClass[link] as number];
      links.push({
        from: network.from[link] as number,
        to: network.to[link] as number,
        directed: network.directed[link] === 1,
        label: attributes ? linkLabel(attributes) : '',
      });
    }
  }
  return {
    system: system.name,
    nodes: system.nodes.map((node) => ({
      name: node.name,
      group: system.groups[node.group]?.name ?? '',
      zone: node.zone,
    })),
    zones: system.zones.map(({ name, parent }) => ({ name, parent })),
    links,
    complete: network.complete,
  };
}

/**
 * The topology that a trace was made on. A scenario that varies a constant may have run on other nodes than the system
 * as it stands; then the trace's own nodes are shown, without links.
 */
export function topologyOfRun(system: System, trace: Trace): TopologyView {
  const view = topologyView(system);
  const same = trace.nodes.length === view.nodes.length && trace.nodes.every((name, node) => name === view.nodes[node]?.name);
  if (same || trace.nodes.length === 0) return view;
  return {
    ...view,
    nodes: trace.nodes.map((name, node) => ({
      name,
      group: name.replace(/\[.*$/, ''),
      zone: view.zones.findIndex((zone) => zone.name === trace.zones[node]),
    })),
    links: [],
    complete: true,
  };
}

/** Attributes of a link in words: `5 ms, loss 1 %`. */
function linkLabel({ latency, loss, burst, duplicate, reorder }: LinkAttributes): string {
  const parts = [latencyText(latency)];
  if (loss > 0) parts.push(`loss ${percent(loss)}${burst === null ? '' : ` in bursts of ${burst}`}`);
  if (duplicate > 0) parts.push(`duplicates ${percent(duplicate)}`);
  if (reorder > 0) parts.push(`reorders ${percent(reorder)}`);
  return parts.filter(Boolean).join(', ');
}

/** A typical value of the distribution: what a reader of a picture wants to know of it. */
function latencyText(latency: Distribution): string {
  const time = (ns: number): string => formatTime(ns / 1e6);
  switch (latency.kind) {
    case 'constant':
      return time(latency.value);
    case 'uniform':
      return `${time(latency.min)} to ${time(latency.max)}`;
    case 'normal':
    case 'exponential':
      return `about ${time(latency.mean)}`;
    case 'lognormal':
      return `about ${time(latency.median)}`;
    case 'pareto':
      return `from ${time(latency.scale)}`;
    case 'empirical':
      return 'measured';
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
