import type { QuestionName } from '../../model/questions.ts';
import type { Answer, Answerer, Asked } from './answer.ts';
import { available } from './available.ts';
import { q2, q3, q4 } from './cover.ts';
import { flowAnswerers } from './flow.ts';
import { intersect } from './intersect.ts';
import { capacity, load } from './load.ts';
import { masking } from './masking.ts';
import { messageTime, roundTrip } from './message-time.ts';
import { networkAnswerers } from './network.ts';
import { overlap } from './overlap.ts';
import { probabilityAnswerers } from './probability.ts';
import { quorumLatency } from './quorum-latency.ts';
import { resilience } from './resilience.ts';
import { rounds } from './rounds.ts';
import { splitting } from './splitting.ts';

/** Who answers what: one question, one file; of pure mathematics one file a subject. */
const answerers: Readonly<Record<QuestionName, Answerer>> = {
  intersect,
  masking,
  q2,
  q3,
  q4,
  resilience,
  load,
  capacity,
  quorum_latency: quorumLatency,
  available,
  overlap,
  splitting,
  message_time: messageTime,
  round_trip: roundTrip,
  rounds,
  ...flowAnswerers,
  ...networkAnswerers,
  ...probabilityAnswerers,
};

export function answerQuestion(name: QuestionName, asked: Asked): Answer {
  return answerers[name](asked);
}
