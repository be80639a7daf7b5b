// The messages between the extension and the panel. Both sides check `version`: after an update of the extension a panel
// that was left open may still run the old script.

import type { RunView, SourcePlace, TopologyView } from '../protocol/view-model.ts';

export const protocolVersion = 1;

/** What the panel is asked to show. */
export type Subject = { readonly kind: 'run'; readonly run: RunView } | { readonly kind: 'topology'; readonly topology: TopologyView };

/** Where the subject came from: enough to run it again after the window was reloaded. */
export interface Origin {
  readonly uri: string;
  readonly system: string;
  readonly scenario: string | undefined;
  readonly seed: number | undefined;
}

export type ToPanel = {
  readonly version: typeof protocolVersion;
  readonly type: 'show';
  readonly subject: Subject;
  readonly origin: Origin;
};

/** A message without its version, which {@link fromPanel} adds. */
export type FromPanelBody =
  /** The script runs and listens. */
  | { readonly type: 'ready' }
  /** The subject that was sent last is on the screen. */
  | { readonly type: 'drawn'; readonly arrows: number }
  | { readonly type: 'reveal'; readonly place: SourcePlace }
  | { readonly type: 'rerun'; readonly origin: Origin }
  /** Writes the run that is shown to a file. */
  | { readonly type: 'export' }
  /** An error in the panel's script, for the log: the panel has no console that a user would find. */
  | { readonly type: 'problem'; readonly message: string };

export type FromPanel = FromPanelBody & { readonly version: typeof protocolVersion };

export function fromPanel(body: FromPanelBody): FromPanel {
  return { version: protocolVersion, ...body };
}

/** Whether a value that arrived is a message of this version. */
export function isMessage(value: unknown): value is { readonly version: number; readonly type: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === protocolVersion &&
    'type' in value &&
    typeof value.type === 'string'
  );
}
