import { bounds, checked } from './attributes.ts';
import type { Expression } from './code.ts';
import type { ExpandContext } from './expand-context.ts';
import type { FaultAction, When } from './scenario.ts';
import type { Deployment } from './system.ts';
import type { ActionCode, WhenCode } from './system-code.ts';

/** An action with what it waits for and which nodes it chooses; null where that cannot be worked out. */
export function atItsMoment(
  context: ExpandContext,
  { when, choice }: ActionCode,
  action: FaultAction,
  deployments: readonly Deployment[],
): FaultAction | null {
  let made = action;
  if (when) {
    const awaited = expandWhen(context, when, deployments);
    if (!awaited) return null;
    made = { ...made, when: awaited };
  }
  if (!choice) return made;
  if (choice.state === null) return { ...made, choice: { one: choice.one, state: null } };
  const deployment = deployments[choice.state.run];
  if (!deployment || !('nodes' in made.action)) return null;
  const nodes = inlined(choice.state.nodes, context, deployment);
  return {
    ...made,
    action: { ...made.action, nodes: deployment.members },
    choice: { one: choice.one, state: { deployment: deployment.index, nodes, text: choice.state.text } },
  };
}

/** What an action or call waits for; null where that cannot be worked out. */
export function expandWhen(context: ExpandContext, when: WhenCode, deployments: readonly Deployment[]): When | null {
  const deployment = deployments[when.run];
  const after = when.after === null ? 0 : context.number(when.after);
  if (!deployment || after === undefined) return null;
  if (when.after && !checked(context, 'after', after, bounds.nonNegative, when.after.span, { kind: 'Duration' })) return null;
  return { deployment: deployment.index, condition: inlined(when.condition, context, deployment), text: when.text, after };
}

const ofTheSystem = new Set(['group', 'zone', 'all-nodes']);

/** The expression with nodes in place of what only the system names; of sets, those that take part in the deployment. */
function inlined(expression: Expression, context: ExpandContext, { members }: Deployment): Expression {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null) return part;
    const e = part as Expression;
    const isNamed = ofTheSystem.has(e.kind) || (e.kind === 'index' && e.object.kind === 'group');
    const value = isNamed ? context.evaluate(e) : undefined;
    if (typeof value === 'number') return { kind: 'literal', value, type: e.type, span: e.span };
    if (typeof value === 'object' && value?.kind === 'set') {
      const items = value.items.filter((node) => typeof node === 'number' && members.includes(node));
      return { kind: 'literal', value: { kind: 'set', items }, type: e.type, span: e.span };
    }
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, key === 'type' || key === 'span' ? inner : visit(inner)]));
  };
  return visit(expression) as Expression;
}
