import type { DeploymentCard } from '../../src/pipeline/api.ts';
import type { AnalysisReport } from '../../src/report/analysis.ts';
import { bankUri, libraryUri } from './made-up-report.ts';

/** An analysis with one of everything, made by hand so that the renderers are tested without the pipeline. */

const survives: DeploymentCard['sections'][number] = {
  id: 'survives',
  title: 'What it survives',
  headline: 'survives 1 of 3 crashes',
  rows: [
    {
      label: 'liveness: `available(Majority)`',
      value: 'does not hold: not with `replica[0]` and `replica[1]` crashed',
      data: { kind: 'liveness', requirement: 'available(Majority)', holds: false, detail: '' },
    },
    { label: 'safety: `x | y < 3 * z`', value: 'holds: 1 | 2 < 3 * 4', data: { holds: true } },
    {
      label: 'crashes alone',
      value: 'any 1 of 3 members may crash',
      notes: ['With `replica[0]` and `replica[1]` crashed, liveness fails: `available(Majority)`.'],
      data: { tolerated: 1, exact: true, members: 3 },
    },
  ],
  assumptions: ['All budgets of the fault model may be spent at once.'],
  sources: ['Malkhi & Reiter 1998, fail-prone systems'],
};

const network: DeploymentCard['sections'][number] = {
  id: 'network',
  title: 'Network',
  rows: [
    { label: 'a label that is so long that it does not fit its column', value: '2 of 客户', data: Number.POSITIVE_INFINITY },
    { label: 'undecided', value: 'undecided', notes: ['\u001b[31mred <b>bold</b> *star*'], data: null },
  ],
  assumptions: [],
  sources: [],
};

const card: DeploymentCard = {
  system: 'Bank',
  deployment: 0,
  protocol: 'Vote',
  name: '`Vote` on `replica`',
  members: 3,
  faultModel: 'Production',
  sections: [survives, network],
};

export const cards: readonly DeploymentCard[] = [
  card,
  { ...card, faultModel: 'Calm', sections: [{ ...survives, headline: 'survives 2 of 3 crashes', rows: survives.rows.slice(1) }, network] },
  { ...card, deployment: 1, protocol: 'Silent', name: '`Silent` on 2 nodes', members: 2, faultModel: null, sections: [] },
];

export const analysis: AnalysisReport = {
  version: '0.1.0',
  effort: 20,
  files: [
    { uri: bankUri, errors: 1, cards },
    { uri: libraryUri, errors: 0, cards: [] },
  ],
  stopped: 'cancelled',
};
