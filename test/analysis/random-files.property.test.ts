import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, Fix } from '../../src/base/finding.ts';
import { Workspace } from '../../src/language/workspace.ts';
import type { CheckReport } from '../../src/pipeline/api.ts';
import { deploymentCards } from '../../src/pipeline/cards.ts';
import { checkFile } from '../../src/pipeline/check.ts';
import { admissible, available, intersects, met, smallestTransversal } from './brute-force.ts';
import { files, type Naming, textOf } from './random-files.ts';

/** The whole pipeline on random files: what it says is well-formed, true by brute force, and does not hang on names or order. */

const uri = 'test:///random.dsys';
const runs = { numRuns: 50 };

function check(text: string): CheckReport {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  return checkFile(workspace, uri);
}

/** What no text for people has: values that leaked, words doubled by an empty name, one of many. */
const odd =
  /undefined|\bNaN\b|Infinity|\[object| {2}|``(?!`)|(?<![\d.])0 of 0\b(?!\.\d)|(?<![\d.,])\b1 (?:nodes|members|zones|quorums|crashes|links|messages|times)\b|,,| ,| \.(?!\d)|^\s|\s$|^$/;

function textsOf({ message, why, help, source, notes, labels, fixes }: Finding): string[] {
  const texts = [
    message,
    why,
    help,
    source,
    ...(notes ?? []),
    ...(labels ?? []).map((label) => label.message),
    ...(fixes ?? []).map(titleOf),
  ];
  return texts.filter((text) => text !== undefined);
}

const titleOf = ({ title }: Fix): string => title;

function spansOf({ span, labels, fixes }: Finding): Finding['span'][] {
  return [span, ...(labels ?? []).map((label) => label.span), ...(fixes ?? []).flatMap(({ edits }) => edits.map((edit) => edit.span))];
}

describe('whatever is written', () => {
  it('findings are whole sentences at a place in the text, with a page', () => {
    fc.assert(
      fc.property(files, (file) => {
        const text = textOf(file);
        for (const finding of check(text).findings) {
          expect(textsOf(finding).filter((each) => odd.test(each))).toEqual([]);
          if (finding.code >= 'DS3') expect(finding.why).toBeDefined();
          expect(Object.values(finding.numbers ?? {}).filter((value) => !Number.isFinite(value))).toEqual([]);
          expect(existsSync(new URL(`../../docs/checks/${finding.code}.md`, import.meta.url))).toBe(true);
          for (const span of spansOf(finding)) {
            expect(span.uri).toBe(uri);
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeGreaterThanOrEqual(span.start);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      runs,
    );
  });

  it('cards are whole sentences and finite numbers', () => {
    const told = (value: unknown): unknown[] => {
      if (Array.isArray(value)) return value.flatMap(told);
      if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(told);
      return (typeof value === 'string' && odd.test(value)) || (typeof value === 'number' && !Number.isFinite(value)) ? [value] : [];
    };
    fc.assert(
      fc.property(files, fc.constantFrom(1, 5), (file, effort) => {
        for (const { code, system } of check(textOf(file)).systems) {
          if (system === null) continue;
          for (const { sections } of deploymentCards(code, { effort })) {
            for (const { title, headline, rows, assumptions, sources } of sections) {
              const texts = rows.map(({ label, value, notes = [] }) => [label, value, notes]);
              expect(told([title, headline, texts, assumptions, sources])).toEqual([]);
              expect(rows.flatMap(({ data }) => told(data)).filter((value) => value !== '')).toEqual([]);
            }
          }
        }
      }),
      runs,
    );
  });

  it('fixes give texts that parse; of requirements the finding is then gone and no other comes', () => {
    const requirements = /^DS300[1-6]$|^DS310[1-3]$/;
    const identity = (text: string, { message, labels }: Finding): string => {
      const clause = labels?.[0]?.span;
      return `${message.split(':')[0]} ${clause && text.slice(clause.start, clause.end)}`;
    };
    fc.assert(
      fc.property(files, (file) => {
        const text = textOf(file);
        const { findings } = check(text);
        const identities = (at: string, all: readonly Finding[]): string[] =>
          all.filter(({ code, severity }) => severity === 'error' && requirements.test(code)).map((finding) => identity(at, finding));
        const known = new Set(identities(text, findings));
        // What fails only because no quorum forms says so itself once one does.
        const hidden = findings.some(({ code }) => code === 'DS3007');
        for (const finding of findings) {
          for (const fix of finding.fixes ?? []) {
            const changed = apply(text, fix);
            const after = check(changed).findings;
            expect(after.filter(({ code }) => code.startsWith('DS0') && !findings.some((had) => had.code === code))).toEqual([]);
            if (!requirements.test(finding.code)) continue;
            const left = identities(changed, after);
            expect(left).not.toContain(identity(text, finding));
            if (!hidden) expect(left.filter((each) => !known.has(each))).toEqual([]);
          }
        }
      }),
      runs,
    );
  });

  it('predicates hold exactly when trying every subset says so', () => {
    fc.assert(
      fc.property(files, (file) => {
        for (const { system, runnable, cards } of check(textOf(file)).systems) {
          // With explicit links of both kinds the definitions would need a graph of their own: see quorums.property.test.ts.
          if (system === null || !runnable || !system.network.complete || system.nodes.length > 8) continue;
          const nodes = system.nodes.length;
          for (const { deployment, faultModel, requirements } of cards) {
            const run = system.deployments[deployment];
            const model = system.faultModels.find(({ name }) => name === faultModel);
            if (run === undefined || model === undefined) continue;
            for (const { text, holds } of requirements) {
              const [, question, first, second = first] = /^(available|intersect)\((\w+)(?:, (\w+))?\)$/.exec(text) ?? [];
              const one = run.quorums.find(({ name }) => name === first)?.system;
              const two = run.quorums.find(({ name }) => name === second)?.system;
              if (!one || !two || one.kind === 'slices' || two.kind === 'slices') continue;
              const everybody = 2 ** nodes - 1;
              // Of quorums that cannot form DS3007 speaks.
              if (!met(one, everybody) || !met(two, everybody)) continue;
              const truth =
                question === 'available'
                  ? available(system, model, one)
                  : intersects(one, two, admissible(system, model, ['byzantine']), nodes);
              expect([text, holds]).toEqual([text, truth]);
            }
          }
        }
      }),
      runs,
    );
  });

  it('a card tells the resilience of each quorum system as trying every subset does', () => {
    fc.assert(
      fc.property(files, (file) => {
        for (const { code, system } of check(textOf(file)).systems) {
          if (system === null || system.nodes.length > 8) continue;
          for (const card of deploymentCards(code)) {
            const run = system.deployments[card.deployment ?? -1];
            for (const { data } of card.sections.find(({ id }) => id === 'quorums')?.rows ?? []) {
              if (typeof data !== 'object' || data === null || !('resilience' in data)) continue;
              const quorum = run?.quorums.find(({ name }) => name === data.quorum)?.system;
              if (quorum) expect(data.resilience).toBe((smallestTransversal(quorum, system.nodes.length) ?? Number.NaN) - 1);
            }
          }
        }
      }),
      runs,
    );
  });

  it('says the same again, under other names, and of the same declarations in another order', () => {
    const letters: Readonly<Record<string, string>> = { g: 'h', z: 'y', F: 'E', Q: 'R', P: 'O' };
    const renamed: Naming = (name) => (/^[gzFQP]\d/.test(name) ? `${letters[name.charAt(0)]}${name.slice(1)}` : name);
    const back = (text: string): string =>
      text.replace(/\b[hyERO]\d+(?:D\d)?\b/g, (name) => {
        const [letter] = Object.entries(letters).find(([, other]) => other === name.charAt(0)) ?? [''];
        return `${letter}${name.slice(1)}`;
      });
    const told = ({ findings }: CheckReport): string[] =>
      findings.map((finding) => JSON.stringify([finding.code, finding.severity, textsOf(finding), finding.witness]));
    const verdicts = ({ systems }: CheckReport): string[] =>
      systems
        .flatMap(({ cards }) => cards)
        .flatMap(({ protocol, faultModel, requirements }) =>
          requirements.map(({ text, holds }) => `${protocol} ${faultModel} ${text}: ${holds}`),
        )
        .sort();
    fc.assert(
      fc.property(files, (file) => {
        const first = check(textOf(file));
        expect(told(check(textOf(file)))).toEqual(told(first));
        expect(told(check(textOf(file, renamed))).map(back)).toEqual(told(first));
        const reversed = { protocols: [...file.protocols].reverse(), parts: [...file.parts].reverse() };
        expect(verdicts(check(textOf(reversed)))).toEqual(verdicts(first));
      }),
      runs,
    );
  });

  it('one more fault budget never mends a predicate', () => {
    const predicate = /^(?:available|intersect|masking|q[234])\([^()]*\)$/;
    const failing = ({ systems }: CheckReport): string[] =>
      systems
        .flatMap(({ cards }) => cards)
        .flatMap(({ deployment, faultModel, requirements }) =>
          requirements
            .filter(({ text, holds }) => holds === false && predicate.test(text))
            .map(({ text }) => `${deployment} ${faultModel} ${text}`),
        );
    fc.assert(
      fc.property(
        files,
        fc.constantFrom('crash 1 of nodes', 'byzantine 1 of nodes', 'omission 1 of nodes', 'partition'),
        (file, budget) => {
          const text = textOf(file);
          const more = check(text.replace(/(faults F\d \{\n)/g, `$1    ${budget}\n`));
          expect(failing(more)).toEqual(expect.arrayContaining(failing(check(text))));
        },
      ),
      runs,
    );
  });
});

function apply(text: string, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((changed, { span, text: inserted }) => changed.slice(0, span.start) + inserted + changed.slice(span.end), text);
}
