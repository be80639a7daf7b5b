import type { Span } from './source.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A change of text, offered to mend a finding. Edits of one fix may touch several files. */
export interface Fix {
  /** An imperative sentence: "Raise `replica` from 3 to 5 nodes". */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Whether the editor may apply it without asking: the smallest change that was tried out and found to mend. */
  readonly preferred?: boolean;
}

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** A second place that explains the first. */
export interface Label {
  readonly span: Span;
  readonly message: string;
}

/** What shows that a finding is true: concrete sets of nodes by name, minimal and stable for the same file. */
export type Witness =
  | {
      readonly kind: 'fault-set';
      readonly crashed: readonly string[];
      readonly byzantine: readonly string[];
      readonly omitting: readonly string[];
      readonly outages: readonly string[];
      readonly left?: readonly string[];
    }
  | {
      readonly kind: 'quorums';
      readonly quorums: readonly (readonly string[])[];
      readonly shared: readonly string[];
      readonly byzantine: readonly string[];
    }
  /** Sets of faults that together touch all of `nodes`, each by its zones and single nodes. */
  | {
      readonly kind: 'cover';
      readonly nodes: readonly string[];
      readonly sets: readonly { readonly outages: readonly string[]; readonly nodes: readonly string[] }[];
    }
  /** Without these nodes, or without these links (`a -- b`), the sides have no path to each other. */
  | {
      readonly kind: 'cut';
      readonly nodes: readonly string[];
      readonly links?: readonly string[];
      readonly sides: readonly (readonly string[])[];
    }
  | { readonly kind: 'nodes'; readonly nodes: readonly string[] }
  | { readonly kind: 'run'; readonly scenario: string; readonly seed: number; readonly time: number };

/**
 * What a check has to say, as a value. Diagnostics, quick fixes, hovers, code frames, SARIF and JUnit are views of it.
 * A message owes three sentences: what is wrong (`message`), why it matters (`why`), what to do (`help` and `fixes`).
 */
export interface Finding {
  /** A stable code such as `DS3001`, documented in docs/checks/DS3001.md. */
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** One sentence with the numbers in it. */
  readonly message: string;
  /** Why it matters: the protocol author's `because`, or the theory with its assumptions. */
  readonly why?: string;
  /** What to do, in words. */
  readonly help?: string;
  /** The bound's source: authors, year, theorem or section. */
  readonly source?: string;
  readonly notes?: readonly string[];
  readonly labels?: readonly Label[];
  readonly witness?: Witness;
  readonly fixes?: readonly Fix[];
  /** The computed numbers by the names that the message uses. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
}
