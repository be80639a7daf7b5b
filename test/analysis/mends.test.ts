import { describe, expect, it } from 'vitest';
import type { Finding, Fix } from '../../src/base/finding.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { checkFile } from '../../src/pipeline/check.ts';

/** Every fix that is offered is applied to the text: what it mends is then gone, and nothing else has come. */

const uri = 'test:///mend.dsys';

function check(text: string): readonly Finding[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  return checkFile(workspace, uri).findings.filter(({ severity }) => severity === 'error');
}

function apply(text: string, fix: Fix): string {
  let changed = text;
  for (const { span, text: inserted } of [...fix.edits].sort((a, b) => b.span.start - a.span.start)) {
    expect(span.uri).toBe(uri);
    changed = changed.slice(0, span.start) + inserted + changed.slice(span.end);
  }
  return changed;
}

/** Which requirement fails for whom under what: the message up to its numbers, with the clause. */
function identity(finding: Finding): string {
  return `${finding.code} ${finding.message.split(':')[0]} ${finding.labels?.[0]?.span.end}`;
}

const store = `protocol Store(patience: Duration = 100ms, votes: Int = n / 2 + 1) {
  quorum Decision = atleast(votes, members)
  requires safety   intersect(Decision)
  requires liveness available(Decision)
  requires liveness 2 * delay < patience
}
`;

const given = `protocol Given(decision: Quorum) {
  requires safety   intersect(decision)
  requires liveness available(decision)
}
`;

const cases: Readonly<Record<string, { readonly text: string; readonly offers: readonly string[] }>> = {
  'a threshold in a quorum of the system': {
    text: `${given}
system S {
  node voter[6]
  quorum Three = atleast(3, voter)
  faults F { byzantine 1 of voter }
  run Given(decision: Three) on voter
}`,
    offers: ['Raise the threshold of `Three` from 3 to 4'],
  },
  'a threshold in an argument of the run': {
    text: `${given}
system S {
  node voter[4]
  faults F { crash 1 of voter }
  run Given(decision: atleast(4, voter)) on voter
}`,
    offers: ['Lower the threshold of `decision` of the run from 4 to 3', 'Ask to survive less: `crash 0` instead of 1'],
  },
  'a threshold of weights': {
    text: `${given}
system S {
  node voter[4] (weight: [3, 2, 2, 2])
  faults F { crash 1 of voter }
  run Given(decision: weighted(voter, 4)) on voter
}`,
    offers: ['Raise the threshold of `decision` of the run from 4 to 5'],
  },
  'a quorum that cannot form, by the system': {
    text: `${given}
system S {
  node voter[3]
  faults F { crash 1 of voter }
  quorum Four = atleast(4, voter)
  run Given(decision: Four) on voter
}`,
    offers: ['Lower the threshold of `Four` from 4 to 2', 'Raise `voter` from 3 to 5 nodes'],
  },
  'a quorum that cannot form, by an argument': {
    text: `${store}
system S {
  node voter[3]
  timing synchronous(delay: 10ms)
  run Store(votes: 7) on voter
}`,
    offers: ['Change `votes` of the run to 3', 'Raise `voter` from 3 to 7 nodes'],
  },
  'two zones': {
    text: `${store}
system S {
  zone a
  zone b
  node replica[3] in [a, b]
  timing synchronous(delay: 10ms)
  faults F { outage 1 of [a, b] }
  run Store on replica
}`,
    offers: ['Add the zone `c`, spread evenly over `a`, `b` and `c`', 'Ask to survive less: `outage 0` instead of 1 of `a` and `b`'],
  },
  'nodes crowded into one zone': {
    text: `${store}
system S {
  zone eu { zone eu1  zone eu2 }
  zone us
  node replica[5] in [eu1, eu1, eu1, eu2, us]
  timing synchronous(delay: 10ms)
  faults F { outage 1 of [eu1, eu2, us] }
  run Store on replica
}`,
    offers: ['Spread `replica` evenly over `eu1`, `eu2` and `us`'],
  },
  'too few nodes, by a constant': {
    text: `${store}
const size = 3
system S {
  node replica[size]
  timing synchronous(delay: 10ms)
  faults F { crash 2 of replica }
  run Store on replica
}`,
    offers: ['Change `size` from 3 to 5', 'Ask to survive less: `crash 1` instead of 2'],
  },
  'too few nodes, by a number': {
    text: `${store}
system S {
  node replica[3]
  node other[2]
  timing synchronous(delay: 10ms)
  faults F { crash 1 of replica  byzantine 1 of other  crash 1 of other }
  run Store on replica + other
}`,
    offers: ['Raise `replica` from 3 to 5 nodes'],
  },
  'a quorum that is too small': {
    text: `${store}
system S {
  node replica[6]
  timing synchronous(delay: 10ms)
  faults F { byzantine 1 of replica }
  run Store(votes: 3) on replica
}`,
    offers: ['Change `votes` of the run to 4'],
  },
  'a time-out that is too short, its argument not written': {
    text: `${store}
system S {
  node replica[3]
  timing partially_synchronous(delay: 200ms, gst: 1s)
  run Store on replica
}`,
    offers: ['Change `patience` of the run to 500ms'],
  },
  'a time-out that is too short, beside another argument': {
    text: `${store}
system S {
  node replica[3]
  timing partially_synchronous(delay: 60ms, gst: 1s)
  run Store(votes: 2) on replica
}`,
    offers: ['Change `patience` of the run to 200ms'],
  },
  'no bound on delay': {
    text: `${store}
system S {
  node replica[3]
  timing asynchronous
  run Store on replica
}`,
    offers: ['Assume that from some time on messages take at most 20ms: `timing partially_synchronous(delay: 20ms, gst: 1s)`'],
  },
  'no timing at all': {
    text: `${store}
system S {
  node replica[3]
  run Store on replica
}`,
    offers: ['Assume that from some time on messages take at most 20ms: `timing partially_synchronous(delay: 20ms, gst: 1s)`'],
  },
  'a partition that never heals': {
    text: `${store}
system S {
  node replica[4]
  timing synchronous(delay: 10ms)
  faults F { partition }
  run Store on replica
}`,
    offers: ['Raise `replica` from 4 to 5 nodes', 'Let the partition heal after 30s'],
  },
};

