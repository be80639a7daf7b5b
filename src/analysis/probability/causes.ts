import { allUp, type Chance, type Uptimes } from './uptimes.ts';

/**
 * The causes of failure that matter to a set of nodes, as few as they can be: zones that never fail are left out, zones around
 * the same nodes are one, and a zone around a single node is part of that node.
 */
export interface Causes {
  /** In depth-first order, parents first; `parent` is an index here. */
  readonly zones: readonly (Chance & { readonly parent: number })[];
  /** By node index. */
  readonly nodes: readonly Chance[];
  /** Innermost zone of each node here, -1 for none. */
  readonly zoneOf: Int32Array;
}

export function causesOf(uptimes: Uptimes, relevant: readonly number[]): Causes {
  const count = uptimes.zones.length;
  const inside: number[][] = Array.from({ length: count }, () => []);
  for (const node of relevant) for (let at = uptimes.zoneOf[node] ?? -1; at >= 0; at = parentOf(uptimes, at)) inside[at]?.push(node);
  const nodes = [...uptimes.nodes];
  const zoneOf = new Int32Array(uptimes.zoneOf.length).fill(-1);
  const zones: (Chance & { parent: number })[] = [];
  const sizes: number[] = [];
  const children: number[][] = Array.from({ length: count }, () => []);
  const roots: number[] = [];
  for (let zone = 0; zone < count; zone++) (children[parentOf(uptimes, zone)] ?? roots).push(zone);

  const visit = (zone: number, outer: number): void => {
    const members = inside[zone] as number[];
    const { up, down } = uptimes.zones[zone] as Chance;
    let own = outer;
    if (members.length === 0) return;
    if (down > 0) {
      if (members.length === 1) {
        const node = members[0] as number;
        nodes[node] = allUp([{ up, down }, nodes[node] as Chance]);
      } else if (outer >= 0 && sizes[outer] === members.length) {
        const around = zones[outer] as Chance & { parent: number };
        zones[outer] = { ...allUp([around, { up, down }]), parent: around.parent };
      } else {
        own = zones.length;
        zones.push({ up, down, parent: outer });
        sizes.push(members.length);
      }
    }
    for (const node of members) zoneOf[node] = own;
    for (const child of children[zone] as number[]) visit(child, own);
  };
  for (const root of roots) visit(root, -1);
  return { zones, nodes, zoneOf };
}

function parentOf(uptimes: Uptimes, zone: number): number {
  return uptimes.zones[zone]?.parent ?? -1;
}
