// The first thing to see: did the system keep what was expected of it?

import { formatTime } from '../protocol/format-time.ts';
import type { RunView, SourcePlace, VerdictView } from '../protocol/view-model.ts';
import { h } from './dom.ts';

export interface VerdictActions {
  readonly reveal: (place: SourcePlace) => void;
  readonly rerun: (seed: number | undefined) => void;
  readonly exportRun: () => void;
  readonly goTo: (timeMs: number) => void;
}

/** Title, the overall verdict and one line for each expectation. */
export function verdictsView(run: RunView, actions: VerdictActions): HTMLElement {
  const facts = [
    run.topology.system,
    run.faultModel ? `under ${run.faultModel}` : '',
    run.variant ?? '',
    formatTime(run.durationMs, 10),
    run.seeds === 1 ? `seed ${run.seed}` : `${run.seeds.toLocaleString('en')} seeds, seed ${run.seed} shown`,
    run.digest ? `digest ${run.digest}` : '',
  ];
  return h(
    'header',
    { class: 'verdicts' },
    h(
      'div',
      { class: 'title' },
      h('span', { class: run.passed ? 'badge passed' : 'badge failed' }, run.passed ? '✓ Passed' : '✗ Failed'),
      h('h1', {}, run.scenario),
      h('button', { type: 'button', class: 'action', onclick: () => actions.rerun(undefined) }, 'Run again'),
      h(
        'button',
        { type: 'button', class: 'action', title: 'Write this run in a format of other tools', onclick: actions.exportRun },
        'Export…',
      ),
    ),
    h('p', { class: 'facts' }, facts.filter(Boolean).join(' · ')),
    ...problemLine(run, actions),
    h('ul', { class: 'verdict-list', 'aria-label': 'Expectations' }, ...run.verdicts.map((verdict) => line(run, verdict, actions))),
  );
}

function problemLine(run: RunView, actions: VerdictActions): readonly HTMLElement[] {
  if (!run.problem) return [];
  const place = run.problemPlace;
  const link = place ? [h('button', { type: 'button', class: 'link', onclick: () => actions.reveal(place) }, 'Show the line')] : [];
  return [h('p', { class: 'problem', role: 'alert' }, run.problem, ' ', ...link)];
}

function line(run: RunView, verdict: VerdictView, actions: VerdictActions): HTMLElement {
  const { place, timeMs, seed } = verdict;
  const text = h('code', {}, verdict.text);
  const extras: HTMLElement[] = [];
  if (timeMs !== null) {
    extras.push(h('button', { type: 'button', class: 'link', onclick: () => actions.goTo(timeMs) }, `at ${formatTime(timeMs)}`));
  }
  if (seed !== null && seed !== run.seed) {
    extras.push(h('button', { type: 'button', class: 'link', onclick: () => actions.rerun(seed) }, `show seed ${seed}`));
  }
  return h(
    'li',
    { class: verdict.passed ? 'passed' : 'failed' },
    h('span', { class: 'mark', role: 'img', 'aria-label': verdict.passed ? 'passed' : 'failed' }, verdict.passed ? '✓' : '✗'),
    h(
      'div',
      { class: 'said' },
      place
        ? h('button', { type: 'button', class: 'link expectation', title: 'Go to its line', onclick: () => actions.reveal(place) }, text)
        : text,
      h('span', { class: 'measured' }, verdict.detail),
      ...extras,
    ),
  );
}
