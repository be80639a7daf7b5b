import type { Span } from '../base/source.ts';

/** A text that identifies a span in Overrides. */
export function spanKey(span: Span): string {
  return `${span.uri}#${span.start}-${span.end}`;
}
