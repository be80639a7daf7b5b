import * as vscode from 'vscode';
import {
  libraryScheme,
  type RunParams,
  type RunResult,
  requests,
  type ScenarioInfo,
  type ScenariosParams,
  type ScenariosResult,
} from '../protocol/messages.ts';
import type { SourcePlace } from '../protocol/view-model.ts';
import type { Server } from './server.ts';
import { mayRun } from './trust.ts';

/** Files listed at the most: a workspace of thousands of specifications is searched file by file as they are opened. */
const filesMax = 500;

/** Scenarios in the editor's test view and in the gutter: a file, its scenarios, each with the verdict of its last run. */
export function registerScenarioTests(server: Server): vscode.Disposable {
  const controller = vscode.tests.createTestController('dsys.scenarios', 'dsys scenarios');
  /** What a test item stands for; files are not in it. */
  const scenarios = new WeakMap<vscode.TestItem, ScenarioInfo>();

  const fileItem = (uri: vscode.Uri): vscode.TestItem => {
    const known = controller.items.get(uri.toString());
    if (known) return known;
    const item = controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    controller.items.add(item);
    return item;
  };
  const resolveFile = async (item: vscode.TestItem): Promise<void> => {
    const { uri } = item;
    if (!uri) return;
    const params: ScenariosParams = { uri: uri.toString() };
    const found = await server.request<ScenariosResult>(requests.scenarios, params);
    // Known items stay, so that the tree keeps what is open and what the last run said; only what changed is touched.
    const ids = new Set(found.map(idOf));
    for (const [id] of item.children) if (!ids.has(id)) item.children.delete(id);
    for (const info of found) {
      const known = item.children.get(idOf(info));
      const child = known ?? controller.createTestItem(idOf(info), info.scenario, uri);
      const range = new vscode.Range(info.startLine, 0, info.endLine, 0);
      if (!known) child.description = info.system;
      if (!child.range?.isEqual(range)) child.range = range;
      scenarios.set(child, info);
      if (!known) item.children.add(child);
    }
    // A file with nothing to run would be an empty folder in the view.
    if (found.length === 0) controller.items.delete(item.id);
  };
  const refresh = (document: vscode.TextDocument): void => {
    if (document.languageId !== 'dsys' || document.uri.scheme === libraryScheme) return;
    void resolveFile(fileItem(document.uri)).catch(() => undefined);
  };

  controller.resolveHandler = async (item) => {
    if (item) return resolveFile(item);
    const files = await vscode.workspace.findFiles('**/*.dsys', '**/node_modules/**', filesMax);
    await Promise.all(files.map((uri) => resolveFile(fileItem(uri))));
  };
  controller.createRunProfile(
    'Simulate',
    vscode.TestRunProfileKind.Run,
    async (request, cancel) => {
      if (!(await mayRun())) return;
      const run = controller.createTestRun(request);
      const wanted = await leaves(controller, request, resolveFile);
      for (const item of wanted) run.enqueued(item);
      for (const item of wanted) {
        const info = scenarios.get(item);
        if (cancel.isCancellationRequested || !info || !item.uri) run.skipped(item);
        else await runOne(server, run, item, item.uri, info, cancel);
      }
      run.end();
    },
    true,
  );
  // The file whose opening woke the extension was opened before anyone listened.
  for (const document of vscode.workspace.textDocuments) refresh(document);
  return vscode.Disposable.from(
    controller,
    vscode.workspace.onDidOpenTextDocument(refresh),
    vscode.workspace.onDidSaveTextDocument(refresh),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) controller.items.delete(uri.toString());
    }),
  );
}

/** The scenarios that a request means: itself, or all below it, without the excluded ones. */
async function leaves(
  controller: vscode.TestController,
  request: vscode.TestRunRequest,
  resolveFile: (item: vscode.TestItem) => Promise<void>,
): Promise<vscode.TestItem[]> {
  const found: vscode.TestItem[] = [];
  const visit = async (item: vscode.TestItem): Promise<void> => {
    if (request.exclude?.includes(item)) return;
    if (item.canResolveChildren && item.children.size === 0) await resolveFile(item);
    if (!item.canResolveChildren) found.push(item);
    for (const [, child] of item.children) await visit(child);
  };
  for (const item of request.include ?? [...controller.items].map(([, each]) => each)) await visit(item);
  return found;
}

async function runOne(
  server: Server,
  run: vscode.TestRun,
  item: vscode.TestItem,
  uri: vscode.Uri,
  { system, scenario }: ScenarioInfo,
  cancel: vscode.CancellationToken,
): Promise<void> {
  run.started(item);
  const started = Date.now();
  const params: RunParams = { uri: uri.toString(), system, scenario };
  try {
    const result = await server.request<RunResult>(requests.run, params, cancel);
    run.appendOutput(`${scenario}: ${result.passed ? 'passed' : 'failed'}, ${result.seeds} seeds\r\n`, undefined, item);
    if (result.passed) run.passed(item, Date.now() - started);
    else run.failed(item, failures(result), Date.now() - started);
  } catch (error) {
    const message = new vscode.TestMessage(error instanceof Error ? error.message : String(error));
    if (cancel.isCancellationRequested) run.skipped(item);
    else run.errored(item, message, Date.now() - started);
  }
}

function idOf({ system, scenario }: ScenarioInfo): string {
  return `${system}.${scenario}`;
}

/** A message for each verdict that failed, at its line. */
function failures(result: RunResult): vscode.TestMessage[] {
  const messages = result.verdicts
    .filter(({ passed }) => !passed)
    .map(({ text, detail, place }) => testMessage(detail ? `${text}: ${detail}` : text, place));
  if (result.problem) messages.unshift(testMessage(result.problem, result.problemPlace));
  return messages;
}

function testMessage(text: string, place: SourcePlace | null): vscode.TestMessage {
  const message = new vscode.TestMessage(text);
  if (place) message.location = new vscode.Location(vscode.Uri.parse(place.uri), new vscode.Position(place.line, place.character));
  return message;
}
