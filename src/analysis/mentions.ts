import type { ProtocolCode } from '../model/code.ts';
import type { SystemCode } from '../model/system-code.ts';

/**
 * Names that code mentions in one way (`parameter`, `constant`, `quorum`, …), however deep. Works on any part of the plain
 * trees, since every expression tells its kind and its name.
 */
export function mentioned(code: unknown, kind: string, found = new Set<string>()): Set<string> {
  if (Array.isArray(code)) {
    for (const part of code) mentioned(part, kind, found);
  } else if (typeof code === 'object' && code !== null) {
    if ('kind' in code && code.kind === kind && 'name' in code && typeof code.name === 'string') found.add(code.name);
    for (const key in code) mentioned((code as Record<string, unknown>)[key], kind, found);
  }
  return found;
}

/** The protocol's parameters on which a requirement depends, through its quorums, constants and functions too. */
export function parametersOf(protocol: ProtocolCode, requirement: number): Set<string> {
  const parameters = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (code: unknown): void => {
    if (code === undefined || seen.has(code)) return;
    seen.add(code);
    mentioned(code, 'parameter', parameters);
    for (const name of mentioned(code, 'quorum')) visit(protocol.quorums.find((quorum) => quorum.name === name)?.value);
    for (const name of mentioned(code, 'constant')) visit(protocol.constants.find((constant) => constant.name === name)?.value);
    const calls = JSON.stringify(code)?.match(/"function":"[^"]+"/g) ?? [];
    for (const call of calls) visit(protocol.functions.find((known) => call === `"function":${JSON.stringify(known.name)}`)?.body);
  };
  visit(protocol.requirements[requirement]?.condition);
  return parameters;
}

/** The constants on which the sizes of groups, a run's arguments or a fault model's budgets depend; of constants too. */
export function constantsOf(code: SystemCode, groups: readonly string[], run: number, faultModel: string | null): Set<string> {
  const found = mentioned(
    [
      code.groups.filter((group) => groups.includes(group.name)).map((group) => group.size),
      code.runs[run],
      code.faultModels.find((model) => model.name === faultModel),
      code.quorums,
    ],
    'constant',
  );
  // Later constants may be made of earlier ones.
  for (const constant of [...code.constants].reverse()) if (found.has(constant.name)) mentioned(constant.value, 'constant', found);
  return found;
}
