/** Random scenarios of everything at once, under every schedule: what must hold of a run whatever strikes it. */
import { describe, expect, it } from 'vitest';
import { compileDeployment } from '../../src/compiler/compile.ts';
import type { Program } from '../../src/compiler/program.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { Scenario } from '../../src/model/scenario.ts';
import { scenarioText } from '../../src/model/scenario-text.ts';
import type { System } from '../../src/model/system.ts';
import { CoverageRecorder } from '../../src/simulator/coverage-recorder.ts';
import type { Kernel } from '../../src/simulator/kernel.ts';
import { type RunOptions, type RunOutcome, runWithSample } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import { randomScenario } from '../support/random-scenario.ts';

const cases = Number(process.env.CASES ?? 24);
const first = Number(process.env.FIRST ?? 1);

interface Made {
  readonly system: System;
  readonly programs: readonly Program[];
  readonly covered: readonly Program[];
  readonly scenario: Scenario;
}

function make(text: string): Made {
  const uri = 'file:///random.dsys';
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { systems, findings } = workspace.check(uri);
  expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const { system, findings: more } = expand(systems[0]!);
  expect(more.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  return {
    system: system!,
    programs: system!.deployments.map(({ index }) => compileDeployment(system!, index)),
    covered: system!.deployments.map(({ index }) => compileDeployment(system!, index, { coverage: true })),
    scenario: system!.scenarios[0]!,
  };
}

/** Keeps hold of the kernel of a run, to look at what is left of it. */
class Witness extends CoverageRecorder {
  seen!: Kernel;
  override attach(kernel: Kernel): void {
    this.seen = kernel;
    super.attach(kernel);
  }
}

function run({ system, programs, scenario }: Made, seed: number, options: Partial<RunOptions> = {}, actions = scenario): RunOutcome {
  return runWithSample(system, programs, actions, seed, { trace: false, limits: { events: 2_000_000 }, ...options });
}

describe.each(Array.from({ length: cases }, (_, at) => first + at))('random scenario %i', (number) => {
  const { text } = randomScenario(number);
  const made = make(text);
  const seed = 1 + (number % 3);
  const plain = run(made, seed);
  const traced = run(made, seed, { trace: true, logCalls: true });
  const trace = traced.result.trace as Trace;

  it('has the same digest however it is looked at', () => {
    const { digest } = plain.result;
    expect(run(made, seed).result.digest).toBe(digest);
    expect(traced.result.digest).toBe(digest);
    let rows = 0;
    const streamed = run(made, seed, {
      trace: (part) => {
        rows += part.length;
      },
    });
    expect(streamed.result.digest).toBe(digest);
    expect(rows).toBe(trace.length);
    const witness = new Witness(made.covered);
    const covered = runWithSample(made.system, made.covered, made.scenario, seed, { trace: false, coverage: witness });
    expect(covered.result.digest).toBe(digest);
  });

  it('is the same run when what was drawn is written', () => {
    const written = { ...made.scenario, actions: plain.applied };
    const again = run(made, seed, { trace: true }, written);
    expect(firstDifference(again.result.trace as Trace, trace)).toBeNull();
    expect(again.result.digest).toBe(plain.result.digest);
    // Printed and read again as well, beside the scenario that it comes of.
    const named = { ...written, name: 'Again' };
    const pasted = make(`${text.trimEnd().replace(/\}$/, '')}\n${scenarioText(named, made.system)}\n}\n`);
    const read = pasted.system.scenarios[1]!;
    expect(run(pasted, seed, {}, read).result.digest).toBe(plain.result.digest);
  });

  it('accounts for every message', () => {
    const { sent, delivered, lost, duplicated } = plain.result.metrics.messages;
    const witness = new Witness(made.covered);
    runWithSample(made.system, made.covered, made.scenario, seed, { trace: false, coverage: witness });
    expect(plain.result.metrics).toEqual(traced.result.metrics);
    if (plain.result.error) return;
    expect(delivered + lost).toBeLessThanOrEqual(sent + duplicated);
    // By the trace, message by message.
    const copies = new Map<number, number>();
    const counts = [0, 0, 0, 0];
    const names = new Set(['Ping', 'Pong', 'News']);
    for (let row = 0; row < trace.length; row += 1) {
      const kind = trace.kind[row]!;
      const link = trace.link[row]!;
      const isProtocol = names.has(trace.names[trace.name[row]!] ?? '');
      if (kind === EventKind.send) {
        expect(copies.has(link)).toBe(false);
        copies.set(link, 1);
        if (isProtocol) counts[0]! += 1;
      } else if (kind === EventKind.duplicate) {
        copies.set(link, (copies.get(link) ?? Number.NaN) + 1);
        if (isProtocol) counts[3]! += 1;
      } else if (kind === EventKind.deliver || kind === EventKind.lose) {
        copies.set(link, (copies.get(link) ?? Number.NaN) - 1);
        expect(copies.get(link)).toBeGreaterThanOrEqual(0);
        if (isProtocol) counts[kind === EventKind.deliver ? 1 : 2]! += 1;
      }
    }
    expect(counts).toEqual([sent, delivered, lost, duplicated]);
  });

  it('delivers nothing to who is down or paused, and goes through time in order', () => {
    const down = new Set<number>();
    const paused = new Set<number>();
    // At the very moment at which a pause ends, what was due fires first.
    const ends = new Set<string>();
    for (let row = 0; row < trace.length; row += 1)
      if (trace.kind[row] === EventKind.pause && trace.detail[row]! < 0) ends.add(`${trace.time[row]} ${trace.node[row]}`);
    const isPaused = (row: number): boolean => paused.has(trace.node[row]!) && !ends.has(`${trace.time[row]} ${trace.node[row]}`);
    for (let row = 0; row < trace.length; row += 1) {
      const node = trace.node[row]!;
      expect(trace.time[row]!).toBeGreaterThanOrEqual(row > 0 ? trace.time[row - 1]! : 0);
      expect(trace.time[row]!).toBeLessThanOrEqual(made.scenario.duration);
      const detail = trace.details[trace.detail[row]!] ?? '';
      switch (trace.kind[row]) {
        case EventKind.crash:
          down.add(node);
          paused.delete(node);
          break;
        case EventKind.recover:
          down.delete(node);
          break;
        case EventKind.pause:
          if (detail === '') paused.delete(node);
          else paused.add(node);
          break;
        case EventKind.start:
          expect([row, isPaused(row), down.has(node)]).toEqual([row, false, false]);
          break;
        case EventKind.deliver:
        case EventKind.timeout:
        case EventKind.emit:
        case EventKind.reply:
          // Clients that are paused go on calling, and hear answers when they go on.
          expect([row, trace.kind[row], isPaused(row), down.has(node)]).toEqual([row, trace.kind[row], false, false]);
          break;
        case EventKind.state:
          expect([row, isPaused(row)]).toEqual([row, false]);
          break;
        case EventKind.send:
          expect([row, down.has(node)]).toEqual([row, false]);
          break;
      }
    }
  });
});

function firstDifference(a: Trace, b: Trace): string | null {
  const row = (trace: Trace, at: number): string =>
    [trace.time[at], trace.kind[at], trace.node[at], trace.peer[at], trace.names[trace.name[at]!], trace.details[trace.detail[at]!]].join(
      ' ',
    );
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if (row(a, at) !== row(b, at)) return `row ${at}: ${row(a, at)} ≠ ${row(b, at)}; before: ${at > 0 ? row(b, at - 1) : ''}`;
  }
  return null;
}
