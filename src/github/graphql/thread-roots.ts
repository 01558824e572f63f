import { z } from 'zod';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import { queryNodes } from './query-nodes.ts';
import { ROOTS } from './pull-request-detail-questions.ts';
import type { GitHubSession } from '../session/session.ts';

/** GraphQL takes at most 100 ids in one `nodes` field: 1 point for 100 threads. */
const MAX_THREADS = 100;
/** A question that fails is asked about a fifth of them. */
const SHRINK = 5;
/** After this many consecutive failures, even individually and twice, GitHub itself fails. */
const FAILED_AT_MOST = 3;

const root = z.object({
  comments: z.object({
    nodes: z.array(z.object({ fullDatabaseId: z.union([z.string(), z.number()]).transform(Number) })),
  }),
});

/** What GitHub says of review threads, by node id: the id of the first comment; null where it has none such. */
export interface ThreadRoots {
  roots: Map<string, number | null>;
  /** why the others could not be asked for */
  error: SyncError | null;
}

/** The first comments of review threads, which is what these are known by here. */
export async function threadRoots(session: GitHubSession, nodeIds: readonly string[]): Promise<ThreadRoots> {
  const found: ThreadRoots = { roots: new Map(), error: null };
  const queue = [...nodeIds];
  const tried = new Set<string>();
  let size = MAX_THREADS;
  let failed = 0;
  while (queue.length > 0 && failed < FAILED_AT_MOST) {
    const chunk = queue.splice(0, size);
    try {
      const { nodes, failures } = await queryNodes(session, ROOTS, { ids: chunk });
      for (const [index, nodeId] of chunk.entries()) {
        const node = nodes[index];
        const shown = root.safeParse(node).data;
        if (shown !== undefined) found.roots.set(nodeId, shown.comments.nodes[0]?.fullDatabaseId ?? null);
        else if (node === null && !failures.has(index)) found.roots.set(nodeId, null);
        else found.error ??= new SyncError('GITHUB_BAD_ANSWER', 'GraphQL does not show a review thread');
      }
      failed = 0;
    } catch (error) {
      if (!isUnusableAnswer(error)) throw error;
      const [first = ''] = chunk;
      if (chunk.length > 1 || !tried.has(first)) {
        size = Math.ceil(chunk.length / SHRINK);
        if (chunk.length === 1) tried.add(first);
        queue.unshift(...chunk);
        continue;
      }
      found.error ??= error;
      failed += 1;
    }
  }
  return found;
}
