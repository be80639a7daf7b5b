import type { Finding } from '../base/finding.ts';
import type { LineIndex, Span } from '../base/source.ts';
import type { AdversaryCode, ProtocolCode, SpecificationCode } from '../model/code.ts';
import type { ConstantCode, SystemCode } from '../model/system-code.ts';
import type { Type } from '../model/types.ts';
import type { ElaboratedAdversary } from './elaborate/adversary.ts';
import type { Declaration, Use } from './elaborate/context.ts';
import type { ElaboratedProtocol } from './elaborate/protocol.ts';
import type { ElaboratedSpecification } from './elaborate/specification.ts';
import type { File } from './generated/ast.ts';

/** Everything that the language stage knows of one file. Treated as immutable; the same object as long as nothing changed. */
export interface CheckedFile {
  readonly uri: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly ast: File;
  /** Of this file's text alone, sorted by place; at most a thousand and one. */
  readonly findings: readonly Finding[];
  readonly imports: readonly CheckedImport[];
  /** What this file declares, in the order met. */
  readonly declarations: readonly Declaration[];
  /** Every word that refers to a declaration, with that declaration; the declaring words left out. */
  readonly uses: readonly Use[];
  /** Types of names, members and calls, for hovers. */
  readonly hovers: readonly { readonly span: Span; readonly type: Type }[];
  /** Declared in this file, imported ones left out. */
  readonly protocols: readonly ProtocolCode[];
  readonly adversaries: readonly AdversaryCode[];
  readonly specifications: readonly SpecificationCode[];
  readonly systems: readonly SystemCode[];
  /** What other files can import, by name. */
  readonly exports: ReadonlyMap<string, Exported>;
}

export interface CheckedImport {
  /** The path as written, and where, quotes included. */
  readonly path: string;
  readonly pathSpan: Span;
  readonly span: Span;
  /** Null where the file is not there or cannot be imported. */
  readonly uri: string | null;
  readonly names: readonly {
    readonly name: string;
    /** The name in this file. */
    readonly local: string;
    readonly span: Span;
    /** Null for what the file does not declare. */
    readonly declaration: Declaration | null;
  }[];
}

export type Exported =
  | { readonly kind: 'protocol'; readonly declaration: Declaration; readonly value: ElaboratedProtocol }
  | { readonly kind: 'adversary'; readonly declaration: Declaration; readonly value: ElaboratedAdversary }
  | { readonly kind: 'specification'; readonly declaration: Declaration; readonly value: ElaboratedSpecification }
  /** `value` names no other constants. */
  | { readonly kind: 'constant'; readonly declaration: Declaration; readonly value: ConstantCode; readonly type: Type }
  | { readonly kind: 'system'; readonly declaration: Declaration };
