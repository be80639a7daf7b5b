import type { Expression } from '../../model/code.ts';
import type { BudgetCode, LinkCode, LinkShape, SystemCode } from '../../model/system-code.ts';
import type { Type } from '../../model/types.ts';
import type { Budget, Channel, Expression as ExpressionNode, FaultModel, Link, NameUse, Timing } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { INT, NODE, NODES, REAL } from '../types/type.ts';
import { type AttributeRule, budgetAttributes, linkAttributes, timingAttributes } from './attribute-rules.ts';
import { elaborateAttributes, elaborateNamedValues } from './attributes.ts';
import { errorExpression } from './context.ts';
import { elaborateExpression } from './expressions.ts';
import { nearest } from './scope.ts';
import { listed, type SystemContext } from './system-context.ts';
import { checkZone } from './system-nodes.ts';

/** A set of nodes: a group, zone, slice, single node or what set algebra makes of them. */
export function elaborateNodes(node: ExpressionNode, system: SystemContext): Expression {
  if (node.$type === 'ListLiteral') {
    // `[a, b]` reads as well as `a + b` where nodes are listed.
    const items = node.items.map((item) => elaborateNodes(item, system));
    const [first, ...rest] = items;
    if (!first) return { kind: 'set', items: [], type: NODES, span: spanOf(node) };
    return rest.reduce<Expression>(
      (left, right) => ({ kind: 'binary', operator: '|', left, right, type: NODES, span: spanOf(node) }),
      first,
    );
  }
  return elaborateExpression(node, NODES, system.scope, system.context);
}

export interface ShapeRule {
  readonly nodes: readonly string[];
  readonly options: readonly AttributeRule[];
}

const option = (name: string, type: Type, documentation: string): AttributeRule => ({ name, type, documentation });

/** The shapes that links may have, each with what it is made of. */
export const shapes: Readonly<Record<LinkShape, ShapeRule>> = {
  ring: { nodes: ['nodes'], options: [] },
  line: { nodes: ['nodes'], options: [] },
  star: { nodes: ['hub', 'nodes'], options: [] },
  tree: { nodes: ['nodes'], options: [option('fanout', INT, 'Children of a node. Default: 2.')] },
  mesh: { nodes: ['nodes'], options: [] },
  grid: { nodes: ['nodes'], options: [option('columns', INT, 'Nodes in a row. Default: as square as possible.')] },
  hypercube: { nodes: ['nodes'], options: [] },
  random: { nodes: ['nodes'], options: [option('degree', INT, 'Links of each node. Default: 4.')] },
  small_world: {
    nodes: ['nodes'],
    options: [
      option('neighbors', INT, 'Links of a node in the ring before rewiring. Default: 4.'),
      option('rewire', REAL, 'The share of links that are drawn anew. Default: 0.1.'),
    ],
  },
  scale_free: { nodes: ['nodes'], options: [option('attach', INT, 'Links that each new node brings. Default: 2.')] },
};

export function elaborateLink(node: Link, system: SystemContext): LinkCode | null {
  const attributes = elaborateAttributes(node.attributes, linkAttributes, 'a link', spanOf(node), system.scope, system.context);
  if (node.to) {
    const edges = {
      kind: 'pairs',
      from: elaborateNodes(node.from, system),
      to: elaborateNodes(node.to, system),
      directed: node.direction === '->',
    } as const;
    return { edges, attributes, span: spanOf(node) };
  }
  const edges = elaborateShape(node.from, system);
  return edges && { edges, attributes, span: spanOf(node) };
}

function elaborateShape(node: ExpressionNode, system: SystemContext): LinkCode['edges'] | null {
  const { context, scope } = system;
  const known = Object.keys(shapes);
  if (node.$type !== 'NameUse' || !node.arguments) {
    context.error('DS1220', spanOf(node), 'a link needs two sides or a shape', {
      help: `write \`link a -- b\`, \`link a -> b\`, or a shape: ${known.map((shape) => `\`${shape}(…)\``).join(', ')}`,
    });
    return null;
  }
  const rule = Object.hasOwn(shapes, node.name) ? shapes[node.name as LinkShape] : undefined;
  if (!rule) {
    const near = nearest(node.name, known);
    context.error('DS1220', nameSpanOf(node), `there is no link shape \`${node.name}\``, {
      help: near ? `did you mean \`${near}\`?` : `the shapes are ${known.map((shape) => `\`${shape}\``).join(', ')}`,
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span: nameSpanOf(node), text: near }], preferred: true }] : [],
    });
    return null;
  }
  const shape = node.name as LinkShape;
  const positional = node.arguments.items.filter((item) => item.name === undefined);
  const named = node.arguments.items.filter((item) => item.name !== undefined);
  if (positional.length !== rule.nodes.length) {
    const wanted = rule.nodes.length === 1 ? 'the nodes it links' : 'its hub and the nodes around it';
    context.error('DS1221', spanOf(node), `\`${shape}\` takes ${wanted}, but ${countOf(positional.length)} given`, {
      help: `write \`${shape}(${rule.nodes.join(', ')}${rule.options.map((each) => `, ${each.name}: …`).join('')})\`${positional.length > rule.nodes.length ? '; several groups are joined with `+`' : ''}`,
    });
    return null;
  }
  const nodes = positional.map((item, index) =>
    rule.nodes[index] === 'hub' ? elaborateExpression(item.value, NODE, scope, context) : elaborateNodes(item.value, system),
  );
  const options = elaborateNamedValues(named, rule.options, `the shape \`${shape}\``, nameSpanOf(node), scope, context);
  return { kind: 'shape', shape, nodes, options };
}

