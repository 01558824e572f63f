import { z } from 'zod';
import { countPoints } from '../session/usage.ts';

/**
 * A point stands for a hundred requests, and a query has at most 500,000 nodes
 * (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
 */
const MOST_POINTS = 5000;

/**
 * What an answer says about its cost, which is only counted: if it is missing (Enterprise Server without rate
 * limits) or odd, the rest of the answer is read as usual.
 */
export const costAnswer = z
  .object({ cost: z.int().min(0).max(MOST_POINTS) })
  .nullish()
  .catch(null);

/** Counts the points of a query: one if its answer does not say how many. */
export function countCost(answer: z.output<typeof costAnswer>): void {
  countPoints(answer?.cost ?? 1);
}
