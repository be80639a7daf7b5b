import type { Finding } from '../../src/base/finding.ts';
import type { Span } from '../../src/base/source.ts';
import type { Report } from '../../src/report/report.ts';
import { Places } from '../../src/report/sources.ts';
import type { RunResult, ScenarioResult } from '../../src/simulator/result.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';

/** A report with one of everything, made by hand so that the renderers are tested without the pipeline. */

export const bankUri = 'file:///work/systems/bank.dsys';
export const libraryUri = 'dsys-library:/consensus/vote.dsys';

export const bankText = `import Vote from "dsys/consensus/vote"

system Bank {
  zone eu
  node replica[3] in [eu]
\tnode 客户[2] in [eu] (cpu: 20us)
  faults Production {
    crash 2 of replica
  }
  run Vote(heartbeat: 50ms) on replica
  scenario Crash under Production (duration: 30s, seeds: 10) {
    expect count(Committed) >= 100
  }
}
`;

const libraryText = `protocol Vote(heartbeat: Duration) {
  quorum Majority = majority(members)
  requires liveness available(Majority) because "a majority must stay up"
  invariant OneLeader { true }
}
`;

const texts = new Map([
  [bankUri, bankText],
  [libraryUri, libraryText],
]);

export const places = new Places({
  textOf: (uri) => texts.get(uri),
  pathOf: (uri) => uri.replace('file:///work/', ''),
});

/** The span of a piece of a text, the n-th of its kind. */
export function spanOf(piece: string, uri = bankUri, nth = 0): Span {
  const text = texts.get(uri) as string;
  let start = text.indexOf(piece);
  for (let k = 0; k < nth; k++) start = text.indexOf(piece, start + 1);
  if (start < 0) throw new Error(`no ${piece} in ${uri}`);
  return { uri, start, end: start + piece.length };
}

export const requirement: Finding = {
  code: 'DS3004',
  severity: 'error',
  span: spanOf('Vote', bankUri, 1),
  message: '`available(Majority)` does not hold: 2 of 3 nodes may crash',
  why: 'a majority must stay up',
  help: 'add nodes or bear fewer crashes',
  source: 'Lamport, The Part-Time Parliament, 1998, §2.1',
  notes: ['n = 3, crashed = 2', 'checked under `Production`'],
  labels: [
    { span: spanOf('crash 2 of replica'), message: 'this budget breaks it' },
    { span: spanOf('available(Majority)', libraryUri), message: 'required here' },
  ],
  witness: { kind: 'fault-set', crashed: ['replica[0]', 'replica[1]'], byzantine: [], omitting: [], outages: [], left: ['replica[2]'] },
  fixes: [{ title: 'Raise `replica` from 3 to 5 nodes', preferred: true, edits: [{ span: spanOf('3'), text: '5' }] }],
  numbers: { n: 3, crashed: 2 },
};

export const wide: Finding = {
  code: 'DS2003',
  severity: 'warning',
  span: spanOf('客户'),
  message: 'group `客户` is in no run and no workload',
  tags: ['unnecessary'],
};

export const broad: Finding = {
  code: 'DS2001',
  severity: 'information',
  span: spanOf('faults Production {\n    crash 2 of replica\n  }'),
  message: 'spans three lines\u001b[31m and tries to colour them',
};

export const hint: Finding = { code: 'DS4001', severity: 'hint', span: spanOf('zone eu'), message: 'only a hint' };

const broken: Finding = {
  code: 'DS5001',
  severity: 'error',
  span: spanOf('OneLeader', libraryUri),
  message: 'invariant `OneLeader` of `Vote` is broken: a = replica[0], b = replica[2]',
  witness: { kind: 'run', scenario: 'Crash', seed: 4, time: 1_250_000_000 },
};

const names = ['Vote', 'Elected', 'election', 'OneLeader'];
const details = ['(term: 3, granted: true)', 'term = 3', 'a = replica[0], b = replica[2]'];
const rows: readonly (readonly [time: number, kind: number, node: number, peer: number, name: number, link: number, detail: number])[] = [
  [0, EventKind.start, 0, -1, -1, -1, -1],
  [1.2e9, EventKind.timeout, 2, -1, 2, -1, -1],
  [1.21e9, EventKind.send, 2, 0, 0, 1, 0],
  [1.24e9, EventKind.deliver, 0, 2, 0, 1, 0],
  [1.24e9, EventKind.crash, 1, -1, -1, -1, -1],
  [1.25e9, EventKind.emit, 2, -1, 1, -1, 1],
  [1.25e9, EventKind.violation, -1, -1, 3, -1, 2],
  [1.3e9, EventKind.recover, 1, -1, -1, -1, -1],
];

