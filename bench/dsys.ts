import { compileDeployment } from '../src/compiler/compile.ts';
import type { Program } from '../src/compiler/program.ts';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import type { System } from '../src/model/system.ts';
import type { SystemCode } from '../src/model/system-code.ts';
import { checkFile } from '../src/pipeline/check.ts';
import type { RunResult } from '../src/simulator/result.ts';
import { type RunOptions, runOnce } from '../src/simulator/run-once.ts';

/** A system as the benchmarks run it: checked, expanded, its deployments compiled. */
export interface Prepared {
  readonly system: System;
  readonly programs: readonly Program[];
}

/** The first system of a text, ready to run; its requirements may fail, its text may not. */
export function prepare(text: string): Prepared {
  const { system } = check(text);
  return { system, programs: compile(system) };
}

/** The code of the first system of a text, as workers are given it. */
export function codeOf(text: string): SystemCode {
  return check(text).code;
}

function check(text: string): { readonly system: System; readonly code: SystemCode } {
  const uri = 'file:///bench.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText(uri, text);
  const { findings, systems } = checkFile(workspace, uri);
  const { system, code } = systems[0] ?? {};
  if (!system || !code || findings.some(({ severity }) => severity === 'error'))
    throw new Error(findings.map(({ message }) => message).join('\n'));
  return { system, code };
}

export function compile(system: System): readonly Program[] {
  return system.deployments.map(({ index }) => compileDeployment(system, index));
}

/** One run of the first scenario; all that it expects must hold. */
export function simulate({ system, programs }: Prepared, seed: number, options: RunOptions = { trace: false }): RunResult {
  const scenario = system.scenarios[0];
  if (!scenario) throw new Error('no scenario');
  const result = runOnce(system, programs, scenario, seed, options);
  const fallen = result.expectations.find(({ held }) => !held);
  if (result.error || fallen) throw new Error(result.error?.message ?? fallen?.detail);
  return result;
}

/** What an action gives, and how many ms it took. */
export function timed<T>(action: () => T): { readonly value: T; readonly ms: number } {
  const started = performance.now();
  const value = action();
  return { value, ms: performance.now() - started };
}
