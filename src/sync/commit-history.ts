import { allowLongStatements } from '../db/long-statement.ts';
import { sqlIn, type Sql } from '../db/orm.ts';
import { DRIFT } from '../db/writes/add-drift.ts';
import { recountContributors } from '../db/writes/recount-contributors.ts';
import {
  addLiveCommits,
  historyChange,
  missingAncestors,
  namedAsParents,
  rewriteHistory,
  setHead,
  type HistoryChange,
} from '../db/writes/write-commits.ts';
import type { CommitRow } from '../model.ts';
import type { RepositoryWork } from './repository-work.ts';
import { resolveAuthors } from './resolve-authors.ts';
import { gapsOf, unreadCommits, UNREAD_COMMITS } from './unread-commits.ts';
import { saveUnreadOf } from './unread-elements.ts';

interface Finish {
  /** the whole history, where it was read in one go and nothing of it is in the table yet */
  whole?: { rows: readonly CommitRow[]; date: string };
  /** commits that could not be read before and are in the table now */
  filled?: ReadonlySet<string>;
}

/** Makes exactly the history of `head` live and moves the head, in one transaction. */
export async function finishHistory(
  work: RepositoryWork,
  head: string | null,
  { whole, filled }: Finish = {},
): Promise<void> {
  const { id } = work.repository;
  const rows = whole ? await prepareCommits(work, whole.rows, whole.date) : [];
  // Nobody else changes which commits are live while the lease is held, and without it the save below fails.
  const change = whole || work.repository.head_sha === null ? null : await changeOf(work, head);
  const recountAll = work.mode === 'everything' || (filled !== undefined && filled.size > 0);
  await work.save(async (tx) => {
    await work.saveWalk(tx, 'commits', null);
    if (!whole) {
      const verifiedFrom =
        work.mode === 'everything' ? (work.repository.walks[DRIFT]?.began_at ?? null) : null;
      const gaps = gapsOf(work.repository);
      const written = await rewriteHistory(tx, id, head, change, recountAll, { gaps, verifiedFrom });
      await forgetUnread(work, tx, head, filled);
      return written;
    }
    const written = await addLiveCommits(tx, rows);
    await recountContributors(tx, id, null);
    await setHead(tx, id, head);
    return { commits: written };
  });
  work.repository.head_sha = head;
}

/** Whether live commits would be orphaned with this head. */
export async function wouldOrphan(work: RepositoryWork, head: string): Promise<boolean> {
  const change = await changeOf(work, head);
  return change === null || change.orphaned.length > 0;
}

/** What would become of the live commits with this head; null when it is too much to be carried. */
async function changeOf(work: RepositoryWork, head: string | null): Promise<HistoryChange | null> {
  return readOnly(work, (tx) => historyChange(tx, work.repository.id, head, gapsOf(work.repository)));
}

/** What could be read at last, and what the history does not go through any more. */
async function forgetUnread(
  work: RepositoryWork,
  tx: Sql,
  head: string | null,
  filled: ReadonlySet<string> = new Set(),
): Promise<void> {
  const unread = unreadCommits(work.repository);
  if (unread.length === 0) return;
  const named = await namedAsParents(
    tx,
    work.repository.id,
    unread.map(({ sha }) => sha),
  );
  const left = unread.filter(({ sha }) => (sha === head || named.has(sha)) && !filled.has(sha));
  await saveUnreadOf(tx, work.repository, UNREAD_COMMITS, left);
}

/** The commits that the history of `head` lacks. */
export async function missingFrom(work: RepositoryWork, head: string, trustLive: boolean): Promise<string[]> {
  const gaps = gapsOf(work.repository);
  return readOnly(work, (tx) =>
    allowLongStatements(tx, () => missingAncestors(tx, work.repository.id, head, trustLive, gaps)),
  );
}

/** A long look at the table in a transaction of its own, without the lock that writers wait for. */
async function readOnly<T>(work: RepositoryWork, read: (tx: Sql) => Promise<T>): Promise<T> {
  return work.orm.em.fork().transactional((em) => read(sqlIn(em)));
}

/** Commits with their authors, ready to be written. */
export function prepareCommits(
  work: RepositoryWork,
  commits: readonly CommitRow[],
  date = new Date().toISOString(),
) {
  return resolveAuthors(work.orm, work.repository.id, commits, date, work.api.noreplyHost, work.refused);
}
