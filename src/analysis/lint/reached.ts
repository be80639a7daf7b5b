import type { ProtocolCode, Statement } from '../../model/code.ts';
import { walkStatements } from '../../model/walk.ts';

/** All statements that may run with these: those inside them, and those of the functions that they call, each once. */
export function statementsReached(protocol: ProtocolCode, statements: readonly Statement[]): Statement[] {
  const reached: Statement[] = [];
  const visited = new Set<string>();
  const visit = (body: readonly Statement[]): void => {
    const called = new Set<string>();
    walkStatements(
      body,
      (statement) => reached.push(statement),
      (expression) => {
        if (expression.kind === 'call') called.add(expression.function);
      },
    );
    for (const name of called) {
      if (visited.has(name)) continue;
      visited.add(name);
      for (const code of protocol.functions) if (code.name === name) visit(code.body);
    }
  };
  visit(statements);
  return reached;
}
