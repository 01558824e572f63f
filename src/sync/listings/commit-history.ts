import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { allowLongStatements } from '../../db/long-statement.ts';
import { inTransaction, type Sql } from '../../db/orm.ts';
import { DRIFT } from '../../db/repository-sync/add-drift.ts';
import { changeBetween } from '../../db/commits/change-between.ts';
import {
  historyChange,
  moveHead,
  rewriteHistory,
  writeFirstHistory,
} from '../../db/commits/rewrite-history.ts';
import { missingAncestors, namedAsParents } from '../../db/commits/write-commits.ts';
import type { CommitRow } from '../../model.ts';
import { learn, type RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { resolveAuthors } from '../contributors/resolve-authors.ts';
import { gapsOf, unreadCommits, UNREAD_COMMITS } from './unread-commits.ts';
import { saveUnreadOf } from '../context/unread-elements.ts';

interface Finish {
  /** the whole history, if it was read in one go and none of it is stored yet */
  whole?: { rows: readonly CommitRow[]; date: string };
  /** commits that could not be read before and are stored now */
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
  if (whole) await finishFirst(context, head, whole);
  else await finishRewritten(context, head, filled, dropped);
  learn(context.repository, { head_sha: head });
}

async function finishFirst(
  context: RepositoryFacts & RepositoryWriter,
  head: string | null,
  whole: { rows: readonly CommitRow[]; date: string },
): Promise<void> {
  const { id } = context.repository;
  const rows = await prepareCommits(context, whole.rows, whole.date);
  await context.saveAfter(
    (tx) => writeFirstHistory(tx, id, rows),
    async (tx, written) => {
      await context.saveCheckpoint(tx, checkpointKeys.history, null);
      await moveHead(tx, id, head, written, false);
      return { commits: written.commits };
    },
  );
}

async function finishRewritten(
  context: RepositoryFacts & RepositoryWriter,
  head: string | null,
  filled: ReadonlySet<string> = new Set(),
  dropped: number | null,
): Promise<void> {
  const { id, head_sha: from } = context.repository;
  const isVerified = context.mode === 'full';
  const isPartial = !isVerified && filled.size === 0;
  // Nobody else changes which commits are live while the lease is held, and without the lease the save below
  // fails.
  const near =
    !isPartial || from === null || head === null || dropped === null
      ? null
      : await readOnly(context, (tx) => changeBetween(tx, id, { from, to: head, dropped }));
  const verifiedFrom = isVerified ? (context.repository.checkpoints[DRIFT]?.began_at ?? null) : null;
  await context.saveAfter(
    (tx) =>
      rewriteHistory(tx, id, head, near, !isPartial, { gaps: gapsOf(context.repository), verifiedFrom }),
    async (tx, rewrite) => {
      await context.saveCheckpoint(tx, checkpointKeys.history, null);
      await forgetUnread(context, tx, head, filled);
      return moveHead(tx, id, head, rewrite, verifiedFrom !== null);
    },
  );
}

/** Whether live commits would be orphaned with this head. */
export async function wouldOrphan(context: RepositoryFacts, head: string): Promise<boolean> {
  const change = await readOnly(context, (tx) =>
    historyChange(tx, context.repository.id, head, gapsOf(context.repository)),
  );
  return change === null || change.orphaned.length > 0;
}

/** Commits that were finally read, and unread ones that are no longer part of the history. */
async function forgetUnread(
  context: RepositoryFacts,
  tx: Sql,
  head: string | null,
  filled: ReadonlySet<string>,
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

/** A long look at the table in its own transaction, without the lock that writers wait for. */
function readOnly<T>(context: RepositoryFacts, read: (tx: Sql) => Promise<T>): Promise<T> {
  return inTransaction(context.orm, read);
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
