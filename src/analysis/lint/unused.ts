import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { emptyHandler, removal } from './fixes.ts';
import { usesOf } from './uses.ts';

/** DS4010: events that are never emitted. Metrics and properties over them would always read zero. */
export function silentEvents(protocol: ProtocolCode): Finding[] {
  const { emitted } = usesOf(protocol);
  return protocol.events
    .filter((event) => !emitted.has(event.name))
    .map((event) => ({
      code: 'DS4010',
      severity: 'warning',
      span: event.nameSpan,
      message: `\`${event.name}\` is never emitted.`,
      why: 'An event that never happens counts zero in every metric, and `expect` of it can only fail or say nothing.',
      help: `Write \`emit ${event.name}(…)\` where it happens, or remove it.`,
    }));
}

/** DS4011: operations without a handler: every call of them goes unanswered. */
export function unhandledOperations(protocol: ProtocolCode): Finding[] {
  const { handledOperations } = usesOf(protocol);
  return protocol.operations
    .filter((operation) => !handledOperations.has(operation.name))
    .map((operation) => ({
      code: 'DS4011',
      severity: 'warning',
      span: operation.nameSpan,
      message: `\`${operation.name}\` has no handler.`,
      why: 'A call of it is never answered, whatever is up.',
      help: `Write \`on op: ${operation.name} { … }\`.`,
      fixes: emptyHandler(protocol, operation.role, `on op: ${operation.name}`),
    }));
}

/** DS4012: functions that nothing calls. */
export function uncalledFunctions(protocol: ProtocolCode): Finding[] {
  const { called } = usesOf(protocol);
  return protocol.functions
    .filter((code) => !called.has(code.name))
    .map((code) => ({
      code: 'DS4012',
      severity: 'hint',
      span: code.nameSpan,
      message: `\`${code.name}\` is never called.`,
      why: 'What it says never happens; often a call of it was forgotten.',
      help: 'Remove it, or call it where it is meant to act.',
      fixes: [removal(`Remove \`${code.name}\``, code.span)],
      tags: ['unnecessary'],
    }));
}

/** DS4014: quorums, parameters and constants that nothing uses. */
export function unusedDeclarations(protocol: ProtocolCode, readByOthers: ReadonlySet<string>): Finding[] {
  const { quorumsUsed, parametersUsed, constantsUsed } = usesOf(protocol);
  const unused = [
    ...protocol.quorums
      .filter(({ name }) => !quorumsUsed.has(name))
      .map(({ name, nameSpan }) => ({ name, span: nameSpan, what: 'The quorum system' })),
    ...protocol.parameters
      .filter(({ name }) => !parametersUsed.has(name))
      .map(({ name, span }) => ({ name, span: { ...span, end: span.start + name.length }, what: 'The parameter' })),
    ...protocol.constants.filter(({ name }) => !constantsUsed.has(name)).map(({ name, span }) => ({ name, span, what: 'The constant' })),
  ];
  return unused
    .filter(({ name }) => !readByOthers.has(name))
    .map(({ name, span, what }) => ({
      code: 'DS4014',
      severity: 'hint',
      span,
      message: `${what} \`${name}\` is never used.`,
      why: 'Whatever it is set to, the protocol does the same; often another name was meant somewhere.',
      help: 'Remove it, or use it.',
      tags: ['unnecessary'],
    }));
}
