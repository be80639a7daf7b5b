import { compileSpecification } from '../compiler/specification.ts';
import type { SequentialModel } from '../history/linearizability.ts';
import type { Scenario } from '../model/scenario.ts';
import type { System } from '../model/system.ts';

/** The specifications that the scenario compares histories with, made executable. */
export function specificationsFor(system: System, { expectations }: Scenario): readonly (SequentialModel | null)[] {
  return system.specifications.map((specification, index) => {
    const used = expectations.some(({ expect }) => expect.kind === 'history' && expect.specification === index);
    return used ? (compileSpecification(specification, system.nodes.length) as SequentialModel) : null;
  });
}
