import { parentPort } from 'node:worker_threads';
import type { SystemCode } from '../model/system-code.ts';
import type { Value } from '../model/values.ts';
import type { CheckedSystem, DeploymentCard } from './api.ts';
import { deploymentCards } from './cards.ts';
import { checkSystem } from './check.ts';

/** What an analysis worker is asked. */
export interface AnalysisRequest {
  /** `check`: the findings of the system; `cards`: a card for each deployment under each fault model. */
  readonly kind: 'check' | 'cards';
  /** A system without errors of the language. */
  readonly code: SystemCode;
  readonly constants?: Readonly<Record<string, Value>>;
  /** Factor on the work limits of searches. */
  readonly effort: number;
  /** Cards of deployments of this protocol only. */
  readonly protocol?: string;
}

export type ThoroughCheck = Pick<CheckedSystem, 'findings' | 'cards' | 'leftOpen'>;

export interface WorkerQuestion {
  readonly id: number;
  readonly request: AnalysisRequest;
}

/** What an analysis worker answers: cards as they come, then one `done` or `bug` for each question. */
export type WorkerAnswer =
  | { readonly id: number; readonly kind: 'card'; readonly card: DeploymentCard }
  /** `check` is null for a request of cards. */
  | { readonly id: number; readonly kind: 'done'; readonly check: ThoroughCheck | null }
  | { readonly id: number; readonly kind: 'bug'; readonly message: string; readonly stack: string };

const port = parentPort;
port?.on('message', ({ id, request }: WorkerQuestion) => {
  const answer = (message: WorkerAnswer): void => port.postMessage(message);
  try {
    const { code, constants, effort, protocol } = request;
    if (request.kind === 'check') {
      const { findings, cards, leftOpen } = checkSystem(code, { constants, effort });
      answer({ id, kind: 'done', check: { findings, cards, leftOpen } });
      return;
    }
    for (const card of deploymentCards(code, { constants, effort, protocol })) answer({ id, kind: 'card', card });
    answer({ id, kind: 'done', check: null });
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    answer({ id, kind: 'bug', message: failure.message, stack: failure.stack ?? '' });
  }
});
