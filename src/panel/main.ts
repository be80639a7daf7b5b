// Entry point of the panel's page: receives a run or a topology from the extension, shows it, reports back.

import 'uplot/dist/uPlot.min.css';
import './panel.css';
import { viewVersion } from '../protocol/view-model.ts';
import { showRun, showTopology } from './app.ts';
import { h } from './dom.ts';
import { type FromPanelBody, fromPanel, isMessage, type Origin, protocolVersion, type Subject, type ToPanel } from './protocol.ts';
import type { Choices } from './store.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What the editor keeps of the panel while it is hidden and over a reload of the window. */
interface PanelState {
  readonly version: typeof protocolVersion;
  readonly origin: Origin;
  /** Which run the choices belong to. */
  readonly run: string;
  readonly choices: Choices | undefined;
}

const vscode = acquireVsCodeApi();
const root = document.getElementById('app') as HTMLElement;
const post = (message: FromPanelBody): void => vscode.postMessage(fromPanel(message));

window.addEventListener('error', ({ message, filename, lineno }) => {
  // Not an error: the browser will deliver the sizes it had no time for in the next frame.
  if (message.startsWith('ResizeObserver loop')) return;
  post({ type: 'problem', message: `${message} (${filename}:${lineno})` });
});
window.addEventListener('unhandledrejection', (event) => post({ type: 'problem', message: String(event.reason) }));
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (!isMessage(event.data)) return;
  const message = event.data as ToPanel;
  if (message.type === 'show') show(message.subject, message.origin);
});

showWaiting();
post({ type: 'ready' });

function show(subject: Subject, origin: Origin): void {
  if (subject.kind === 'topology') {
    keep(origin, '', undefined);
    showTopology(root, subject.topology);
    post({ type: 'drawn', arrows: 0 });
    return;
  }
  const { run } = subject;
  if (run.version !== viewVersion) {
    root.replaceChildren(h('p', { class: 'problem' }, 'This run was made by another version of dsys. Run it again.'));
    post({ type: 'drawn', arrows: 0 });
    return;
  }
  const key = [origin.uri, run.topology.system, run.scenario, run.variant, run.seed, run.digest].join('\n');
  const kept = keptState();
  const choices = kept?.run === key ? kept.choices : undefined;
  keep(origin, key, choices);
  const arrows = showRun(root, run, choices, {
    reveal: (place) => post({ type: 'reveal', place }),
    rerun: (seed) => post({ type: 'rerun', origin: { ...origin, seed: seed ?? origin.seed } }),
    exportRun: () => post({ type: 'export' }),
    keep: (chosen) => keep(origin, key, chosen),
  });
  // After the next frame the canvases have been given their size and drawn.
  requestAnimationFrame(() => requestAnimationFrame(() => post({ type: 'drawn', arrows })));
}

/** Until the extension sends something: after a reload of the window it no longer has the run, but it can be made again. */
function showWaiting(): void {
  const origin = keptState()?.origin;
  if (!origin) return;
  const name = origin.scenario ?? origin.system;
  root.replaceChildren(
    h(
      'p',
      { class: 'waiting' },
      `The run of ${name} is not kept over a reload of the window. `,
      h('button', { type: 'button', class: 'action', onclick: () => post({ type: 'rerun', origin }) }, 'Run again'),
    ),
  );
}

function keep(origin: Origin, run: string, choices: Choices | undefined): void {
  vscode.setState({ version: protocolVersion, origin, run, choices });
}

function keptState(): PanelState | undefined {
  const state = vscode.getState();
  return isMessageVersion(state) ? (state as PanelState) : undefined;
}

function isMessageVersion(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'version' in state && state.version === protocolVersion;
}
