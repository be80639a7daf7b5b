import type { Deployment, FaultModel, System } from '../../model/system.ts';
import type { Facts } from '../facts.ts';
import type { Expand } from '../mends.ts';

/**
 * One subject of a resilience card (its network, its availability, its load, …) as plain data: `dsys analyze` prints it as
 * text, Markdown and JSON, the editor shows it on hover. Made on demand, since it may take longer than a keystroke.
 */
export interface CardSection {
  /** Stable, for machines: `network`, `availability`, `capacity`, … */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly CardRow[];
  /** What the numbers take for granted. Sentences. */
  readonly assumptions: readonly string[];
  /** Authors, year, theorem. */
  readonly sources: readonly string[];
  /** A few words for the inlay hint at the `run`: "99.97 % available". */
  readonly headline?: string;
}

export interface CardRow {
  readonly label: string;
  /** For people: "99.972 %, 2 h 27 min down a year". */
  readonly value: string;
  /** What stands behind it: a witness, a comparison. Sentences. */
  readonly notes?: readonly string[];
  /** For machines: the numbers and names behind `value`, in the fixed units. */
  readonly data: CardData;
}

export type CardData = number | string | boolean | null | readonly CardData[] | { readonly [name: string]: CardData };

/** What a section is made from. */
export interface CardSubject {
  readonly system: System;
  readonly deployment: Deployment;
  /** Null where the system has no fault model. */
  readonly model: FaultModel | null;
  readonly facts: Facts;
  /** Factor on work limits. */
  readonly effort: number;
  readonly shouldStop?: (() => boolean) | undefined;
  /** Expands the same system with values replaced: for comparisons (one node more, one less). Absent: no comparisons. */
  readonly expand?: Expand | undefined;
}

/** Null when the section has nothing to say of this deployment. */
export type SectionMaker = (subject: CardSubject) => CardSection | null;
