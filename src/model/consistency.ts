/**
 * What `expect` may ask of the history of a run's calls, by the name in the language. `why` says what must exist; it
 * ends the sentence "there must be …". Sources: linearizable, Herlihy & Wing 1990; sequential, Lamport 1979; causal, Ahamad
 * et al. 1995; serializable, Papadimitriou 1979; session guarantees, Terry et al. 1994.
 */
export const criteria = {
  linearizable: {
    summary: 'Whether the calls could have taken effect one by one, each between its start and its answer.',
    why: 'one order of all calls, each between its start and its answer, in which the specification gives these results',
  },
  strictly_serializable: {
    summary: 'Whether the calls, as transactions, could have run one by one, each between its start and its answer.',
    why: 'one order of all calls, each between its start and its answer, in which the specification gives these results',
  },
  sequential: {
    summary: "Whether one order of all calls that keeps each client's own order explains all results.",
    why: "one order of all calls that keeps each client's own order, in which the specification gives these results",
  },
  serializable: {
    summary: 'Whether the calls, as transactions, could have run one by one in some order, whoever made them and when.',
    why: 'one order of all calls in which the specification gives these results',
  },
  causal: {
    summary: 'Whether each client sees all calls in an order that keeps causes before effects (causal memory).',
    why: 'for each client one order of the updates and its own calls, causes before effects, that gives its results',
  },
  read_your_writes: {
    summary: 'Whether each client sees its own earlier updates.',
    why: "for each result some updates, the client's own earlier ones among them in their order, after which the specification gives it",
  },
  monotonic_reads: {
    summary: 'Whether no client sees less than it saw before.',
    why: 'for each client one order of updates in which its results come one after the other',
  },
  monotonic_writes: {
    summary: "Whether each client's updates are seen in the order in which it made them.",
    why: "for each client one order of updates in which its results come one after the other and every client's updates in their order",
  },
  writes_follow_reads: {
    summary: 'Whether an update is seen only after what its client had read before it.',
    why: 'for each client one order of updates in which its results come one after the other and each update after what its client had read',
  },
  convergent: {
    summary: 'Whether all clients read the same once the updates have stopped.',
    why: 'one state, made by all updates in some order, that gives the last result of every client after the last update',
  },
} as const;

/** A criterion by its name in the language. */
export type Criterion = keyof typeof criteria;

export function isCriterion(name: string): name is Criterion {
  return Object.hasOwn(criteria, name);
}
