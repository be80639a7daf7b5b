/** Criteria that ask for one order of all operations, without real time. */

import { Precedence } from './bits.ts';
import type { HistoryOperation, RegisterAccess, SequentialModel } from './linearizability.ts';
import { findOrder } from './orders.ts';
import { accessesOf, saturate } from './registers.ts';
import { Sessions } from './sessions.ts';
import { Transitions } from './transitions.ts';
import type { Answer, Case } from './views.ts';

/** Sequential consistency (Lamport 1979): one order that keeps each session's. */
export function sequential(of: Case): Answer {
  const order = new Precedence(of.sessions.operations.length);
  for (const [index, before] of of.sessions.predecessors().entries()) for (const other of before) order.add(index, other);
  return serial(of, order);
}

/** Serializability (Papadimitriou 1979) of operations as transactions: one order, whichever it is. */
export function serializable(of: Case): Answer {
  const { sessions, accesses } = of;
  if (!accesses) return serial(of, new Precedence(sessions.operations.length));
  // Registers: each write with its reads behind it, those of the initial values first.
  const cell = ({ key, value }: RegisterAccess): string => JSON.stringify([key, value]);
  const written = new Set(accesses.filter(({ kind }) => kind === 'write').map(cell));
  const explained = accesses.every((access) => access.kind === 'write' || access.value === access.initial || written.has(cell(access)));
  return explained ? 'yes' : 'no';
}

function serial({ sessions, accesses, transitions, budget }: Case, order: Precedence): Answer {
  const indices = sessions.operations.map((_, index) => index);
  const answered = indices.filter((index) => sessions.answered(index));
  if (accesses) {
    const reads = indices.filter((index) => accesses[index]?.kind === 'read');
    if (!saturate(order, accesses, reads, answered, budget)) return 'no';
  }
  // In the order of answers: what was answered first most likely took effect first.
  const turn = [...indices].sort((a, b) => (sessions.at(a).response ?? Infinity) - (sessions.at(b).response ?? Infinity) || a - b);
  const place = new Map(turn.map((index, at) => [index, at]));
  return findOrder(
    {
      operations: turn.map((index) => sessions.at(index)),
      mandatory: turn.map((index) => sessions.answered(index)),
      checked: turn.map((index) => sessions.answered(index)),
      after: turn.map((index) => order.list(index).map((before) => place.get(before) as number)),
    },
    transitions,
    budget,
  ).verdict;
}

/**
 * The last read of each session and kind, made after the last update: after its answer, or where it has none after its call. All
 * that must agree once updates have stopped and were heard of everywhere.
 */
export function lastReads({ sessions, transitions }: Case): readonly number[] {
  const updates = sessions.operations.filter((_, index) => sessions.updates(index));
  const quiet = Math.max(Number.NEGATIVE_INFINITY, ...updates.map((update) => update.response ?? update.call));
  const last = new Map<string, number>();
  for (const [index, operation] of sessions.operations.entries()) {
    if (sessions.updates(index) || operation.call <= quiet) continue;
    const key = `${operation.client}|${transitions.classOf(operation)}`;
    const known = last.get(key);
    if (known === undefined || (sessions.at(known).response as number) < (operation.response as number)) last.set(key, index);
  }
  return [...last.values()];
}

/** Whether one state, made by all answered updates and some of the others in some order, gives all the last reads. */
export function convergent(of: Case): Answer {
  const { sessions, accesses, transitions, budget } = of;
  const { model } = transitions;
  const finals = lastReads(of);
  const resultOf = (index: number): string => model.resultKey(sessions.at(index).operation, sessions.at(index).result);
  const agreed = new Map<number, string>();
  for (const index of finals) {
    const kind = transitions.classOf(sessions.at(index));
    const other = agreed.get(kind);
    if (other !== undefined && other !== resultOf(index)) return 'no';
    agreed.set(kind, resultOf(index));
  }
  if (accesses) return finals.every((index) => mayBeLast(of, accesses, index)) ? 'yes' : 'no';
  const updates = sessions.operations.filter((_, index) => sessions.updates(index));
  const reads = finals.map((index) => sessions.at(index));
  const last: HistoryOperation = {
    id: -1,
    client: -1,
    operation: '',
    key: '',
    args: [],
    call: 0,
    response: 1,
    result: reads.map((read) => read.result),
  };
  const answered = updates.map((update) => update.response !== null);
  return findOrder(
    {
      operations: [...updates, last],
      mandatory: [...answered, true],
      checked: [...answered.map(() => false), true],
      after: [...updates.map(() => []), updates.flatMap((_, at) => (answered[at] ? [at] : []))],
    },
    new Transitions(readingAll(model, reads)),
    budget,
  ).verdict;
}

/** The specification with one more operation, without name, that makes all of `reads` at once. */
function readingAll(model: SequentialModel, reads: readonly HistoryOperation[]): SequentialModel {
  return {
    ...plain(model),
    apply(state, operation, args) {
      if (operation !== '') return model.apply(state, operation, args);
      return { state, result: reads.map((read) => model.apply(state, read.operation, read.args).result) };
    },
    resultKey(operation, result) {
      if (operation !== '') return model.resultKey(operation, result);
      return JSON.stringify(reads.map((read, at) => model.resultKey(read.operation, (result as readonly unknown[])[at])));
    },
  };
}

function plain(model: SequentialModel): Pick<SequentialModel, 'initial' | 'stateKey'> {
  return { initial: () => model.initial(), stateKey: (state) => model.stateKey(state) };
}

/** Whether some order of the writes ends with the value that was read. */
function mayBeLast({ sessions }: Case, accesses: readonly RegisterAccess[], read: number): boolean {
  const { key, value, initial } = accesses[read] as RegisterAccess;
  const writes = accesses.flatMap((access, index) => (access.kind === 'write' && access.key === key ? [index] : []));
  if (writes.some((index) => accesses[index]?.value === value)) return true;
  return value === initial && !writes.some((index) => sessions.answered(index));
}

/** A history ready to be judged. */
export function caseOf(history: readonly HistoryOperation[], model: SequentialModel, budget: Case['budget']): Case {
  const sessions = new Sessions(history, model);
  return { model, sessions, transitions: new Transitions(model), budget, accesses: accessesOf(sessions.operations, model) };
}
