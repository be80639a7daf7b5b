import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type QuestionSignature, questionNames, questions } from '../../src/model/questions.ts';

it('every page that a question names is there', () => {
  const pages = questionNames.flatMap((name) => (questions[name] as QuestionSignature).page ?? []);
  expect(pages.length).toBeGreaterThan(3);
  expect(pages.filter((page) => !existsSync(new URL(`../../docs/checks/${page}.md`, import.meta.url)))).toEqual([]);
});
