import { kinOf } from '../../compiler/used.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { mean } from '../../model/distributions.ts';
import type { Deployment, Network, System } from '../../model/system.ts';
import { usedHeight } from '../../model/uses.ts';
import { anchored } from '../anchored.ts';
import { Routes } from './routes.ts';

/**
 * What a deployment's flow depends on, as text: the same text, the same flow. Places in the file are left out, so that an
 * edit above a protocol changes nothing; so are rates, which the flow of one call does not depend on, and the latencies and
 * service times of nodes that none of its messages can come to.
 *
 * @param down nodes that are down from the beginning.
 */
export function flowContent(system: System, deployment: Deployment, down: readonly number[], wait: Float64Array | null): string {
  const known = systems.get(system) ?? new Map<string, string>();
  systems.set(system, known);
  const key = `${deployment.index}|${down}`;
  let content = known.get(key);
  if (content === undefined) {
    content = contentOf(system, deployment, down);
    known.set(key, content);
  }
  return `${content}|${wait ?? ''}`;
}

/** Mean service time of a message by node, ns; 0 where nothing is said. */
export function serviceTimes(system: System): Float64Array {
  const times = new Float64Array(system.nodes.length);
  for (const { first, size, attributes } of system.groups) {
    const time = attributes.cpu === null ? 0 : Math.max(0, mean(attributes.cpu));
    times.fill(Number.isFinite(time) ? time : 0, first, first + size);
  }
  return times;
}

const systems = new WeakMap<System, Map<string, string>>();

/** With more nodes, the network as a whole takes less text than the ways between each two of them. */
const mostPairwise = 64;

function contentOf(system: System, deployment: Deployment, down: readonly number[]): string {
  const parts = takingPart(system, deployment);
  if (parts.length > 1) return composedContent(system, deployment, parts, down);
  const { words } = protocolContent(system.protocols[deployment.protocol]);
  const { members } = deployment;
  const calls = callsOf(system, deployment);
  const anywhere = words.has('all-nodes') || words.has('neighbors');
  const reached = reachedNodes(system, deployment, calls, down);
  const ways = anywhere || reached.size > mostPairwise ? everyWay(system) : waysBetween(system, members, [...reached], down);
  return `${codeContent(system, deployment)}|${JSON.stringify(calls, withoutPlaces)}|${down}|${ways}`;
}

function callsOf(system: System, deployment: Deployment): readonly unknown[] {
  return system.workloads.flatMap(({ clients, calls: each }) =>
    each
      .filter((call) => call.deployment === deployment.index)
      .map(({ operation, arguments: values, targets, limit }) => [operation, clients, values, targets, limit]),
  );
}

/** A deployment, then all that it uses, directly or not: each behind all who use it. */
export function takingPart(system: System, deployment: Deployment): readonly Deployment[] {
  const found = new Set([deployment]);
  for (const { uses } of found) {
    for (const { bound } of uses) {
      for (const index of bound) {
        const used = system.deployments[index];
        if (used) found.add(used);
      }
    }
  }
  const height = (each: Deployment): number => usedHeight(each.protocol, system.deployments);
  return [...found].sort((a, b) => height(b) - height(a));
}

/** Whom the code may reach through the protocols that are used is not asked: all that the network is counts. */
function composedContent(system: System, deployment: Deployment, parts: readonly Deployment[], down: readonly number[]): string {
  const code = parts.map((part) => codeContent(system, part)).join('|');
  return `${code}|${JSON.stringify(callsOf(system, deployment), withoutPlaces)}|${down}|${everyWay(system)}`;
}

/** What the compiled code of a deployment depends on, as text. */
export function codeContent(system: System, deployment: Deployment): string {
  const { content, words } = protocolContent(system.protocols[deployment.protocol]);
  const nodes = [system.nodes.map(({ weight }) => weight), system.groups.map(({ name, first, size }) => [name, first, size])];
  const delay = words.has('delay') ? system.timing.delay : undefined;
  const own = JSON.stringify([content, nodes, deployment.members, valuesOf(system, deployment, words), delay], withoutPlaces);
  const protocol = system.protocols[deployment.protocol];
  const kin = protocol ? kinOf(system, protocol) : [];
  if (kin.length === 0) return own;
  // Values go from one to the other, and each names the other by its number.
  const others = kin.map((each) => protocolContent(each).content);
  const used = takingPart(system, deployment).map((each) => [each.index, each.members, each.arguments, each.quorums, each.roles]);
  return JSON.stringify([own, deployment.index, deployment.uses, others, used], withoutPlaces);
}

/** The values that the code of a deployment has names for. */
function valuesOf(system: System, deployment: Deployment, words: ReadonlySet<string>) {
  const named = <T extends { readonly name: string }>(all: readonly T[]): T[] => all.filter(({ name }) => words.has(name));
  return {
    roles: deployment.roles,
    arguments: deployment.arguments.map(({ name, value }) => [name, value] as const),
    quorums: deployment.quorums.map(({ name, system: quorums }) => [name, quorums]),
    constants: named(system.constants).map(({ name, value }) => [name, value]),
    zones: named(system.zones).map(({ name, nodes }) => [name, nodes]),
    groups: named(system.groups).map(({ first, size }) => Array.from({ length: size }, (_, i) => first + i)),
  };
}

