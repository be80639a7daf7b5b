// The topology as a picture: zones as boxes, nodes with their state at the cursor, links.

import type { TopologyView } from '../protocol/view-model.ts';
import type { NodeStatus } from './at-cursor.ts';
import { counted } from './describe.ts';
import { h, svg, tableBesideChart } from './dom.ts';
import { statusText } from './fault-words.ts';
import { bendOf, type Layout, layOut, type Point } from './layout.ts';

export class TopologyChart {
  readonly element: HTMLElement;
  private readonly marks: SVGGElement[];
  private statuses: readonly NodeStatus[] = [];
  private selected = -1;
  private readonly table;

  constructor(
    private readonly topology: TopologyView,
    select: (node: number) => void,
  ) {
    const layout = layOut(topology);
    this.marks = topology.nodes.map((node, index) => {
      const { x, y } = layout.nodes[index] as Point;
      return svg(
        'g',
        {
          class: 'node up',
          transform: `translate(${x} ${y})`,
          tabindex: index === 0 ? 0 : -1,
          role: 'button',
          onclick: () => select(index),
          onkeydown: (event: KeyboardEvent) => this.key(event, index, select),
        },
        svg('circle', { r: 11 }),
        svg('path', { class: 'down-mark', d: 'M-5 -5 5 5M5 -5 -5 5' }),
        svg('path', { class: 'pause-mark', d: 'M-3 -5V5M3 -5V5' }),
        layout.dense ? svg('title', {}, node.name) : svg('text', { y: 26, 'text-anchor': 'middle' }, node.name),
      );
    });
    const picture = svg(
      'svg',
      {
        class: 'topology-picture',
        viewBox: `0 0 ${layout.width} ${layout.height}`,
        role: 'group',
        'aria-label': `Topology of ${topology.system}: ${counted(topology.nodes.length, 'node')}, ${counted(topology.zones.length, 'zone')}`,
      },
      ...zoneBoxes(topology, layout),
      svg('g', { class: 'links', 'aria-hidden': 'true' }, ...links(topology, layout)),
      ...this.marks,
    );
    // A small topology is not blown up, a large one shrinks to the width there is.
    picture.style.maxWidth = `${Math.ceil(layout.width * 1.25)}px`;
    // Names stay readable in a picture that is shrunk, as far as they then leave each other room.
    new ResizeObserver(([entry]) => {
      const size = entry?.contentRect;
      if (!size || size.width === 0) return;
      const scale = Math.min(size.width / layout.width, size.height / layout.height);
      picture.style.setProperty('--label-size', `${Math.min(17, Math.max(9, 11 / scale))}px`);
    }).observe(picture);
    this.table = tableBesideChart('Nodes as a table', ['Node', 'Zone', 'State', 'Links to'], () => this.rows());
    this.element = h(
      'section',
      { class: 'topology', 'aria-label': 'Topology' },
      h('h2', {}, 'Topology'),
      h('p', { class: 'note' }, linkNote(topology)),
      h('div', { class: 'topology-frame' }, picture),
      this.table.element,
    );
    this.update(
      topology.nodes.map(() => 'up'),
      -1,
    );
  }

  /** One tab stop for all nodes: the arrows go from node to node, or a thousand nodes would hold the keyboard captive. */
  private key(event: KeyboardEvent, index: number, select: (node: number) => void): void {
    const step = ['ArrowRight', 'ArrowDown'].includes(event.key) ? 1 : ['ArrowLeft', 'ArrowUp'].includes(event.key) ? -1 : 0;
    if (step === 0 && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    const next = Math.min(this.marks.length - 1, Math.max(0, index + step));
    this.marks[next]?.focus();
    select(next);
  }

  /** Shows the state of each node and which one is selected (-1: none). */
  update(statuses: readonly NodeStatus[], selected: number): void {
    const tabStop = Math.max(0, selected);
    this.marks.forEach((mark, node) => {
      mark.setAttribute('tabindex', node === tabStop ? '0' : '-1');
      const status = statuses[node] ?? 'up';
      if (status === this.statuses[node] && (selected === node) === (this.selected === node)) return;
      mark.setAttribute('class', `node ${status}${selected === node ? ' selected' : ''}`);
      mark.setAttribute('aria-label', `${this.topology.nodes[node]?.name}, ${statusText(status)}`);
      mark.setAttribute('aria-pressed', String(selected === node));
    });
    this.statuses = statuses;
    this.selected = selected;
    this.table.refresh();
  }

  private rows(): readonly (readonly string[])[] {
    const { nodes, zones, links: edges, complete } = this.topology;
    return nodes.map((node, index) => {
      const peers = complete
        ? ['every other node']
        : edges.flatMap(({ from, to, directed }) =>
            from === index ? [nodes[to]?.name ?? ''] : to === index && !directed ? [nodes[from]?.name ?? ''] : [],
          );
      return [node.name, zones[node.zone]?.name ?? '', statusText(this.statuses[index] ?? 'up'), [...new Set(peers)].join(', ')];
    });
  }
}

function linkNote({ complete, links: edges, nodes }: TopologyView): string {
  return complete
    ? `${counted(nodes.length, 'node')}, every two linked`
    : `${counted(nodes.length, 'node')}, ${counted(edges.length, 'link')}`;
}

function zoneBoxes(topology: TopologyView, layout: Layout): readonly SVGGElement[] {
  return [...layout.zones]
    .sort((a, b) => a.depth - b.depth)
    .map(({ zone, x, y, width, height, depth }) =>
      svg(
        'g',
        { class: `zone depth-${Math.min(2, depth)}`, 'aria-hidden': 'true' },
        svg('rect', { x, y, width, height, rx: 6 }),
        svg('text', { x: x + 9, y: y + 17 }, topology.zones[zone]?.name ?? ''),
      ),
    );
}

/** Links above this number are drawn straight: to look for nodes in the way of each costs time, and bends would not help. */
const bentLinksMax = 1_000;

function links(topology: TopologyView, layout: Layout): readonly SVGElement[] {
  const mayBend = topology.links.length <= bentLinksMax;
  return topology.links.map(({ from, to, directed, label }) => {
    const a = layout.nodes[from] as Point;
    const b = layout.nodes[to] as Point;
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const bend = mayBend ? bendOf(layout.nodes, from, to) : 0;
    const middle = {
      x: (a.x + b.x) / 2 + ((a.y - b.y) / length) * bend,
      y: (a.y + b.y) / 2 + ((b.x - a.x) / length) * bend,
    };
    const curve = `M${a.x} ${a.y}Q${middle.x} ${middle.y} ${b.x} ${b.y}`;
    return svg('path', { class: 'link', d: directed ? curve + arrowHead(middle, b) : curve }, ...(label ? [svg('title', {}, label)] : []));
  });
}

/** The head of a directed link, at the receiver's rim. */
function arrowHead(from: Point, to: Point): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [tx, ty] = [to.x - ux * 13, to.y - uy * 13];
  const side = (sign: number): string => `M${tx} ${ty}L${tx - ux * 7 - sign * uy * 4} ${ty - uy * 7 + sign * ux * 4}`;
  return side(1) + side(-1);
}
