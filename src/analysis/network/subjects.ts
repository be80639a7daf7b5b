import type { GivenName, ProtocolCode } from '../../model/code.ts';
import type { Deployment, FaultModel, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { Facts } from '../facts.ts';
import { mentioned } from '../mentions.ts';
import { areConnected } from './articulation.ts';
import { graphOfFacts } from './network-facts.ts';

/** A deployment under a fault model whose members talk over a network that is not complete. */
export interface Routed {
  readonly deployment: Deployment;
  readonly protocol: ProtocolCode;
  readonly model: FaultModel;
  readonly facts: Facts;
}

/**
 * Every deployment under every fault model, where its members send each other messages over links that do not join every two
 * nodes, and reach each other as long as nothing fails (what does not is DS2101's and DS2102's).
 *
 * @param concerns whether a check is about it at all: asked first, since the graph of a large network takes milliseconds.
 */
export function routedDeployments(
  system: System,
  { effort, shouldStop }: Pick<SystemUnderCheck, 'effort' | 'shouldStop'>,
  concerns: (candidate: Omit<Routed, 'facts'>) => boolean,
): Routed[] {
  if (system.network.complete) return [];
  return system.deployments.flatMap((deployment) => {
    const protocol = system.protocols[deployment.protocol];
    if (protocol === undefined || deployment.members.length < 2 || !talks(protocol)) return [];
    return system.faultModels.flatMap((model): Routed[] => {
      if (!concerns({ deployment, protocol, model })) return [];
      const facts = new Facts(system, deployment, model, { effort, shouldStop });
      return areConnected(graphOfFacts(facts), deployment.members) ? [{ deployment, protocol, model, facts }] : [];
    });
  });
}

/** Whether members send each other messages; clients that call an operation need no other member. */
function talks({ messages }: ProtocolCode): boolean {
  return messages.length > 0;
}

/** Names and questions of the network that the protocol's requirements are about. */
export function networkNamesOf(protocol: ProtocolCode): ReadonlySet<GivenName | 'available'> {
  const known = networkNames.get(protocol);
  if (known !== undefined) return known;
  const conditions = [protocol.requirements, protocol.constants, protocol.functions];
  const given = mentioned(conditions, 'given');
  const asked = mentioned(conditions, 'intrinsic');
  const names: (GivenName | 'available')[] = ['connectivity', 'edge_connectivity', 'worst_diameter', 'available'];
  const found = new Set(names.filter((name) => given.has(name) || asked.has(name)));
  networkNames.set(protocol, found);
  return found;
}

const networkNames = new WeakMap<ProtocolCode, ReadonlySet<GivenName | 'available'>>();
