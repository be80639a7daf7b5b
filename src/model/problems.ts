/**
 * What a protocol may say that it `solves`: the problems of the field about which something is proved whatever the
 * protocol. The analysis knows from here which results speak of it.
 */
export interface Problem {
  /** In running text: "consensus". */
  readonly title: string;
  /** Shown on hover and in completion. */
  readonly documentation: string;
  /**
   * Whether no deterministic protocol solves it in an asynchronous system in which one member may crash, and who showed
   * that; null where some protocol does.
   */
  readonly impossibleWithoutTiming: string | null;
  /** Whether two parts that do not hear each other, but could each be all that is left, would contradict each other. */
  readonly needsMajority: boolean;
  /** The same where a Byzantine member stands between the two parts. */
  readonly needsTwoThirds: boolean;
}

export const problems = {
  consensus: {
    title: 'consensus',
    documentation: 'All that decide decide the same, which somebody proposed, and every correct member decides.',
    impossibleWithoutTiming: 'Fischer, Lynch & Paterson 1985, Theorem 1',
    needsMajority: true,
    needsTwoThirds: true,
  },
  total_order_broadcast: {
    title: 'total order broadcast',
    documentation: 'All members deliver the same messages in the same order: what a replicated state machine needs.',
    impossibleWithoutTiming: 'Fischer, Lynch & Paterson 1985, Theorem 1; as hard as consensus: Chandra & Toueg 1996',
    needsMajority: true,
    needsTwoThirds: true,
  },
  leader_election: {
    title: 'leader election',
    documentation: 'At any time at most one member leads, and whenever the leader is gone another one takes over.',
    impossibleWithoutTiming: 'Sabel & Marzullo 1995; by Fischer, Lynch & Paterson 1985',
    needsMajority: true,
    needsTwoThirds: false,
  },
  atomic_commit: {
    title: 'non-blocking atomic commitment',
    documentation: 'All members commit or all abort, commit only if all vote for it, and every correct member decides whoever crashes.',
    impossibleWithoutTiming: 'Guerraoui 1995; by Fischer, Lynch & Paterson 1985',
    needsMajority: false,
    needsTwoThirds: false,
  },
  reliable_broadcast: {
    title: 'reliable broadcast',
    documentation: 'What one correct member delivers all correct members deliver, and nobody is told two stories.',
    impossibleWithoutTiming: null,
    needsMajority: false,
    needsTwoThirds: true,
  },
  atomic_storage: {
    title: 'atomic storage',
    documentation: 'Reads and writes that look as if one node did them one after the other: a linearizable register.',
    impossibleWithoutTiming: null,
    needsMajority: true,
    needsTwoThirds: true,
  },
  convergence: {
    title: 'eventual convergence',
    documentation: 'Members that have heard of the same updates are in the same state, and all hear of all in the end.',
    impossibleWithoutTiming: null,
    needsMajority: false,
    needsTwoThirds: false,
  },
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemName = keyof typeof problems;

export const problemNames = Object.keys(problems) as readonly ProblemName[];

export function isProblem(name: string): name is ProblemName {
  return Object.hasOwn(problems, name);
}
