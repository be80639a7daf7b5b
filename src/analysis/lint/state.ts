import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { usesOf } from './uses.ts';

/**
 * DS4007: state that nothing reads.
 * DS4008: state that nothing writes: a constant in disguise.
 */
export function idleState(protocol: ProtocolCode, readByOthers: ReadonlySet<string>): Finding[] {
  const { stateRead, stateWritten } = usesOf(protocol);
  const findings: Finding[] = [];
  for (const variable of protocol.state) {
    const read = stateRead.has(variable.name) || readByOthers.has(variable.name);
    const written = stateWritten.has(variable.name);
    const span = variable.nameSpan;
    if (!read) {
      findings.push({
        code: 'DS4007',
        severity: 'hint',
        span,
        message: written ? `\`${variable.name}\` is written, but never read.` : `\`${variable.name}\` is never used.`,
        why: 'Neither a handler nor a property depends on it.',
        help: 'Remove it, or state a property of it.',
        tags: ['unnecessary'],
      });
    } else if (!written) {
      findings.push({
        code: 'DS4008',
        severity: 'hint',
        span,
        message: `\`${variable.name}\` never changes.`,
        why: 'State that keeps its initial value is a constant; each state variable makes the states to explore larger.',
        help: `Write \`const ${variable.name} = …\`, or make it a parameter.`,
      });
    }
  }
  return findings;
}
