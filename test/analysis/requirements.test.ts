import { describe, expect, it } from 'vitest';
import { analyzeSystem } from '../../src/analysis/analyze.ts';
import { expand, type Overrides } from '../../src/model/expand.ts';
import type { SystemCode } from '../../src/model/system-code.ts';
import {
  binary,
  budget,
  call,
  faultModel,
  given,
  group,
  literal,
  members,
  ms,
  named,
  nodes,
  outages,
  parameter,
  partiallySynchronous,
  place,
  protocol,
  requires,
  run,
  system,
} from './code.ts';

function analyze(code: SystemCode, shouldStop?: () => boolean) {
  const { system: expanded, findings } = expand(code);
  expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  if (expanded === null) throw new Error('the system does not expand');
  return analyzeSystem(code, expanded, (overrides: Overrides) => expand(code, overrides).system, { shouldStop });
}

const majority = () => ({ name: 'Majority', value: call('majority', members()), span: place(), nameSpan: place() });

const replicated = () =>
  protocol('Log', {
    documentation: 'A replicated log (Somebody & Else, Some Conference 2014).',
    quorums: [majority()],
    requirements: [
      requires('safety', 'byzantine == 0', binary(given('byzantine'), '==', literal(0)), 'the log tolerates crashes, not lies'),
      requires('safety', 'intersect(Majority)', call('intersect', named('Majority'))),
      requires('liveness', 'available(Majority)', call('available', named('Majority'))),
    ],
  });

const counting = () =>
  protocol('Count', {
    requirements: [
      requires(
        'liveness',
        'n >= 2 * crashed + 1',
        binary(given('n'), '>=', binary(binary(literal(2), '*', given('crashed')), '+', literal(1))),
      ),
    ],
  });

/** The first file of the language reference: five replicas in three places, two of them in one. */
const bank = (of = replicated()) =>
  system(['eu', 'eu1 < eu', 'eu2 < eu', 'us'], {
    groups: [nodes('replica', 5, ['eu1', 'eu1', 'eu2', 'us', 'us'])],
    faultModels: [faultModel('Production', budget('crash', 2, group('replica')), outages(1, ['eu1', 'eu2', 'us']))],
    runs: [run(of.name, group('replica'))],
    protocols: [of],
  });

describe('five replicas, two crashes and the outage of a zone', () => {
  it('says with numbers what breaks a counting requirement', () => {
    const { findings, cards } = analyze(bank(counting()));
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding?.code).toBe('DS3002');
    expect(finding?.message).toBe(
      '`Count` on `replica` does not keep liveness under `Production`: `n >= 2 * crashed + 1` needs 5 >= 2 * 4 + 1.',
    );
    expect(finding?.numbers).toEqual({ n: 5, crashed: 4 });
    expect(finding?.witness).toEqual({
      kind: 'fault-set',
      crashed: ['replica[2]', 'replica[3]'],
      byzantine: [],
      omitting: [],
      outages: ['eu1'],
    });
    expect(finding?.notes).toEqual([
      '`eu1` is down and takes `replica[0]` and `replica[1]`; `replica[2]` and `replica[3]` crash: 4 of 5 members.',
    ]);
    expect(finding?.fixes?.map((fix) => [fix.title, fix.preferred ?? false])).toEqual([
      ['Add the zone `us2` and 6 more of `replica`, spread evenly over `eu1`, `eu2`, `us` and `us2`', true],
      ['Raise `replica` from 5 to 15 nodes, spread evenly over `eu1`, `eu2` and `us`', false],
      ['Raise `replica` from 5 to 25 nodes', false],
      ['Ask to survive less: `outage 0` instead of 1 of `eu1`, `eu2` and `us`', false],
      ['Ask to survive less: `crash 0` instead of 2', false],
    ]);
    expect(cards[0]?.summary).toContain('first killed by: `eu1` down and `replica[2]` and `replica[3]` crashed');
  });

  it('finds the smallest loss that leaves no quorum', () => {
    const { findings } = analyze(bank());
    expect(findings.map((finding) => finding.code)).toEqual(['DS3004']);
    expect(findings[0]?.message).toBe(
      '`Log` on `replica` does not keep liveness under `Production`: with `eu1` down and `replica[2]` crashed no quorum of `Majority` is left (2 of 5 members still answer).',
    );
    expect(findings[0]?.labels?.map((label) => label.message)).toEqual([
      'required here for liveness',
      'spent in the faults shown',
      'spent in the faults shown',
    ]);
  });
});

