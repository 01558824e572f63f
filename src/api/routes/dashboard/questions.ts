import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { answerQuestion, loadQuestions } from '../../../db/dashboard/questions.ts';
import { SyncError } from '../../../errors.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors } from '../../schemas.ts';
import { answerSchema, questionsSchema } from './question-schemas.ts';

/** The SQL screen: questions and their answers. It accepts no SQL from outside. */
export function registerQuestions(app: FastifyInstance, { db }: ApiDeps): void {
  const questions = loadQuestions();
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/dashboard/questions/',
    schema: {
      hide: true,
      summary: 'Questions that the mirror can answer, with their queries',
      response: { 200: questionsSchema, ...errors(401) },
    },
    handler: () => ({ questions }),
  });
  typed.route({
    method: 'GET',
    url: '/api/dashboard/questions/:slug/',
    schema: {
      hide: true,
      summary: 'The current answer to one question',
      params: z.object({ slug: z.string().max(100) }),
      response: { 200: answerSchema, ...errors(401, 404, 503) },
    },
    handler: async ({ params }) => {
      const question = questions.find(({ slug }) => slug === params.slug);
      if (question === undefined) throw new SyncError('NOT_FOUND', `there is no question ${params.slug}`);
      return answerQuestion(db, question);
    },
  });
}
