/**
 * Answers by content: a question's inputs as text. The same file is checked at every keystroke, and most keystrokes leave
 * most questions as they were. The answers asked for longest ago go first.
 */
export class Memo<T> {
  private readonly answers = new Map<string, T>();
  private length = 0;

  /** @param most characters of all questions together: large systems ask long ones. */
  constructor(private readonly most = 4_000_000) {}

  get(key: string, compute: () => T): T {
    const known = this.answers.get(key);
    if (known !== undefined) {
      this.answers.delete(key);
      this.answers.set(key, known);
      return known;
    }
    const answer = compute();
    this.answers.set(key, answer);
    this.length += key.length;
    for (const oldest of this.answers.keys()) {
      if (this.length <= this.most || oldest === key) break;
      this.answers.delete(oldest);
      this.length -= oldest.length;
    }
    return answer;
  }
}
