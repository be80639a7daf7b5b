import { createConnection, type Position, ProposedFeatures, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import {
  type CheckWorkspaceResult,
  type ExportFormatInfo,
  type ExportParams,
  type ExportResult,
  type LibraryTextParams,
  type LibraryTextResult,
  type RunParams,
  type RunResult,
  requests,
  type ScenariosParams,
  type ScenariosResult,
  type TopologyParams,
  type TopologyResult,
} from '../src/protocol/messages.ts';
import { checkWorkspace } from './check-workspace.ts';
import { codeActions } from './code-actions.ts';
import { codeLenses } from './code-lenses.ts';
import { completion } from './completion.ts';
import { definition } from './definition.ts';
import { Documents, readFromDisk, syncKind } from './documents.ts';
import { Exports } from './exports.ts';
import { foldingRanges } from './folding.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { Insights } from './insights.ts';
import { Pages } from './pages.ts';
import { withProgress } from './progress.ts';
import { references } from './references.ts';
import { prepareRename, rename } from './rename.ts';
import { run, scenarios } from './run.ts';
import { legend, semanticTokens } from './semantic-tokens.ts';
import { Session } from './session.ts';
import { Settings } from './settings.ts';
import { documentSymbols, workspaceSymbols } from './symbols.ts';
import { topology } from './topology.ts';

/*
 * The language server: one editor feature, one file; this one is the table of contents. All features read the session,
 * whose texts `Documents` keeps in step with the editor.
 */
const connection = createConnection(ProposedFeatures.all);
const open = new TextDocuments(TextDocument);
const workspace = new Workspace({ readText: readFromDisk, listFiles: () => [...documents.files()], library: nodeLibrary(__filename) });
const session = new Session(workspace, () => documents.files(), new Pages(__filename));
const documents: Documents = new Documents(connection, open, workspace, () => session);
const exports = new Exports(__filename);
let showsProgress = false;
let hasSettings = false;
const insights = new Insights(session, {
  publish: (uri) => documents.publish(uri),
  refresh: () => void connection.sendRequest('workspace/inlayHint/refresh').catch(() => undefined),
  progress: (title, work) => withProgress(connection, showsProgress, title, work),
  log: (message) => connection.console.error(message),
});
documents.onPublished((uri, isOpen) => insights.published(uri, isOpen));
const settings = new Settings(connection, () => hasSettings);

/** The offset of a position in a file's current text. */
const offsetAt = (uri: string, { line, character }: Position) => session.linesOf(uri)?.offset({ line, column: character }) ?? 0;

let folders: readonly string[] = [];
connection.onInitialize(({ workspaceFolders, rootUri, capabilities }) => {
  showsProgress = capabilities.window?.workDoneProgress === true;
  hasSettings = capabilities.workspace?.configuration === true;
  folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return {
    serverInfo: { name: 'dsys' },
    capabilities: {
      textDocumentSync: syncKind,
      completionProvider: { triggerCharacters: ['.', '"', '/'] },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      foldingRangeProvider: true,
      semanticTokensProvider: { legend, full: true },
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      codeLensProvider: {},
      inlayHintProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
});
connection.onInitialized(() => {
  for (const folder of folders) documents.addFolder(folder);
  settings.listen(() => void connection.sendRequest('workspace/inlayHint/refresh').catch(() => undefined));
});

connection.onCompletion(({ textDocument: { uri }, position }) => completion(session, uri, offsetAt(uri, position)));
connection.onHover(({ textDocument: { uri }, position }) => hover(session, insights, uri, offsetAt(uri, position)));
connection.onDefinition(({ textDocument: { uri }, position }) => definition(session, uri, offsetAt(uri, position)));
connection.onReferences(({ textDocument: { uri }, position, context }) =>
  references(session, uri, offsetAt(uri, position), context.includeDeclaration),
);
connection.onPrepareRename(({ textDocument: { uri }, position }) => prepareRename(session, uri, offsetAt(uri, position)));
connection.onRenameRequest(({ textDocument: { uri }, position, newName }) => rename(session, uri, offsetAt(uri, position), newName));
connection.onDocumentSymbol(({ textDocument: { uri } }) => documentSymbols(session, uri));
connection.onWorkspaceSymbol(({ query }) => workspaceSymbols(session, query));
connection.onFoldingRanges(({ textDocument: { uri } }) => {
  const lines = session.linesOf(uri);
  return lines ? foldingRanges(lines) : [];
});
connection.languages.semanticTokens.on(({ textDocument: { uri } }) => semanticTokens(session, uri));
connection.onCodeAction(({ textDocument: { uri }, range }) => codeActions(session, uri, range));
connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }) =>
  (await settings.resilienceHints()) ? inlayHints(session, insights, uri, range) : [],
);
connection.onCodeLens(({ textDocument: { uri } }) => codeLenses(session, uri));

connection.onRequest(requests.scenarios, ({ uri }: ScenariosParams): ScenariosResult => scenarios(session, uri));
connection.onRequest(requests.run, async (params: RunParams, token): Promise<RunResult> => {
  const result = await run(session, connection, exports, params, token);
  documents.publish(params.uri);
  void connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  return result;
});
connection.onRequest(requests.topology, (params: TopologyParams): TopologyResult => topology(session, params));
connection.onRequest(requests.exportFormats, (): ExportFormatInfo[] => exports.formats());
connection.onRequest(requests.exportRun, (params: ExportParams): ExportResult | null => exports.piece(params));
connection.onRequest(requests.libraryText, ({ uri }: LibraryTextParams): LibraryTextResult => workspace.text(uri) ?? '');
connection.onRequest(requests.checkWorkspace, (): CheckWorkspaceResult => checkWorkspace(session));

connection.onShutdown(() => insights.dispose());

open.listen(connection);
connection.listen();