export const trace: Trace = {
  version: 1,
  nodes: ['replica[0]', 'replica[1]', 'replica[2]'],
  zones: ['eu', 'eu', ''],
  length: rows.length,
  truncated: false,
  time: Float64Array.from(rows, (row) => row[0]),
  kind: Uint8Array.from(rows, (row) => row[1]),
  node: Int32Array.from(rows, (row) => row[2]),
  peer: Int32Array.from(rows, (row) => row[3]),
  name: Int32Array.from(rows, (row) => row[4]),
  link: Int32Array.from(rows, (row) => row[5]),
  detail: Int32Array.from(rows, (row) => row[6]),
  names,
  details,
};

const shown: RunResult = {
  seed: 4,
  digest: '0123456789abcdef',
  end: 30e9,
  steps: 12_345,
  delivered: 6_789,
  error: null,
  violations: [
    {
      property: 'OneLeader',
      deployment: 0,
      kind: 'invariant',
      span: spanOf('OneLeader', libraryUri),
      time: 1.25e9,
      detail: 'a = replica[0], b = replica[2]',
      event: 6,
    },
  ],
  expectations: [{ held: true, measured: 312, detail: '' }],
  metrics: {
    counts: { Committed: 312 },
    operations: [],
    messages: { sent: 7_000, delivered: 6_789, lost: 211, duplicated: 0, bytes: 1e6 },
  },
  trace,
};

export const failing: ScenarioResult = {
  system: 'Bank',
  scenario: 'Crash',
  uri: bankUri,
  span: spanOf('Crash'),
  faultModel: 'Production',
  variant: null,
  verdicts: [
    {
      text: 'count(Committed) >= 100',
      span: spanOf('count(Committed) >= 100'),
      kind: 'expectation',
      passed: true,
      detail: 'count = 312 (least of 10 seeds, seed 4)',
      seed: 4,
    },
    {
      text: 'OneLeader',
      span: spanOf('OneLeader', libraryUri),
      kind: 'invariant',
      passed: false,
      detail: 'broken in 2 of 10 seeds',
      seed: 4,
    },
  ],
  runs: Array.from({ length: 10 }, (_, index) => ({
    seed: index + 1,
    digest: `00000000000000${10 + index}`,
    delivered: 6_700 + index,
    end: 30e9,
    fails: [3, 8].includes(index),
  })),
  findings: [broken],
  passed: false,
  stopped: 'no',
  shown,
  shrunk: [
    {
      finding: 0,
      failure: 'OneLeader',
      name: 'Crash_Seed4',
      text: '  scenario Crash_Seed4 under Production (duration: 1s, seeds: 1, seed: 5) {\n    at 250ms crash(replica[1])\n  }',
      seed: 5,
      digest: '00000000000abcde',
      before: { faults: 12, requests: 40, nodes: 3, events: 12_345, end: 30e9 },
      after: { faults: 1, requests: 0, nodes: 3, events: 99, end: 1e9 },
      runs: 77,
      isCutShort: false,
    },
  ],
};

export const passing: ScenarioResult = {
  ...failing,
  scenario: 'Calm',
  faultModel: null,
  variant: 'n = 5',
  verdicts: failing.verdicts.slice(0, 1),
  runs: failing.runs.slice(0, 1),
  findings: [],
  shrunk: [],
  passed: true,
  shown: { ...shown, seed: 1, violations: [], trace: null },
};

export const report: Report = {
  command: 'test',
  version: '0.1.0',
  files: [
    {
      uri: bankUri,
      findings: [requirement, wide, broad, hint],
      cards: [
        {
          system: 'Bank',
          card: {
            deployment: 0,
            protocol: 'Vote',
            faultModel: 'Production',
            requirements: [{ kind: 'liveness', text: 'available(Majority)', holds: false, detail: '' }],
            numbers: { n: 3, crashed: 2 },
            summary: 'first killed by: `replica[0]` and `replica[1]` crashed',
          },
        },
      ],
    },
  ],
  scenarios: [
    {
      result: failing,
      repeat: 'dsys run systems/bank.dsys Crash --system Bank --seed 4 --runs 1',
      shrunk: ['dsys run systems/bank.dsys Crash_Seed4 --system Bank'],
    },
    { result: passing, repeat: 'dsys run systems/bank.dsys Calm --system Bank --seed 1 --runs 1' },
  ],
  stopped: 'no',
};
