import { problems } from '../../model/problems.ts';
import { unresponsive } from '../fault-sets.ts';
import { coverOf } from '../impossible/covers.ts';
import { stuck } from '../impossible/endless-runs.ts';
import { lastingFacts } from '../impossible/lasting-faults.ts';
import { boundsOf } from '../impossible/too-few-members.ts';
import { faultPhrase } from '../words.ts';
import type { CardRow, CardSection, CardSubject } from './section.ts';

/** What is proved of the problems that the protocol solves, whatever the protocol: lower bounds on members, and termination. */
export function limits(subject: CardSubject): CardSection | null {
  const { system, deployment } = subject;
  const protocol = system.protocols[deployment.protocol];
  if (protocol === undefined || protocol.solves.length === 0) return null;
  const sources = new Set<string>();
  const rows = [...protocol.solves.flatMap(({ problem }) => boundRows(subject, problem, sources)), ...endRow(subject, sources)];
  if (rows.length === 0) return null;
  return {
    id: 'limits',
    title: 'What no protocol can do better',
    rows,
    assumptions: ['Members that recover count as slow, not as gone. No hardware keeps a member from telling two stories.'],
    sources: [...sources],
  };
}

function boundRows(subject: CardSubject, problem: keyof typeof problems, sources: Set<string>): CardRow[] {
  const { system, deployment, model } = subject;
  const protocol = system.protocols[deployment.protocol];
  if (model === null || protocol === undefined) return [];
  const facts = lastingFacts(subject, system, deployment, model);
  if (facts.family.budgetsThatReach(unresponsive, deployment.members).length === 0) return [];
  return boundsOf(problem, deployment, protocol, facts).flatMap((bound): CardRow[] => {
    if (deployment.members.length < (bound.lying === 0 ? 2 : 3)) return [];
    sources.add(bound.source);
    // Out of work the section is left out: "kept" would be a guess.
    const sets = coverOf(facts, deployment.members, bound);
    return [
      {
        label: problems[problem].title,
        value: `${bound.formula}: ${sets === null ? 'kept' : `broken, ${sets.length} fault sets take all members`}`,
        notes: (sets ?? []).map((set, i) => `Set ${i + 1}: ${faultPhrase(system, set)}.`),
        data: { problem, bound: bound.formula, members: deployment.members.length, kept: sets === null },
      },
    ];
  });
}

function endRow(subject: CardSubject, sources: Set<string>): CardRow[] {
  const { system, deployment } = subject;
  const protocol = system.protocols[deployment.protocol];
  const hard = protocol?.solves.some(({ problem }) => problems[problem].impossibleWithoutTiming !== null) ?? false;
  if (!hard) return [];
  const without = stuck(subject, system, deployment);
  if (without !== null) sources.add(without.source);
  const words = {
    synchronous: 'can be guaranteed: delays are bounded',
    partially_synchronous: 'can be guaranteed from the time on when delays are bounded, not before',
    asynchronous: 'not excluded: no member fails for good, or the protocol draws coins',
  } as const;
  const value =
    without === null ? words[system.timing.model] : 'cannot be guaranteed in every run: no delay bound, and a member may fail for good';
  return [{ label: 'termination', value, data: { timing: system.timing.model, excluded: without !== null } }];
}
