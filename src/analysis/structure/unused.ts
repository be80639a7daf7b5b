import type { Finding } from '../../base/finding.ts';
import { counted } from '../../base/units.ts';
import type { System } from '../../model/system.ts';
import { isQuorum } from '../../model/value-operations.ts';
import { graphOf } from '../graph.ts';
import { nodesOfQuorum } from '../probability/structure.ts';
import { listedNodes } from './names.ts';

/** DS2109: a zone in which no node stands. Zones that hold other zones are judged by those. */
export function unusedZones(system: System): Finding[] {
  const parents = new Set(system.zones.map((zone) => zone.parent));
  return system.zones
    .filter((zone) => zone.nodes.length === 0 && !parents.has(zone.index))
    .map((zone) => ({
      code: 'DS2109',
      severity: 'hint',
      span: zone.span,
      message: `No node stands in the zone \`${zone.name}\`.`,
      why: 'An empty zone is no failure domain: its outage changes nothing.',
      help: `Place nodes in it (\`in [${zone.name}]\`) or remove it.`,
      tags: ['unnecessary'],
    }));
}

/**
 * DS2110: nodes that run no protocol, stand in no quorum of a run, send no workload and lie between no two others. Systems that run nothing yet are still
 * being written.
 */
export function idleNodes(system: System): Finding[] {
  const working = system.deployments.filter(
    (deployment) => deployment.members.length > 0 && deployment.roles.every((role) => role.nodes.length > 0),
  );
  // Nor is anything concluded from a run on an empty set: the nodes meant for it are idle because of that.
  if (working.length === 0 || working.length < system.deployments.length) return [];
  const busy = new Uint8Array(system.nodes.length);
  for (const { members, arguments: given } of system.deployments) {
    for (const node of members) busy[node] = 1;
    // Those that a run's quorums count are members to come.
    for (const { value } of given) if (isQuorum(value)) for (const node of nodesOfQuorum(value)) busy[node] = 1;
  }
  for (const workload of system.workloads) for (const node of workload.clients) busy[node] = 1;
  for (const { calls } of system.scenarios) for (const { clients } of calls) for (const node of clients) busy[node] = 1;
  const findings: Finding[] = [];
  for (const group of system.groups) {
    const idle: number[] = [];
    for (let node = group.first; node < group.first + group.size; node++) if (!busy[node] && !isRelay(system, node)) idle.push(node);
    // Where only part of a group works, the rest may be spares that join later.
    if (idle.length === 0 || (idle.length < group.size && joins(system))) continue;
    findings.push({
      code: 'DS2110',
      severity: 'hint',
      span: group.nameSpan,
      message:
        idle.length === group.size
          ? `\`${group.name}\` runs no protocol and sends no workload.`
          : `${counted(idle.length, 'node')} of \`${group.name}\` ${idle.length === 1 ? 'runs no protocol and sends' : 'run no protocol and send'} no workload: ${listedNodes(system, idle)}.`,
      why: 'Such nodes take part in nothing, nor does a message pass through them.',
      help: `Add them to a \`run\`, or remove them.`,
      numbers: { idle: idle.length, size: group.size },
    });
  }
  return findings;
}

/** Whether a node stands between two others: switches and routers run nothing and are of use. */
function isRelay({ network, nodes }: System, node: number): boolean {
  if (network.complete) return false;
  const { out, in: into } = graphOf(network, nodes.length);
  return (out[node] ?? []).some((to) => into[node]?.some((from) => from !== to));
}

function joins(system: System): boolean {
  return system.scenarios.some((scenario) => scenario.actions.some(({ action }) => action.kind === 'join'));
}
