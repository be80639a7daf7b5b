import type { ConstantCode, RunCode, ScenarioCode, SystemCode } from '../../model/system-code.ts';
import type { NodeGroup, Quorum, System, SystemMember, Zone } from '../generated/ast.ts';
import { documentationOf, nameSpanOf, spanOf, spanOfProperty, textOf } from '../syntax.ts';
import { INT, NODES, QUORUM } from '../types/type.ts';
import { elaborateConstant } from './constants.ts';
import { type Elaboration, givenDeclaration } from './context.ts';
import { elaborateExpression } from './expressions.ts';
import { elaborateRun } from './runs.ts';
import { elaborateExploration, elaborateScenario } from './scenario.ts';
import type { Scope } from './scope.ts';
import { elaborateSlices } from './slices.ts';
import { valueSymbol } from './symbols.ts';
import { type FileNames, SystemContext } from './system-context.ts';
import { elaborateChannel, elaborateFaultModel, elaborateLink, elaborateTiming } from './system-network.ts';
import { declareGroups, declareValue, elaborateGroup, elaborateZones } from './system-nodes.ts';
import { withUsed } from './used.ts';
import { elaborateWorkload } from './workload.ts';

/** A constant of the file, for the systems in it. */
export interface FileConstant {
  readonly code: ConstantCode;
  readonly declare: (system: SystemContext) => void;
}

/**
 * Elaborates a system. The order in which its parts are written does not matter but for constants, which may use those
 * before them: names are declared first, then everything is checked in an order in which each part knows what it names.
 */
export function elaborateSystem(
  node: System,
  constants: readonly FileConstant[],
  outer: Scope,
  file: FileNames,
  context: Elaboration,
): SystemCode {
  const system = new SystemContext(node.name, outer.child('system'), file, context);
  outer.declare(allNodes);
  for (const constant of constants) constant.declare(system);
  const own = membersOf(node, 'Const').map((member) => declareConstant(member, system));
  const zones = elaborateZones(membersOf(node, 'Zone') as readonly Zone[], null, system);
  const groups = declareGroups(membersOf(node, 'NodeGroup') as readonly NodeGroup[], system);
  const quorums = membersOf(node, 'Quorum')
    .map((member) => declareQuorum(member, system))
    .filter((quorum) => quorum !== null);
  const seeds = membersOf(node, 'Seed');
  const timings = membersOf(node, 'Timing');
  once(seeds, 'seed', system);
  once(timings, 'timing', system);
  const code = {
    name: node.name,
    uri: context.uri,
    span: spanOf(node),
    nameSpan: nameSpanOf(node),
    documentation: documentationOf(node),
    seed: seeds[0] ? elaborateExpression(seeds[0].value, INT, system.scope, context) : null,
    constants: [...constants.map((constant) => constant.code), ...own.filter((constant) => constant !== null)],
    zones,
    groups: groups.map((group) => elaborateGroup(group, system)),
    links: membersOf(node, 'Link')
      .map((link) => elaborateLink(link, system))
      .filter((link) => link !== null),
    channels: membersOf(node, 'Channel').map((channel) => elaborateChannel(channel, system)),
    timing: timings[0] ? elaborateTiming(timings[0], system) : null,
    faultModels: membersOf(node, 'FaultModel')
      .map((model) => elaborateFaultModel(model, system))
      .filter((model) => model !== null),
    quorums,
    runs: elaborateRuns(node, system),
    workloads: membersOf(node, 'Workload')
      .map((workload) => elaborateWorkload(workload, system))
      .filter((workload) => workload !== null),
    scenarios: elaborateScenarios(node, system),
    expectedFindings: elaborateExpectedFindings(node, system),
    protocols: [...new Set(system.deployments.flatMap((deployed) => withUsed(deployed.protocol)).map(({ code }) => code))],
    adversaries: [...new Set([...file.adversaries.values()].map((adversary) => adversary.code))],
    specifications: [...new Set([...file.specifications.values()].map((specification) => specification.code))],
  };
  return code;
}

const allNodes = valueSymbol(givenDeclaration('nodes', 'nodes: Set<Node>', 'All nodes of the system.', NODES), (span) => ({
  kind: 'all-nodes',
  type: NODES,
  span,
}));

function membersOf<Kind extends SystemMember['$type']>(node: System, kind: Kind): (SystemMember & { $type: Kind })[] {
  return node.members.filter((member) => member.$type === kind) as (SystemMember & { $type: Kind })[];
}

function declareConstant(node: SystemMember & { $type: 'Const' }, system: SystemContext): ConstantCode | null {
  const { code, type, detail } = elaborateConstant(node, system.scope, system.context);
  const declaration = system.context.declare('constant', node, detail, type);
  declareValue(node, 'constant', system, () => valueSymbol(declaration, (span) => ({ kind: 'constant', name: node.name, type, span })));
  // A second one of a name is reported; the first stays.
  const earlier = system.scope.find(node.name);
  if (earlier?.declaration !== declaration) return null;
  system.constants.set(node.name, { declaration, type });
  return code;
}

function declareQuorum(node: Quorum, system: SystemContext): SystemCode['quorums'][number] | null {
  const { context } = system;
  const detail = `quorum ${node.name}${node.value ? ` = ${textOf(node.value)}` : node.slices ? ' = slices' : ''}`;
  const declaration = context.declare('quorum', node, detail, QUORUM);
  const value = node.slices
    ? elaborateSlices(node.slices, system.scope, context)
    : node.value
      ? elaborateExpression(node.value, QUORUM, system.scope, context)
      : null;
  declareValue(node, 'quorum', system, () => valueSymbol(declaration, (span) => ({ kind: 'quorum', name: node.name, type: QUORUM, span })));
  return value && { name: node.name, value, span: spanOf(node), nameSpan: nameSpanOf(node) };
}

/** `seed` and `timing` stand in a system once. */
function once(nodes: readonly SystemMember[], what: string, system: SystemContext): void {
  const [first, ...more] = nodes;
  for (const node of more) {
    system.context.error('DS1210', spanOf(node), `a system has one \`${what}\``, {
      help: 'remove one of them',
      labels: first ? [{ span: spanOf(first), message: 'the first is here' }] : [],
    });
  }
}

function elaborateRuns(node: System, system: SystemContext): RunCode[] {
  const runs: RunCode[] = [];
  for (const member of membersOf(node, 'Run')) {
    const run = elaborateRun(member, runs.length, system);
    if (run) runs.push(run);
  }
  // What was dropped for a mistake of form may have been a run.
  system.incomplete ||= system.file.incomplete;
  return runs;
}

function elaborateScenarios(node: System, system: SystemContext): ScenarioCode[] {
  for (const exploration of membersOf(node, 'Exploration')) elaborateExploration(exploration, system);
  return membersOf(node, 'Scenario')
    .map((scenario) => elaborateScenario(scenario, system))
    .filter((scenario) => scenario !== null);
}

function elaborateExpectedFindings(node: System, system: SystemContext): SystemCode['expectedFindings'][number][] {
  return membersOf(node, 'ExpectFinding').flatMap((member) => {
    if (/^DS\d{4}$/.test(member.code)) return [{ code: member.code, span: spanOf(member) }];
    system.context.error('DS1266', spanOfProperty(member, 'code'), `\`${member.code}\` is not the code of a finding`, {
      help: 'codes are `DS` and four digits, as shown with each finding: `expect finding DS3001`',
    });
    return [];
  });
}
