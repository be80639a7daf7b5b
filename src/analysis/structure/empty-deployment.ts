import type { Finding } from '../../base/finding.ts';
import type { System } from '../../model/system.ts';
import { protocolName } from './names.ts';

/** DS2108: a protocol, a role or a workload on no nodes. */
export function emptyDeployments(system: System): Finding[] {
  const findings: Finding[] = [];
  const why = 'What runs on no node does nothing, and what is required of it holds or fails for no reason.';
  const help = 'Name a group that has nodes; the set may have become empty by `&` or `\\`.';
  for (const deployment of system.deployments) {
    const name = protocolName(system, deployment.index);
    if (deployment.members.length === 0) {
      findings.push({ code: 'DS2108', severity: 'error', span: deployment.nameSpan, message: `\`${name}\` runs on no node.`, why, help });
      continue;
    }
    for (const role of deployment.roles) {
      if (role.nodes.length > 0) continue;
      const message = `The role \`${role.name}\` of \`${name}\` has no node.`;
      findings.push({ code: 'DS2108', severity: 'error', span: role.span, message, why, help });
    }
  }
  for (const workload of system.workloads) {
    if (workload.clients.length === 0) {
      const message = `The workload \`${workload.name}\` has no clients.`;
      findings.push({ code: 'DS2108', severity: 'error', span: workload.span, message, why, help });
    }
    for (const call of workload.calls) {
      if (call.targets.length > 0) continue;
      const message = `\`${call.operation}\` is called on no node.`;
      findings.push({ code: 'DS2108', severity: 'error', span: call.span, message, why, help });
    }
  }
  return findings;
}
