import { areLive, countStored, stageCommits } from '../../db/commits/write-commits.ts';
import { sqlOf } from '../../db/orm.ts';
import { showUnread } from '../../db/repository-sync/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import type { FoundCommit } from '../../github/find-commit.ts';
import type { CommitRow } from '../../model.ts';
import { prepareCommits } from './commit-history.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { unreadCommitError, unreadCommits, UNREAD_COMMITS, type UnreadCommit } from './unread-commits.ts';
import { firstMet, isElementDue, saveUnreadOf } from '../context/unread-elements.ts';
import { orOwnError } from './own-error.ts';

/** How many are requested in one comparison, least recently requested first. */
const AT_ONCE = 20;
/** After this many consecutive requests without an answer, GitHub itself fails. */
const UNANSWERED = 3;

export interface ListedAround {
  /** the commits listed behind gaps, which no other listed commit names as a parent */
  parents: readonly string[];
  /** false: nothing of the history is listed at all */
  isListed: boolean;
  /** a commit whose own list could not be read, and why */
  unlisted: { sha: string; error: SyncError } | null;
}

/**
 * Requests each commit that a history names but its list does not show, individually. One that is unavailable
 * is a gap, reported in `sync_error`; behind it the history continues with `parents`.
 *
 * @throws SyncError if more than a single commit is unavailable: NOT_YET_VISIBLE if nothing of the history is
 * shown, GITHUB_UNAVAILABLE if GitHub does not answer, or why a list could not be read
 */
export async function refetchCommits(
  context: RepositoryContext,
  shas: readonly string[],
  { parents, isListed, unlisted }: ListedAround,
): Promise<void> {
  let silent = 0;
  for (const sha of shas.slice(0, AT_ONCE)) {
    throwIfExpired(context);
    const found = await orOwnError(context.api.commit(sha));
    const isFound = !(found instanceof SyncError) && found.row !== null;
    if (!isFound && unlisted?.sha === sha) throw unlisted.error;
    if (!isFound && !isListed) throw found instanceof SyncError ? found : notShown(sha);
    silent = found instanceof SyncError && found.code === 'GITHUB_UNAVAILABLE' ? silent + 1 : 0;
    if (found instanceof SyncError && silent >= UNANSWERED) throw found;
    await write(context, sha, found, parents);
  }
}

/** @returns whether one of them was found and stored; nothing is concluded from the others */
export async function lookForCommits(
  context: RepositoryFacts & RepositoryWriter,
  shas: readonly string[],
): Promise<boolean> {
  let isFound = false;
  if (shas.length > AT_ONCE) return false;
  for (const sha of shas) {
    const found = await orOwnError(context.api.commit(sha));
    if (found instanceof SyncError) return isFound;
    if (found.row !== null && found.isWhole && (await stage(context, found.row, found.date))) isFound = true;
  }
  return isFound;
}

/** Continues gaps of which nothing but their existence is known with `parents`. */
export async function setGuessedParents(
  context: RepositoryFacts & RepositoryWriter,
  parents: readonly string[],
): Promise<void> {
  const unread = unreadCommits(context.repository);
  if (unread.length === 0 || parents.length === 0) return;
  const told = unread.map((one) =>
    one.guessed === true ? { ...one, parents: parents.filter((sha) => sha !== one.sha) } : one,
  );
  await context.save((tx) => saveUnreadOf(tx, context.repository, UNREAD_COMMITS, told));
}

function notShown(sha: string): SyncError {
  return new SyncError('NOT_YET_VISIBLE', `commit ${sha} is announced but not shown`);
}

/**
 * Requests the commits that could not be read again, at growing intervals.
 *
 * @returns those that are stored now; null if nothing changed
 */
export async function refetchUnreadCommits(context: RepositoryContext): Promise<Set<string> | null> {
  const filled = new Set<string>();
  const staged: string[] = [];
  let silent = 0;
  const due = unreadCommits(context.repository).filter((one) => context.retryUnread || isElementDue(one));
  const unread = due.toSorted((a, b) => a.met_at.localeCompare(b.met_at));
  for (const { sha, parents } of unread.slice(0, AT_ONCE)) {
    const found = await orOwnError(context.api.commit(sha));
    const isSilence = found instanceof SyncError && found.code === 'GITHUB_UNAVAILABLE';
    silent = isSilence ? silent + 1 : 0;
    const isHeld = await write(context, sha, found, parents);
    if (isHeld) staged.push(sha);
    if (isHeld && !(found instanceof SyncError) && found.isWhole) filled.add(sha);
    if (silent >= UNANSWERED || context.shouldYield()) break;
  }
  if (staged.length === 0) return null;
  const isOld = filled.size === 0 && (await areLive(sqlOf(context.orm), context.repository.id, staged));
  return isOld ? null : filled;
}

/**
 * Writes what was found, and records what was not. A found commit stays recorded until the history is live with
 * it.
 *
 * @returns whether it is stored
 */
async function write(
  context: RepositoryFacts & RepositoryWriter,
  sha: string,
  found: FoundCommit | SyncError,
  guessed: readonly string[],
): Promise<boolean> {
  const row = found instanceof SyncError ? null : found.row;
  const date = found instanceof SyncError ? new Date().toISOString() : found.date;
  const isHeld = row !== null && (await stage(context, row, date));
  const known = unreadCommits(context.repository);
  const isWhole = isHeld && !(found instanceof SyncError) && found.isWhole;
  if (isWhole && known.every((one) => one.sha !== sha)) return true;
  const before = known.find((one) => one.sha === sha);
  const now = new Date().toISOString();
  const entry: UnreadCommit = {
    sha,
    number: null,
    since: null,
    reason: reasonOf(found, isHeld),
    met_at: now,
    first_met_at: before === undefined ? now : firstMet(before),
    parents: row?.parents ?? guessed.filter((one) => one !== sha),
    guessed: row === null,
  };
  await context.save(async (tx) => {
    await saveUnreadOf(tx, context.repository, UNREAD_COMMITS, [
      ...known.filter((one) => one.sha !== sha),
      entry,
    ]);
    if (isWhole) return;
    await showUnread(tx, context.repository.id, unreadCommitError(context.repository));
  });
  return isHeld;
}

async function stage(
  context: RepositoryFacts & RepositoryWriter,
  row: CommitRow,
  date: string,
): Promise<boolean> {
  const rows = await prepareCommits(context, [row], date);
  await context.save(async (tx) => ({ commits: await stageCommits(tx, rows) }));
  const isRefused = context.refused.some(
    ({ table, key }) => table === 'commits' && key.endsWith(`/${row.sha}`),
  );
  return !isRefused || (await isStored(context, row.sha));
}

async function isStored(context: RepositoryFacts, sha: string): Promise<boolean> {
  return (await countStored(sqlOf(context.orm), context.repository.id, [sha])) > 0;
}

function reasonOf(found: FoundCommit | SyncError, isHeld: boolean): string {
  if (found instanceof SyncError) return found.message;
  if (found.row === null) return 'GitHub names it and does not show it';
  return isHeld ? 'the account of its author is not told' : 'PostgreSQL cannot hold it';
}
