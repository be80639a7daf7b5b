// Puts the panel together: what is where on the page, and which part hears of which choice.

import type { RunView, SourcePlace, TopologyView } from '../protocol/view-model.ts';
import { indexStates, statusesAt } from './at-cursor.ts';
import { h } from './dom.ts';
import { EventLog } from './event-log.ts';
import { hiddenAtFirst } from './lanes.ts';
import { Legend, typesInUse } from './legend.ts';
import { indexMessages, openingView } from './messages-in-view.ts';
import { Metrics } from './metrics.ts';
import { NodeState } from './node-state.ts';
import { Overview } from './overview.ts';
import { SpaceTime } from './space-time.ts';
import { type Choices, Store } from './store.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { revealing } from './time-scale.ts';
import { TopologyChart } from './topology-chart.ts';
import { verdictsView } from './verdicts.ts';

export interface Host {
  readonly reveal: (place: SourcePlace) => void;
  readonly rerun: (seed: number | undefined) => void;
  readonly exportRun: () => void;
  /** Keeps the choices while the panel is hidden. */
  readonly keep: (choices: Choices) => void;
}

/** Messages in the first view of a run: few enough to follow single arrows. */
const openingMessages = 220;

/** Replaces the page by a run. Returns how many arrows are drawn. */
export function showRun(root: HTMLElement, run: RunView, kept: Choices | undefined, host: Host): number {
  const index = indexMessages(run.messages);
  const states = indexStates(run.states, run.topology.nodes.length);
  const store = new Store(kept ?? openingChoices(run), run.durationMs);
  const theme = readTheme();
  const seriesOf = new Map(typesInUse(run).map(({ type }, series) => [type, series]));

  const diagram = new SpaceTime(run, index, store, seriesOf, theme);
  const overview = new Overview(run, index, store, theme);
  const legend = new Legend(run, store, theme);
  const topology = new TopologyChart(run.topology, (node) => store.set({ selectedNode: node }));
  const nodeState = new NodeState(run, states);
  const log = new EventLog(run, store);
  const metrics = new Metrics(run, store, theme);
  store.subscribe(({ cursorMs, selectedNode }) => {
    const statuses = statusesAt(run.bands, run.topology.nodes.length, cursorMs);
    topology.update(statuses, selectedNode);
    nodeState.update(selectedNode, statuses[selectedNode] ?? 'up', cursorMs);
  });
  store.subscribe(host.keep);

  const goTo = (timeMs: number): void => {
    store.set({ cursorMs: timeMs, view: revealing(store.get().view, timeMs, run.durationMs) });
  };
  root.replaceChildren(
    verdictsView(run, { reveal: host.reveal, rerun: host.rerun, exportRun: host.exportRun, goTo }),
    overview.element,
    diagram.element,
    legend.element,
    h('div', { class: 'at-cursor' }, topology.element, nodeState.element, log.element),
    metrics.element,
  );
  themed(() => {
    const changed = readTheme();
    for (const view of [diagram, overview, legend, metrics]) view.setTheme(changed);
  });
  store.flush();
  return diagram.arrows;
}

/** Replaces the page by a topology alone. */
export function showTopology(root: HTMLElement, topology: TopologyView): void {
  const chart = new TopologyChart(topology, (node) => chart.update(allUp, node));
  const allUp = topology.nodes.map(() => 'up' as const);
  themed(undefined);
  root.replaceChildren(h('header', { class: 'verdicts' }, h('h1', {}, topology.system)), chart.element);
}

/** Where a reader starts: at the first violation, else at the first fault, else at the beginning. */
function openingChoices(run: RunView): Choices {
  const violated = run.verdicts.flatMap(({ timeMs }) => (timeMs === null ? [] : [timeMs]));
  const moment = violated.length > 0 ? Math.min(...violated) : (run.bands[0]?.fromMs ?? 0);
  const index = indexMessages(run.messages);
  const view = openingView(index, moment, run.durationMs, openingMessages);
  const struck = run.bands.flatMap(({ kind, nodes }) => (kind === 'partition' || kind === 'outage' ? [] : nodes));
  return {
    // Where nothing is sent around the moment the messages decide what is shown, and the cursor stays in sight.
    cursorMs: Math.min(view.toMs, Math.max(view.fromMs, moment)),
    view,
    hiddenNodes: hiddenAtFirst(run.topology.nodes.length, struck, run.messages.from, run.messages.to),
    hiddenTypes: [],
    selectedNode: run.bands[0]?.kind === 'crash' ? (run.bands[0].nodes[0] ?? 0) : 0,
    selectedMessage: -1,
    logOfNodeOnly: false,
  };
}

let themeListener: (() => void) | undefined;

/** Only the subject that is shown hears of theme changes. */
function themed(listener: (() => void) | undefined): void {
  if (themeListener === undefined) onThemeChange(() => themeListener?.());
  themeListener = listener ?? (() => undefined);
}
