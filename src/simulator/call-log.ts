import type { Data } from '../compiler/runtime/data.ts';
import type { ScenarioCall } from '../model/scenario.ts';
import type { Value } from '../model/values.ts';
import type { Call, Calls } from './calls.ts';

/**
 * The calls of a run as calls of a scenario, each with the values that were drawn for it and the nodes that its attempts
 * went to. A scenario with these in place of the workloads has the same run, unless two events fall on one nanosecond.
 */
export function loggedCalls(calls: Calls): ScenarioCall[] {
  const targets = new Map<Call, number[]>();
  for (const { call, target } of calls.attempts ?? []) {
    const known = targets.get(call);
    if (known) known.push(target);
    else targets.set(call, [target]);
  }
  return [...targets].map(([call, nodes]) => {
    const { host, client, call: asked } = call.caller;
    const operation = host.program.operations[call.operation];
    const values = host.program.fieldsOfOperation(call.operation, call.fields);
    return {
      at: call.invokedAt,
      span: asked.span,
      clients: [client],
      operation: operation?.name ?? '',
      deployment: call.deployment,
      arguments: (operation?.fields ?? []).map(({ name }, at) => {
        const written = asked.arguments.find((argument) => argument.name === name)?.generator;
        // What is drawn is a number or a text, which look alike as a value and in a run.
        const value: Value =
          written?.kind === 'data'
            ? { kind: 'data', type: written.type, value: (values[at] as Data).value as Value }
            : (values[at] as Value);
        return { name, generator: written?.kind === 'constant' ? written : { kind: 'constant', value } };
      }),
      // Nodes in turn, so that one and the same stands for all of them.
      targets: nodes.every((node) => node === nodes[0]) ? nodes.slice(0, 1) : nodes,
      inTurn: !nodes.every((node) => node === nodes[0]),
      timeout: asked.timeout,
      retries: asked.retries,
    };
  });
}
