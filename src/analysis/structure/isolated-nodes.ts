import type { Finding } from '../../base/finding.ts';
import { counted } from '../../base/units.ts';
import type { System } from '../../model/system.ts';
import { linkedNodes, listedNodes, nodeNames } from './names.ts';

/** DS2101: nodes that take part in something and have no link at all. One finding per group. */
export function isolatedNodes(system: System): Finding[] {
  if (system.network.complete) return [];
  const linked = linkedNodes(system);
  const busy = new Uint8Array(system.nodes.length);
  for (const deployment of system.deployments) {
    // Alone, a member has nobody to talk to anyway.
    if (deployment.members.length > 1) for (const node of deployment.members) busy[node] = 1;
  }
  for (const workload of system.workloads) for (const node of workload.clients) busy[node] = 1;
  for (const { calls } of system.scenarios) for (const { clients } of calls) for (const node of clients) busy[node] = 1;
  const findings: Finding[] = [];
  for (const group of system.groups) {
    const alone: number[] = [];
    for (let node = group.first; node < group.first + group.size; node++) if (busy[node] && !linked[node]) alone.push(node);
    if (alone.length === 0) continue;
    findings.push({
      code: 'DS2101',
      severity: 'error',
      span: group.nameSpan,
      message:
        alone.length === group.size
          ? `No node of \`${group.name}\` has a link.`
          : `${counted(alone.length, 'node')} of \`${group.name}\` ${alone.length === 1 ? 'has' : 'have'} no link: ${listedNodes(system, alone)}.`,
      why: 'Where a system writes some `link`, only what they join is joined: a node without one can send to nobody and hear nobody.',
      help: `Add a \`link\` with \`${group.name}\`, or remove every \`link\`, so that all nodes are linked.`,
      witness: { kind: 'nodes', nodes: nodeNames(system, alone) },
      numbers: { isolated: alone.length, size: group.size },
    });
  }
  return findings;
}
