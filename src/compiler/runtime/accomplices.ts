import type { Span } from '../../base/source.ts';
import type { Host, Instance } from '../program.ts';
import { fail } from './failure.ts';

/** The instance of a node that lies, whose state an adversary reads; with `same` it must be of that class too. */
export function accomplice(
  host: Pick<Host, 'liar'>,
  node: number,
  same: object | null,
  names: readonly string[],
  variable: string,
  span: Span,
): Instance {
  const instance = host.liar(node);
  const name = names[node] ?? 'this node';
  if (instance === undefined) return fail(`${name} does not lie here and now, so an adversary cannot read its ${variable}`, span);
  if (same === null || instance.constructor === same) return instance;
  return fail(`${name} lies in another way than this adversary, so it has no ${variable}`, span);
}
