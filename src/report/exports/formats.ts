/** What a trace can be exported to; in a file of its own, for the command line names them without loading what writes them. */
export const exportFormats = ['chrome', 'shiviz', 'otlp', 'mermaid', 'csv', 'csv-summary', 'edn'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How a format is offered to people: what it is called, what opens it, and the usual ending of its files. */
export const exportTitles: Readonly<Record<ExportFormat, { readonly title: string; readonly opensIn: string; readonly ending: string }>> = {
  chrome: { title: 'Chrome trace', opensIn: 'Perfetto, chrome://tracing', ending: 'json' },
  shiviz: { title: 'ShiViz log', opensIn: 'ShiViz, with vector clocks', ending: 'log' },
  otlp: { title: 'OpenTelemetry spans', opensIn: 'Jaeger, Tempo, any collector, as OTLP JSON', ending: 'json' },
  mermaid: { title: 'Mermaid sequence diagram', opensIn: 'GitHub, Markdown viewers', ending: 'mmd' },
  csv: { title: 'Metrics over time', opensIn: 'spreadsheets, as CSV', ending: 'csv' },
  'csv-summary': { title: 'Metrics of the whole run', opensIn: 'spreadsheets, as CSV of one row', ending: 'csv' },
  edn: { title: 'Jepsen history', opensIn: 'Knossos, Elle, as EDN', ending: 'edn' },
};
