import type { Witness } from '../base/finding.ts';
import { formatDuration } from './units.ts';

/** What shows that a finding is true, as one line of words. */
export function describeWitness(witness: Witness): string {
  switch (witness.kind) {
    case 'fault-set': {
      const parts = [
        part(witness.outages, 'down'),
        part(witness.crashed, 'crashed'),
        part(witness.omitting, 'losing messages'),
        part(witness.byzantine, 'Byzantine'),
      ].filter((text) => text !== '');
      const faults = parts.length === 0 ? 'no fault at all' : parts.join('; ');
      return witness.left === undefined ? faults : `${faults}; left: ${names(witness.left)}`;
    }
    case 'quorums': {
      const quorums = witness.quorums.map((quorum) => `{${quorum.join(', ')}}`).join(' and ');
      const shared = witness.shared.length === 0 ? 'share no node' : `share only ${names(witness.shared)}`;
      return `quorums ${quorums} ${shared}${witness.byzantine.length === 0 ? '' : `, with ${names(witness.byzantine)} Byzantine`}`;
    }
    case 'cover':
      return `together these touch all of ${names(witness.nodes)}: ${witness.sets.map(({ outages, nodes }) => `{${[...outages, ...nodes].join(', ')}}`).join(' and ')}`;
    case 'cut':
      return cutText(witness);
    case 'nodes':
      return names(witness.nodes);
    case 'run':
      return `seed ${witness.seed} of ${witness.scenario}${witness.time > 0 ? ` at ${formatDuration(witness.time)}` : ''}`;
  }
}

function cutText({ nodes, links = [], sides }: Witness & { readonly kind: 'cut' }): string {
  const lost = [...nodes, ...links];
  const shown = sides.slice(0, 6).map((side) => `{${cutShort(side).join(', ')}}`);
  const text = `these cannot reach each other: ${shown.join(' | ')}${sides.length > 6 ? ` and ${sides.length - 6} more` : ''}`;
  return lost.length === 0 ? text : `without ${names(lost)} ${text}`;
}

function part(list: readonly string[], what: string): string {
  return list.length === 0 ? '' : `${names(list)} ${what}`;
}

/** A long list is cut: the finding's JSON has all of it. */
function names(list: readonly string[]): string {
  if (list.length === 0) return 'none';
  const shown = cutShort(list);
  const last = shown.at(-1) as string;
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

function cutShort(list: readonly string[]): readonly string[] {
  return list.length > 12 ? [...list.slice(0, 10), `${list.length - 10} more`] : list;
}
