import type { Span } from '../base/source.ts';
import { counted, formatNumber, formatRatio } from '../base/units.ts';
import { Attributes, bounds } from './attributes.ts';
import { EdgeList, grown, PairTable } from './edges.ts';
import type { ExpandContext } from './expand-context.ts';
import { expandShape } from './expand-shapes.ts';
import type { LinkAttributes, Network } from './system.ts';
import type { AttributeCode } from './system-code.ts';

/** Edges that one system may have: some hundred megabytes of columns. */
export const mostLinks = 10_000_000;

/** What a link is where nothing is written: 1 ms one way, nothing lost. */
export const defaultLink: LinkAttributes = {
  latency: { kind: 'constant', value: 1_000_000 },
  loss: 0,
  burst: null,
  duplicate: 0,
  reorder: 0,
  bandwidth: null,
  fifo: false,
  span: null,
};

/** Attributes as written in one place, and where `reorder` stands. */
type WrittenLink = Partial<LinkAttributes> & { readonly reorderSpan?: Span };

interface Channel {
  readonly from: ReadonlySet<number>;
  readonly to: ReadonlySet<number>;
  readonly directed: boolean;
  readonly attributes: WrittenLink;
  readonly span: Span;
  used: boolean;
}

/** All links with the attributes that their text and the channels across them give. */
export function expandNetwork(context: ExpandContext): Network {
  const channels = expandChannels(context);
  const kinds = nodeKinds(context.nodes.length, channels);
  if (context.code.links.length === 0) {
    const classes = new LinkClasses(context, [{}], channels, kinds);
    const pairClass = new Int32Array(kinds.count * kinds.count);
    for (let a = 0; a < kinds.count; a++) for (let b = 0; b < kinds.count; b++) pairClass[a * kinds.count + b] = classes.of(0, a, b);
    reportUnusedChannels(context, channels);
    return { ...columns(0), complete: true, classes: classes.list, kind: kinds.of, kinds: kinds.count, pairClass };
  }

  const links: WrittenLink[] = [];
  const edges = new LinkColumns();
  // One declaration never gives an edge twice; only several can, so only then is a table of pairs worth its time.
  const seen = context.code.links.length > 1 ? new PairTable(context.nodes.length) : null;
  context.code.links.forEach((link, declaration) => {
    links.push(linkAttributes(context, link.attributes, link.span));
    const written = expandEdges(context, declaration);
    if (written === null) return;
    if (edges.length + written.list.length > mostLinks) {
      context.report('DS2008', 'error', link.span, `The system has more than ${mostLinks.toLocaleString('en')} links.`, {
        help: 'Leave out every `link`, so that all nodes are linked without listing the pairs, or choose a sparser shape.',
      });
      return;
    }
    if (written.list.length === 0) {
      context.report('DS2012', 'warning', link.span, 'This `link` gives no link.', {
        why: 'Its nodes are none, or just one, and a node is not linked to itself.',
      });
    }
    written.list.forEach((from, to) => {
      addEdge(edges, seen, from, to, written.directed, declaration);
    });
  });

  const classes = new LinkClasses(context, links, channels, kinds);
  const network = withClasses(edges, classes, kinds);
  reportUnusedChannels(context, channels);
  return network;
}

/** Columns that grow. `from` is -1 for an edge that a later link replaced. */
class LinkColumns {
  from = new Int32Array(256);
  to = new Int32Array(256);
  directed = new Uint8Array(256);
  declaration = new Int32Array(256);
  length = 0;

  push(from: number, to: number, directed: boolean, declaration: number): number {
    const at = this.length;
    if (at === this.from.length) {
      this.from = grown(this.from, at * 2);
      this.to = grown(this.to, at * 2);
      this.declaration = grown(this.declaration, at * 2);
      const directions = new Uint8Array(at * 2);
      directions.set(this.directed);
      this.directed = directions;
    }
    this.from[at] = from;
    this.to[at] = to;
    this.directed[at] = directed ? 1 : 0;
    this.declaration[at] = declaration;
    this.length++;
    return at;
  }
}

/** Adds an edge; where a link for the same direction stands already, the later one replaces it. */
function addEdge(edges: LinkColumns, seen: PairTable | null, from: number, to: number, directed: boolean, declaration: number): void {
  if (!seen) {
    edges.push(from, to, directed, declaration);
    return;
  }
  const forward = seen.get(from, to);
  const backward = seen.get(to, from);
  if (forward >= 0 && edges.from[forward] !== -1) {
    const twoWay = edges.directed[forward] === 0;
    const old = edges.declaration[forward] as number;
    edges.from[forward] = -1;
    // A one-way link over a two-way one takes one direction and leaves the other as it was.
    if (twoWay && directed) seen.set(to, from, edges.push(to, from, true, old));
  }
  if (!directed && backward >= 0) edges.from[backward] = -1;
  const at = edges.push(from, to, directed, declaration);
  seen.set(from, to, at);
  if (!directed) seen.set(to, from, at);
}

