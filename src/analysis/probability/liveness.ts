import type { GivenName } from '../../model/code.ts';
import type { Facts } from '../facts.ts';
import { type Clause, readClauses } from './clauses.ts';
import type { Needs } from './structure.ts';

const absent: readonly GivenName[] = ['byzantine', 'omitting', 'timing', 'byzantine_weight'];

/**
 * The deployment's `liveness` clauses as conditions on who is up. Members fail by crashing and nothing else: `available(Q)` is Q
 * over the members that are up, and `crashed`, `faulty` and `crashed_weight` are the members that are down.
 */
export function livenessClauses(facts: Facts): Clause<Needs>[] {
  return readClauses<Needs>(facts, {
    requirements: 'liveness',
    predicate: 'available',
    opaque: [],
    claim: 'availability',
    counts: ['crashed', 'faulty'],
    weights: ['crashed_weight'],
    others: (name) => (absent.includes(name) ? 0 : undefined),
    quorums: ([quorum]) => ({ kind: 'quorum', quorum: quorum ?? { kind: 'atleast', count: 0, of: [] } }),
    members: (formula) => ({ kind: 'members', formula }),
    joined: (operator, left, right) => ({ kind: 'atleast', count: operator === 'and' ? 2 : 1, of: [left, right] }),
  });
}
