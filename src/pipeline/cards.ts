import { cardSections, systemSections } from '../analysis/card/index.ts';
import { deploymentName } from '../analysis/words.ts';
import { expand, type Overrides } from '../model/expand.ts';
import type { SystemCode } from '../model/system-code.ts';
import type { DeploymentCard } from './api.ts';
import { type CheckOptions, errorsIn, expanding } from './check.ts';

export interface CardOptions extends CheckOptions {
  /** Only deployments of the protocol of this name. */
  readonly protocol?: string | undefined;
}

/**
 * The card of each deployment under each fault model, then one of the system's own quorum systems where there is something to
 * say of them; one at a time, since each may take long. Nothing where the system does not expand. Throws Cancelled when asked
 * to stop.
 */
export function* deploymentCards(code: SystemCode, options: CardOptions = {}): Generator<DeploymentCard> {
  const { constants, effort, shouldStop, protocol: wanted } = options;
  const overrides: Overrides = constants ? { constants } : {};
  const { system, findings } = expand(code, overrides);
  if (!system) return;
  const again = expanding(code, overrides, errorsIn(findings));
  const models = system.faultModels.length > 0 ? system.faultModels : [null];
  for (const deployment of system.deployments) {
    const protocol = system.protocols[deployment.protocol]?.name ?? '';
    if (wanted !== undefined && wanted !== protocol) continue;
    for (const model of models) {
      yield {
        system: code.name,
        deployment: deployment.index,
        protocol,
        name: deploymentName(system, deployment),
        members: deployment.members.length,
        faultModel: model?.name ?? null,
        sections: cardSections(system, deployment, model, { effort, shouldStop, expand: again }),
      };
    }
  }
  if (wanted !== undefined) return;
  const sections = systemSections(system, { effort, shouldStop });
  if (sections.length === 0) return;
  yield { system: code.name, deployment: null, protocol: '', name: 'the system', members: system.nodes.length, faultModel: null, sections };
}
