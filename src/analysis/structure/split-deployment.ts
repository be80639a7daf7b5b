import type { Finding } from '../../base/finding.ts';
import { counted } from '../../base/units.ts';
import type { System } from '../../model/system.ts';
import { linkedNodes, listedNodes, nodeNames, protocolName } from './names.ts';
import { partsOf } from './parts.ts';

/** DS2102: members of one deployment between which no path leads, even with nothing failed. */
export function splitDeployments(system: System): Finding[] {
  if (system.network.complete) return [];
  const parts = partsOf(system);
  const linked = linkedNodes(system);
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    const sides = new Map<number, number[]>();
    for (const node of deployment.members) {
      // Nodes without any link are DS2101's.
      if (!linked[node]) continue;
      const part = parts[node] as number;
      const side = sides.get(part);
      if (side) side.push(node);
      else sides.set(part, [node]);
    }
    if (sides.size < 2) continue;
    const bySize = [...sides.values()].sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
    const largest = bySize[0] as number[];
    const other = bySize[1] as number[];
    findings.push({
      code: 'DS2102',
      severity: 'error',
      span: deployment.nameSpan,
      message: `The members of \`${protocolName(system, deployment.index)}\` fall into ${counted(sides.size, 'part')} with no path both ways between them: ${listedNodes(system, other)} on one side, ${listedNodes(system, largest)} on another.`,
      why: 'Messages travel along links; members in different parts never hear each other, before anything has failed.',
      help: 'Add a `link` between the parts, or run the protocol on one of them.',
      witness: { kind: 'cut', nodes: [], sides: bySize.map((side) => nodeNames(system, side)) },
      numbers: { parts: sides.size, members: deployment.members.length },
    });
  }
  return findings;
}
