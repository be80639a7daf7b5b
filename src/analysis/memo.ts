import { OutOfWork, type Work } from './work.ts';

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

/**
 * The same for searches that may run out of work: that too is an answer, since asking again would take as long again. It
 * is asked anew with more work than the last time.
 */
export class BoundedMemo<T extends object> {
  private readonly memo = new Memo<{ answer: T | OutOfWork; limit: number }>();

  /** Throws OutOfWork. */
  get(key: string, work: Work, compute: (work: Work) => T): T {
    const attempt = (): T | OutOfWork => {
      try {
        return compute(work);
      } catch (error) {
        if (error instanceof OutOfWork) return error;
        throw error;
      }
    };
    const { limit } = work;
    const known = this.memo.get(key, () => ({ answer: attempt(), limit }));
    if (known.answer instanceof OutOfWork && known.limit < limit) {
      known.limit = limit;
      known.answer = attempt();
    }
    if (known.answer instanceof OutOfWork) throw known.answer;
    return known.answer;
  }
}