/** The edges of one `link` declaration as node indices; null after a finding. */
function expandEdges(context: ExpandContext, declaration: number): { readonly list: EdgeList; readonly directed: boolean } | null {
  const link = context.code.links[declaration];
  if (!link) return null;
  if (link.edges.kind === 'shape') {
    const list = expandShape(context, link.edges, link.span, `link ${declaration}`);
    return list && { list, directed: false };
  }
  const from = context.nodeSet(link.edges.from);
  const to = context.nodeSet(link.edges.to);
  if (!from || !to) return null;
  const { directed } = link.edges;
  if (from.length * to.length > 2 * mostLinks) {
    context.report(
      'DS2008',
      'error',
      link.span,
      `This gives ${(from.length * to.length).toLocaleString('en')} pairs; a system has at most ${mostLinks.toLocaleString('en')} links.`,
    );
    return null;
  }
  const list = new EdgeList(from.length * to.length);
  const inFrom = new Set(from);
  const inTo = new Set(to);
  for (const a of from) {
    const mayRepeat = !directed && inTo.has(a);
    for (const b of to) {
      // Undirected, a pair inside both sets would come twice: the one in ascending order stands.
      if (a === b || (mayRepeat && a > b && inFrom.has(b))) continue;
      list.push(a, b);
    }
  }
  return { list, directed };
}

function linkAttributes(context: ExpandContext, code: readonly AttributeCode[], span: Span): WrittenLink {
  const attributes = new Attributes(context, code);
  const latency = attributes.distribution('latency');
  const loss = lossOf(context, attributes);
  const duplicate = attributes.number('duplicate', bounds.probability);
  const reorder = attributes.number('reorder', bounds.probability);
  const reorderSpan = attributes.span('reorder');
  const bandwidth = attributes.number('bandwidth', bounds.positive);
  return {
    ...(latency && { latency, span: attributes.span('latency') ?? span }),
    ...loss,
    ...(duplicate !== null && { duplicate }),
    ...(reorder !== null && reorderSpan && { reorder, reorderSpan }),
    ...(bandwidth !== null && { bandwidth }),
    ...(attributes.has('fifo') && { fifo: attributes.flag('fifo') }),
  };
}

/** Loss, and how long its bursts are: a chain that stays for L messages in its bad state spends at most L of L + 1 there. */
function lossOf(context: ExpandContext, attributes: Attributes): Pick<LinkAttributes, 'loss' | 'burst'> | null {
  const loss = attributes.number('loss', bounds.probability);
  if (loss === null || !attributes.has('length')) return loss === null ? null : { loss, burst: null };
  const burst = attributes.number('length', { allowed: '1 or more', holds: (x) => x >= 1 && Number.isFinite(x) });
  if (burst === null) return null;
  const most = burst / (burst + 1);
  if (loss <= most) return { loss, burst };
  const span = attributes.span('loss');
  if (span) {
    context.report(
      'DS2016',
      'error',
      span,
      `Bursts of ${formatNumber(burst)} on average cannot lose ${formatRatio(loss)}: at most ${formatRatio(floored(most))} are lost.`,
      {
        why: 'Between two bursts at least one message gets through, so that of length + 1 messages at most length are lost.',
        help: `Write a smaller share, or a length of ${loss < 1 ? formatNumber(Math.ceil(loss / (1 - loss))) : 'any size with a share below 100%'} or more.`,
        numbers: { loss, length: burst, most },
      },
    );
  }
  return null;
}

/** Cut to four digits, so that what is said to be possible is. */
const floored = (share: number): number => Math.floor(share * 10_000) / 10_000;

function expandChannels(context: ExpandContext): Channel[] {
  const channels: Channel[] = [];
  for (const code of context.code.channels) {
    const from = context.nodeSet(code.from);
    const to = context.nodeSet(code.to);
    const attributes = linkAttributes(context, code.attributes, code.span);
    if (!from || !to) continue;
    channels.push({ from: new Set(from), to: new Set(to), directed: code.directed, attributes, span: code.span, used: false });
  }
  return channels;
}

function reportUnusedChannels(context: ExpandContext, channels: readonly Channel[]): void {
  for (const channel of channels) {
    if (channel.used) continue;
    context.report('DS2013', 'warning', channel.span, 'No link crosses this channel, so its attributes apply to nothing.', {
      why: `A channel adds no link: it sets attributes of those between its ${counted(channel.from.size, 'node')} on one side and ${counted(channel.to.size, 'node')} on the other.`,
      help: 'Add a `link` between the two sides or remove the channel.',
    });
  }
}

