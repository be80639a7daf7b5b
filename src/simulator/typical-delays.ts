import { routingCost } from '../model/distributions.ts';
import type { Scenario } from '../model/scenario.ts';
import type { System } from '../model/system.ts';
import type { Distribution } from '../model/values.ts';

/** The system as the scenario wants it to run: with `delays: mean` no latency and no service time is left to chance. */
export function delaysOf(system: System, { delays }: Scenario): System {
  if (delays === 'drawn') return system;
  const { network, groups } = system;
  return {
    ...system,
    network: { ...network, classes: network.classes.map((attributes) => ({ ...attributes, latency: typical(attributes.latency) })) },
    groups: groups.map((group) => ({
      ...group,
      attributes: { ...group.attributes, cpu: group.attributes.cpu && typical(group.attributes.cpu) },
    })),
  };
}

/** The time that routing counts it as. */
function typical(distribution: Distribution): Distribution {
  return distribution.kind === 'constant' ? distribution : { kind: 'constant', value: routingCost(distribution) };
}
