/** What a trace can be exported to; in a file of its own, for the command line names them without loading what writes them. */
export const exportFormats = ['chrome', 'shiviz', 'otlp', 'mermaid', 'csv', 'csv-summary', 'edn'] as const;
export type ExportFormat = (typeof exportFormats)[number];
