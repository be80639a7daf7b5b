// What the user has chosen in the panel: serialisable, kept by the editor while the panel is hidden.

import type { TimeView } from './time-scale.ts';

export interface Choices {
  readonly cursorMs: number;
  readonly view: TimeView;
  readonly hiddenNodes: readonly number[];
  /** Indices into `RunView.messageTypes`. */
  readonly hiddenTypes: readonly number[];
  readonly selectedNode: number;
  /** Row of the message table, or -1. */
  readonly selectedMessage: number;
  readonly logOfNodeOnly: boolean;
}

/** Holds the choices and tells the views of a change, once a frame however many changes there were. */
export class Store {
  private readonly listeners: ((choices: Choices) => void)[] = [];
  private scheduled = false;

  constructor(
    private choices: Choices,
    readonly durationMs: number,
  ) {}

  get(): Choices {
    return this.choices;
  }

  set(change: Partial<Choices>): void {
    this.choices = { ...this.choices, ...change };
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  /** Calls every listener with the present choices. */
  flush(): void {
    for (const listener of this.listeners) listener(this.choices);
  }

  subscribe(listener: (choices: Choices) => void): void {
    this.listeners.push(listener);
  }
}
