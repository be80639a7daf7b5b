import type { Finding } from '../../base/finding.ts';
import type { System } from '../../model/system.ts';
import { graphOf, reach } from '../graph.ts';
import { linkedNodes, listedNodes, nodeNames, protocolName } from './names.ts';

/** DS2103: clients of a workload from which no path leads to any node that they call, or none back. */
export function unreachableServices(system: System): Finding[] {
  if (system.network.complete) return [];
  const graph = graphOf(system.network, system.nodes.length);
  const everyone = new Uint8Array(system.nodes.length).fill(1);
  const linked = linkedNodes(system);
  const findings: Finding[] = [];
  for (const workload of system.workloads) {
    for (const call of workload.calls) {
      if (call.targets.length === 0) continue;
      const cut: number[] = [];
      for (const client of workload.clients) {
        // A client that serves itself needs no link; those without any are DS2101's.
        if (!linked[client] || call.targets.includes(client)) continue;
        const there = reach(graph.out, client, everyone).seen;
        const back = graph.directed ? reach(graph.in, client, everyone).seen : there;
        if (!call.targets.some((target) => there[target] && back[target])) cut.push(client);
      }
      if (cut.length === 0) continue;
      findings.push({
        code: 'DS2103',
        severity: 'error',
        span: call.span,
        message: `${listedNodes(system, cut)} cannot reach any node that offers \`${call.operation}\` of \`${protocolName(system, call.deployment)}\` and be answered.`,
        why: 'A call needs a path of links to a node that serves it, and one back for the answer.',
        help: 'Add a `link` between these clients and the nodes that they call.',
        witness: { kind: 'cut', nodes: [], sides: [nodeNames(system, cut), nodeNames(system, call.targets)] },
        numbers: { clients: cut.length },
      });
    }
  }
  return findings;
}
