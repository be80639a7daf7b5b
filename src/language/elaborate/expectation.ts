import { isCriterion } from '../../model/consistency.ts';
import type { ExpectationCode } from '../../model/system-code.ts';
import type { Expect, Expression as ExpressionNode, NameUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf, textOf } from '../syntax.ts';
import { BOOL, typeToString } from '../types/type.ts';
import { elaborateExpression } from './expressions.ts';
import { expectationDeclaration, metricScope } from './metrics.ts';
import { nearest } from './scope.ts';
import { listed, runMember, type SystemContext } from './system-context.ts';
import { ambiguous } from './workload.ts';

/** `expect …` of a scenario. Null where it is wrong, which is reported. */
export function elaborateExpectation(node: Expect, system: SystemContext): ExpectationCode | null {
  const { condition } = node;
  const expect = special(condition, system);
  if (expect === null) return null;
  const more = { text: textOf(condition), span: spanOf(node) };
  if (expect) return { ...more, expect };
  const value = elaborateExpression(condition, BOOL, metricScope(system), system.context);
  return value.type.kind === 'Error' ? null : { ...more, expect: { kind: 'metric', condition: value } };
}

/** Undefined for a condition over metrics. */
function special(node: ExpressionNode, system: SystemContext): ExpectationCode['expect'] | null | undefined {
  if (node.$type === 'Parenthesized') return special(node.value, system);
  if (node.$type === 'Unary' && node.operator === 'not') {
    const inner = node.operand.$type === 'Parenthesized' ? node.operand.value : node.operand;
    if (inner.$type !== 'NameUse' || !isCriterion(inner.name)) return undefined;
    system.context.use(nameSpanOf(inner), expectationDeclaration(inner.name));
    const found = consistency(inner, system);
    return found && { ...found, negated: true };
  }
  if (node.$type !== 'NameUse') return undefined;
  if (node.name === 'violated' || isCriterion(node.name)) {
    system.context.use(nameSpanOf(node), expectationDeclaration(node.name));
  }
  if (node.name === 'violated') return violated(node, system);
  return isCriterion(node.name) ? consistency(node, system) : undefined;
}

function violated(node: NameUse, system: SystemContext): ExpectationCode['expect'] | null {
  const { context } = system;
  const items = node.arguments?.items ?? [];
  const found = runMember(items[0]?.value);
  if (items.length !== 1 || !found) {
    context.error('DS1260', spanOf(node), '`violated` takes the name of an invariant or an `eventually`', {
      help: 'write `expect violated(Agreement)`',
    });
    return null;
  }
  const { name, span, of } = found;
  const runs = of ? system.runsCalled(of) : system.deployments;
  if (of && runs.length === 0) return null;
  const deployed = runs.filter(
    ({ protocol }) => protocol.environment.properties.has(name) || protocol.code.functions.some((each) => each.name === name),
  );
  const [first, second] = deployed;
  if (!first) {
    if (system.incomplete) return null;
    const near = system.nearestOffered('properties', name, runs);
    const all = runs.flatMap(({ protocol }) => [...protocol.environment.properties.keys()]);
    const known =
      all.length > 0
        ? `the properties of ${of ? `\`${of.name}\`` : 'what the system runs'} are ${listed(all)}`
        : `${of ? `\`${of.name}\` declares no` : 'no protocol that the system runs declares an'} invariant`;
    context.error(
      'DS1263',
      span,
      `${of ? `\`${of.name}\` has no property` : 'no protocol that the system runs has a property'} \`${name}\``,
      {
        help: near ? `did you mean \`${near}\`?` : known,
        fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
      },
    );
    return null;
  }
  const declaration = first.protocol.environment.properties.get(name);
  if (declaration) context.use(span, declaration);
  if (second) {
    ambiguous(found, deployed, `${deployed.length} runs have a property of this name`, system);
    return null;
  }
  return { kind: 'violated', property: name, run: first.run };
}

