import type { TextEdit } from '../base/finding.ts';
import { counted, durationLiteral, formatDuration } from '../base/units.ts';
import { argumentKey, type Overrides, spanKey } from '../model/expand.ts';
import type { Budget, Deployment, NodeGroup, System } from '../model/system.ts';
import type { ConstantCode, SystemCode } from '../model/system-code.ts';
import type { Type } from '../model/types.ts';
import type { Value } from '../model/values.ts';
import { joined } from './words.ts';

/** One change of the text that may mend a requirement, and how to try it. */
export interface Candidate {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** How much it asks for: a node more counts 1. The smallest is offered first. */
  readonly cost: number;
  /** Whether it makes the system survive less instead of making it stronger. */
  readonly weakens: boolean;
  /** The same for the same change, so that it is expanded once. */
  readonly key: string;
  /** What to expand with; null for the system as it is. */
  readonly overrides: Overrides | null;
  /** What to change in the expanded system. */
  readonly change?: (system: System) => System;
}

/** Most nodes that a mend adds to a group. */
export const mostAdded = 20;

/** One node more, two more, … in a group whose size is written as a number. */
export function* sizeMends(group: NodeGroup): Generator<Candidate> {
  const { sizeSpan } = group;
  if (sizeSpan === null || !group.sizeIsLiteral) return;
  for (let added = 1; added <= mostAdded; added++) {
    const size = group.size + added;
    yield {
      title: `Raise \`${group.name}\` from ${group.size} to ${counted(size, 'node')}`,
      edits: [{ span: sizeSpan, text: String(size) }],
      cost: added,
      weakens: false,
      key: `size ${group.name} ${size}`,
      overrides: { groupSizes: { [group.name]: size } },
    };
  }
}

/** A larger or smaller constant, where it is written as a whole number. */
export function* constantMends(system: System, code: ConstantCode): Generator<Candidate> {
  const constant = system.constants.find((known) => known.name === code.name);
  if (code.value.kind !== 'literal' || code.value.type.kind !== 'Int' || typeof constant?.value !== 'number') return;
  const { value } = constant;
  for (let step = 1; step <= mostAdded; step++) {
    for (const changed of [value + step, value - step]) {
      if (changed < 0) continue;
      yield {
        title: `Change \`${code.name}\` from ${value} to ${changed}`,
        edits: [{ span: code.value.span, text: String(changed) }],
        cost: step,
        weakens: false,
        key: `constant ${code.name} ${changed}`,
        overrides: { constants: { [code.name]: changed } },
      };
    }
  }
}

/** Fewer faults to survive: this weakens what is asked, and its title says so. */
export function* budgetMends(system: System, budget: Budget): Generator<Candidate> {
  if (!('countSpan' in budget) || !budget.countIsLiteral) return;
  const { countSpan } = budget;
  for (let count = budget.count - 1; count >= 0; count--) {
    const less = budget.count - count;
    const of = budget.kind === 'outage' ? joined(budget.zones.map((zone) => `\`${system.zones[zone]?.name}\``)) : null;
    yield {
      title: `Ask to survive less: \`${budget.kind} ${count}\` instead of ${budget.count}${of === null ? '' : ` of ${of}`}`,
      edits: [{ span: countSpan, text: String(count) }],
      cost: less + 0.5,
      weakens: true,
      key: `budget ${spanKey(countSpan)} ${count}`,
      overrides: { budgetCounts: { [spanKey(countSpan)]: count } },
    };
  }
}

/** A partition that heals. */
export function* partitionMends(budget: Budget): Generator<Candidate> {
  if (budget.kind !== 'partition' || budget.heals !== null) return;
  const { span } = budget;
  yield {
    title: 'Let the partition heal after 30s',
    edits: [{ span, text: 'partition with (heals: 30s)' }],
    cost: 0.5,
    weakens: true,
    key: `heals ${spanKey(span)}`,
    overrides: null,
    change: (system) => ({
      ...system,
      faultModels: system.faultModels.map((model) => ({
        ...model,
        budgets: model.budgets.map((known) =>
          known.kind === 'partition' && spanKey(known.span) === spanKey(span) ? { ...known, heals: 30e9 } : known,
        ),
      })),
    }),
  };
}

