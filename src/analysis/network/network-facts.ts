import type { Facts } from '../facts.ts';
import { type Graph, graphOf } from '../graph.ts';
import { BoundedMemo } from '../memo.ts';
import { type Articulation, articulation } from './articulation.ts';
import { type Degrees, degrees } from './degree.ts';
import { type EdgeConnectivity, edgeConnectivity } from './edge-connectivity.ts';
import { type WorstDiameter, worstDiameter } from './worst-diameter.ts';

/** What is known of the network of one deployment under one fault model, remembered by content. Each throws OutOfWork. */

const edgeConnectivities = new BoundedMemo<EdgeConnectivity>();
const articulations = new BoundedMemo<Articulation>();
const worstDiameters = new BoundedMemo<WorstDiameter>();

export function graphOfFacts({ system }: Facts): Graph {
  return graphOf(system.network, system.nodes.length);
}

/** The network and the members, as text. */
function key(facts: Facts): string {
  return `${facts.system.nodes.length}|${facts.networkContent}|${facts.deployment.members}`;
}

export function edgeConnectivityOf(facts: Facts): EdgeConnectivity {
  const { members } = facts.deployment;
  return edgeConnectivities.get(key(facts), facts.work(30), (work) => edgeConnectivity(graphOfFacts(facts), members, work));
}

export function articulationOf(facts: Facts): Articulation {
  return articulations.get(key(facts), facts.work(10), (work) => articulation(graphOfFacts(facts), facts.deployment.members, work));
}

export function degreesOf(facts: Facts): Degrees {
  return degrees(graphOfFacts(facts), facts.deployment.members);
}

export function worstDiameterOf(facts: Facts): WorstDiameter {
  return worstDiameters.get(`${key(facts)}|${facts.content}`, facts.work(3), (work) =>
    worstDiameter(graphOfFacts(facts), facts.deployment.members, facts.family, work),
  );
}

/** The hops, undefined where members can be cut off. */
export function hopsOf(worst: WorstDiameter): number | undefined {
  return worst.kind === 'hops' ? worst.hops : undefined;
}
