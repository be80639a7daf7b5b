import { counted, formatNumber, formatRatio, listed } from '../../base/units.ts';
import type { networkQuestions } from '../../model/network-questions.ts';
import { codes } from '../codes.ts';
import type { Facts } from '../facts.ts';
import { BoundedMemo } from '../memo.ts';
import { eccentricity } from '../network/eccentricity.ts';
import { flooding } from '../network/flooding.ts';
import { graphOfFacts } from '../network/network-facts.ts';
import { type Gossip, gossipReach, gossipRounds, type Likelihood, mostExactNodes, randomConnectivity } from '../network/random-graph.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Answerer, type Asked, NoAnswer, type Told } from './answer.ts';
import { amountAt, numberAt } from './numbers.ts';

/** Who answers the questions of `network-questions.ts`. */
export const networkAnswerers: Readonly<Record<keyof typeof networkQuestions, Answerer>> = {
  eccentricity: eccentricityAsked,
  random_connectivity: randomConnectivityAsked,
  gossip_reach: gossipReachAsked,
  gossip_rounds: gossipRoundsAsked,
  flood_messages: floodMessagesAsked,
};

function eccentricityAsked(asked: Asked): Answer {
  const { facts } = asked;
  const { system, deployment } = facts;
  const node = numberAt(asked, 0, 'node');
  const found = eccentricity(graphOfFacts(facts), node, deployment.members, facts.work());
  const name = system.nodes[node]?.name ?? `node ${node}`;
  if (found.unreached.length > 0) {
    const unreached = listed(nodeNames(system, found.unreached));
    throw new NoAnswer({
      kind: 'told',
      told: {
        ...cutOff,
        detail: `\`${name}\` has no path to ${unreached}, so that \`eccentricity(${asked.texts[0] ?? name})\` has no value`,
        short: 'some members are out of reach',
        witness: { kind: 'cut', nodes: [], sides: [[name], nodeNames(system, found.unreached)] },
      },
    });
  }
  return {
    value: found.hops,
    remarks: found.farthest < 0 ? [] : [`\`${system.nodes[found.farthest]?.name}\` is ${counted(found.hops, 'hop')} from \`${name}\`.`],
  };
}

const cutOff: Omit<Told, 'detail' | 'short'> = {
  code: codes.connectivity,
  why: 'What has no path to a member never reaches it, whatever time it is given.',
  help: 'Add links until every member can be reached.',
};

const likelihoods = new BoundedMemo<Likelihood>();

function randomConnectivityAsked(asked: Asked): Answer {
  const degree = amountAt(asked, 0, 'degree', false, formatNumber);
  const n = asked.facts.deployment.members.length;
  const { value, method } = likelihoods.get(`graph ${n} ${degree}`, asked.facts.work(), (work) => randomConnectivity(n, degree, work));
  return {
    value,
    remarks: [
      `A random graph of ${counted(n, 'node')} with ${formatNumber(degree)} neighbours each on average is connected with probability ${formatRatio(value)}${
        method === 'exact'
          ? ' (exact: Gilbert 1959)'
          : `: the limit e^(−e^(−c)) of Erdős & Rényi 1959, since there are more than ${mostExactNodes} members`
      }. Links are taken to be independent; the links that are written are not looked at.`,
    ],
  };
}

function gossipReachAsked(asked: Asked): Answer {
  const { facts } = asked;
  const fanout = amountAt(asked, 0, 'fanout', false, formatNumber);
  const members = facts.deployment.members.length;
  const failed = failedOf(facts);
  const gossip: Gossip = { members, failed, fanout };
  const { value, method } = likelihoods.get(`gossip ${members} ${failed} ${fanout}`, facts.work(), (work) => gossipReach(gossip, work));
  return {
    value,
    remarks: [
      `With ${failed === 0 ? 'no member' : `${failed} of ${counted(members, 'member')}`} failed a rumour reaches all others with probability ${formatRatio(value)}${
        method === 'exact' ? ' (exact)' : ': the limit e^(−e^(−c)) of Kermarrec, Massoulié & Ganesh 2003'
      }: ${formatNumber(fanout)} others are told by each, drawn at random among all, once. Told again, more are reached; lost messages are not counted.`,
    ],
  };
}

function failedOf(facts: Facts): number {
  return facts.quantity('faulty')?.value ?? 0;
}

function gossipRoundsAsked({ facts }: Asked): Answer {
  const n = facts.deployment.members.length;
  return {
    value: gossipRounds(n),
    remarks: [
      `⌈log₂ ${n} + ln ${n}⌉ rounds are close to what push gossip takes with high probability (Pittel 1987); no number of rounds makes it certain.`,
    ],
  };
}

function floodMessagesAsked({ facts }: Asked): Answer {
  const { system, deployment } = facts;
  const found = flooding(graphOfFacts(facts), deployment.members);
  if (found.kind === 'messages') {
    return {
      value: found.messages,
      remarks: [
        `A flood over ${counted(found.links, 'link')} among ${counted(deployment.members.length, 'member')} takes 2|E| − n + 1 = ${counted(found.messages, 'message')}.`,
      ],
    };
  }
  if (found.kind === 'one-way') {
    throw new NoAnswer({
      kind: 'told',
      told: {
        ...cutOff,
        detail: '`flood_messages()` has no one value where links between members go one way',
        short: 'links go one way',
        why: 'Whether the member that a flood came from is a neighbour to leave out then depends on which message is faster.',
        help: 'Make the links go both ways (`--`), or count messages in a scenario (`messages_per`).',
      },
    });
  }
  const reached = listed(nodeNames(system, found.reached));
  throw new NoAnswer({
    kind: 'told',
    told: {
      ...cutOff,
      detail: `the links between members lead from ${reached} to no other member, so that \`flood_messages()\` has no value`,
      short: 'the links between members do not join them all',
      why: 'A flood is passed on by members; nodes that are none pass messages on to one receiver and do not flood.',
      help: 'Link the members to each other, or run the protocol on the nodes between them too.',
    },
  });
}