const countOf = (count: number): string => (count === 0 ? 'nothing is' : count === 1 ? 'one thing is' : `${count} are`);

export function elaborateChannel(node: Channel, system: SystemContext): SystemCode['channels'][number] {
  return {
    from: elaborateNodes(node.from, system),
    to: elaborateNodes(node.to, system),
    directed: node.direction === '->',
    attributes: elaborateAttributes(node.attributes, linkAttributes, 'a channel', spanOf(node), system.scope, system.context),
    span: spanOf(node),
  };
}

export function elaborateTiming(node: Timing, system: SystemContext): SystemCode['timing'] {
  const span = spanOfProperty(node, 'model');
  const rules = Object.hasOwn(timingAttributes, node.model) ? timingAttributes[node.model as keyof typeof timingAttributes] : undefined;
  if (!rules) {
    const models = Object.keys(timingAttributes);
    const near = nearest(node.model, models) ?? models.find((model) => model.startsWith(node.model.slice(0, 5)));
    system.context.error('DS1222', span, `there is no timing model \`${node.model}\``, {
      help: near ? `did you mean \`${near}\`?` : `the models are ${listed(models)}`,
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
    });
    return null;
  }
  return {
    model: node.model as keyof typeof timingAttributes,
    attributes: elaborateAttributes(node.attributes, rules, `\`${node.model}\``, span, system.scope, system.context),
    span: spanOf(node),
  };
}

export function elaborateFaultModel(node: FaultModel, system: SystemContext): SystemCode['faultModels'][number] | null {
  const declaration = system.declare('fault-model', 'fault model', node, system.faultModels, `faults ${node.name}`);
  const budgets = node.budgets.map((budget) => elaborateBudget(budget, system)).filter((budget) => budget !== null);
  return declaration && { name: node.name, budgets, span: spanOf(node), nameSpan: nameSpanOf(node) };
}

function elaborateBudget(node: Budget, system: SystemContext): BudgetCode | null {
  const { scope, context } = system;
  const span = spanOf(node);
  const { kind } = node;
  if (kind === 'loss' || kind === 'duplicate') {
    const probability = node.probability ? elaborateExpression(node.probability, REAL, scope, context) : errorExpression(span);
    return { kind, probability, targets: node.targets ? elaborateNodes(node.targets, system) : null, span };
  }
  const attributes = elaborateAttributes(
    node.attributes,
    budgetAttributes[kind],
    `a \`${kind}\` budget`,
    spanOfProperty(node, 'kind'),
    scope,
    context,
  );
  if (kind === 'partition') return { kind, attributes, span };
  const count = node.count ? elaborateExpression(node.count, INT, scope, context) : errorExpression(span);
  if (!node.targets) return null;
  if (kind !== 'outage') return { kind, count, targets: elaborateNodes(node.targets, system), zones: [], attributes, span };
  const zones = zonesOf(node.targets, system);
  if (!zones) return null;
  const all = zones.map((zone): Expression => ({ kind: 'zone', name: zone.name, type: NODES, span: spanOf(zone) }));
  const [first, ...rest] = all;
  const targets = rest.reduce<Expression>(
    (left, right) => ({ kind: 'binary', operator: '|', left, right, type: NODES, span: spanOf(node.targets as ExpressionNode) }),
    first ?? { kind: 'set', items: [], type: NODES, span },
  );
  return { kind, count, targets: { ...targets, span: spanOf(node.targets) }, zones: zones.map((zone) => zone.name), attributes, span };
}

/** The zones that an expression lists: `[eu, us]`, `{eu, us}`, `eu + us` or one. */
function zonesOf(node: ExpressionNode, system: SystemContext): NameUse[] | null {
  const parts = zoneParts(node);
  if (!parts) {
    system.context.error('DS1216', spanOf(node), 'an outage strikes zones: list their names', { help: 'write `outage 1 of [eu, us]`' });
    return null;
  }
  return parts.filter((part) => checkZone(part.name, nameSpanOf(part), system));
}

function zoneParts(node: ExpressionNode): NameUse[] | null {
  switch (node.$type) {
    case 'NameUse':
      return node.arguments ? null : [node];
    case 'Parenthesized':
      return zoneParts(node.value);
    case 'ListLiteral':
      return joined(node.items.map(zoneParts));
    case 'BraceLiteral':
      return joined(node.entries.map((entry) => (entry.value ? null : zoneParts(entry.key))));
    case 'Binary':
      return node.operator === '+' || node.operator === '|' ? joined([zoneParts(node.left), zoneParts(node.right)]) : null;
    default:
      return null;
  }
}

function joined(parts: readonly (NameUse[] | null)[]): NameUse[] | null {
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
}
