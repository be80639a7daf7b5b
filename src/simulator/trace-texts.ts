import { type Piece, Writer } from '../compiler/runtime/writer.ts';

/** Longest text of a trace, UTF-16 units. */
export const textLengthMax = 200;

/** The two lowest bits of a word say what it is: the number of a piece, a number, or the high half of one whose low half follows. */
const Word = { piece: 0, number: 1, high: 2 } as const;
/** Numbers below it, and their negatives, fit into a word. */
const wordMax = 2 ** 29;
const half = 2 ** 32;

/** Characters of texts that are spelled together: so many that the engine does not move them about. */
const togetherMax = 2 ** 18;

/**
 * The texts of a trace, each kept once: as words, for most texts that a run writes are there already, and need not be spelled out
 * to see that. One text is written at a time (`begin`, then as any Writer), then taken or left.
 */
export class TraceTexts extends Writer {
  /** UTF-16 units of all texts. */
  size = 0;
  private count = 0;
  /** Those of the texts one behind the other; the text at hand from `start` to `end`. */
  private words = new Int32Array(1 << 12);
  private start = 0;
  private end = 0;
  /** By text: where its words end. */
  private ends = new Int32Array(1 << 10);
  /** Open addressing: of each text its number plus one and its hash, at or behind the place of the hash. */
  private places = new Int32Array(1 << 13);
  private readonly pieces: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** Of strings by what they are without quotes. */
  private readonly quotedNumbers = new Map<string, number>();

  constructor() {
    super(textLengthMax);
  }

  begin(): this {
    this.end = this.start;
    this.length = 0;
    // A text ends one piece behind the limit, and no piece is empty.
    if (this.words.length - this.start < 2 * textLengthMax + 4) this.words = longer(this.words);
    return this;
  }

  piece(piece: Piece): void {
    if (this.full) return;
    if (piece.numberedBy !== this) {
      piece.number = this.numberOf(piece.text);
      piece.numberedBy = this;
    }
    this.words[this.end++] = piece.number;
    this.length += piece.text.length;
  }

  text(text: string): void {
    if (this.full || text === '') return;
    this.words[this.end++] = this.numberOf(text);
    this.length += text.length;
  }

  quoted(text: string): void {
    if (this.full) return;
    let number = this.quotedNumbers.get(text);
    if (number === undefined) {
      number = this.numberOf(JSON.stringify(text));
      this.quotedNumbers.set(text, number);
    }
    this.words[this.end++] = number;
    this.length += lengthAt(this.pieces, number);
  }

  number(value: number): void {
    if (this.full) return;
    if (value > -wordMax && value < wordMax && (value | 0) === value) this.words[this.end++] = (value << 2) | Word.number;
    else if (Number.isSafeInteger(value)) {
      this.words[this.end++] = (Math.floor(value / half) << 2) | Word.high;
      this.words[this.end++] = value | 0;
    } else {
      this.text(String(value));
      return;
    }
    this.length += digits(value);
  }

  /** The number of the text at hand, -1 where it is empty. */
  take(): number {
    if (this.length === 0) return -1;
    if (this.full) this.cut();
    const { places } = this;
    const hash = this.hash();
    const last = places.length - 2;
    for (let place = (hash << 1) & last; ; place = (place + 2) & last) {
      const text = (places[place] as number) - 1;
      if (text < 0) return this.add(hash, place);
      if (places[place + 1] === hash && this.isAtHand(text)) return text;
    }
  }

  /** How the text at hand reads, which is left. */
  read(): string {
    if (this.full) this.cut();
    return this.spell(this.start, this.end);
  }

  textOf(number: number): string {
    return this.spell(number === 0 ? 0 : (this.ends[number - 1] as number), this.ends[number] as number);
  }

  /** By number. Many are spelled as one string and cut out of it: each by itself would be a tree of its pieces. */
  all(): string[] {
    const texts: string[] = [];
    while (texts.length < this.count) {
      let together = '';
      const ends: number[] = [];
      for (let text = texts.length; text < this.count && together.length < togetherMax; text += 1) {
        together += this.textOf(text);
        ends.push(together.length);
      }
      let from = 0;
      for (const end of ends) {
        texts.push(together.slice(from, end));
        from = end;
      }
    }
    return texts;
  }

  private numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = ((this.pieces.push(text) - 1) << 2) | Word.piece;
      this.numbers.set(text, number);
    }
    return number;
  }

  /** Leaves as many characters as may stay and an ellipsis, which are one piece with the last of them: equal texts have equal words. */
  private cut(): void {
    const { words, pieces } = this;
    let room = textLengthMax - 1;
    let at = this.start;
    for (;;) {
      const word = words[at] as number;
      const next = (word & 3) === Word.high ? at + 2 : at + 1;
      const length = (word & 3) === Word.piece ? lengthAt(pieces, word) : digits(this.numberAt(at));
      if (length >= room) break;
      room -= length;
      at = next;
    }
    const rest = this.spell(at, at + 1);
    words[at] = this.numberOf(`${rest.slice(0, room)}…`);
    this.end = at + 1;
    this.length = textLengthMax;
  }

  private hash(): number {
    const { words, end } = this;
    let hash = 0;
    for (let at = this.start; at < end; at += 1) {
      hash = Math.imul(hash ^ (words[at] as number), 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  private isAtHand(text: number): boolean {
    const { words, start, end } = this;
    let at = text === 0 ? 0 : (this.ends[text - 1] as number);
    if ((this.ends[text] as number) - at !== end - start) return false;
    for (let own = start; own < end; own += 1, at += 1) if (words[own] !== words[at]) return false;
    return true;
  }

  private add(hash: number, place: number): number {
    const text = this.count;
    if (text === this.ends.length) this.ends = longer(this.ends);
    this.ends[text] = this.end;
    this.places[place] = text + 1;
    this.places[place + 1] = hash;
    this.start = this.end;
    this.size += this.length;
    this.count = text + 1;
    if (4 * this.count > this.places.length) this.spread();
    return text;
  }

  /** Twice as many places. */
  private spread(): void {
    const before = this.places;
    const places = new Int32Array(2 * before.length);
    const last = places.length - 2;
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      const hash = before[from + 1] as number;
      let place = (hash << 1) & last;
      while (places[place] !== 0) place = (place + 2) & last;
      places[place] = before[from] as number;
      places[place + 1] = hash;
    }
    this.places = places;
  }

  private numberAt(at: number): number {
    const word = this.words[at] as number;
    return (word & 3) === Word.number ? word >> 2 : (word >> 2) * half + ((this.words[at + 1] as number) >>> 0);
  }

  private spell(from: number, to: number): string {
    const { words, pieces } = this;
    let text = '';
    for (let at = from; at < to; at += 1) {
      const word = words[at] as number;
      if ((word & 3) === Word.piece) text += pieces[word >> 2];
      else text += this.numberAt(at);
      if ((word & 3) === Word.high) at += 1;
    }
    return text;
  }
}

function lengthAt(pieces: readonly string[], word: number): number {
  return (pieces[word >> 2] as string).length;
}

/** Characters of an integer. */
function digits(value: number): number {
  const size = Math.abs(value);
  let count = value < 0 ? 2 : 1;
  for (let limit = 10; size >= limit; limit *= 10) count += 1;
  return count;
}

function longer(list: Int32Array): Int32Array<ArrayBuffer> {
  const result = new Int32Array(2 * list.length);
  result.set(list);
  return result;
}
