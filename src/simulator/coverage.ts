import { ln } from '../base/exact-math.ts';
import type { Program } from '../compiler/program.ts';

/** How often runs came by what there is of one deployment; every list by the index that the program gives. */
export interface DeploymentCoverage {
  /** By `ProgramCoverage.points`. */
  readonly points: number[];
  readonly sent: number[];
  readonly delivered: number[];
  readonly lost: number[];
  readonly timers: number[];
  readonly calls: number[];
  readonly answers: number[];
  readonly events: number[];
}

/** What some runs have exercised. Plain data; the coverage of all runs is the sum of any parts of them, in any order. */
export interface CoverageData {
  runs: number;
  /** Changes of some node's state. */
  changes: number;
  readonly deployments: readonly DeploymentCoverage[];
  /** Kinds of faults in force at the same time, `crash + partition`, and in how many runs. */
  readonly faults: Record<string, number>;
  /** Registers of a HyperLogLog over the fingerprints of the states that all nodes were in together. */
  readonly registers: number[];
}

/** 4,096 registers: the number of states is off by 1.04/√4096 = 1.6 % in the mean. */
const registerBits = 12;
const registerCount = 1 << registerBits;

export function emptyCoverage(programs: readonly Program[]): CoverageData {
  const zeros = (list: readonly unknown[]): number[] => list.map(() => 0);
  return {
    runs: 0,
    changes: 0,
    deployments: programs.map((program) => ({
      points: zeros(program.coverage?.points ?? []),
      sent: zeros(program.messages),
      delivered: zeros(program.messages),
      lost: zeros(program.messages),
      timers: zeros(program.timers),
      calls: zeros(program.operations),
      answers: zeros(program.operations),
      events: zeros(program.events),
    })),
    faults: {},
    registers: new Array<number>(registerCount).fill(0),
  };
}

/** Adds what `from` has exercised. */
export function addCoverage(into: CoverageData, from: CoverageData): void {
  into.runs += from.runs;
  into.changes += from.changes;
  into.deployments.forEach((deployment, at) => {
    const other = from.deployments[at] as DeploymentCoverage;
    for (const key of Object.keys(deployment) as (keyof DeploymentCoverage)[]) {
      const counts = deployment[key];
      for (let index = 0; index < counts.length; index += 1) counts[index] = (counts[index] as number) + (other[key][index] ?? 0);
    }
  });
  for (const [kinds, runs] of Object.entries(from.faults)) into.faults[kinds] = (into.faults[kinds] ?? 0) + runs;
  for (let at = 0; at < registerCount; at += 1) {
    into.registers[at] = Math.max(into.registers[at] as number, from.registers[at] as number);
  }
}

/** Puts a 64-bit fingerprint into the registers (Flajolet, Fusy, Gandouet & Meunier 2007). */
export function countFingerprint(registers: number[], a: number, b: number): void {
  const at = a >>> (32 - registerBits);
  const rank = Math.clz32(b) + 1;
  if (rank > (registers[at] as number)) registers[at] = rank;
}

/** How many different fingerprints the registers have seen, to the nearest whole number. */
export function distinctStates(registers: readonly number[]): number {
  const empty = registers.reduce((sum, rank) => sum + (rank === 0 ? 1 : 0), 0);
  const alpha = 0.7213 / (1 + 1.079 / registerCount);
  const estimate = (alpha * registerCount * registerCount) / registers.reduce((sum, rank) => sum + 2 ** -rank, 0);
  // While few registers are filled, how many are empty tells more.
  const small = empty > 0 && estimate <= 2.5 * registerCount;
  return Math.round(small ? registerCount * ln(registerCount / empty) : estimate);
}
