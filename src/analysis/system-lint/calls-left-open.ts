import type { Finding } from '../../base/finding.ts';
import { listed } from '../../base/units.ts';
import type { ProtocolCode } from '../../model/code.ts';
import type { FaultModel, System } from '../../model/system.ts';
import type { Type } from '../../model/types.ts';
import { isNamed } from '../lint/possible-values.ts';
import { statementsReached } from '../lint/reached.ts';
import { nodeNames } from '../words.ts';

/**
 * DS3806: a call without a timeout of an operation that is answered later, from state that a crash loses, to nodes that may
 * crash. Its client then waits for ever: in a closed loop it makes no further call.
 */
export function callsLeftOpen(system: System): Finding[] {
  return system.workloads.flatMap(({ calls }) =>
    calls.flatMap((call) => {
      const protocol = system.protocols[system.deployments[call.deployment]?.protocol ?? -1];
      const kept = protocol && keeperOf(protocol, call.operation);
      if (call.timeout !== null || !kept) return [];
      for (const model of system.faultModels) {
        const struck = call.targets.filter((node) => canCrash(node, model, system));
        if (struck.length === 0) continue;
        return [
          {
            code: 'DS3806',
            severity: 'information',
            span: call.span,
            message: `\`${call.operation}\` is called without a timeout, and \`${model.name}\` can crash ${listed(nodeNames(system, struck), 3)}, which then lose${struck.length === 1 ? 's' : ''} the call that \`${kept.name}\` keeps.`,
            why: `Nobody answers a call that was lost. Its client waits to the end of the run${call.rate === null ? ', and makes no further call' : ''}.`,
            help: 'Give the call a `timeout`, and `retries` if it may be repeated.',
            labels: [{ span: kept.nameSpan, message: 'kept here, and lost in a crash' }],
          } as const,
        ];
      }
      return [];
    }),
  );
}

/** The `var` in which the operation's handler keeps its call; undefined when it keeps it in none. */
function keeperOf(protocol: ProtocolCode, operation: string): ProtocolCode['state'][number] | undefined {
  const handler = protocol.handlers.find(({ trigger }) => trigger.kind === 'operation' && trigger.operation === operation);
  if (!handler) return undefined;
  for (const statement of statementsReached(protocol, handler.body)) {
    if (statement.kind !== 'assign' || statement.place.root.kind !== 'state') continue;
    const { name } = statement.place.root;
    const variable = protocol.state.find((candidate) => candidate.name === name);
    if (variable && !variable.durable && holdsCall(variable.type, protocol)) return variable;
  }
  return undefined;
}

function holdsCall(type: Type, protocol: ProtocolCode, seen = new Set<string>()): boolean {
  switch (type.kind) {
    case 'Call':
      return true;
    case 'Optional':
    case 'List':
    case 'Set':
      return holdsCall(type.of, protocol, seen);
    case 'Map':
      return holdsCall(type.value, protocol, seen) || holdsCall(type.key, protocol, seen);
    case 'Record': {
      if (seen.has(type.name)) return false;
      seen.add(type.name);
      return (
        protocol.records.find(({ name }) => isNamed(name, type.name))?.fields.some((field) => holdsCall(field.type, protocol, seen)) ??
        false
      );
    }
    default:
      return false;
  }
}

function canCrash(node: number, model: FaultModel, system: System): boolean {
  return model.budgets.some((budget) => {
    if (budget.kind === 'crash') return budget.count > 0 && budget.nodes.includes(node);
    return budget.kind === 'outage' && budget.count > 0 && budget.zones.some((zone) => system.zones[zone]?.nodes.includes(node));
  });
}
