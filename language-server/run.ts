import { join } from 'node:path';
import { type CancellationToken, type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Span } from '../src/base/source.ts';
import { type CheckedSystem, defaultLimits, type RunProgress, type RunRequest, shrinkRunsDefault } from '../src/pipeline/api.ts';
import { contentOf } from '../src/pipeline/campaign-file.ts';
import { defaultWorkers, runInWorkers } from '../src/pipeline/pool.ts';
import type { RunParams, RunResult, ScenarioInfo } from '../src/protocol/messages.ts';
import { toViewModel } from '../src/protocol/to-view-model.ts';
import type { SourcePlace } from '../src/protocol/view-model.ts';
import { traceHeader } from '../src/report/trace-file.ts';
import type { TraceFile } from '../src/report/trace-reader.ts';
import type { ScenarioResult } from '../src/simulator/result.ts';
import type { Exports } from './exports.ts';
import type { Session } from './session.ts';

const workerFile = join(__dirname, '../worker/worker.cjs');

/** What a file offers to run. */
export function scenarios(session: Session, uri: string): ScenarioInfo[] {
  const lines = session.linesOf(uri);
  if (!lines) return [];
  return session.file(uri).systems.flatMap((system) =>
    system.scenarios.map((scenario) => ({
      system: system.name,
      scenario: scenario.name,
      startLine: lines.position(scenario.span.start).line,
      endLine: lines.position(scenario.span.end).line,
    })),
  );
}

/** Simulates a scenario in a worker, with progress and cancel, and gives what the panel draws. */
export async function run(
  session: Session,
  connection: Connection,
  exports: Exports,
  params: RunParams,
  token: CancellationToken,
): Promise<RunResult> {
  const file = session.file(params.uri);
  const checked = systemToRun(session, params);
  const scenario = params.scenario ?? checked.code.scenarios[0]?.name;
  if (!checked.system || !checked.runnable) throw refuse(`${checked.code.name} has errors that must be mended first`);
  if (!scenario) throw refuse(`${checked.code.name} has no scenario`);
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  const request: RunRequest = {
    code: checked.code,
    scenarios: [scenario],
    seed: params.seed ?? null,
    runs: params.seed === undefined ? (params.runs ?? null) : 1,
    trace: true,
    constants: {},
    limits: defaultLimits,
    // A run of one seed is there to be looked at.
    shrink: params.seed === undefined ? { runs: shrinkRunsDefault, expected: false } : undefined,
  };
  const report = await reporting(connection, params.workDoneToken, scenario, (onProgress) =>
    runInWorkers(workerFile, request, { onProgress, signal: abort.signal }, Math.max(1, defaultWorkers() - 1)),
  );
  if (token.isCancellationRequested) throw new ResponseError(ErrorCodes.InvalidRequest, 'the run was cancelled');
  // Under `vary` the first variant that fails is the one to look at.
  const result = report.results.find(({ passed }) => !passed) ?? report.results[0];
  if (!result) throw refuse(report.findings[0]?.message ?? 'the run gave no result');
  // One seed says nothing new of a text that has run with many.
  if (params.seed === undefined || !session.runOf(params.uri, checked.code.name, scenario)) {
    session.rememberRun(file, checked.code.name, scenario, {
      passed: report.results.every(({ passed }) => passed),
      seeds: result.runs.length,
      findings: [...report.findings, ...report.results.flatMap(({ findings }) => findings)],
    });
  }
  if (params.keepsEvents) exports.keep(traceFile(params.uri, checked, result, exports.toolVersion));
  return toViewModel(checked.system, result, (span) => placeOf(session, span));
}

/** The shown run with its events, as a trace file has them. */
function traceFile(uri: string, { code }: CheckedSystem, result: ScenarioResult, tool: string): TraceFile | null {
  const trace = result.shown?.trace;
  if (!result.shown || !trace) return null;
  const origin = { tool, file: uri.slice(uri.lastIndexOf('/') + 1), content: contentOf(code), constants: [] };
  return { header: traceHeader(result, result.shown, trace, origin), trace, whole: true };
}

function systemToRun(session: Session, params: RunParams): CheckedSystem {
  const { systems } = session.report(params.uri);
  const checked = params.system
    ? systems.find(({ code }) => code.name === params.system)
    : systems.find(({ code }) => code.scenarios.length > 0);
  if (!checked)
    throw refuse(params.system ? `there is no system ${params.system} in this file` : 'this file has no system with a scenario');
  return checked;
}

type OnProgress = (progress: Pick<RunProgress, 'done' | 'total' | 'shrinking'>) => void;

async function reporting<Result>(
  connection: Connection,
  token: RunParams['workDoneToken'],
  title: string,
  work: (onProgress: OnProgress) => Promise<Result>,
): Promise<Result> {
  if (token === undefined) return work(() => undefined);
  const send = (value: object) => connection.sendNotification('$/progress', { token, value });
  send({ kind: 'begin', title, percentage: 0 });
  try {
    return await work(({ done, total, shrinking }) =>
      send({
        kind: 'report',
        message: shrinking ?? `seed ${done} of ${total}`,
        percentage: total > 0 ? Math.floor((100 * done) / total) : 0,
      }),
    );
  } finally {
    send({ kind: 'end' });
  }
}

function placeOf(session: Session, span: Span): SourcePlace | null {
  const lines = session.linesOf(span.uri);
  if (!lines) return null;
  const { line, column } = lines.position(span.start);
  return { uri: span.uri, line, character: column };
}

function refuse(reason: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidRequest, reason);
}
