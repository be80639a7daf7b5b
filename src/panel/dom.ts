// Building elements without a framework, and without a string that is parsed as HTML: texts of a specification stay text.

type Attribute = string | number | boolean | undefined | ((event: never) => void);

/**
 * An element with attributes, listeners (`onclick: (event) => …`) and children. An attribute that is `false` or
 * undefined is left out, one that is `true` is present without a value.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...children);
  return element;
}

/** As {@link h}, for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  apply(element, attributes);
  element.append(...children);
  return element;
}

function apply(element: Element, attributes: Readonly<Record<string, Attribute>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
}

/** A canvas sized in CSS pixels and sharp on screens with more device pixels than that. */
export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1;
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no canvas');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** A table that is made when it is first opened, and made anew by `refresh` while it is open. */
export function tableBesideChart(
  summary: string,
  head: readonly string[],
  rows: () => readonly (readonly string[])[],
): { readonly element: HTMLElement; readonly refresh: () => void } {
  const holder = h('div', { class: 'table-holder', tabindex: 0, role: 'region', 'aria-label': summary });
  const refresh = (): void => {
    if (!element.open) return;
    holder.replaceChildren(
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col' }, text)))),
        h('tbody', {}, ...rows().map((row) => h('tr', {}, ...row.map((text) => h('td', {}, text))))),
      ),
    );
  };
  const element = h('details', { class: 'as-table', ontoggle: refresh }, h('summary', {}, summary), holder);
  return { element, refresh };
}
