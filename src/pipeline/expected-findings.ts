import type { Finding } from '../base/finding.ts';
import type { SystemCode } from '../model/system-code.ts';

/**
 * `expect finding CODE` in a system says that a check must report it: the finding then is information, and its absence
 * an error (DS2090).
 */
export function applyExpectedFindings(code: SystemCode, findings: readonly Finding[]): Finding[] {
  const expected = new Set(code.expectedFindings.map((expectation) => expectation.code));
  const result = findings.map((finding) => (expected.has(finding.code) ? asExpected(finding) : finding));
  const reported = new Set(findings.map((finding) => finding.code));
  for (const expectation of code.expectedFindings) {
    if (reported.has(expectation.code)) continue;
    result.push({
      code: 'DS2090',
      severity: 'error',
      span: expectation.span,
      message: `no check of \`${code.name}\` reports ${expectation.code}, which is expected here`,
      why: 'an expected finding documents a weakness; when it is gone the text claims something that is no longer true',
      help: 'remove the line, or undo what mended the system',
    });
  }
  return result;
}

function asExpected(finding: Finding): Finding {
  if (finding.severity !== 'error' && finding.severity !== 'warning') return finding;
  return { ...finding, severity: 'information', notes: [...(finding.notes ?? []), `expected here: \`expect finding ${finding.code}\``] };
}
