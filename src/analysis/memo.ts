/**
 * Answers by content: a question's inputs as text. The same file is checked at every keystroke, and most keystrokes leave
 * most questions as they were. The oldest answers go first.
 */
export class Memo<T> {
  private readonly answers = new Map<string, T>();

  constructor(private readonly most = 500) {}

  get(key: string, compute: () => T): T {
    const known = this.answers.get(key);
    if (known !== undefined) {
      this.answers.delete(key);
      this.answers.set(key, known);
      return known;
    }
    const answer = compute();
    this.answers.set(key, answer);
    if (this.answers.size > this.most) {
      const oldest = this.answers.keys().next();
      if (!oldest.done) this.answers.delete(oldest.value);
    }
    return answer;
  }
}
