import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode, Statement } from '../../model/code.ts';
import { blocksOf } from '../../model/walk.ts';
import { removal } from './fixes.ts';

/** DS4013: statements behind a `return`, which never run. One finding per block, over all of them. */
export function unreachableStatements(protocol: ProtocolCode): Finding[] {
  const findings: Finding[] = [];
  for (const { body } of [...protocol.handlers, ...protocol.functions]) visit(body, findings);
  return findings;
}

function visit(statements: readonly Statement[], findings: Finding[]): void {
  const end = statements.findIndex(alwaysReturns);
  const dead = end < 0 ? [] : statements.slice(end + 1);
  const first = dead[0];
  const last = dead[dead.length - 1];
  if (first && last) {
    findings.push({
      code: 'DS4013',
      severity: 'warning',
      span: { ...first.span, end: last.span.end },
      message: dead.length === 1 ? 'This statement never runs.' : `These ${dead.length} statements never run.`,
      why: 'Every path before them ends in `return`.',
      help: 'Remove them, or move the `return` behind them.',
      labels: [{ span: (statements[end] as Statement).span, message: 'it ends here' }],
      fixes: [removal(dead.length === 1 ? 'Remove it' : 'Remove them', { ...first.span, end: last.span.end })],
      tags: ['unnecessary'],
    });
  }
  for (const statement of end < 0 ? statements : statements.slice(0, end + 1)) {
    for (const block of blocksOf(statement)) visit(block, findings);
  }
}

const known = new WeakMap<Statement, boolean>();

/** Whether no path leads past a statement. A loop may run zero times, a match needs an `else` to be sure. */
export function alwaysReturns(statement: Statement): boolean {
  let returns = known.get(statement);
  if (returns === undefined) {
    returns = endsInReturn(statement);
    known.set(statement, returns);
  }
  return returns;
}

function endsInReturn(statement: Statement): boolean {
  const ends = (block: readonly Statement[]): boolean => block.some(alwaysReturns);
  switch (statement.kind) {
    case 'return':
      return true;
    case 'if':
      return ends(statement.then) && ends(statement.otherwise);
    case 'match':
      return statement.arms.some((arm) => arm.patterns.length === 0) && statement.arms.every((arm) => ends(arm.body));
    default:
      return false;
  }
}