const factors = [2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100];

/** Another argument of the `run`: whole numbers near the present one, durations several times as long or short. */
export function* argumentMends(
  code: SystemCode,
  system: System,
  deployment: Deployment,
  argument: Deployment['arguments'][number],
): Generator<Candidate> {
  const { name, value } = argument;
  const type = system.protocols[deployment.protocol]?.parameters.find((parameter) => parameter.name === name)?.type;
  if (type === undefined || (argument.span !== null && !argument.isLiteral && !isWrittenRange(code, deployment, name))) return;
  for (const { value: changed, text, cost } of otherValues(value, type)) {
    const edit = argumentEdit(code, deployment, argument, text);
    if (edit === null) return;
    yield {
      title: `Change \`${name}\` of the run to ${text}`,
      edits: [edit],
      cost,
      weakens: false,
      key: `argument ${deployment.index} ${name} ${text}`,
      overrides: { arguments: { [argumentKey(deployment.index, name)]: changed } },
    };
  }
}

/** A range of two literals is as good as a literal. */
function isWrittenRange(code: SystemCode, deployment: Deployment, name: string): boolean {
  const value = code.runs[deployment.index]?.arguments.find((argument) => argument.name === name)?.value;
  return value?.kind === 'binary' && value.operator === '..' && value.left.kind === 'literal' && value.right.kind === 'literal';
}

function* otherValues(value: Value, type: Type): Generator<{ readonly value: Value; readonly text: string; readonly cost: number }> {
  if ((type.kind === 'Int' || type.kind === 'Real') && typeof value === 'number') {
    for (let step = 1; step <= mostAdded; step++) {
      for (const changed of [value + step, value - step]) {
        // What lies between 0 and 1 is a share or a probability: it cannot be more than 1.
        const isShare = value > 0 && value < 1;
        if (changed >= 0 && !(isShare && changed > 1)) yield { value: changed, text: String(Number(changed.toPrecision(12))), cost: step };
      }
    }
  }
  if (type.kind === 'Duration' && typeof value === 'number' && value > 0) {
    for (const factor of factors) {
      for (const changed of [value * factor, Math.floor(value / factor)]) {
        if (changed > 0) yield { value: changed, text: durationLiteral(changed), cost: factor / 2 };
      }
    }
  }
  if (type.kind === 'Range' && type.of.kind === 'Duration' && typeof value === 'object' && value?.kind === 'range') {
    for (const factor of factors) {
      const changed: Value = { kind: 'range', min: value.min * factor, max: value.max * factor };
      yield { value: changed, text: `${durationLiteral(changed.min)}..${durationLiteral(changed.max)}`, cost: factor / 2 };
    }
  }
}

/** Replaces the argument where it is written; otherwise adds it to the `run`. */
function argumentEdit(code: SystemCode, deployment: Deployment, argument: Deployment['arguments'][number], text: string): TextEdit | null {
  if (argument.span !== null) return { span: argument.span, text };
  const run = code.runs[deployment.index];
  if (run === undefined) return null;
  const first = run.arguments[0];
  if (first !== undefined) return { span: { ...first.span, end: first.span.start }, text: `${argument.name}: ${text}, ` };
  return { span: { ...run.nameSpan, start: run.nameSpan.end }, text: `(${argument.name}: ${text})` };
}

/** A bound on message delay, as long as the protocol's time-outs allow. */
export function* timingMends(system: System, deployment: Deployment): Generator<Candidate> {
  for (const delay of [200e6, 100e6, 50e6, 20e6, 10e6, 5e6, 1e6]) {
    const text = `timing partially_synchronous(delay: ${formatDuration(delay)}, gst: 1s)`;
    const { span } = system.timing;
    yield {
      title: `Assume that from some time on messages take at most ${formatDuration(delay)}: \`${text}\``,
      edits: [span === null ? { span: { ...deployment.span, end: deployment.span.start }, text: `${text}\n  ` } : { span, text }],
      cost: 1,
      weakens: true,
      key: `timing ${delay}`,
      overrides: null,
      change: (expanded) => ({ ...expanded, timing: { model: 'partially_synchronous', delay, gst: 1e9, span } }),
    };
  }
}
