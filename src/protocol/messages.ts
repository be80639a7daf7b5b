// What the editor's client asks the language server beyond the standard protocol: names of the requests and the plain
// data of their parameters and results. Both sides import this file, so they cannot disagree.

import type { RunView, TopologyView } from './view-model.ts';

/** Names of the custom requests. */
export const requests = {
  run: 'dsys/run',
  scenarios: 'dsys/scenarios',
  topology: 'dsys/topology',
  libraryText: 'dsys/libraryText',
  checkWorkspace: 'dsys/checkWorkspace',
  exportFormats: 'dsys/exportFormats',
  exportRun: 'dsys/exportRun',
} as const;

/**
 * Commands of the client that a code lens of the server may carry, with their arguments:
 * `dsys.run` (uri: string, choice?: { system, scenario, seed? }) `dsys.showTopology` (uri: string, system?: string) and `dsys.showProblems`.
 */
export const clientCommands = { run: 'dsys.run', showTopology: 'dsys.showTopology', showProblems: 'dsys.showProblems' } as const;

/** URI scheme of the built-in library's files, which exist in the server only. */
export const libraryScheme = 'dsys-library';

/**
 * `dsys/run`: simulate a scenario. The server reports progress by `$/progress` on `workDoneToken` and ends the run
 * when the request is cancelled. What is left out is chosen by the server: the first system, its first scenario.
 */
export interface RunParams {
  readonly uri: string;
  readonly system?: string;
  readonly scenario?: string;
  /** Show this seed instead of the one the server would choose (the first failing one, else the first). */
  readonly seed?: number;
  /** Number of seeds to try; left out: what the scenario names. */
  readonly runs?: number;
  /** The run is to be shown: its events are kept for `dsys/exportRun`, in the place of those of the last such run. */
  readonly keepsEvents?: boolean;
  readonly workDoneToken?: string | number;
}

/** Verdicts over all seeds, and the whole trace of the one seed to show. */
export type RunResult = RunView;

/** `dsys/scenarios`: what a file offers to run. */
export interface ScenariosParams {
  readonly uri: string;
}

export interface ScenarioInfo {
  readonly system: string;
  readonly scenario: string;
  /** First and last line of the scenario, zero-based, to find the one under the cursor. */
  readonly startLine: number;
  readonly endLine: number;
}

export type ScenariosResult = readonly ScenarioInfo[];

/** `dsys/topology`: nodes, zones and links of a system, without a run. */
export interface TopologyParams {
  readonly uri: string;
  readonly system?: string;
}

export type TopologyResult = TopologyView;

/** `dsys/libraryText`: the text of a built-in file. */
export interface LibraryTextParams {
  readonly uri: string;
}

export type LibraryTextResult = string;

/** `dsys/checkWorkspace`: every `.dsys` file of the workspace, checked to the end. */
export interface CheckWorkspaceResult {
  readonly files: readonly FileCounts[];
}

export interface FileCounts {
  readonly uri: string;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** `dsys/exportFormats`: what `dsys/exportRun` can write, in words for a list. */
export interface ExportFormatInfo {
  readonly format: string;
  readonly title: string;
  readonly opensIn: string;
  /** Of file names, without a dot. */
  readonly ending: string;
}

/** `dsys/exportRun`: the next piece of the run that was last made with `keepsEvents`, in another tool's format. */
export interface ExportParams {
  /** Of the run. */
  readonly digest: string;
  readonly format: string;
  /** Whether it is the first piece that is asked for. */
  readonly begin: boolean;
}

/** Null in its place: that run's events are no longer kept. */
export interface ExportResult {
  readonly text: string;
  /** Whether there is another piece. */
  readonly more: boolean;
  /** Whether the run had more events than are kept. */
  readonly truncated: boolean;
}
