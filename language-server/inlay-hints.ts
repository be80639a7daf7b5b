import type { InlayHint, Range } from 'vscode-languageserver';
import type { CheckedSystem, DeploymentCard } from '../src/pipeline/api.ts';
import { headlinesOf } from '../src/report/analysis.ts';
import { type CardUnderModel, cardMarkdown, worstOf } from './card-markdown.ts';
import { toRange } from './convert.ts';
import type { Insights } from './insights.ts';
import type { Session } from './session.ts';

/**
 * Behind each `run`, in a few words, what its deployment survives under the worst fault model. While a changed text is being
 * looked at the words of the text before stay, so that nothing flickers.
 */
export function inlayHints(session: Session, insights: Insights, uri: string, range: Range): InlayHint[] {
  const lines = session.linesOf(uri);
  if (!lines) return [];
  const { cards, fresh } = insights.cards(uri);
  return session.report(uri).systems.flatMap((checked) =>
    runsOf(checked, uri).flatMap(({ deployment, end }) => {
      const models = modelsOf(checked, cards, deployment);
      // Of a fault model that was just written there is no card yet.
      const worst = worstOf(models.filter(({ card }) => card !== undefined));
      const position = toRange({ start: end, end }, lines).start;
      if (worst?.card === undefined || position.line < range.start.line || position.line > range.end.line) return [];
      const headlines = headlinesOf(worst.card);
      if (headlines.length === 0) return [];
      const note = fresh ? '' : '\n\n*Of the text before the last change; being looked at again.*';
      return [
        {
          position,
          label: hintOf(headlines),
          paddingLeft: true,
          tooltip: { kind: 'markdown', value: `${cardMarkdown(models)}${note}` },
        },
      ];
    }),
  );
}

/** A line of code must leave room for it: the first headline, and those after it that fit. The hover has them all. */
const labelMax = 80;

function hintOf([first = '', ...others]: readonly string[]): string {
  return others.reduce((label, headline) => {
    const longer = `${label} · ${headline}`;
    return longer.length > labelMax ? label : longer;
  }, first);
}

/** The fault models of a deployment, each with its verdict and its card; of a system that is half-typed the cards of before. */
export function modelsOf({ code, cards: verdicts }: CheckedSystem, cards: readonly DeploymentCard[], deployment: number): CardUnderModel[] {
  const own = cards.filter((card) => card.system === code.name && card.deployment === deployment);
  const ofDeployment = verdicts.filter((verdict) => verdict.deployment === deployment);
  if (ofDeployment.length > 0) {
    return ofDeployment.map((verdict) => ({ verdict, card: own.find(({ faultModel }) => faultModel === verdict.faultModel) }));
  }
  return own.map((card) => ({
    verdict: { deployment, protocol: card.protocol, faultModel: card.faultModel, requirements: [], numbers: {}, summary: '' },
    card,
  }));
}

/** Where each `run` ends. Runs and deployments are in the same order; one that does not expand has its runs all the same. */
function runsOf({ code, system }: CheckedSystem, uri: string): { readonly deployment: number; readonly end: number }[] {
  const spans = system?.deployments.map(({ span }) => span) ?? code.runs.map(({ span }) => span);
  return spans.flatMap((span, deployment) => (span.uri === uri ? [{ deployment, end: span.end }] : []));
}
