/** Names that examples speak of, and what a system calls these. */
export interface ExampleNames {
  readonly groups: readonly { readonly name: string; readonly isSingle: boolean }[];
  readonly zones: readonly string[];
}

/**
 * A call as a snippet: each argument's value is a place to stop at. `crash(replica[0], for: 5s)` becomes
 * `crash(${1:replica[0]}, for: ${2:5s})`.
 */
export function snippetOf(example: string): string {
  const parts = /^(\w+)\((.*)\)$/s.exec(example);
  if (!parts) return escaped(example);
  const values = argumentsOf(parts[2] ?? '').map((written, at) => {
    const [, name = '', value = ''] = /^(\w+: )?(.*)$/s.exec(written) ?? [];
    return `${name}\${${at + 1}:${escaped(value)}}`;
  });
  return `${parts[1]}(${values.join(', ')})`;
}

/** `first` may be one of these, or a text of one's own where there is none. */
export function choiceOf(at: number, known: readonly string[], otherwise: string): string {
  const [only] = known;
  if (only === undefined) return `\${${at}:${otherwise}}`;
  return known.length === 1 ? `\${${at}:${only}}` : `\${${at}|${known.join(',')}|}`;
}

/** A snippet with its stops as one would write it: what an example in a hover shows. */
export function withoutStops(snippet: string): string {
  return snippet
    .replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+\}|\$\d+/g, '…')
    .replaceAll('\\}', '}')
    .replaceAll('\t', '  ');
}

/** An example with the names of the system at hand in place of `replica`, `client`, `eu` and `us`. */
export function inTermsOf(text: string, { groups, zones }: ExampleNames): string {
  const [first] = groups;
  const last = groups.at(-1);
  const clients = groups.find(({ name }) => name.startsWith('client')) ?? last;
  const replaced = [
    { word: 'replica', by: groups.find(({ name }) => name === 'replica') ?? first },
    { word: 'client', by: clients },
  ].reduce((done, { word, by }) => {
    if (!by) return done;
    return done.replace(new RegExp(`\\b${word}\\b(\\[\\d+\\])?`, 'g'), (_, index = '') => by.name + (by.isSingle ? '' : index));
  }, text);
  const [eu, us = eu] = zones;
  return eu === undefined || us === undefined ? replaced : replaced.replace(/\beu\b/g, eu).replace(/\bus\b/g, us);
}

function escaped(text: string): string {
  return text.replace(/[$}\\]/g, '\\$&');
}

/** The arguments between the parentheses of a call: commas inside others do not count. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text[at] as string)) depth += 1;
    else if (')]}'.includes(text[at] as string)) depth -= 1;
    else if (text[at] === ',' && depth === 0) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const rest = text.slice(from).trim();
  return rest === '' ? found : [...found, rest];
}
