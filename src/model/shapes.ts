import type { Random } from '../base/random.ts';
import { EdgeList, PairTable } from './edges.ts';

/**
 * Shapes give undirected edges over positions 0..n−1 of the nodes they are applied to; the caller maps positions to
 * nodes. None gives an edge twice or from a node to itself. Random ones draw from the stream alone.
 */

export function mesh(n: number): EdgeList {
  const edges = new EdgeList((n * (n - 1)) / 2);
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) edges.push(i, j);
  return edges;
}

export function line(n: number): EdgeList {
  const edges = new EdgeList(n);
  for (let i = 0; i + 1 < n; i++) edges.push(i, i + 1);
  return edges;
}

/** A line whose ends meet; of two nodes it is one edge. */
export function ring(n: number): EdgeList {
  const edges = line(n);
  if (n > 2) edges.push(n - 1, 0);
  return edges;
}

/** A tree in level order: node i hangs below node (i − 1) div fanout. */
export function tree(n: number, fanout: number): EdgeList {
  const edges = new EdgeList(n);
  for (let i = 1; i < n; i++) edges.push(Math.floor((i - 1) / fanout), i);
  return edges;
}

/** Rows of `columns` nodes, each linked to its right and lower neighbour; the last row may be shorter. */
export function grid(n: number, columns: number): EdgeList {
  const edges = new EdgeList(2 * n);
  for (let i = 0; i < n; i++) {
    if ((i + 1) % columns !== 0 && i + 1 < n) edges.push(i, i + 1);
    if (i + columns < n) edges.push(i, i + columns);
  }
  return edges;
}

/** Positions that differ in one bit; n must be a power of two. */
export function hypercube(n: number): EdgeList {
  const edges = new EdgeList(n * 4);
  for (let bit = 1; bit < n; bit *= 2) {
    for (let i = 0; i < n; i++) if ((Math.floor(i / bit) & 1) === 0) edges.push(i, i + bit);
  }
  return edges;
}

/**
 * A random regular graph: every node has `degree` links (one has one less when n · degree is odd), and the graph is
 * connected if degree ≥ 2. A circulant graph is mixed by random swaps of two edges' ends, which keep all degrees
 * (the switch chain, Cooper, Dyer & Greenhill 2007), and components are then joined by further swaps.
 */
export function randomRegular(n: number, degree: number, stream: Random): EdgeList {
  const edges = circulant(n, degree);
  const table = new PairTable(n, edges.length * 2);
  edges.forEach((a, b) => {
    mark(table, a, b, 1);
  });
  // A few swaps an edge mix well in practice; the known proofs ask for far more.
  for (let round = 0; round < edges.length * 4; round++) {
    swapEnds(edges, table, stream.nextInt(edges.length), stream.nextInt(edges.length), stream.chance(0.5));
  }
  if (degree >= 2) joinComponents(n, edges, table, stream);
  return edges;
}

/**
 * Watts & Strogatz 1998: a ring where each node is linked to `neighbors` / 2 on either side, each edge's far end moved
 * to a random node with probability `rewire`. `neighbors` is even and below n. It may fall apart for large `rewire`.
 */
export function smallWorld(n: number, neighbors: number, rewire: number, stream: Random): EdgeList {
  const edges = circulant(n, neighbors);
  const table = new PairTable(n, edges.length * 2);
  edges.forEach((a, b) => {
    mark(table, a, b, 1);
  });
  for (let i = 0; i < edges.length; i++) {
    if (!stream.chance(rewire)) continue;
    const from = edges.from(i);
    // A node that is linked to all others has nowhere to move an edge to; a bounded search settles it.
    for (let attempt = 0; attempt < 32; attempt++) {
      const to = stream.nextInt(n);
      if (to === from || has(table, from, to)) continue;
      mark(table, from, edges.to(i), 0);
      mark(table, from, to, 1);
      edges.set(i, from, to);
      break;
    }
  }
  return edges;
}

/**
 * Barabási & Albert 1999: starts from a full mesh of `attach` + 1 nodes; each further node is linked to `attach`
 * different ones, drawn in proportion to their degrees. Connected.
 */
export function scaleFree(n: number, attach: number, stream: Random): EdgeList {
  const edges = mesh(Math.min(n, attach + 1));
  const ends: number[] = [];
  edges.forEach((a, b) => {
    ends.push(a, b);
  });
  for (let i = attach + 1; i < n; i++) {
    const chosen = new Set<number>();
    while (chosen.size < attach) chosen.add(ends[stream.nextInt(ends.length)] as number);
    for (const j of chosen) {
      edges.push(j, i);
      ends.push(j, i);
    }
  }
  return edges;
}

/** Each node linked to those at distance 1..degree/2; for an odd degree also to the opposite one. */
function circulant(n: number, degree: number): EdgeList {
  const edges = new EdgeList((n * degree) / 2 + 1);
  for (let distance = 1; distance <= Math.floor(degree / 2); distance++) {
    // In an even circle the opposite nodes would meet twice.
    const last = 2 * distance === n ? n / 2 : n;
    for (let i = 0; i < last; i++) edges.push(i, (i + distance) % n);
  }
  if (degree % 2 === 1) {
    const half = Math.floor(n / 2);
    for (let i = 0; i < half; i++) edges.push(i, i + half);
  }
  return edges;
}

function mark(table: PairTable, a: number, b: number, present: 0 | 1): void {
  table.set(Math.min(a, b), Math.max(a, b), present);
}

function has(table: PairTable, a: number, b: number): boolean {
  return table.get(Math.min(a, b), Math.max(a, b)) === 1;
}

/** Turns edges ab, cd into ac, bd (or ad, bc) unless that would double an edge or make a loop. */
function swapEnds(edges: EdgeList, table: PairTable, first: number, second: number, crossed: boolean): boolean {
  const a = edges.from(first);
  const b = edges.to(first);
  const c = crossed ? edges.to(second) : edges.from(second);
  const d = crossed ? edges.from(second) : edges.to(second);
  if (a === c || b === d || a === d || b === c || has(table, a, c) || has(table, b, d)) return false;
  mark(table, a, b, 0);
  mark(table, c, d, 0);
  mark(table, a, c, 1);
  mark(table, b, d, 1);
  edges.set(first, a, c);
  edges.set(second, b, d);
  return true;
}

/** Swaps an edge of one component with one of another until there is one; a bridge that is hit by chance is tried anew. */
function joinComponents(n: number, edges: EdgeList, table: PairTable, stream: Random): void {
  for (let round = 0; round < 4 * n; round++) {
    const component = components(n, edges);
    const first = stream.nextInt(edges.length);
    const home = component[edges.from(first)] as number;
    const others: number[] = [];
    for (let i = 0; i < edges.length; i++) if (component[edges.from(i)] !== home) others.push(i);
    if (others.length === 0) return;
    swapEnds(edges, table, first, others[stream.nextInt(others.length)] as number, false);
  }
}

/** The least node of each node's connected component, edges taken as undirected. */
export function components(n: number, edges: EdgeList): Int32Array {
  const parent = new Int32Array(n);
  for (let i = 0; i < n; i++) parent[i] = i;
  const root = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  edges.forEach((a, b) => {
    const ra = root(a);
    const rb = root(b);
    // The smaller root wins, so that a component is named by its least node.
    if (ra < rb) parent[rb] = ra;
    else parent[ra] = rb;
  });
  for (let i = 0; i < n; i++) parent[i] = root(i);
  return parent;
}
