import type { Network, System } from '../../model/system.ts';
import type { SystemCode } from '../../model/system-code.ts';
import type { Candidate } from '../mend-candidates.ts';
import type { Direction } from '../mends.ts';
import type { Link } from './edge-connectivity.ts';

/** Beyond so many members a mesh of them is no small change. */
const mostMeshed = 40;

/**
 * Links that may join the sides of a cut: one between each two neighbouring sides, a ring of a whole group, every two members.
 * They are written after the last `link`; each is tried before it is offered.
 */
export function linkDirections(
  code: SystemCode,
  system: System,
  members: readonly number[],
  sides: readonly (readonly number[])[],
): Direction[] {
  const at = code.links[code.links.length - 1]?.span;
  if (at === undefined) return [];
  const nameOf = (node: number): string => system.nodes[node]?.name ?? '';
  const candidate = (texts: readonly string[], links: readonly Link[]): Candidate => ({
    title: `Add ${texts.map((text) => `\`${text}\``).join(' and ')}`,
    edits: [{ span: { ...at, start: at.end }, text: texts.map((text) => `\n  ${text}`).join('') }],
    cost: links.length,
    weakens: false,
    key: `link ${texts.join(' ')}`,
    overrides: null,
    change: (expanded) => ({ ...expanded, network: withLinks(expanded.network, links) }),
  });
  const directions: Direction[] = [];
  const heads = sides.map((side) => side[0]).filter((node) => node !== undefined);
  if (heads.length > 1 && heads.length <= 3) {
    const chain = heads.slice(1).map((node, i): Link => [heads[i] as number, node]);
    directions.push({
      candidates: [
        candidate(
          chain.map(([a, b]) => `link ${nameOf(a)} -- ${nameOf(b)}`),
          chain,
        ),
      ],
      monotone: false,
    });
  }
  const inside = new Set(members);
  const groups = system.groups.filter((group) => inside.has(group.first));
  const [only] = groups;
  const isWhole = groups.reduce((sum, group) => sum + group.size, 0) === members.length;
  if (only === undefined || !isWhole) return directions;
  if (groups.length === 1 && members.length > 3) {
    const ring = members.map((node, i): Link => [node, members[(i + 1) % members.length] as number]);
    directions.push({ candidates: [candidate([`link ring(${only.name})`], ring)], monotone: false });
  }
  if (members.length > 2 && members.length <= mostMeshed) {
    const all = groups.length === 1 ? only.name : `${groups.map((group) => group.name).join(' + ')}`;
    const mesh = members.flatMap((a, i) => members.slice(i + 1).map((b): Link => [a, b]));
    directions.push({ candidates: [candidate([`link mesh(${all})`], mesh)], monotone: false });
  }
  return directions;
}

/** The network with links more, of the first one's class: for questions about who is linked, not about times. */
function withLinks(network: Network, links: readonly Link[]): Network {
  const grown = <T extends Int32Array | Uint8Array>(column: T, more: readonly number[]): T =>
    (column instanceof Int32Array ? Int32Array.from([...column, ...more]) : Uint8Array.from([...column, ...more])) as T;
  const none = links.map(() => 0);
  return {
    ...network,
    from: grown(
      network.from,
      links.map(([from]) => from),
    ),
    to: grown(
      network.to,
      links.map(([, to]) => to),
    ),
    directed: grown(network.directed, none),
    linkClass: grown(network.linkClass, none),
  };
}
