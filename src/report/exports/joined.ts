const pieceLeast = 1 << 20;

/** Pieces put together to some size: a write each would take longer than all else. */
export function* joined(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < pieceLeast) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
