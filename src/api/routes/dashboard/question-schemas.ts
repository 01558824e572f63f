import { z } from 'zod';

export const questionsSchema = z.object({
  questions: z.array(
    z.object({ slug: z.string(), question: z.string(), explanation: z.string(), sql: z.string() }),
  ),
});

export const answerSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  milliseconds: z.number().int(),
});

export type Questions = z.infer<typeof questionsSchema>;
export type Answer = z.infer<typeof answerSchema>;
