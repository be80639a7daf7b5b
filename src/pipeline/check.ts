import { analyzeSystem, type SystemAnalysis } from '../analysis/analyze.ts';
import { AnchoredMemo } from '../analysis/anchored.ts';
import { isOpen } from '../analysis/codes.ts';
import { lintFindings } from '../analysis/lint/index.ts';
import { readOf } from '../analysis/lint/uses.ts';
import type { Expand } from '../analysis/mends.ts';
import type { Finding } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { CheckedFile } from '../language/check-file.ts';
import type { Workspace } from '../language/workspace.ts';
import type { ProtocolCode } from '../model/code.ts';
import { type Expansion, expand, type Overrides } from '../model/expand.ts';
import type { System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import type { Value } from '../model/values.ts';
import type { CheckedSystem, CheckReport } from './api.ts';
import { applyExpectedFindings } from './expected-findings.ts';

export interface CheckOptions {
  /** Constants replaced by name (`--set`). */
  readonly constants?: Readonly<Record<string, Value>> | undefined;
  /** Factor on the work limits of searches; 1 (the default) is what a keystroke can wait for. */
  readonly effort?: number | undefined;
  /** Polled between costly steps; true gives up early with what there is. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Everything there is to say of one file, from its text in the workspace to the bounds of its systems. */
export function checkFile(workspace: Workspace, uri: string, options: CheckOptions = {}): CheckReport {
  const file = workspace.check(uri);
  const systems = file.systems.map((code) =>
    hasErrorsThatConcern(file, code)
      ? { code, system: null, findings: [], cards: [], leftOpen: false, runnable: false }
      : checkSystem(code, options),
  );
  const own = [
    ...file.findings,
    ...file.protocols.filter((protocol) => isSound(file, protocol.span)).flatMap((protocol) => lintOf(protocol, file.protocols)),
  ];
  return reportOf(uri, file.text, own, systems);
}

/**
 * @param ownFindings what is said of the file and not of one of its systems.
 */
export function reportOf(uri: string, text: string, ownFindings: readonly Finding[], systems: readonly CheckedSystem[]): CheckReport {
  const findings = sortByPlace([...ownFindings, ...systems.flatMap((system) => system.findings)]);
  return { uri, text, findings, ownFindings, systems };
}

/** A system without errors of the language, from its code to its bounds. */
export function checkSystem(code: SystemCode, options: CheckOptions): CheckedSystem {
  const overrides: Overrides = options.constants ? { constants: options.constants } : {};
  const expansion = expand(code, overrides);
  if (!expansion.system)
    return { code, system: null, findings: applyExpectedFindings(code, expansion.findings), cards: [], leftOpen: false, runnable: false };
  const analysis = analysisOf(code, { ...expansion, system: expansion.system }, overrides, options);
  const findings = applyExpectedFindings(code, [...expansion.findings, ...analysis.findings]);
  // A requirement that does not hold is no reason not to look at a run; what the model could not be built from is.
  const runnable = !expansion.findings.some((finding) => finding.severity === 'error');
  const leftOpen = analysis.leftOpen || findings.some(isOpen);
  return { code, system: expansion.system, findings, cards: analysis.cards, leftOpen, runnable };
}

const analyses = new AnchoredMemo<SystemAnalysis>(40);
const lints = new AnchoredMemo<{ readonly findings: readonly Finding[] }>(300);

/** The analysis of a system, computed anew only when what it says has changed. */
function analysisOf(
  code: SystemCode,
  expansion: Expansion & { readonly system: System },
  overrides: Overrides,
  options: CheckOptions,
): SystemAnalysis {
  const { system } = expansion;
  const tried = expanding(code, overrides, errorsIn(expansion.findings));
  const analyze = (circumstances?: string) => analyzeSystem(code, system, tried, { ...options, circumstances });
  // What may be broken off is not remembered.
  if (options.shouldStop !== undefined) return analyze();
  const circumstances = JSON.stringify([options.effort ?? 1, overrides]);
  const parts = ({ protocols, adversaries, specifications }: SystemCode) => [...protocols, ...adversaries, ...specifications];
  return analyses.getNamed(`${code.uri} ${code.name}`, code, parts, circumstances, () => analyze(circumstances));
}

function lintOf(protocol: ProtocolCode, others: readonly ProtocolCode[]): readonly Finding[] {
  const read = readOf(protocol, others);
  const lint = () => ({ findings: lintFindings(protocol, read) });
  return lints.getNamed(`${protocol.span.uri} ${protocol.name}`, protocol, () => [], [...read].sort().join(), lint).findings;
}

/** Errors inside another system of the same file do not keep this one from being checked; all others do. */
function hasErrorsThatConcern(file: CheckedFile, code: SystemCode): boolean {
  const others = file.systems.filter((other) => other !== code).map((other) => other.span);
  return file.findings.some((finding) => finding.severity === 'error' && !others.some((span) => contains(span, finding.span)));
}

/** Whether nothing is wrong inside a span: what is half-typed would be linted as unused. */
function isSound(file: CheckedFile, span: Span): boolean {
  return !file.findings.some((finding) => finding.severity === 'error' && contains(span, finding.span));
}

function contains(outer: Span, inner: Span): boolean {
  return outer.uri === inner.uri && outer.start <= inner.start && inner.end <= outer.end;
}

/**
 * Expands a system with values replaced, for changes that are tried out: null where that makes errors which were not there
 * (a list of weights that is too short), since such a change is no mend.
 *
 * @param known how many errors there are without any change.
 */
export function expanding(code: SystemCode, overrides: Overrides, known: number): Expand {
  return (tried) => {
    const { system, findings } = expand(code, merge(overrides, tried));
    return errorsIn(findings) > known ? null : system;
  };
}

export function errorsIn(findings: readonly Finding[]): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

/** Overrides on top of others. */
export function merge(base: Overrides, tried: Overrides): Overrides {
  return { ...base, ...tried, constants: { ...base.constants, ...tried.constants } };
}

function sortByPlace(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}
