import type { Deployment, FaultModel, System } from '../../model/system.ts';
import { defaultLimit, Facts } from '../facts.ts';
import { federated } from '../federated/card.ts';
import type { Expand } from '../mends.ts';
import { OutOfWork, Work } from '../work.ts';
import { availability } from './availability.ts';
import { capacity } from './capacity.ts';
import { limits } from './limits.ts';
import { network } from './network.ts';
import { quorums } from './quorums.ts';
import { safety } from './safety.ts';
import type { CardSection, SectionMaker } from './section.ts';
import { survives } from './survives.ts';
import { systemQuorum } from './system-quorums.ts';
import { timing } from './timing.ts';

/** The sections in the order in which they are shown: one subject, one file. */
const makers: readonly SectionMaker[] = [survives, quorums, federated, network, availability, safety, capacity, timing, limits];

/** What can be said of the system as a whole: of each quorum system that it names. Throws Cancelled when asked to stop. */
export function systemSections(system: System, { effort = 1, shouldStop }: SectionOptions = {}): CardSection[] {
  const work = (): Work => new Work(defaultLimit * effort, shouldStop);
  return system.quorums.flatMap((quorum) => attempt(() => systemQuorum(system, quorum, work)));
}

export interface SectionOptions {
  readonly effort?: number | undefined;
  readonly shouldStop?: (() => boolean) | undefined;
  /** Expands the same system with values replaced: for comparisons. */
  readonly expand?: Expand | undefined;
}

/** What can be said of one deployment under one fault model. Throws Cancelled when asked to stop. */
export function cardSections(
  system: System,
  deployment: Deployment,
  model: FaultModel | null,
  { effort = 1, shouldStop, expand }: SectionOptions = {},
): CardSection[] {
  const facts = new Facts(system, deployment, model, { effort, shouldStop });
  return makers.flatMap((make) => attempt(() => make({ system, deployment, model, facts, effort, shouldStop, expand })));
}

/** A section that takes too much work is left out. */
function attempt(make: () => CardSection | null): CardSection[] {
  try {
    const section = make();
    return section === null ? [] : [section];
  } catch (error) {
    if (error instanceof OutOfWork) return [];
    throw error;
  }
}
