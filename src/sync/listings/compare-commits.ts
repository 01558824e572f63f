import { appendLiveCommits, areLive, stageCommits } from '../../db/commits/write-commits.ts';
import { setHead } from '../../db/repositories/sync-status.ts';
import { isUnusableAnswer } from '../../errors.ts';
import { finishHistory, missingFrom, prepareCommits } from './commit-history.ts';
import type { Comparison } from '../../github/compare-commits.ts';
import { learn, type RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { gapsOf } from './unread-commits.ts';
import { walkHistory } from './walk-history.ts';

/** What lies between two commits, requested before it was known to be needed. */
export interface AskedComparison {
  known: string;
  head: string;
  /** null if there was none */
  answer: Promise<Comparison | null>;
}

/**
 * Makes the commits match the history of `head`: exactly the reachable ones are live, and `head_sha` moves in
 * the same transaction. Missing commits are found through the parents of existing ones, never by date, so old
 * commits that arrive late, skewed clocks and rewritten histories make no difference.
 *
 * @param head null for a repository without commits
 * @param filled commits that could not be read before and are stored now, but not live yet
 * @param asked a comparison in progress, which is used if it is the one needed
 */
export async function compareCommits(
  context: RepositoryContext,
  head: string | null,
  filled: ReadonlySet<string> | null = null,
  asked: AskedComparison | null = null,
): Promise<void> {
  const { repository } = context;
  if (head === null) {
    if (repository.head_sha !== null) await finishHistory(context, null);
    return;
  }
  const verify = context.mode === 'full';
  if (filled !== null && !verify) {
    // Live commits continue behind it, so the whole history must be checked.
    if ((await missingFrom(context, head, false)).length === 0)
      await finishHistory(context, head, { filled });
    else await walkHistory(context, head, true, { found: filled });
    return;
  }
  if (head === repository.head_sha && !verify) return;
  const followed =
    verify || repository.head_sha === null
      ? unknown
      : await followHead(context, repository.head_sha, head, asked);
  if (followed.isDone) return;
  await walkHistory(context, head, verify, { found: filled ?? undefined, dropped: followed.dropped });
}

interface Followed {
  isDone: boolean;
  /** how many commits GitHub counts that are no longer reachable from the new head */
  dropped: number | null;
}

const unknown: Followed = { isDone: false, dropped: null };

/** One comparison at GitHub from the known head to the new one, which is not always enough. */
async function followHead(
  context: RepositoryFacts & RepositoryWriter,
  known: string,
  head: string,
  asked: AskedComparison | null,
): Promise<Followed> {
  const comparison =
    (asked?.known === known && asked.head === head ? await asked.answer : null) ??
    (await context.api.compare(known, head).catch((error: unknown) => {
      // If GitHub cannot compute a difference, or not readably, the history is walked instead.
      if (isUnusableAnswer(error)) return null;
      throw error;
    }));
  if (comparison === null) return unknown;
  const dropped = comparison.behind;
  if (comparison.commits === null) return { isDone: false, dropped };
  const commits = await prepareCommits(context, comparison.commits);
  const shas = new Set(commits.map(({ sha }) => sha));
  for (const { sha } of gapsOf(context.repository)) shas.add(sha);
  const outside = [...new Set(commits.flatMap(({ parents }) => parents.filter((sha) => !shas.has(sha))))];
  let complete = false;
  await context.save(async (tx) => {
    const forward = comparison.status === 'ahead' && shas.has(head);
    if (forward && (await areLive(tx, context.repository.id, outside))) {
      const written = await appendLiveCommits(tx, context.repository.id, commits);
      await setHead(tx, context.repository.id, head);
      complete = true;
      return { commits: written };
    }
    return { commits: await stageCommits(tx, commits) };
  });
  if (complete) {
    learn(context.repository, { head_sha: head });
    return { isDone: true, dropped };
  }
  // Everything reachable must be stored before the head moves.
  if ((await missingFrom(context, head, true)).length > 0) return { isDone: false, dropped };
  await finishHistory(context, head, { dropped });
  return { isDone: true, dropped };
}
