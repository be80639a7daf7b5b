import { exactDuration } from '../base/units.ts';
import type { Behavior, FaultAction, NodeChoice, ScenarioCall, When } from './scenario.ts';
import type { Generator, System } from './system.ts';
import type { Type } from './types.ts';
import { decimals, delayText, shareText, valueText } from './value-text.ts';
import type { Distribution } from './values.ts';

/** A fault action as the language writes it, without its `at`: `when … crash(replica[2], for: 20ms)`. Read again it is the same action. */
export function actionText({ action, when, choice }: FaultAction, system: System): string {
  return `${whenText(when)}${struckText(action, choice, system)}`;
}

/** `when exists m in replica: m.leading after 2ms `, nothing for nothing. */
function whenText(when: When | undefined): string {
  if (!when) return '';
  return `when ${when.text} ${when.after === 0 ? '' : `after ${exactDuration(when.after)} `}`;
}

function struckText(action: FaultAction['action'], choice: NodeChoice | undefined, system: System): string {
  const chosen = (set: readonly number[]): string => choice?.state?.text ?? nodesText(set, system);
  // Only the nodes that an action strikes are chosen: sets of links are written out.
  const nodes = (set: readonly number[]): string => {
    const isStruck = 'nodes' in action && set === action.nodes;
    if (!isStruck) return nodesText(set, system);
    return choice?.one ? `any(${chosen(set)})` : chosen(set);
  };
  const between = ({ from, to }: { readonly from: readonly number[]; readonly to: readonly number[] }): string =>
    `${nodes(from)}, ${nodes(to)}`;
  const lasts = (length: number | null): string => (length === null ? '' : `, for: ${exactDuration(length)}`);
  switch (action.kind) {
    case 'crash': {
      const { afterSends, within } = action;
      const sends = afterSends === undefined ? '' : `, after_sends: ${afterSends}`;
      const patience = within === undefined ? '' : `, within: ${exactDuration(within)}`;
      const loses = action.loses === undefined ? '' : `, loses: ${action.loses}`;
      return `crash(${nodes(action.nodes)}${loses}${sends}${patience}${lasts(action.for)})`;
    }
    case 'isolate':
      return `isolate(${nodes(action.nodes)}${lasts(action.for)})`;
    case 'recover':
    case 'join':
    case 'leave':
      return `${action.kind}(${nodes(action.nodes)})`;
    case 'outage':
      return `outage(${system.zones[action.zone]?.name ?? ''}${lasts(action.for)})`;
    case 'partition':
      return `partition(${action.sides.map(nodes).join(', ')}${lasts(action.for)})`;
    case 'heal':
      return 'heal()';
    case 'slow':
      return `slow(${nodes(action.nodes)}, factor: ${action.factor}${lasts(action.for)})`;
    case 'pause':
      return `pause(${nodes(action.nodes)}${lasts(action.for)})`;
    case 'drift':
      return `drift(${nodes(action.nodes)}, rate: ${decimals(action.rate)}${lasts(action.for)})`;
    case 'omit': {
      const side = action.side === 'both' ? '' : `, side: ${action.side}`;
      const share = action.share === 1 ? '' : `, share: ${shareText(action.share)}`;
      return `omit(${nodes(action.nodes)}${side}${share}${lasts(action.for)})`;
    }
    case 'lose':
    case 'duplicate':
    case 'reorder': {
      const share = action.probability === 1 ? '' : `, probability: ${shareText(action.probability)}`;
      return `${action.kind}(${between(action)}${share}${only(action.message)}${lasts(action.for)})`;
    }
    case 'delay':
      return `delay(${between(action)}, by: ${exactDuration(action.by)}${only(action.message)}${lasts(action.for)})`;
    case 'hold':
      return `hold(${between(action)}${only(action.message)}${lasts(action.for)})`;
    case 'disconnect':
      return `disconnect(${between(action)}${oneWay(action)}${lasts(action.for)})`;
    case 'slow_links':
      return `slow(${between(action)}, factor: ${action.factor}${oneWay(action)}${lasts(action.for)})`;
    case 'churn':
      return `churn(${nodes(action.nodes)}${upAndDown(action)}${until(action.until)})`;
    case 'churn_links':
      return `churn(${between(action)}${upAndDown(action)}${until(action.until)})`;
    case 'skew':
      return `skew(${nodes(action.nodes)}, offset: ${exactDuration(action.offset)})`;
    case 'byzantine':
      return `byzantine(${nodes(action.nodes)}, ${behaviorText(action.behavior, system)}${lasts(action.for)})`;
    case 'chaos':
      return `chaos(rate: ${decimals(action.rate)}/s${until(action.until)})`;
  }
}

