import type { Finding } from '../../base/finding.ts';
import type { System } from '../../model/system.ts';
import { listedNodes, nodeNames, protocolName } from './names.ts';

/** DS2112: a call sent to nodes that do not offer the operation: they are outside the deployment or play another role. */
export function misdirectedCalls(system: System): Finding[] {
  const findings: Finding[] = [];
  for (const { calls } of [...system.workloads, ...system.scenarios]) {
    for (const call of calls) {
      const deployment = system.deployments[call.deployment];
      const operation = deployment && system.protocols[deployment.protocol]?.operations.find((offered) => offered.name === call.operation);
      if (!deployment || !operation) continue;
      const serving = new Set(deployment.roles.find((role) => role.name === operation.role)?.nodes ?? deployment.members);
      // Where nobody serves at all, that is the finding (DS2108).
      if (serving.size === 0) continue;
      const wrong = call.targets.filter((target) => !serving.has(target));
      if (wrong.length === 0) continue;
      const name = protocolName(system, call.deployment);
      const offers = operation.role === null ? `run \`${name}\`` : `play the role \`${operation.role}\` of \`${name}\``;
      findings.push({
        code: 'DS2112',
        severity: 'error',
        span: call.span,
        message: `${listedNodes(system, wrong)} ${wrong.length === 1 ? 'does' : 'do'} not offer \`${call.operation}\`: only nodes that ${offers} do.`,
        why: 'A call that reaches a node without the operation is never answered.',
        help: `Send it to ${listedNodes(system, [...serving], 3)}, or leave \`to\` out for any of them.`,
        witness: { kind: 'nodes', nodes: nodeNames(system, wrong) },
        numbers: { targets: call.targets.length, wrong: wrong.length },
      });
    }
  }
  return findings;
}
