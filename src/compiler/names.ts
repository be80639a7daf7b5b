import type { System } from '../model/system.ts';
import { unqualified } from './declarations.ts';
import { Piece } from './runtime/writer.ts';

/** What the texts of a program's values are made of, each a piece that is made once. */
export class Names {
  /** By node. */
  readonly nodes: readonly Piece[];
  private readonly enums = new Map<string, readonly Piece[]>();
  private readonly words = new Map<string, Piece>();

  constructor(
    system: System,
    /** An enum's members. */
    private readonly membersOf: (name: string) => readonly string[],
  ) {
    this.nodes = system.nodes.map(({ name }) => new Piece(name));
  }

  /** By an enum's values. */
  members(name: string): readonly Piece[] {
    let members = this.enums.get(name);
    if (members === undefined) {
      members = this.membersOf(name).map((member) => new Piece(`${unqualified(name)}.${member}`));
      this.enums.set(name, members);
    }
    return members;
  }

  word(text: string): Piece {
    let piece = this.words.get(text);
    if (piece === undefined) {
      piece = new Piece(text);
      this.words.set(text, piece);
    }
    return piece;
  }
}
