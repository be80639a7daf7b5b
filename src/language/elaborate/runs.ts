import type { Span } from '../../base/source.ts';
import type { RunCode } from '../../model/system-code.ts';
import type { Run } from '../generated/ast.ts';
import { importEdit } from '../imports.ts';
import { spanOf, spanOfProperty, textOf } from '../syntax.ts';
import type { UseSymbol } from '../types/environment.ts';
import { elaborateArguments } from './arguments.ts';
import type { Declaration } from './context.ts';
import { inferExpression } from './expressions.ts';
import type { ElaboratedProtocol } from './protocol.ts';
import { nearest } from './scope.ts';
import { calledAs, listed, type SystemContext } from './system-context.ts';
import { elaborateNodes } from './system-network.ts';
import { withUsed } from './used.ts';

/** `run P(args) on nodes`, or by role. Null where the protocol is unknown. */
export function elaborateRun(node: Run, index: number, system: SystemContext): RunCode | null {
  const { context, scope } = system;
  const nameSpan = spanOfProperty(node, 'protocol');
  const protocol = system.file.protocols.get(node.protocol);
  if (!protocol) {
    system.incomplete = true;
    if (!system.file.failed.has(node.protocol)) unknownProtocol(node, system);
    for (const item of node.arguments?.items ?? []) inferExpression(item.value, null, scope, context);
    if (node.nodes) elaborateNodes(node.nodes, system);
    for (const binding of node.roles) elaborateNodes(binding.nodes, system);
    return null;
  }
  context.use(nameSpan, protocol.declaration);
  if (isNamesake(protocol, nameSpan, system)) return null;
  const declaration = node.name === undefined ? null : declareName(node as Run & { name: string }, system);
  system.deployments.push({ run: index, declaration, local: node.protocol, protocol });
  const parameters = [...protocol.environment.parameters.values()];
  const values = elaborateArguments(parameters, node.arguments, `protocol \`${node.protocol}\``, nameSpan, scope, context);
  const items = node.arguments?.items ?? [];
  const given = parameters.flatMap((parameter, at) => {
    const value = values?.[at];
    const item = items.find((candidate) => candidate.name === parameter.name) ?? items[at];
    return value ? [{ name: parameter.name, value, span: item ? spanOf(item) : value.span }] : [];
  });
  const nodes = node.nodes ? elaborateNodes(node.nodes, system) : null;
  const roles = node.roles.map((binding) => ({ role: binding.role, nodes: elaborateNodes(binding.nodes, system), span: spanOf(binding) }));
  checkRoles(node, system, [...protocol.environment.roles.keys()]);
  for (const binding of node.roles) {
    const declaration = protocol.environment.roles.get(binding.role);
    if (declaration) context.use(spanOfProperty(binding, 'role'), declaration);
  }
  const uses = [...protocol.environment.uses.values()].flatMap((use) => proposedRun(use, node, system) ?? []);
  return {
    called: calledAs({ declaration, local: node.protocol }),
    protocol: protocol.code.name,
    arguments: given,
    nodes,
    roles,
    uses,
    span: spanOf(node),
    nameSpan,
  };
}

function declareName(node: Run & { name: string }, system: SystemContext): Declaration | null {
  return system.declare('run', 'run', node, system.runNames, `run ${node.protocol} as ${node.name}`);
}

/** Whether it, or a protocol that it uses, goes by the name of another one that the system runs or uses (reported). */
function isNamesake(protocol: ElaboratedProtocol, nameSpan: Span, system: SystemContext): boolean {
  const known = system.deployments.flatMap((deployed) => withUsed(deployed.protocol));
  for (const one of withUsed(protocol)) {
    const other = known.find((each) => each !== one && each.code.name === one.code.name);
    if (!other) continue;
    system.incomplete = true;
    system.context.error('DS1231', nameSpan, `this system already runs another protocol that is called \`${one.code.name}\``, {
      why: 'runs, reports and traces name a protocol as its file does, whatever it is imported as',
      help: 'rename one of the protocols where it is declared, or put the runs into systems of their own',
      labels: [
        { span: other.declaration.nameSpan, message: 'one is declared here' },
        { span: one.declaration.nameSpan, message: 'the other here' },
      ],
    });
    return true;
  }
  return false;
}

