import { counted } from '../../base/units.ts';
import { codes } from '../codes.ts';
import { type FaultKinds, type FaultSet, unresponsive } from '../fault-sets.ts';
import { faultPhrase, nodeNames, zoneNames } from '../words.ts';
import { type Answer, type Answerer, type Asked, nodesAt, type Told } from './answer.ts';

/** What the number of sets means, and who showed it. */
interface Condition {
  readonly times: number;
  readonly words: string;
  readonly kinds: FaultKinds;
  readonly why: string;
  readonly source: string;
}

/**
 * `q2(s)`: no two fault sets take all of s. Every member that stops answering counts: crashed, omitting, Byzantine, or in a
 * zone that is out.
 */
export const q2: Answerer = covers({
  times: 2,
  words: 'two',
  kinds: unresponsive,
  why:
    'Whoever can wait only for the nodes outside one fault set and whoever waits for those outside another then need not share a node, ' +
    'so no quorum system over these nodes both intersects and stays available (Q²).',
  source: 'Hirt & Maurer 1997',
});

/** `q3(s)`: no three sets of Byzantine members cover s. An outage crashes the nodes in it and does not make them lie. */
export const q3: Answerer = covers({
  times: 3,
  words: 'three',
  kinds: ['byzantine'],
  why:
    'Byzantine agreement without signatures, and under partial synchrony with them too, needs that no three sets of members which may lie ' +
    'at once cover all (Q³); so does any dissemination quorum system that stays available. Of nodes that all may lie equally this is n ≥ 3f + 1.',
  source: 'Hirt & Maurer 1997; Malkhi & Reiter 1998',
});

/** `q4(s)`: no four sets of Byzantine members cover s. */
export const q4: Answerer = covers({
  times: 4,
  words: 'four',
  kinds: ['byzantine'],
  why:
    'A masking quorum system (data without signatures, read in one round) that stays available exists exactly when no four sets of ' +
    'members which may lie at once cover all (Q⁴). Of nodes that all may lie equally this is n ≥ 4f + 1.',
  source: 'Malkhi & Reiter 1998',
});

function covers(condition: Condition): Answerer {
  return (asked: Asked): Answer => {
    const nodes = nodesAt(asked, 0);
    const sets = asked.facts.cover(nodes, condition.times, condition.kinds);
    return sets === null ? { value: true } : { value: false, cause: { kind: 'told', told: tell(asked, nodes, sets, condition) } };
  };
}

function tell(asked: Asked, nodes: readonly number[], sets: readonly FaultSet[], condition: Condition): Told {
  const { system, family } = asked.facts;
  const name = asked.texts[0] ?? '';
  const { words, kinds, why, source } = condition;
  const what = kinds === unresponsive ? 'fault sets' : 'sets of Byzantine members';
  const phrases = sets.map((set) => faultPhrase(system, set));
  const help =
    nodes.length === 0
      ? 'Name at least one node: of none, even no fault at all takes all.'
      : kinds === unresponsive
        ? 'Add nodes that fail independently of these, spread them over more zones, or ask to survive less.'
        : 'Add nodes outside what may lie at once, or ask to survive fewer Byzantine ones.';
  return {
    code: codes.cover,
    detail: nodes.length === 0 ? `\`${name}\` has no nodes` : `${words} admissible ${what} together take all of \`${name}\``,
    short: nodes.length === 0 ? 'there are no nodes' : `covered by ${counted(sets.length, 'set')}: ${phrases.join('; ')}`,
    why,
    source,
    help,
    notes: sets.length < 2 ? [] : [`The sets: ${phrases.join('; ')}.`],
    witness: {
      kind: 'cover',
      nodes: nodeNames(system, nodes),
      sets: sets.map((set) => ({
        outages: zoneNames(system, set.outages),
        nodes: nodeNames(
          system,
          [...set.crashed, ...set.omitting, ...set.byzantine].sort((a, b) => a - b),
        ),
      })),
    },
    ...(sets[0] === undefined || family.model === null ? {} : { faults: { set: sets[0], kinds } }),
    numbers: { size: nodes.length },
  };
}
