import type { Severity } from '../base/finding.ts';
import { printable } from './printable.ts';
import { allFindings, placeForUser, type Report, reducedRunOf, scenarioName } from './report.ts';
import type { Places } from './sources.ts';
import { describeWitness } from './witness.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

/** A report as workflow commands, which GitHub Actions shows at the lines of a change. Worst first: it shows ten of a kind. */
export function renderGithub(report: Report, places: Places): string {
  const order: readonly Severity[] = ['error', 'warning', 'information'];
  const found = allFindings(report).filter(({ finding }) => finding.severity !== 'hint');
  const sorted = [...found].sort((a, b) => order.indexOf(a.finding.severity) - order.indexOf(b.finding.severity));
  return sorted
    .map(({ finding, scenario }) => {
      const place = places.of(placeForUser(finding, scenario));
      const reduced = reducedRunOf(report, finding);
      const message = [
        finding.message,
        finding.why,
        finding.witness && `Witness: ${describeWitness(finding.witness)}`,
        finding.help && `Help: ${finding.help}`,
        ...report.scenarios.filter(({ result }) => result === scenario).map(({ repeat }) => `Repeat: ${repeat}`),
        reduced && `Reduced:\n${reduced.scenario}`,
        reduced?.command && `Put it into the system and run ${reduced.command}`,
      ].filter((line) => typeof line === 'string' && line !== '');
      const title = scenario ? `${finding.code} ${scenarioName(scenario)}` : finding.code;
      // GitHub takes columns only of annotations within one line, and its end column is the last one, not the one after.
      const columns =
        place.line === place.endLine ? [`col=${place.column}`, `endColumn=${Math.max(place.column, place.endColumn - 1)}`] : [];
      const properties = [
        `file=${property(place.path)}`,
        `line=${place.line}`,
        `endLine=${place.endLine}`,
        ...columns,
        `title=${property(title)}`,
      ];
      return `::${commands[finding.severity]} ${properties.join(',')}::${data(message.join('\n'))}\n`;
    })
    .join('');
}

function data(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
