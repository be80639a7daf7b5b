import type { Expression } from '../../model/code.ts';
import type { ActionCode, ScenarioCallCode, ScenarioCode, WhenCode } from '../../model/system-code.ts';
import type { Exploration, Scenario, TimedAction, Vary } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import { DURATION, INT, listOf } from '../types/type.ts';
import { scenarioAttributes } from './attribute-rules.ts';
import { elaborateAttributes } from './attributes.ts';
import { elaborateExpectation } from './expectation.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { elaborateAction } from './fault-actions.ts';
import { elaborateCondition } from './fault-states.ts';
import { nearest } from './scope.ts';
import { listed, type SystemContext } from './system-context.ts';
import { elaborateScenarioCall } from './workload.ts';

export function elaborateScenario(node: Scenario, system: SystemContext): ScenarioCode | null {
  const declaration = system.declare(
    'scenario',
    'scenario',
    node,
    system.scenarios,
    `scenario ${node.name}${node.faults ? ` under ${node.faults}` : ''}`,
  );
  const { scope, context } = system;
  const attributes = elaborateAttributes(node.attributes, scenarioAttributes, 'a scenario', nameSpanOf(node), scope, context);
  const faults = faultsOf(node, system);
  let vary: ScenarioCode['vary'] = null;
  const actions: ActionCode[] = [];
  const calls: ScenarioCallCode[] = [];
  const expectations: ScenarioCode['expectations'][number][] = [];
  for (const member of node.members) {
    if (member.$type === 'Vary') {
      if (vary) context.error('DS1254', spanOf(member), 'a scenario varies one constant', { help: 'write a second scenario' });
      else vary = elaborateVary(member, system);
    } else if (member.$type === 'Expect') {
      // Below: what is expected of calls needs to know them all.
    } else if (member.call) {
      const call = elaborateScenarioCall(member.call, timeOf(member, system), spanOf(member), system);
      const when = whenOf(member, system);
      if (call && when !== undefined) calls.push({ ...call, when });
    } else {
      const action = elaborateTimed(member, system);
      if (action) actions.push(action);
    }
  }
  for (const member of node.members) {
    const expectation = member.$type === 'Expect' ? elaborateExpectation(member, system) : null;
    if (expectation) expectations.push(expectation);
  }
  const span = spanOf(node);
  const nameSpan = nameSpanOf(node);
  return declaration && { name: node.name, faults, attributes, vary, actions, calls, expectations, span, nameSpan };
}

export function elaborateExploration(node: Exploration, system: SystemContext): void {
  system.declare('exploration', 'scenario', node, system.scenarios, `explore ${node.name}`);
  system.context.report({
    code: 'DS1090',
    severity: 'error',
    span: nameSpanOf(node),
    message: '`explore` is not built yet',
    help: 'write a `scenario` with many seeds',
  });
  faultsOf(node, system);
}

function faultsOf(node: Scenario | Exploration, system: SystemContext): string | null {
  if (!node.faults) return null;
  const span = spanOfProperty(node, 'faults');
  const declaration = system.faultModels.get(node.faults);
  if (declaration) {
    system.context.use(span, declaration);
    return node.faults;
  }
  if (system.file.failed.has(node.faults)) return null;
  const names = [...system.faultModels.keys()];
  const near = nearest(node.faults, names);
  const known = names.length > 0 ? `the fault models are ${listed(names)}` : `declare it: \`faults ${node.faults} { … }\``;
  system.context.error('DS1250', span, `there is no fault model \`${node.faults}\``, {
    help: near ? `did you mean \`${near}\`?` : known,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
  return null;
}

function elaborateVary(node: Vary, system: SystemContext): ScenarioCode['vary'] {
  const { context, scope } = system;
  const nameSpan = spanOfProperty(node, 'name');
  const constant = system.constants.get(node.name);
  if (!constant) {
    inferExpression(node.values, null, scope, context);
    if (system.file.failed.has(node.name)) return null;
    const names = [...system.constants.keys()];
    const near = nearest(node.name, names);
    const known = names.length > 0 ? `the constants are ${listed(names)}` : `declare one: \`const ${node.name} = …\``;
    context.error('DS1254', nameSpan, `there is no constant \`${node.name}\``, {
      why: '`vary` repeats a scenario with a constant changed',
      help: near ? `did you mean \`${near}\`?` : known,
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span: nameSpan, text: near }], preferred: true }] : [],
    });
    return null;
  }
  context.use(nameSpan, constant.declaration);
  const list = listOf(constant.type);
  const values = inferExpression(node.values, list, scope, context);
  if (values.type.kind === 'Error') return null;
  const isRange = values.type.kind === 'Range' && values.type.of.kind === 'Int' && constant.type.kind === INT.kind;
  const converted = isRange ? values : convert(values, list, context);
  return converted.type.kind === 'Error' ? null : { name: node.name, values: converted, span: spanOf(node) };
}

function timeOf({ time }: TimedAction, system: SystemContext): Expression | null {
  return time ? elaborateExpression(time, DURATION, system.scope, system.context) : null;
}

function elaborateTimed(node: TimedAction, system: SystemContext): ActionCode | null {
  const at = timeOf(node, system);
  const action = node.action ? elaborateAction(node.action, system) : null;
  const when = whenOf(node, system);
  return action && when !== undefined ? { ...action, at, when, span: spanOf(node) } : null;
}

/** What it waits for besides its time; null for nothing, undefined where that cannot be worked out (reported). */
function whenOf({ condition, wait }: TimedAction, system: SystemContext): WhenCode | null | undefined {
  const after = wait ? elaborateExpression(wait, DURATION, system.scope, system.context) : null;
  if (!condition) return null;
  const when = elaborateCondition(condition, system);
  return when ? { ...when, after } : undefined;
}
