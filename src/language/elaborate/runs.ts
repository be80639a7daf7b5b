import type { RunCode } from '../../model/system-code.ts';
import type { Run } from '../generated/ast.ts';
import { placeOf, spanOf, spanOfProperty } from '../syntax.ts';
import { elaborateArguments } from './arguments.ts';
import { inferExpression } from './expressions.ts';
import { nearest } from './scope.ts';
import { listed, type SystemContext } from './system-context.ts';
import { elaborateNodes } from './system-network.ts';

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
  const namesake = system.deployments.find(
    (deployed) => deployed.protocol !== protocol && deployed.protocol.code.name === protocol.code.name,
  );
  if (namesake) {
    system.incomplete = true;
    context.error('DS1231', nameSpan, `this system already runs another protocol that is called \`${protocol.code.name}\``, {
      why: 'runs, reports and traces name a protocol as its file does, whatever it is imported as',
      help: 'rename one of the protocols where it is declared, or put the runs into systems of their own',
      labels: [
        { span: namesake.protocol.declaration.nameSpan, message: 'one is declared here' },
        { span: protocol.declaration.nameSpan, message: 'the other here' },
      ],
    });
    return null;
  }
  system.deployments.push({ run: index, protocol });
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
  return { protocol: protocol.code.name, arguments: given, nodes, roles, span: spanOf(node), nameSpan };
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
      fixes: [{ title: `Add \`${line}\``, edits: [importEdit(node, line)], preferred: true }],
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

/** Where an import line goes: below the last one, else at the top. */
function importEdit(node: Run, line: string): { span: ReturnType<typeof spanOf>; text: string } {
  const file = node.$container.$container;
  const last = file.imports[file.imports.length - 1];
  const { uri } = placeOf(node).source;
  if (!last) return { span: { uri, start: 0, end: 0 }, text: `${line}\n\n` };
  const end = spanOf(last).end;
  return { span: { uri, start: end, end }, text: `\n${line}` };
}
