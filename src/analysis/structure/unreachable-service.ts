import type { Finding } from '../../base/finding.ts';
import type { System } from '../../model/system.ts';
import { linkedNodes, listedNodes, nodeNames, protocolName } from './names.ts';
import { partsOf } from './parts.ts';

/** DS2103: clients of a workload from which no path leads to any node that they call, or none back. */
export function unreachableServices(system: System): Finding[] {
  if (system.network.complete) return [];
  const parts = partsOf(system);
  const linked = linkedNodes(system);
  const findings: Finding[] = [];
  for (const workload of system.workloads) {
    for (const call of workload.calls) {
      if (call.targets.length === 0) continue;
      const cut: number[] = [];
      for (const client of workload.clients) {
        // A client that serves itself needs no link; those without any are DS2101's.
        if (!linked[client] || call.targets.includes(client)) continue;
        if (!call.targets.some((target) => parts[target] === parts[client])) cut.push(client);
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
