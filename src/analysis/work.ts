/** Thrown when a search has used up its work: the answer is then "undecided", never a guess. */
export class OutOfWork extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'OutOfWork';
  }
}

/** Thrown out of an evaluation for a name that has no value, for a reason worth words of its own. */
export class NoValue extends Error {}

/** Thrown when the caller no longer wants the answer. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/**
 * A limit on the steps of one question, so that no text can hang the editor. A step is about the visit of one node or
 * edge; the default of 20 million is some 200 ms. Counting steps and not time keeps verdicts the same on every machine.
 */
export class Work {
  private left: number;
  private untilPoll = 0;

  constructor(
    readonly limit = 20_000_000,
    private readonly shouldStop?: () => boolean,
  ) {
    this.left = limit;
  }

  /** Steps so far. */
  get spent(): number {
    return this.limit - this.left;
  }

  /** Throws OutOfWork when the limit is passed and Cancelled when the caller asks to stop. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new OutOfWork('the search passed its work limit');
    this.untilPoll -= steps;
    if (this.untilPoll < 0) {
      this.untilPoll = 50_000;
      if (this.shouldStop?.()) throw new Cancelled();
    }
  }
}
