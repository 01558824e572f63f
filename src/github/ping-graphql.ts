import { z } from 'zod';
import { read } from './answers.ts';
import type { GitHubSession } from './session/session.ts';

const budgetAnswer = z.object({ data: z.object({ rateLimit: z.object({ limit: z.number() }).nullable() }) });

/**
 * The smallest GraphQL query, of one point: whether GraphQL answers this installation at all.
 *
 * @throws SyncError
 */
export async function pingGraphql(session: GitHubSession): Promise<void> {
  const { data } = await session.graphql('query { rateLimit { limit } }', {});
  read(budgetAnswer, data, 'GraphQL');
}