/** Nodes are of one kind when every channel sees them alike. */
interface Kinds {
  readonly of: Int32Array;
  readonly count: number;
  readonly examples: readonly number[];
}

function nodeKinds(nodes: number, channels: readonly Channel[]): Kinds {
  const of = new Int32Array(nodes);
  const numbers = new Map<string, number>();
  const examples: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const signature = channels.map((channel) => (channel.from.has(node) ? 1 : 0) + (channel.to.has(node) ? 2 : 0)).join('');
    let kind = numbers.get(signature);
    if (kind === undefined) {
      kind = numbers.size;
      numbers.set(signature, kind);
      examples.push(node);
    }
    of[node] = kind;
  }
  return { of, count: Math.max(1, numbers.size), examples };
}

/** Link attributes by (declaration, kind of the sender, kind of the receiver), each combination worked out once. */
class LinkClasses {
  readonly list: LinkAttributes[] = [];
  private readonly known = new Map<number, number>();
  private readonly byContent = new Map<string, number>();
  private readonly reported = new Set<Span>();

  constructor(
    private readonly context: ExpandContext,
    private readonly links: readonly WrittenLink[],
    private readonly channels: readonly Channel[],
    private readonly kinds: Kinds,
  ) {}

  of(declaration: number, fromKind: number, toKind: number): number {
    const key = (declaration * this.kinds.count + fromKind) * this.kinds.count + toKind;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const a = this.kinds.examples[fromKind] ?? 0;
    const b = this.kinds.examples[toKind] ?? 0;
    const applied: number[] = [];
    this.channels.forEach((channel, index) => {
      const along = channel.from.has(a) && channel.to.has(b);
      const against = !channel.directed && channel.from.has(b) && channel.to.has(a);
      if (!along && !against) return;
      channel.used = true;
      applied.push(index);
    });
    const content = `${declaration}/${applied.join()}`;
    let number = this.byContent.get(content);
    if (number === undefined) {
      number = this.list.length;
      let written: LinkAttributes & WrittenLink = { ...defaultLink, ...this.links[declaration] };
      for (const index of applied) written = { ...written, ...this.channels[index]?.attributes };
      const { reorderSpan, ...attributes } = written;
      if (attributes.fifo && attributes.reorder > 0 && reorderSpan) this.reportOrder(reorderSpan);
      this.list.push(attributes.fifo ? { ...attributes, reorder: 0 } : attributes);
      this.byContent.set(content, number);
    }
    this.known.set(key, number);
    return number;
  }

  private reportOrder(span: Span): void {
    if (this.reported.has(span)) return;
    this.reported.add(span);
    this.context.report('DS2015', 'warning', span, 'Nothing is reordered here: the link keeps the order of its messages (`fifo`).', {
      why: 'A link with `fifo: true` delivers messages in the order in which they were sent, whatever happens to them.',
      help: 'Remove `reorder` or `fifo`.',
    });
  }
}

/** Final columns: replaced edges dropped, two-way edges whose directions differ split in two. */
function withClasses(edges: LinkColumns, classes: LinkClasses, kinds: Kinds): Network {
  // First pass counts, so that the final columns are allocated once.
  let count = 0;
  const forward = new Int32Array(edges.length);
  const backward = new Int32Array(edges.length);
  for (let i = 0; i < edges.length; i++) {
    const from = edges.from[i] as number;
    if (from === -1) continue;
    const to = edges.to[i] as number;
    const declaration = edges.declaration[i] as number;
    const a = kinds.of[from] as number;
    const b = kinds.of[to] as number;
    forward[i] = classes.of(declaration, a, b);
    backward[i] = edges.directed[i] === 1 || a === b ? (forward[i] as number) : classes.of(declaration, b, a);
    count += forward[i] === backward[i] ? 1 : 2;
  }
  const out = columns(count);
  let at = 0;
  const put = (from: number, to: number, directed: number, linkClass: number): void => {
    out.from[at] = from;
    out.to[at] = to;
    out.directed[at] = directed;
    out.linkClass[at] = linkClass;
    at++;
  };
  for (let i = 0; i < edges.length; i++) {
    const from = edges.from[i] as number;
    if (from === -1) continue;
    const to = edges.to[i] as number;
    if (forward[i] === backward[i]) put(from, to, edges.directed[i] as number, forward[i] as number);
    else {
      put(from, to, 1, forward[i] as number);
      put(to, from, 1, backward[i] as number);
    }
  }
  return { ...out, complete: false, classes: classes.list, kind: kinds.of, kinds: kinds.count, pairClass: new Int32Array(0) };
}

function columns(length: number): { from: Int32Array; to: Int32Array; directed: Uint8Array; linkClass: Int32Array } {
  return {
    from: new Int32Array(length),
    to: new Int32Array(length),
    directed: new Uint8Array(length),
    linkClass: new Int32Array(length),
  };
}
