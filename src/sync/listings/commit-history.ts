import { allowLongStatements } from '../../db/long-statement.ts';
import { sqlIn, type Sql } from '../../db/orm.ts';
import { DRIFT } from '../../db/queue/add-drift.ts';
import { changeBetween } from '../../db/commits/change-between.ts';
import { recountContributors } from '../../db/contributors/recount-contributors.ts';
import {
  addLiveCommits,
  historyChange,
  missingAncestors,
  namedAsParents,
  rewriteHistory,
  setHead,
  type HistoryChange,
} from '../../db/commits/write-commits.ts';
import type { CommitRow } from '../../model.ts';
import type { RepositoryFacts } from '../repository/repository-facts.ts';
import type { RepositoryWriter } from '../repository/repository-writer.ts';
import { resolveAuthors } from '../contributors/resolve-authors.ts';
import { gapsOf, unreadCommits, UNREAD_COMMITS } from './unread-commits.ts';
import { saveUnreadOf } from './unread-elements.ts';

interface Finish {
  /** the whole history, where it was read in one go and nothing of it is in the table yet */
  whole?: { rows: readonly CommitRow[]; date: string };
  /** commits that could not be read before and are in the table now */
  filled?: ReadonlySet<string>;
  /** how many commits GitHub counts that are live and not in the history of the head */
  dropped?: number | null;
}

/** Makes exactly the history of `head` live and moves the head, in one transaction. */
export async function finishHistory(
  context: RepositoryFacts & RepositoryWriter,
  head: string | null,
  { whole, filled, dropped = null }: Finish = {},
): Promise<void> {
  const { id } = context.repository;
  const rows = whole ? await prepareCommits(context, whole.rows, whole.date) : [];
  // Nobody else changes which commits are live while the lease is held, and without it the save below fails.
  const isPartial = context.mode !== 'full' && (filled === undefined || filled.size === 0);
  const change =
    whole || context.repository.head_sha === null
      ? null
      : await changeOf(context, head, isPartial ? dropped : null);
  await context.save(async (tx) => {
    await context.saveCheckpoint(tx, 'commits', null);
    if (!whole) {
      const verifiedFrom =
        context.mode === 'full' ? (context.repository.checkpoints[DRIFT]?.began_at ?? null) : null;
      const gaps = gapsOf(context.repository);
      const written = await rewriteHistory(tx, id, head, change, !isPartial, { gaps, verifiedFrom });
      await forgetUnread(context, tx, head, filled);
      return written;
    }
    const written = await addLiveCommits(tx, rows);
    await recountContributors(tx, id, null);
    await setHead(tx, id, head);
    return { commits: written };
  });
  context.repository.head_sha = head;
}

/** Whether live commits would be orphaned with this head. */
export async function wouldOrphan(context: RepositoryFacts, head: string): Promise<boolean> {
  const change = await changeOf(context, head);
  return change === null || change.orphaned.length > 0;
}

/**
 * What would become of the live commits with this head; null when it is too much to be carried.
 *
 * @param dropped as many of them as GitHub counts that are not in the head's history, where that is known
 */
async function changeOf(
  context: RepositoryFacts,
  head: string | null,
  dropped: number | null = null,
): Promise<HistoryChange | null> {
  const { id, head_sha: from } = context.repository;
  return readOnly(context, async (tx) => {
    const near =
      from === null || head === null || dropped === null
        ? null
        : await changeBetween(tx, id, { from, to: head, dropped });
    return near ?? historyChange(tx, id, head, gapsOf(context.repository));
  });
}

/** What could be read at last, and what the history does not go through any more. */
async function forgetUnread(
  context: RepositoryFacts,
  tx: Sql,
  head: string | null,
  filled: ReadonlySet<string> = new Set(),
): Promise<void> {
  const unread = unreadCommits(context.repository);
  if (unread.length === 0) return;
  const named = await namedAsParents(
    tx,
    context.repository.id,
    unread.map(({ sha }) => sha),
  );
  const left = unread.filter(({ sha }) => (sha === head || named.has(sha)) && !filled.has(sha));
  await saveUnreadOf(tx, context.repository, UNREAD_COMMITS, left);
}

/** The commits that the history of `head` lacks. */
export async function missingFrom(
  context: RepositoryFacts,
  head: string,
  trustLive: boolean,
): Promise<string[]> {
  const gaps = gapsOf(context.repository);
  return readOnly(context, (tx) =>
    allowLongStatements(tx, () => missingAncestors(tx, context.repository.id, head, trustLive, gaps)),
  );
}

/** A long look at the table in a transaction of its own, without the lock that writers wait for. */
async function readOnly<T>(context: RepositoryFacts, read: (tx: Sql) => Promise<T>): Promise<T> {
  return context.orm.em.fork().transactional((em) => read(sqlIn(em)));
}

/** Commits with their authors, ready to be written. */
export function prepareCommits(
  context: RepositoryFacts & RepositoryWriter,
  commits: readonly CommitRow[],
  date = new Date().toISOString(),
) {
  const { id: repository_id } = context.repository;
  return resolveAuthors(
    context.orm,
    commits.map((row) => ({ ...row, repository_id })),
    date,
    context.api.noreplyHost,
    context.refused,
  );
}