/** The nodes that a message may come to: members, clients, and whatever node the code has a name or a value for. */
function reachedNodes(system: System, deployment: Deployment, calls: readonly unknown[], down: readonly number[]): Set<number> {
  const protocol = system.protocols[deployment.protocol];
  const { words } = protocolContent(protocol);
  const found = new Set<number>(deployment.members);
  const add = (value: unknown, left: ReadonlySet<string>): void => {
    if (typeof value === 'number') {
      // A number that could be a node counts as one.
      if (system.nodes[value] !== undefined) found.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const key in value) if (!left.has(key)) add((value as Record<string, unknown>)[key], left);
    }
  };
  const { arguments: given, quorums, ...others } = valuesOf(system, deployment, words);
  add([calls, others], places);
  add(quorums, numbersOfQuorums);
  for (const [name, value] of given) {
    const type = protocol?.parameters.find((parameter) => parameter.name === name)?.type.kind;
    if (typeof value !== 'number' || type === undefined || type === 'Node') add(value, places);
  }
  // Operations that no workload calls are called from outside.
  const own = system.workloads.flatMap((workload) => workload.calls.filter((call) => call.deployment === deployment.index));
  const called = new Set(own.map(({ operation }) => operation));
  if (protocol?.operations.some(({ name }) => !called.has(name))) {
    const outside = system.nodes.find(({ index }) => !down.includes(index) && !found.has(index));
    for (const { index } of outside === undefined ? system.nodes : system.nodes.slice(0, outside.index + 1)) found.add(index);
  }
  return found;
}

/** How long messages are under way between members and other nodes and in service, and over which lines where those are counted. */
function waysBetween(system: System, members: readonly number[], nodes: readonly number[], down: readonly number[]): string {
  const isMember = new Set(members);
  const routes = routesOf(system, down);
  const service = serviceTimes(system);
  const countLines = system.network.classes.some(({ bandwidth }) => bandwidth !== null);
  const ways: (string | number)[] = [String(countLines)];
  for (const from of nodes) {
    ways.push(from, service[from] as number);
    for (const to of nodes) {
      // Whoever is no member sends to members only, and members to it.
      if (from === to || !(isMember.has(from) || isMember.has(to))) continue;
      const delay = routes.delay(from, to);
      ways.push(Number.isFinite(delay) ? delay : 'none');
      if (countLines && routes.classOf(from, to) < 0) ways.push(`(${routes.path(from, to)})`);
    }
  }
  return ways.join();
}

function everyWay(system: System): string {
  const { network, timing, groups } = system;
  return JSON.stringify([timing.delay, networkContent(network), groups.map(({ attributes }) => attributes.cpu)], withoutPlaces);
}

const routes = new WeakMap<System, Map<string, Routes>>();

/** The ways in a system while some nodes are down. */
export function routesOf(system: System, down: readonly number[]): Routes {
  const known = routes.get(system) ?? new Map<string, Routes>();
  routes.set(system, known);
  const key = down.join();
  let found = known.get(key);
  if (found === undefined) {
    const isDown = new Uint8Array(system.nodes.length);
    for (const node of down) isDown[node] = 1;
    found = new Routes(system, isDown);
    known.set(key, found);
  }
  return found;
}

/** The code of a protocol by a fingerprint, and every name, keyword and text in it. */
interface ProtocolContent {
  readonly content: string;
  readonly words: ReadonlySet<string>;
}

const noProtocol: ProtocolContent = { content: '', words: new Set() };
const protocols = new WeakMap<ProtocolCode, ProtocolContent>();
const networks = new WeakMap<Network, string>();

function protocolContent(protocol: ProtocolCode | undefined): ProtocolContent {
  if (protocol === undefined) return noProtocol;
  const known = protocols.get(protocol);
  if (known !== undefined) return known;
  const { requirements: _requirements, invariants: _invariants, eventualities: _eventualities, ...code } = protocol;
  const { responses: _responses, persistences: _persistences, ...unjudged } = code;
  const { scaling: _scaling, solves: _solves, documentation: _documentation, ...rest } = unjudged;
  const words = new Set<string>();
  collectWords(rest, words);
  const content = { content: anchored(rest).content, words };
  protocols.set(protocol, content);
  return content;
}

function collectWords(value: object, words: Set<string>): void {
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part === 'string') words.add(part);
    else if (typeof part === 'object' && part !== null && !places.has(key)) collectWords(part, words);
  }
}

function networkContent(network: Network): string {
  const known = networks.get(network);
  if (known !== undefined) return known;
  const { complete, kinds } = network;
  const columns = [network.from, network.to, network.directed, network.linkClass, network.kind, network.pairClass];
  const content = JSON.stringify([complete, kinds, columns.map(digest), network.classes], withoutPlaces);
  networks.set(network, content);
  return content;
}

/** Length and 64 bits of a column: a mesh of a thousand nodes has half a million links, too many to keep as text. */
function digest(column: Int32Array | Uint8Array): string {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (const value of column) {
    high = Math.imul(high ^ value, 0x01000193);
    low = Math.imul((low ^ value) + (low >>> 15), 0x85ebca6b);
  }
  return `${column.length}:${high >>> 0}:${low >>> 0}`;
}

/** Fields of a quorum system that hold numbers and no nodes. */
const numbersOfQuorums: ReadonlySet<string> = new Set(['count', 'threshold', 'weights']);
const places: ReadonlySet<string> = new Set(['span', 'nameSpan', 'headSpan', 'documentation', 'text', 'uri']);

function withoutPlaces(key: string, value: unknown): unknown {
  return places.has(key) ? undefined : value;
}
