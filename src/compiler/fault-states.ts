import type { Expression } from '../model/code.ts';
import { spanKey } from '../model/span-key.ts';
import type { System } from '../model/system.ts';

/** What the actions and calls of a system's scenarios ask of the states of one deployment's nodes, each once. */
export interface AskedStates {
  readonly conditions: readonly Expression[];
  readonly selections: readonly Expression[];
}

export function askedStates({ scenarios }: System, deployment: number): AskedStates {
  const actions = scenarios.flatMap((scenario) => scenario.actions);
  const calls = scenarios.flatMap((scenario) => scenario.calls);
  const conditions = [...actions, ...calls].flatMap(({ when }) => (when?.deployment === deployment ? [when.condition] : []));
  const selections = actions.flatMap(({ choice }) => (choice?.state?.deployment === deployment ? [choice.state.nodes] : []));
  const once = (list: readonly Expression[]): Expression[] => [...new Map(list.map((each) => [spanKey(each.span), each])).values()];
  return { conditions: once(conditions), selections: once(selections) };
}
