import type { Causes } from './causes.ts';

/** A cause in the order in which a diagram or a table decides them. */
export interface Variable {
  /** -1 for a zone. */
  readonly node: number;
  /** -1 for a node. */
  readonly zone: number;
  /** Level after the nodes and zones in it: where one goes on when it is down. */
  readonly after: number;
}

/** Depth first through the zones, each before what is in it; siblings by the first node of the formula in them. */
export function zonesFirst(order: readonly number[], causes: Causes): Variable[] {
  const rank = new Map<number, number>();
  const positions = new Map(order.map((node, position) => [node, position]));
  const inside = new Map<number, number[]>([[-1, []]]);
  const children = new Map<number, number[]>([[-1, []]]);
  causes.zones.forEach((_, zone) => {
    inside.set(zone, []);
    children.set(zone, []);
  });
  order.forEach((node, position) => {
    const own = causes.zoneOf[node] as number;
    inside.get(own)?.push(node);
    for (let at = own; at >= 0; at = causes.zones[at]?.parent ?? -1) if (!rank.has(at)) rank.set(at, position);
  });
  causes.zones.forEach(({ parent }, zone) => {
    if (rank.has(zone)) children.get(parent)?.push(zone);
  });
  const variables: Variable[] = [];
  const visit = (zone: number): void => {
    const at = variables.length;
    if (zone >= 0) variables.push({ node: -1, zone, after: 0 });
    const items = [
      ...(inside.get(zone) ?? []).map((node) => ({ node, zone: -1, rank: positions.get(node) ?? 0 })),
      ...(children.get(zone) ?? []).map((child) => ({ node: -1, zone: child, rank: rank.get(child) ?? 0 })),
    ].sort((a, b) => a.rank - b.rank);
    for (const item of items) {
      if (item.node >= 0) variables.push({ node: item.node, zone: -1, after: variables.length + 1 });
      else visit(item.zone);
    }
    if (zone >= 0) variables[at] = { node: -1, zone, after: variables.length };
  };
  visit(-1);
  return variables;
}
