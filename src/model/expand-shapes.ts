import { Random } from '../base/random.ts';
import type { Span } from '../base/source.ts';
import { Attributes, bounds } from './attributes.ts';
import { EdgeList } from './edges.ts';
import type { ExpandContext } from './expand-context.ts';
import { grid, hypercube, line, mesh, randomRegular, ring, scaleFree, smallWorld, tree } from './shapes.ts';
import type { LinkCode } from './system-code.ts';

type ShapeCode = LinkCode['edges'] & { readonly kind: 'shape' };

/** Nodes of a mesh: its edges then stay below the limit of a system. */
const largestMesh = 4_000;

/** The edges of a shape over system nodes; null after a finding. */
export function expandShape(context: ExpandContext, code: ShapeCode, span: Span, stream: string): EdgeList | null {
  const sets = code.nodes.map((expression) => context.nodeSet(expression));
  if (sets.some((set) => set === undefined)) return null;
  const first = sets[0] ?? [];
  if (code.shape === 'star') return star(first, sets[1] ?? []);
  // Several sets of nodes make one shape over all of them, in the order written.
  const nodes = [...new Set(sets.flatMap((set) => set ?? []))];
  const edges = positions(context, code, nodes.length, span, stream);
  if (!edges) return null;
  const mapped = new EdgeList(edges.length);
  edges.forEach((a, b) => {
    mapped.push(nodes[a] as number, nodes[b] as number);
  });
  return mapped;
}

/** Every hub to every other node; hubs are linked to each other where they stand in the second set too. */
function star(hubs: readonly number[], nodes: readonly number[]): EdgeList {
  const edges = new EdgeList(hubs.length * nodes.length);
  const isHub = new Set(hubs);
  const isNode = new Set(nodes);
  for (const hub of hubs) {
    for (const node of nodes) {
      if (hub === node || (isHub.has(node) && isNode.has(hub) && hub > node)) continue;
      edges.push(hub, node);
    }
  }
  return edges;
}

function positions(context: ExpandContext, code: ShapeCode, n: number, span: Span, stream: string): EdgeList | null {
  const options = new Attributes(context, code.options);
  const refuse = (message: string, help: string, at: Span = span): null => {
    context.report('DS2007', 'error', at, message, { help, numbers: { nodes: n } });
    return null;
  };
  /** A whole number between 1 and `most`. */
  const count = (name: string, standard: number, most: number, why: string): number | null => {
    if (!options.has(name)) return Math.max(1, Math.min(standard, most));
    const value = options.number(name, bounds.positiveCount);
    if (value === null) return null;
    if (value <= most) return value;
    return refuse(`\`${name}: ${value}\` is too much for ${n} nodes: ${why}.`, `Write at most ${most}.`, options.valueSpan(name) ?? span);
  };
  if (n < 2) return new EdgeList();
  switch (code.shape) {
    case 'mesh':
      if (n > largestMesh)
        return refuse(
          `A mesh of ${n} nodes has ${(n * (n - 1)) / 2} links.`,
          'Leave out every `link`: then all nodes are linked without listing the pairs.',
        );
      return mesh(n);
    case 'ring':
      return ring(n);
    case 'line':
      return line(n);
    case 'tree': {
      const fanout = count('fanout', 2, Number.MAX_SAFE_INTEGER, '');
      return fanout === null ? null : tree(n, fanout);
    }
    case 'grid': {
      const columns = count('columns', Math.ceil(Math.sqrt(n)), Number.MAX_SAFE_INTEGER, '');
      return columns === null ? null : grid(n, columns);
    }
    case 'hypercube': {
      const power = 2 ** Math.round(Math.log2(n));
      if (power !== n) {
        const above = 2 ** Math.ceil(Math.log2(n));
        return refuse(`A hypercube has a power of two nodes, and there are ${n}.`, `Use ${above / 2} or ${above} nodes.`);
      }
      return hypercube(n);
    }
    case 'random': {
      const degree = count('degree', 4, n - 1, 'a node has at most one link to each other node');
      return degree === null ? null : drawn(context.seed, stream, `random/${n}/${degree}`, (random) => randomRegular(n, degree, random));
    }
    case 'small_world': {
      const neighbors = count('neighbors', n > 4 ? 4 : 2, n - 1, 'a node has at most one link to each other node');
      const rewire = options.has('rewire') ? options.number('rewire', bounds.probability) : 0.1;
      if (neighbors === null || rewire === null) return null;
      if (neighbors % 2 === 1 && n > 2) {
        return refuse(
          `\`neighbors: ${neighbors}\` is odd: half of them lie on either side.`,
          `Write ${neighbors - 1 > 0 ? `${neighbors - 1} or ` : ''}${neighbors + 1}.`,
          options.valueSpan('neighbors') ?? span,
        );
      }
      return n === 2
        ? line(2)
        : drawn(context.seed, stream, `small_world/${n}/${neighbors}/${rewire}`, (random) => smallWorld(n, neighbors, rewire, random));
    }
    case 'star':
      // Has two sets of nodes and is built by itself.
      return null;
    case 'scale_free': {
      const attach = count('attach', 2, n - 1, 'a node attaches to nodes that are there before it');
      return attach === null ? null : drawn(context.seed, stream, `scale_free/${n}/${attach}`, (random) => scaleFree(n, attach, random));
    }
  }
}

/** Graphs drawn lately: a system is expanded anew at each keystroke and for each mend that is tried out. */
const recent = new Map<string, EdgeList>();
const mostRecent = 8;

/** A random graph, which its seed, stream and shape determine: drawn once, then looked up. */
function drawn(seed: number, stream: string, shape: string, draw: (random: Random) => EdgeList): EdgeList {
  const key = `${seed}/${stream}/${shape}`;
  const edges = recent.get(key) ?? draw(new Random(seed, stream));
  recent.delete(key);
  recent.set(key, edges);
  if (recent.size > mostRecent) recent.delete(recent.keys().next().value as string);
  return edges;
}