const only = (message: string | null): string => (message === null ? '' : `, message: ${message}`);
const oneWay = (action: { readonly oneWay: boolean }): string => (action.oneWay ? ', one_way: true' : '');
const until = (time: number | null): string => (time === null ? '' : `, until: ${exactDuration(time)}`);

function upAndDown({ up, down }: { readonly up: Distribution; readonly down: Distribution }): string {
  return `, up: ${delayText(up)}, down: ${delayText(down)}`;
}

/** `call Submit(command: 7) from client[0] to replica[1] with (timeout: 1s)`: a call of a scenario, without its `at`. */
export function callText(call: ScenarioCall, system: System): string {
  const protocol = system.protocols[system.deployments[call.deployment]?.protocol ?? -1];
  const fields = protocol?.operations.find(({ name }) => name === call.operation)?.fields ?? [];
  const given = call.arguments.map(({ name, generator }) => {
    const type: Type = fields.find((field) => field.name === name)?.type ?? { kind: 'Never' };
    return `${name}: ${generatorText(generator, type, system)}`;
  });
  const target = call.targets.length === 1 ? nodesText(call.targets, system) : severalText(call, system);
  const attributes = [
    ...(call.timeout === null ? [] : [`timeout: ${exactDuration(call.timeout)}`]),
    ...(call.retries === 0 ? [] : [`retries: ${call.retries}`]),
  ];
  const patience = attributes.length === 0 ? '' : ` with (${attributes.join(', ')})`;
  const offering = system.deployments.filter((each) =>
    system.protocols[each.protocol]?.operations.some(({ name }) => name === call.operation),
  );
  const of = offering.length > 1 ? `${system.deployments[call.deployment]?.called}.` : '';
  return `${whenText(call.when)}call ${of}${call.operation}(${given.join(', ')}) from ${nodesText(call.clients, system)} to ${target}${patience}`;
}

function severalText({ targets, inTurn }: ScenarioCall, system: System): string {
  if (!inTurn) return `any(${nodesText(targets, system)})`;
  return `[${targets.map((node) => system.nodes[node]?.name).join(', ')}]`;
}

function generatorText(generator: Generator, type: Type, system: System): string {
  switch (generator.kind) {
    case 'constant':
      return valueText(generator.value, type, system);
    case 'unique':
      return 'unique';
    case 'zipf':
      return `zipf(${generator.keys}, ${generator.s})`;
    case 'uniform_key':
      return `uniform_key(${generator.keys})`;
    case 'data':
      return generatorText(generator.of, generator.type, system);
    case 'uniform_range': {
      const inner = type.kind === 'Optional' ? type.of : type;
      return `random(${valueText(generator.min, inner, system)}..${valueText(generator.max, inner, system)})`;
    }
  }
}

function behaviorText(behavior: Behavior, system: System): string {
  return behavior.kind === 'built-in' ? behavior.name : (system.adversaries[behavior.adversary]?.name ?? '');
}

/** A set of nodes, ascending, as the language writes it: `replica`, `replica[2]`, `[replica[0], client]`. */
export function nodesText(nodes: readonly number[], { groups, nodes: all }: System): string {
  if (nodes.length === all.length && nodes.length > 1) return 'nodes';
  const wanted = new Set(nodes);
  const parts: string[] = [];
  for (const group of groups) {
    const members = all.slice(group.first, group.first + group.size).filter(({ index }) => wanted.has(index));
    if (members.length === group.size && group.size > 1) parts.push(group.name);
    else parts.push(...members.map(({ name }) => name));
  }
  return parts.length === 1 ? (parts[0] as string) : `[${parts.join(', ')}]`;
}
