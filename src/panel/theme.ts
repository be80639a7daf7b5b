// Colours for what is drawn on a canvas, read from the style sheet so that they follow the editor's theme.

export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly grid: string;
  readonly focus: string;
  readonly failed: string;
  readonly crash: string;
  readonly partition: string;
  readonly byzantine: string;
  readonly slow: string;
  readonly omission: string;
  readonly pause: string;
  readonly clock: string;
  /** Colours for message types and lines of a plot, as far apart as the theme's chart colours allow. */
  readonly series: readonly string[];
  readonly font: string;
  readonly highContrast: boolean;
}

/** Dash patterns that tell series of one colour apart once the colours are used up. */
const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    foreground: colour('--panel-foreground'),
    muted: colour('--panel-muted'),
    background: colour('--panel-background'),
    grid: colour('--panel-grid'),
    focus: colour('--panel-focus'),
    failed: colour('--panel-failed'),
    crash: colour('--panel-crash'),
    partition: colour('--panel-partition'),
    byzantine: colour('--panel-byzantine'),
    slow: colour('--panel-slow'),
    omission: colour('--panel-omission'),
    pause: colour('--panel-pause'),
    clock: colour('--panel-clock'),
    series: Array.from({ length: 7 }, (_, index) => colour(`--panel-series-${index}`)),
    font: `11px ${style.fontFamily}`,
    highContrast: document.body.classList.contains('vscode-high-contrast'),
  };
}

/** Colour and dash pattern of the series with this number. */
export function seriesStyle(theme: Theme, index: number): { readonly colour: string; readonly dash: readonly number[] } {
  const count = theme.series.length;
  return {
    colour: theme.series[index % count] ?? theme.foreground,
    dash: dashes[Math.floor(index / count) % dashes.length] ?? [],
  };
}

/** Calls back when the editor's theme changes: VS Code then rewrites the body's class and the root's variables. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