/** The `run` that puts a used protocol on the nodes that use it. */
function proposedRun({ name, role, protocol }: UseSymbol, node: Run, system: SystemContext): RunCode['uses'][number] | null {
  if (!protocol) return null;
  const { file, context } = system;
  const local = [...file.protocols].find(([, each]) => each === protocol)?.[0];
  const called = local ?? protocol.code.name;
  const bindings = node.roles.filter((binding) => role === null || binding.role === role);
  const nodes = node.nodes ? textOf(node.nodes) : [...new Set(bindings.map((binding) => textOf(binding.nodes)))].join(' + ');
  const roles = [...protocol.environment.roles.keys()];
  const run = `run ${called} on ${roles.length > 0 ? roles.map((each) => `${each}: …`).join(', ') : nodes}`;
  const path = local === undefined ? file.suggestions.exporting(called) : null;
  if (roles.length > 0 || path === undefined || nodes === '') return { name, run, edits: [] };
  const { start } = spanOf(node);
  const indent = /[^\S\n]*$/.exec(context.text.slice(0, start))?.[0] ?? '';
  const line = { span: { uri: context.uri, start, end: start }, text: `${run}\n${indent}` };
  const imported = path === null ? [] : [importEdit(node.$container.$container, `import ${called} from "${path}"`)];
  return { name, run, edits: [...imported, line] };
}

function checkRoles(node: Run, system: SystemContext, roles: readonly string[]): void {
  const { context } = system;
  const nameSpan = spanOfProperty(node, 'protocol');
  const example = roles.map((role) => `${role}: …`).join(', ');
  if (roles.length === 0 && node.roles.length > 0) {
    const first = node.roles[0]!;
    context.error('DS1232', spanOf(first), `protocol \`${node.protocol}\` has no roles`, {
      help: `write \`run ${node.protocol} on nodes\``,
    });
    return;
  }
  if (roles.length > 0 && node.nodes) {
    context.error('DS1232', spanOf(node.nodes), `protocol \`${node.protocol}\` has the roles ${listed(roles)}, and each needs its nodes`, {
      help: `write \`run ${node.protocol} on ${example}\``,
    });
    return;
  }
  const bound = new Set<string>();
  for (const binding of node.roles) {
    const span = spanOfProperty(binding, 'role');
    if (!roles.includes(binding.role)) {
      const near = nearest(binding.role, roles);
      context.error('DS1232', span, `protocol \`${node.protocol}\` has no role \`${binding.role}\``, {
        help: near ? `did you mean \`${near}\`?` : `its roles are ${listed(roles)}`,
        fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
      });
    } else if (bound.has(binding.role)) {
      context.error('DS1232', span, `role \`${binding.role}\` is given its nodes twice`, { help: 'join them: `a + b`' });
    }
    bound.add(binding.role);
  }
  const missing = roles.filter((role) => !bound.has(role));
  const unknown = node.roles.some((binding) => !roles.includes(binding.role));
  if (node.nodes || missing.length === 0 || unknown) return;
  context.error(
    'DS1232',
    nameSpan,
    `role${missing.length === 1 ? '' : 's'} ${listed(missing)} of \`${node.protocol}\` ${missing.length === 1 ? 'has' : 'have'} no nodes`,
    {
      help: `write \`run ${node.protocol} on ${example}\``,
    },
  );
}

function unknownProtocol(node: Run, system: SystemContext): void {
  const { protocols, suggestions } = system.file;
  const span = spanOfProperty(node, 'protocol');
  const near = nearest(node.protocol, protocols.keys());
  const path = suggestions.exporting(node.protocol);
  if (path) {
    const line = `import ${node.protocol} from "${path}"`;
    system.context.error('DS1230', span, `there is no protocol \`${node.protocol}\` in this file`, {
      help: `import it: \`${line}\``,
      fixes: [{ title: `Add \`${line}\``, edits: [importEdit(node.$container.$container, line)], preferred: true }],
    });
    return;
  }
  const known =
    protocols.size > 0 ? `the protocols here are ${listed([...protocols.keys()])}` : 'declare it, or import it from the library';
  system.context.error('DS1230', span, `there is no protocol \`${node.protocol}\``, {
    help: near ? `did you mean \`${near}\`?` : known,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
}
