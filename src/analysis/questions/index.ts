import type { QuestionName } from '../../model/questions.ts';
import type { Answer, Answerer, Asked } from './answer.ts';
import { available } from './available.ts';
import { intersect } from './intersect.ts';

/** Who answers what: one question, one file. */
const answerers: Readonly<Record<QuestionName, Answerer>> = { intersect, available };

export function answerQuestion(name: QuestionName, asked: Asked): Answer {
  return answerers[name](asked);
}
