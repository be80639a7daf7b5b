import { compileDeployment } from '../../src/compiler/compile.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { System } from '../../src/model/system.ts';
import { Calls } from '../../src/simulator/calls.ts';
import { Faults } from '../../src/simulator/faults.ts';
import { Kernel } from '../../src/simulator/kernel.ts';
import { defaultSimulatorLimits } from '../../src/simulator/limits.ts';
import { measure, type Sample, sampleKey } from '../../src/simulator/metrics.ts';

/** For tests that hold what the analysis says of messages, delays and load against runs. */

const library = nodeLibrary(import.meta.url);

/** The last system of a text that may import from the library. Throws what is wrong with it. */
export function librarySystem(text: string): System {
  const uri = 'file:///test.dsys';
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText(uri, text);
  const checked = workspace.check(uri);
  const wrong = checked.findings.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n'));
  const code = checked.systems.at(-1);
  const expanded = code && expand(code);
  if (!expanded?.system) throw new Error(expanded?.findings.map(({ message }) => message).join('\n') ?? 'no system');
  return expanded.system;
}

export interface Measured {
  readonly sample: Sample;
  /** Share of the time that each node was busy with messages. */
  readonly busy: readonly number[];
}

/** One run of the system's first scenario. */
export function simulate(system: System, seed: number): Measured {
  const scenario = system.scenarios[0];
  if (scenario === undefined) throw new Error('no scenario');
  const programs = system.deployments.map(({ index }) => compileDeployment(system, index));
  const kernel = new Kernel(system, scenario, programs, seed, defaultSimulatorLimits, false, () => false);
  const faults = new Faults(kernel, 1);
  kernel.calls = new Calls(kernel, system.workloads, seed);
  faults.schedule(scenario.actions);
  kernel.at(0, {
    run: () => {
      for (const host of kernel.hosts) for (const node of host.members) kernel.act(host, node, 'start');
      kernel.calls?.begin();
    },
  });
  const busy = sampleBusyness(kernel);
  kernel.run();
  if (kernel.error) throw new Error(kernel.error.message);
  kernel.now = kernel.end;
  return { sample: measure(kernel), busy: busy() };
}

/** Looks at regular moments which nodes are busy: what share of them is an unbiased estimate of the utilisation. */
function sampleBusyness(kernel: Kernel): () => number[] {
  const nodes = kernel.system.nodes.length;
  const counts = new Float64Array(nodes);
  const looks = 20_000;
  // Not from the start: elections and the like are no steady state.
  const from = kernel.end / 5;
  const every = (kernel.end - from) / looks;
  let look = 0;
  const next = { run: () => {} };
  next.run = () => {
    for (let node = 0; node < nodes; node++) counts[node] = (counts[node] as number) + (kernel.status.busy[node] as number);
    look += 1;
    if (look < looks) kernel.at(from + look * every, next);
  };
  kernel.at(from, next);
  return () => [...counts].map((count) => count / Math.max(1, look));
}

/** Protocol messages sent in a run for each answered call of an operation. */
export function messagesPer(sample: Sample, operation: string, deployment = 0): number {
  return (sample.sentBy[deployment] ?? 0) / (sample.operations.get(sampleKey(deployment, operation))?.succeeded ?? 0);
}

export function roundsOf(sample: Sample, operation: string, deployment = 0): Float64Array {
  return sample.operations.get(sampleKey(deployment, operation))?.rounds ?? new Float64Array(0);
}

/** ns, mean over the answered calls. */
export function meanLatency(sample: Sample, operation: string, deployment = 0): number {
  const latencies = sample.operations.get(sampleKey(deployment, operation))?.latencies ?? new Float64Array(0);
  return latencies.reduce((sum, value) => sum + value, 0) / latencies.length;
}
