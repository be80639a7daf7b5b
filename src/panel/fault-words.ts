// What the panel calls faults that last.

import type { BandKind, BandView, RunView } from '../protocol/view-model.ts';
import type { NodeStatus } from './at-cursor.ts';

/** What the legend calls each kind, the gravest first. */
export const bandWords: Readonly<Record<BandKind, string>> = {
  crash: 'down',
  outage: 'down',
  pause: 'paused',
  byzantine: 'Byzantine',
  omission: 'loses messages',
  partition: 'cut off',
  slow: 'slow',
  clock: 'clock at a wrong rate',
};

/** The kinds of faults that last in a run, the gravest first; of those that are drawn and called alike one. */
export function bandKindsInUse({ bands }: RunView): readonly BandKind[] {
  const used = new Set<BandKind>(bands.map(({ kind }) => (kind === 'outage' ? 'crash' : kind)));
  return (Object.keys(bandWords) as BandKind[]).filter((kind) => used.has(kind));
}

const statusTexts: Readonly<Record<NodeStatus, string>> = {
  up: 'up',
  crash: 'crashed',
  outage: 'zone out',
  partition: 'partitioned',
  byzantine: 'Byzantine',
  omission: 'omitting',
  slow: 'slow',
  pause: 'paused',
  clock: 'clock at a wrong rate',
};

export function statusText(status: NodeStatus): string {
  return statusTexts[status];
}

/** What may be written on a lane, longest first: the lane says of which node it is. */
export function bandLabels({ label: text }: BandView, node: string): readonly string[] {
  const own = text.startsWith(`${node} `) ? text.slice(node.length + 1) : text;
  return [own, own.split(/[ :]/, 1)[0] ?? own];
}
