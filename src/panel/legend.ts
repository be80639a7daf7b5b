// The legend of the diagram: each message type with its colour and count, as a switch; and what the other marks mean.

import type { RunView } from '../protocol/view-model.ts';
import { h, svg } from './dom.ts';
import { bandSample } from './draw-bands.ts';
import { bandKindsInUse, bandWords } from './fault-words.ts';
import type { Choices, Store } from './store.ts';
import { seriesStyle, type Theme } from './theme.ts';

/** The message types of a run, the most frequent first, and so their series numbers. */
export function typesInUse(run: RunView): readonly { readonly type: number; readonly count: number }[] {
  const counts = new Map<number, number>();
  for (const type of run.messages.type) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count || a.type - b.type);
}

export class Legend {
  readonly element = h('div', { class: 'legend', role: 'group', 'aria-label': 'Message types' });

  constructor(
    private readonly run: RunView,
    private readonly store: Store,
    private theme: Theme,
  ) {
    let shown: readonly number[] | undefined;
    store.subscribe((choices) => {
      if (choices.hiddenTypes === shown) return;
      shown = choices.hiddenTypes;
      this.draw(choices);
    });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw(this.store.get());
  }

  private draw({ hiddenTypes }: Choices): void {
    const { run, store, theme } = this;
    // The switches are made anew: the one that was just used keeps the focus.
    const focused = [...this.element.children].indexOf(document.activeElement as Element);
    this.element.replaceChildren(
      ...typesInUse(run).map(({ type, count }, series) => {
        const hidden = hiddenTypes.includes(type);
        const toggle = (): void => {
          const now = store.get().hiddenTypes;
          store.set({ hiddenTypes: hidden ? now.filter((other) => other !== type) : [...now, type] });
        };
        const name = run.messageTypes[type] ?? '?';
        return h(
          'button',
          {
            type: 'button',
            class: 'legend-item',
            'aria-pressed': String(!hidden),
            title: hidden ? `Show ${name}` : `Hide ${name}`,
            onclick: toggle,
          },
          sample(seriesStyle(theme, series)),
          `${name} `,
          h('span', { class: 'count' }, count.toLocaleString('en')),
        );
      }),
      h('span', { class: 'legend-mark' }, cross(theme.failed), 'lost'),
      h('span', { class: 'legend-mark' }, diamond(theme.foreground), 'event'),
      ...bandKindsInUse(run).map((kind) => h('span', { class: 'legend-mark' }, bandSample(theme, kind), bandWords[kind])),
    );
    if (focused >= 0) (this.element.children[focused] as HTMLElement | undefined)?.focus();
  }
}

function sample({ colour, dash }: { readonly colour: string; readonly dash: readonly number[] }): Element {
  return svg(
    'svg',
    { width: 26, height: 10, 'aria-hidden': 'true' },
    svg('path', { d: 'M0 5H20', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') || 'none' }),
    svg('path', { d: 'M26 5 18 1.5v7z', fill: colour }),
  );
}

function cross(colour: string): Element {
  return svg(
    'svg',
    { width: 10, height: 10, 'aria-hidden': 'true' },
    svg('path', { d: 'M1 1 9 9M9 1 1 9', stroke: colour, 'stroke-width': 2 }),
  );
}

function diamond(colour: string): Element {
  return svg('svg', { width: 10, height: 10, 'aria-hidden': 'true' }, svg('path', { d: 'M5 0 9 5 5 10 1 5z', fill: colour }));
}
