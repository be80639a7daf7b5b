import { solve } from 'yalps';
import { OutOfWork, type Work } from '../work.ts';

/** One variable of 0 or more, with its coefficient in each constraint that it stands in. */
export interface Variable {
  readonly cost: number;
  readonly coefficients: ReadonlyMap<number, number>;
}

export interface Bound {
  readonly equal?: number;
  readonly max?: number;
}

const precision = 1e-10;

/**
 * The values of the variables at which the sum of costs is least within the bounds; null when nothing is within them. The
 * numbers should be of about the size of 1. Throws OutOfWork when the solver does not come to an end.
 */
export function minimize(variables: readonly Variable[], bounds: readonly Bound[], work: Work): number[] | null {
  // A pivot touches the whole table, and it takes about as many as there are constraints.
  work.spend(variables.length * (bounds.length + 1) * 4 + bounds.length ** 2);
  const objective = bounds.length;
  const { status, variables: values } = solve<number, number>(
    {
      direction: 'minimize',
      objective,
      constraints: bounds.map((bound, i) => [i, bound] as const),
      variables: variables.map(({ cost, coefficients }, i) => [i, [...coefficients, [objective, cost] as const]] as const),
    },
    { precision, checkCycles: true },
  );
  if (status === 'infeasible') return null;
  if (status !== 'optimal') throw new OutOfWork('the linear programme has no end');
  const result = new Array<number>(variables.length).fill(0);
  for (const [i, value] of values) result[i] = value;
  return result;
}