function consistency(node: NameUse, system: SystemContext): Extract<ExpectationCode['expect'], { kind: 'history' }> | null {
  const { context } = system;
  const criterion = node.name;
  if (!isCriterion(criterion)) return null;
  const items = node.arguments?.items ?? [];
  const name = items[0]?.value;
  const { specifications, failed, suggestions } = system.file;
  if (items.length !== 1 || name?.$type !== 'NameUse' || name.arguments) {
    context.error('DS1260', spanOf(node), `\`${criterion}\` takes the name of a specification`, {
      help:
        specifications.size > 0
          ? `the specifications are ${listed([...specifications.keys()])}`
          : 'declare a `specification`, or import one',
    });
    return null;
  }
  const span = nameSpanOf(name);
  const specification = specifications.get(name.name);
  if (!specification) {
    if (failed.has(name.name)) return null;
    const near = nearest(name.name, specifications.keys());
    const path = suggestions.exporting(name.name);
    const known =
      specifications.size > 0 ? `the specifications are ${listed([...specifications.keys()])}` : 'declare it: `specification Name { … }`';
    context.error('DS1264', span, `there is no specification \`${name.name}\``, {
      help: path ? `import it: \`import ${name.name} from "${path}"\`` : near ? `did you mean \`${near}\`?` : known,
      fixes: near && !path ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
    });
    return null;
  }
  context.use(span, specification.declaration);
  return fits(node, name.name, system) ? { kind: 'history', criterion, specification: specification.code.name, negated: false } : null;
}

/**
 * Whether the calls of the workloads can be compared with a specification: where a run offers one of its operations, all
 * operations that workloads call of that run must be in it, with the same parameters and results. What the protocol may refuse has an
 * optional result there alone.
 */
function fits(node: NameUse, name: string, system: SystemContext): boolean {
  const specification = system.file.specifications.get(name)!;
  const wanted = specification.environment.operations;
  const concerned = system.deployments.filter(({ protocol }) =>
    [...protocol.environment.operations.keys()].some((each) => wanted.has(each)),
  );
  const calls = system.calls.filter(({ run }) => concerned.some((deployed) => deployed.run === run));
  if (calls.length === 0) {
    if (system.incomplete) return true;
    const called = [...new Set(system.calls.map(({ operation }) => operation))];
    system.context.error('DS1265', spanOf(node), `no workload calls an operation of \`${name}\``, {
      why: 'a history without calls satisfies everything',
      help: `\`${name}\` has the operations ${listed([...wanted.keys()])}; the workloads call ${called.length > 0 ? listed(called) : 'none'}`,
    });
    return false;
  }
  for (const { operation, run, span } of calls) {
    const offered = concerned.find((deployed) => deployed.run === run)!.protocol.environment.operations.get(operation)!;
    const specified = wanted.get(operation);
    const labels = [{ span, message: 'called here' }];
    if (!specified) {
      system.context.error('DS1265', spanOf(node), `\`${name}\` does not say what \`${operation}\` does`, {
        why: 'every call of a history must be an operation of the specification',
        help: `add \`operation ${operation}(…)\` to it, or do not call it`,
        labels,
      });
      return false;
    }
    const show = (signature: typeof offered): string =>
      `(${signature.fields.map((field) => `${field.name}: ${typeToString(field.type)}`).join(', ')})${signature.result.kind === 'Unit' ? '' : `: ${typeToString(signature.result)}`}`;
    const refusable = offered.result.kind === 'Optional' && show({ ...offered, result: offered.result.of }) === show(specified);
    if (show(offered) !== show(specified) && !refusable) {
      system.context.error('DS1265', spanOf(node), `\`${operation}\` of \`${name}\` is not the operation that is called`, {
        help: `the protocol has \`${operation}${show(offered)}\`, the specification \`${operation}${show(specified)}\``,
        labels: [...labels, { span: specified.declaration.nameSpan, message: 'specified here' }],
      });
      return false;
    }
  }
  return true;
}
