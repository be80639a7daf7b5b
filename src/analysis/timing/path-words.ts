import { listed } from '../../base/units.ts';
import { formatDelay } from '../../model/distributions.ts';
import type { System } from '../../model/system.ts';
import { nodeNames } from '../words.ts';
import type { Work } from '../work.ts';
import { pathBetween } from './pairs.ts';
import { routesOf } from './routes.ts';

/** "a link of normal(6ms, 1ms), then 60us of service at `b`", with the relays of a longer way. Throws OutOfWork. */
export function pathWords(system: System, from: number, to: number, work: Work): string {
  const path = pathBetween(system, from, to, work);
  if (path === null) return 'no way';
  const routes = routesOf(system);
  const links = new Map<string, number>();
  for (let i = 1; i < path.length; i++) {
    const latency = system.network.classes[routes.classOf(path[i - 1] as number, path[i] as number)]?.latency;
    if (latency !== undefined) links.set(formatDelay(latency), (links.get(formatDelay(latency)) ?? 0) + 1);
  }
  const latencies = [...links]
    .map(([latency, count]) => (count === 1 ? `a link of ${latency}` : `${count} links of ${latency}`))
    .join(' and ');
  const relays = path.length > 2 ? ` over ${listed(nodeNames(system, path.slice(1, -1)))}` : '';
  const service = system.groups[system.nodes[to]?.group ?? -1]?.attributes.cpu;
  return `${latencies}${relays}${service ? `, then ${formatDelay(service)} of service at \`${nodeNames(system, [to])[0]}\`` : ''}`;
}
