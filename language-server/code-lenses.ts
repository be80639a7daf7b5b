import type { CodeLens } from 'vscode-languageserver';
import type { CheckedSystem } from '../src/pipeline/api.ts';
import { clientCommands } from '../src/protocol/messages.ts';
import { toRange } from './convert.ts';
import type { Session } from './session.ts';

/** Above each system its verdict and its topology, above each scenario "Simulate" and what the last run said. */
export function codeLenses(session: Session, uri: string): CodeLens[] {
  const lines = session.linesOf(uri);
  if (!lines) return [];
  return session.report(uri).systems.flatMap((checked) => {
    const { code } = checked;
    const at = toRange(code.nameSpan, lines);
    const lenses: CodeLens[] = [
      { range: at, command: { title: systemVerdict(checked), command: clientCommands.showProblems } },
      { range: at, command: { title: '$(type-hierarchy) Topology', command: clientCommands.showTopology, arguments: [uri, code.name] } },
    ];
    for (const scenario of code.scenarios) {
      const range = toRange(scenario.nameSpan, lines);
      lenses.push({
        range,
        command: {
          title: '$(play) Simulate',
          command: clientCommands.run,
          arguments: [uri, { system: code.name, scenario: scenario.name }],
        },
      });
      const last = session.runOf(uri, code.name, scenario.name);
      if (last) lenses.push({ range, command: { title: lastVerdict(last.passed, last.seeds), command: '' } });
    }
    return lenses;
  });
}

/** "survives Production, ZoneLoss", or what it does not. */
export function systemVerdict({ cards, findings, system }: CheckedSystem): string {
  if (!system) return '$(error) not checked: mend the errors first';
  const broken = new Set(cards.filter((card) => card.requirements.some(({ holds }) => holds === false)).map((card) => card.faultModel));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const models = [...new Set(cards.map((card) => card.faultModel).filter((name) => name !== null))];
  if (broken.size > 0) {
    const under = [...broken].filter((name) => name !== null);
    return under.length > 0 ? `$(error) does not survive ${under.join(', ')}` : '$(error) does not hold even without faults';
  }
  if (errors > 0) return `$(error) ${errors} ${errors === 1 ? 'error' : 'errors'}`;
  return models.length > 0 ? `$(pass) survives ${models.join(', ')}` : '$(pass) holds without faults';
}

function lastVerdict(passed: boolean, seeds: number): string {
  const over = `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`;
  return passed ? `$(pass) passed over ${over}` : `$(error) failed over ${over}`;
}
