/** Where reading stopped, and what could have stood there. */
export interface SyntaxMistake {
  /** Index of the token at which reading stopped. */
  readonly token: number;
  /** What could stand there, as the grammar names it: rules or tokens. */
  readonly expected: readonly string[];
  /** Names of rules being read, outermost first. */
  readonly within: readonly string[];
  /** `left-out`: a closing bracket was taken as read, since what comes next does not belong inside. */
  readonly kind: 'unexpected' | 'left-out' | 'too-deep';
}

/**
 * Keeps track of what could stand at the token that is being read: which rules were entered there and which parts were
 * passed over, so that a mistake can be told in the words of the outermost rule that begins there.
 */
export class Mistakes {
  readonly found: SyntaxMistake[] = [];
  /** The rules being read, with the token at which each began and how much was expected there before it. */
  private readonly rules: string[] = [];
  private readonly starts: number[] = [];
  private readonly before: number[] = [];
  private depth = 0;
  private at = -1;
  private expected: (readonly string[])[] = [];

  get levels(): number {
    return this.depth;
  }

  enter(rule: string, token: number): void {
    const level = this.depth++;
    this.rules[level] = rule;
    this.starts[level] = token;
    this.before[level] = this.at === token ? this.expected.length : 0;
  }

  backTo(levels: number): void {
    this.depth = levels;
  }

  expect(token: number, names: readonly string[]): void {
    if (this.at !== token) {
      this.at = token;
      this.expected = [];
    }
    this.expected.push(names);
  }

  /** Reports that the token cannot stand there; a second mistake at one token is the same mistake. */
  report(token: number, kind: 'unexpected' | 'left-out'): void {
    if (this.found[this.found.length - 1]?.token === token) return;
    let outermost = 1;
    while (outermost < this.depth && this.starts[outermost] !== token) outermost++;
    const begins = outermost < this.depth;
    const wanted = (begins ? this.expected.slice(0, this.before[outermost]) : this.expected).flat();
    if (begins) wanted.push(this.rules[outermost] as string);
    this.found.push({ token, expected: [...new Set(wanted)], within: this.rules.slice(0, begins ? outermost : this.depth), kind });
  }

  tooDeep(token: number): void {
    this.found.push({ token, expected: [], within: [], kind: 'too-deep' });
  }
}