describe('what holds', () => {
  it('is told on the card, with how much more may fail', () => {
    const log = replicated();
    const { findings, cards } = analyze(
      system([], {
        groups: [nodes('replica', 5)],
        faultModels: [faultModel('Two', budget('crash', 2, group('replica')))],
        runs: [run('Log', group('replica'))],
        protocols: [log],
      }),
    );
    expect(findings).toEqual([]);
    expect(cards[0]).toMatchObject({
      faultModel: 'Two',
      summary: 'survives every admissible fault set; alone, any 2 of 5 members may crash',
      numbers: { n: 5, byzantine: 0 },
    });
  });

  it('is checked without faults where the system names none', () => {
    const { findings, cards } = analyze(
      system([], { groups: [nodes('replica', 3)], runs: [run('Log', group('replica'))], protocols: [replicated()] }),
    );
    expect(findings).toEqual([]);
    expect(cards[0]?.faultModel).toBeNull();
  });
});

describe('other ways to fail', () => {
  it('ends a citation with its year, and takes no number of a preprint for one', () => {
    const log = { ...replicated(), documentation: 'A log (Somebody, An Overview, 2020, arXiv:2006.15918; others later).' };
    const { findings } = analyze(
      system([], {
        groups: [nodes('replica', 3)],
        faultModels: [faultModel('Liars', budget('byzantine', 1, group('replica')))],
        runs: [run('Log', group('replica'))],
        protocols: [log],
      }),
    );
    expect(findings[0]?.source).toBe('Somebody, An Overview, 2020');
  });

  it('names a Byzantine fault that a protocol does not bear, under each model that has one', () => {
    const { findings } = analyze(
      system([], {
        groups: [nodes('replica', 3)],
        faultModels: [
          faultModel('Honest', budget('crash', 1, group('replica'))),
          faultModel('Liars', budget('byzantine', 1, group('replica'))),
          faultModel('More', budget('byzantine', 2, group('replica'))),
        ],
        runs: [run('Log', group('replica'))],
        protocols: [replicated()],
      }),
    );
    expect(findings.map((finding) => finding.code)).toEqual(['DS3001', 'DS3003', 'DS3001', 'DS3003', 'DS3004']);
    expect(findings[0]?.why).toBe('The log tolerates crashes, not lies.');
    expect(findings[0]?.source).toBe('Somebody & Else, Some Conference 2014');
    expect(findings[1]?.message).toContain('two quorums of `Majority` may share only `replica[0]`, which may be Byzantine');
    expect(findings[1]?.source).toContain('Malkhi & Reiter 1998');
    expect(findings[3]?.message).toContain('under `More`');
  });

  it('shows two quorums that do not meet, and the argument that mends it', () => {
    const voting = protocol('Voting', {
      parameters: [{ name: 'votes', type: { kind: 'Int' }, value: null, span: place(), documentation: '' }],
      quorums: [{ name: 'Decision', value: call('atleast', parameter('votes'), members()), span: place(), nameSpan: place() }],
      requirements: [requires('safety', 'intersect(Decision)', call('intersect', named('Decision')), 'a voter votes once')],
    });
    const { findings } = analyze(
      system([], {
        groups: [nodes('replica', 6)],
        faultModels: [faultModel('Liar', budget('byzantine', 1, group('replica')))],
        runs: [run('Voting', group('replica'), [{ name: 'votes', value: literal(3), span: place() }])],
        protocols: [voting],
      }),
    );
    expect(findings.map((finding) => finding.code)).toEqual(['DS3003']);
    expect(findings[0]?.witness).toEqual({
      kind: 'quorums',
      quorums: [
        ['replica[0]', 'replica[1]', 'replica[2]'],
        ['replica[3]', 'replica[4]', 'replica[5]'],
      ],
      shared: [],
      byzantine: [],
    });
    expect(findings[0]?.fixes?.map((fix) => fix.title)).toEqual(['Change `votes` of the run to 4']);
  });

  it('needs a bound on message delay for a time-out', () => {
    const timed = protocol('Timed', {
      parameters: [{ name: 'patience', type: { kind: 'Duration' }, value: ms(150), span: place(), documentation: '' }],
      requirements: [
        requires(
          'liveness',
          '2 * delay < patience',
          binary(
            binary(literal(2), '*', given('delay', { kind: 'Duration' }), { kind: 'Duration' }),
            '<',
            parameter('patience', { kind: 'Duration' }),
          ),
        ),
      ],
    });
    const code = system([], { groups: [nodes('replica', 3)], runs: [run('Timed', group('replica'))], protocols: [timed] });
    const [finding] = analyze(code).findings;
    expect(finding?.code).toBe('DS3006');
    expect(finding?.message).toContain('needs a bound on message delay, and without a `timing` the system is asynchronous');
    expect(finding?.fixes?.[0]?.edits[0]?.text).toBe('timing partially_synchronous(delay: 50ms, gst: 1s)\n  ');
    const slow = analyze({ ...code, timing: partiallySynchronous(200) }).findings[0];
    expect(slow?.code).toBe('DS3006');
    expect(slow?.message).toContain('needs 2 * 200ms < 150ms');
    expect(slow?.fixes?.[0]).toMatchObject({ title: 'Change `patience` of the run to 450ms', preferred: true });
    expect(slow?.fixes?.[0]?.edits[0]?.text).toBe('(patience: 450ms)');
  });

  it('says which nodes part the members', () => {
    const flooding = protocol('Flooding', {
      requirements: [requires('liveness', 'connectivity > faulty', binary(given('connectivity'), '>', given('faulty')))],
    });
    const { findings } = analyze(
      system([], {
        groups: [nodes('node', 6)],
        links: [
          {
            edges: { kind: 'shape', shape: 'ring', nodes: [group('node')], options: [] },
            attributes: [],
            span: place(),
          },
        ],
        faultModels: [faultModel('Two', budget('crash', 2, group('node')))],
        runs: [run('Flooding', group('node'))],
        protocols: [flooding],
      }),
    );
    expect(findings[0]?.code).toBe('DS3005');
    expect(findings[0]?.message).toContain('`connectivity > faulty` needs 2 > 2');
    expect(findings[0]?.witness).toMatchObject({ kind: 'cut' });
  });

  it('reports a clause without a value where it is written, once', () => {
    const wrong = protocol('Wrong', {
      requirements: [requires('safety', 'n / crashed > 1', binary(binary(given('n'), '/', given('crashed')), '>', literal(1)))],
    });
    const { findings } = analyze(
      system([], {
        groups: [nodes('replica', 3)],
        faultModels: [faultModel('A'), faultModel('B')],
        runs: [run('Wrong', group('replica'))],
        protocols: [wrong],
      }),
    );
    expect(findings.map((finding) => finding.code)).toEqual(['DS3091']);
    expect(findings[0]?.span).toEqual(wrong.requirements[0]?.span);
  });

  it('stops when nobody wants the answer', () => {
    expect(analyze(bank(), () => true)).toMatchObject({ findings: [], cards: [] });
  });
});

it('tries no more changes than a keystroke has time for', () => {
  const code = bank();
  const { system: expanded } = expand(code);
  if (expanded === null) throw new Error('the system does not expand');
  let tried = 0;
  analyzeSystem(code, expanded, (overrides: Overrides) => {
    tried++;
    return expand(code, overrides).system;
  });
  expect(tried).toBeLessThan(60);
});
