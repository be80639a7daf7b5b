import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeSystem } from '../../src/analysis/analyze.ts';
import type { Finding } from '../../src/base/finding.ts';
import { type Library, libraryUri } from '../../src/language/library.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { SystemCode } from '../../src/model/system-code.ts';
import { defaultLimits } from '../../src/pipeline/api.ts';
import { applyExpectedFindings } from '../../src/pipeline/expected-findings.ts';
import { runScenarios } from '../../src/pipeline/run.ts';
import { deployments } from './deployments.ts';
import { mutantsOf } from './mutants.ts';

/*
 * Each threshold of some protocols of the library is changed by a little, and each such mutant must be noticed: by a check, at
 * deployments on both sides of every bound, or by a run of the protocol's own scenarios. What goes unnoticed is listed with the reason.
 */
const library = nodeLibrary(import.meta.url);
/** Runs of each scenario. */
const seeds = 1;
const paths = library.list().filter((path) => deployments[nameOf(path)] !== undefined);

const whole = 'a fanout of n or more tells all peers, which does no harm: `choose` draws no more than there are';
const implied = 'a fanout that reaches almost nobody is refused by the liveness clause';
const drawn = 'they differ at equality only, where patience, drawn from a range that begins there, is longer almost surely';

/** Mutants that nothing can notice, or nothing cheap enough for a test. */
const unnoticed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gossip: {
    'requires safety fanout >= 1 and fanout < n → fanout >= 1': whole,
    'requires safety fanout >= 1 and fanout < n → fanout > 1 and fanout < n': implied,
    'requires safety fanout >= 1 and fanout < n → fanout >= 2 and fanout < n': implied,
    'requires safety fanout >= 1 and fanout < n → fanout >= 1 and fanout <= n': whole,
    'requires liveness gossip_reach(fanout) >= 99.9% → gossip_reach(fanout) > 99.9%':
      'equal for no whole fanout: a probability that is a quotient of binomials is hardly ever 99.9 %',
  },
  pbft: {
    'changes[v].size > f → changes[v].size > f + 1':
      'following others only hastens a view change that each replica asks for by itself once its own patience ends',
  },
  raft: {
    'requires liveness 2 * delay < election.min → 2 * delay <= election.min': drawn,
    'requires liveness heartbeat < election.min → heartbeat <= election.min': drawn,
  },
};

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The library with one file replaced. */
function changed(path: string, text: string): Library {
  return { list: () => library.list(), read: (wanted) => (wanted === path ? text : library.read(wanted)) };
}

interface CheckedCode {
  readonly code: SystemCode;
  /** Errors and warnings, without those that the system expects. */
  readonly complaints: readonly Finding[];
}

function systemsOf(uri: string, text: string, from: Library): CheckedCode[] {
  const workspace = new Workspace({ readText: () => undefined, library: from });
  workspace.setText(uri, text);
  const file = workspace.check(uri);
  return file.systems.map((code) => {
    const { system, findings } = expand(code);
    // Mends are not looked for: they take most of the time.
    const found = system ? analyzeSystem(code, system, () => null).findings : [];
    const complaints = [...file.findings, ...applyExpectedFindings(code, [...findings, ...found])];
    return { code, complaints: complaints.filter(({ severity }) => severity === 'error' || severity === 'warning') };
  });
}

/** The first scenario of the system that fails within a few seeds, apart from some. */
function failing(code: SystemCode, seeds: number, but: ReadonlySet<string> = new Set()): string | undefined {
  return code.scenarios.find(({ name }) => {
    if (but.has(`${code.name} ${name}`)) return false;
    const { results } = runScenarios({ code, scenarios: [name], seed: 1, runs: seeds, trace: false, constants: {}, limits: defaultLimits });
    return results.some(({ passed }) => !passed);
  })?.name;
}

it('the protocols that have deployments are in the library', () => {
  expect(paths.map(nameOf).sort()).toEqual(Object.keys(deployments).sort());
});

describe.each(paths)('%s', (path) => {
  const name = nameOf(path);
  const original = library.read(path) as string;
  const own = readFileSync(new URL(`../library/${path}.dsys`, import.meta.url), 'utf8');
  const matrix = deployments[name] as string;
  const accepted = matrixOf(library).map(({ refused }) => refused === undefined);

  /** The deployments, each with the requirement that refuses it; other checks may have their say of both sides of a bound. */
  function matrixOf(from: Library): { readonly code: SystemCode; readonly refused: Finding | undefined }[] {
    return systemsOf('file:///matrix.dsys', matrix, from).map(({ code, complaints }) => ({
      code,
      refused: complaints.find((finding) => /^DS(0|1|2|300)/.test(finding.code)),
    }));
  }

  // A violation that is expected need not show in so few seeds.
  const failsAnyway = new Set<string>();
  for (const { code } of systemsOf('file:///own.dsys', own, library)) {
    for (const { name: scenario } of code.scenarios) {
      const others = new Set(code.scenarios.filter((other) => other.name !== scenario).map((other) => `${code.name} ${other.name}`));
      if (failing(code, seeds, others)) failsAnyway.add(`${code.name} ${scenario}`);
    }
  }

  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText('file:///matrix.dsys', matrix);
  const protocol = workspace.check(libraryUri(path)).protocols[0];
  const mutants = protocol ? mutantsOf(original, protocol) : [];

  /** What notices a mutant; null for nothing. */
  function noticed(text: string): string | null {
    const mutated = changed(path, text);
    const systems = systemsOf('file:///own.dsys', own, mutated);
    const complaint = systems.flatMap(({ complaints }) => complaints)[0];
    if (complaint) return `${complaint.code} ${complaint.message}`;
    for (const [at, { code, refused }] of matrixOf(mutated).entries()) {
      if (accepted[at] && refused) return `${refused.code} in ${code.name}`;
      if (!accepted[at] && !refused && failing(code, 1)) return `a run of ${code.name}, which is accepted`;
    }
    for (const { code } of systems) {
      const scenario = failing(code, seeds, failsAnyway);
      if (scenario) return `a run of ${code.name}, ${scenario}`;
    }
    return null;
  }

  it('the unchanged protocol passes what its mutants fail', () => {
    const systems = systemsOf('file:///own.dsys', own, library);
    expect(systems.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(workspace.check('file:///matrix.dsys').findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(accepted).toContain(true);
    expect(accepted).toContain(false);
  });

  it('each mutant is noticed', { timeout: 240_000 }, () => {
    const silent: string[] = [];
    for (const { name: title, text } of mutants) if (noticed(text) === null) silent.push(title);
    expect(mutants.length).toBeGreaterThan(5);
    expect(silent).toEqual(Object.keys(unnoticed[name] ?? {}));
  });
});