describe('every fix mends, and breaks nothing', () => {
  for (const [name, { text, offers }] of Object.entries(cases)) {
    it(name, () => {
      const before = check(text);
      const known = new Set(before.map(identity));
      const offered = before.flatMap((finding) => (finding.fixes ?? []).map((fix) => ({ finding, fix })));
      expect(offered.map(({ fix }) => fix.title)).toEqual(expect.arrayContaining([...offers]));
      for (const { finding, fix } of offered) {
        const after = check(apply(text, fix)).map(identity);
        expect(after).not.toContain(identity(finding));
        expect(after.filter((left) => !known.has(left))).toEqual([]);
      }
      for (const finding of before) expect((finding.fixes ?? []).filter((fix) => fix.preferred).length).toBeLessThanOrEqual(1);
    });
  }
});

describe('what is no mend is not offered', () => {
  const titles = (text: string): string[] => check(text).flatMap(({ fixes = [] }) => fixes.map(({ title }) => title));

  it('a group whose weights are listed one by one is not made larger', () => {
    const offered = titles(`${given}
system S {
  node voter[3] (weight: [1, 1, 1])
  faults F { crash 1 of voter }
  run Given(decision: atleast(3, voter)) on voter
}`);
    expect(offered).toContain('Lower the threshold of `decision` of the run from 3 to 2');
    expect(offered.filter((title) => title.startsWith('Raise `voter`'))).toEqual([]);
  });

  it('a quorum of nobody is not offered, though it is always available', () => {
    const offered = titles(`protocol Waiting(votes: Int = 1) {
  quorum Decision = atleast(votes, members)
  requires liveness available(Decision)
}

system S {
  node voter[1]
  faults F { crash 1 of voter }
  run Waiting on voter
}`);
    expect(offered).toContain('Ask to survive less: `crash 0` instead of 1');
    expect(offered).not.toContain('Change `votes` of the run to 0');
  });

  it('a share stays one: no argument below 1 is offered beyond it', () => {
    const text = (risk: string): string => `protocol Draw(risk: Real = 50%) {
  requires safety 0.8 <= risk
}

system S {
  node voter[3]
  run Draw(risk: ${risk}) on voter
}`;
    expect(titles(text('30%')).filter((title) => title.includes('risk'))).toEqual([]);
    expect(titles(text('0')).filter((title) => title.includes('risk'))).toEqual(['Change `risk` of the run to 1']);
  });
});
