import type { AnalysisReport } from './analysis.ts';
import { finiteOnly } from './json.ts';
import type { Sources } from './sources.ts';

/** An analysis as JSON. The shape is documented in docs/formats.md: fields are added, never changed, while `version` stays. */
export function renderAnalysisJson(report: AnalysisReport, sources: Sources): string {
  const document = {
    format: 'dsys-analysis',
    version: 1,
    tool: { name: 'dsys', version: report.version },
    effort: report.effort,
    stopped: report.stopped,
    files: report.files.map(({ uri, errors, cards }) => ({
      path: sources.pathOf(uri),
      errors,
      cards: cards.map(({ system, deployment, protocol, name, members, faultModel, sections }) => ({
        system,
        deployment,
        protocol,
        name,
        members,
        faultModel,
        sections: sections.map(({ id, title, headline, rows, assumptions, sources }) => ({
          id,
          title,
          headline: headline ?? null,
          rows: rows.map(({ label, value, notes, data }) => ({ label, value, notes: notes ?? [], data })),
          assumptions,
          sources,
        })),
      })),
    })),
  };
  return `${JSON.stringify(document, finiteOnly, 2)}\n`;
}
