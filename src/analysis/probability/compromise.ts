import type { System } from '../../model/system.ts';
import { type Formula, holds, interchangeable, isReadOnce, leaves } from '../formula.ts';
import { findSplit } from '../intersection.ts';
import { Strikes } from '../strikes.ts';
import { OutOfWork, type Work } from '../work.ts';
import { formulaChance } from './reliability.ts';
import type { Chance, Uptimes } from './uptimes.ts';

/** A condition on which members are honest: monotone, one more honest member never breaks it. */
export interface HonestCondition {
  /** As one formula over the honest members; null where it is none that is known. */
  readonly formula: Formula | null;
  /** Formulas that cannot tell interchangeable members apart, nor can the condition. */
  readonly about: readonly Formula[];
  readonly holds: (honest: Uint8Array, work: Work) => boolean;
}

/** The nodes' independent probabilities of staying honest; nodes that say none do. */
export function honestyOf(system: System): Chance[] {
  return system.nodes.map(({ group }) => {
    const compromise = system.groups[group]?.attributes.compromise ?? 0;
    return { up: 1 - compromise, down: compromise };
  });
}

export function saysCompromise(system: System, nodes: readonly number[]): boolean {
  return nodes.some((node) => (system.groups[system.nodes[node]?.group ?? -1]?.attributes.compromise ?? null) !== null);
}

/** A threshold of honest members. */
export function honestMembers(formula: Formula): HonestCondition {
  return { formula, about: [formula], holds: (honest) => holds(formula, honest) };
}

/** Any two (or three) quorums, one of each formula, share an honest member. */
export function honestIntersection(sides: readonly Formula[], nodeCount: number): HonestCondition {
  const [first, second, third] = sides as readonly [Formula, Formula, Formula?];
  return {
    formula: intersectionFormula(sides),
    about: sides,
    holds: (honest, work) => {
      const faulty = leaves(...sides).filter((node) => honest[node] === 0);
      const strikes = new Strikes([{ kind: 'byzantine', capacity: faulty.length, nodes: faulty, index: 0 }], nodeCount);
      return findSplit({ first, second, ...(third === undefined ? {} : { third }), nodeCount, strikes, work }) === null;
    },
  };
}

export function joinedConditions(operator: 'and' | 'or', left: HonestCondition, right: HonestCondition): HonestCondition {
  const both = operator === 'and';
  return {
    formula:
      left.formula === null || right.formula === null ? null : { kind: 'atleast', count: both ? 2 : 1, of: [left.formula, right.formula] },
    about: [...left.about, ...right.about],
    holds: (honest, work) =>
      both ? left.holds(honest, work) && right.holds(honest, work) : left.holds(honest, work) || right.holds(honest, work),
  };
}

/**
 * Thresholds of the same shape, no node twice: of m parts each side takes its k. A part whose own quorums can be split stands
 * on all s sides, any other on all but one, so the sides can be taken apart exactly when at least Σk − (s − 1)·m parts can be
 * split; a node can where it is Byzantine. The opposite, over honest nodes: more than s·m − Σk parts cannot be split. Null for
 * other shapes, and where a part can never form.
 */
function intersectionFormula(sides: readonly Formula[]): Formula | null {
  const [first] = sides;
  if (first === undefined || !sides.every(isReadOnce)) return null;
  if (first.kind === 'node') return sides.every((side) => side.kind === 'node' && side.node === first.node) ? first : null;
  if (first.kind !== 'atleast') return null;
  const size = first.of.length;
  let needed = 0;
  for (const side of sides) {
    if (side.kind !== 'atleast' || side.of.length !== size || side.count > size) return null;
    needed += Math.max(0, side.count);
  }
  const parts: Formula[] = [];
  for (let i = 0; i < size; i++) {
    const part = intersectionFormula(sides.map((side) => (side as Formula & { readonly kind: 'atleast' }).of[i] as Formula));
    if (part === null) return null;
    parts.push(part);
  }
  return { kind: 'atleast', count: sides.length * size - needed + 1, of: parts };
}

/**
 * The probability that a condition holds when each node turns Byzantine by itself. Exact: as a formula where it is one,
 * otherwise over how many of each class of interchangeable members are honest, where the condition is monotone in each number.
 * Throws OutOfWork.
 */
export function honestChance(condition: HonestCondition, honesty: readonly Chance[], work: () => Work): Chance {
  if (condition.formula !== null) {
    const uptimes: Uptimes = { zones: [], nodes: honesty, zoneOf: honesty.map(() => -1) };
    return formulaChance(condition.formula, uptimes, work(), work);
  }
  return chanceByClass(condition, honesty, work());
}

/** More combinations of numbers are not gone through. */
const mostCombinations = 50_000;

function chanceByClass(condition: HonestCondition, honesty: readonly Chance[], work: Work): Chance {
  const of = interchangeable(condition.about, honesty.length);
  const classes = new Map<number, number[]>();
  const honest = new Uint8Array(honesty.length).fill(1);
  for (const node of leaves(...condition.about)) {
    if ((honesty[node]?.down ?? 0) === 0) continue;
    const own = of[node] as number;
    classes.set(own, [...(classes.get(own) ?? []), node]);
  }
  // The largest class last: there the limit is found by halving.
  const lists = [...classes.values()].sort((a, b) => a.length - b.length);
  if (lists.slice(0, -1).reduce((product, list) => product * (list.length + 1), 1) > mostCombinations) {
    throw new OutOfWork('there are too many kinds of members to go through');
  }
  // Of each class the probability that so many are honest.
  const counts = lists.map((list) => {
    let sums = [1];
    for (const node of list) {
      const { up, down } = honesty[node] as Chance;
      const next = new Array<number>(sums.length + 1).fill(0);
      sums.forEach((share, count) => {
        next[count] = (next[count] as number) + share * down;
        next[count + 1] = (next[count + 1] as number) + share * up;
      });
      sums = next;
    }
    return sums;
  });
  const set = (at: number, count: number): void => {
    (lists[at] as number[]).forEach((node, i) => {
      honest[node] = i < count ? 1 : 0;
    });
  };
  const total = (at: number, from: number, to: number): number => {
    let sum = 0;
    for (let count = from; count < to; count++) sum += counts[at]?.[count] as number;
    return sum;
  };
  const expect = (at: number): Chance => {
    const list = lists[at];
    if (list === undefined) return condition.holds(honest, work) ? { up: 1, down: 0 } : { up: 0, down: 1 };
    if (at < lists.length - 1) {
      let up = 0;
      let down = 0;
      for (let count = 0; count <= list.length; count++) {
        set(at, count);
        const inner = expect(at + 1);
        up += (counts[at]?.[count] as number) * inner.up;
        down += (counts[at]?.[count] as number) * inner.down;
      }
      return { up, down };
    }
    // The least number of honest ones with which it holds; one more than there are where it never does.
    let low = -1;
    let high = list.length + 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      set(at, middle);
      if (condition.holds(honest, work)) high = middle;
      else low = middle;
    }
    return { up: total(at, high, list.length + 1), down: total(at, 0, high) };
  };
  return expect(0);
}
