import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { countStored, stageCommits } from '../../db/commits/write-commits.ts';
import { sqlOf } from '../../db/orm.ts';
import type { Checkpoint } from '../../db/repository-sync/repository-state.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import type { RowPage } from '../../github/pages/row-page.ts';
import type { CommitRow } from '../../model.ts';
import { atPage } from '../checkpoints.ts';
import { refetchCommits, lookForCommits, setGuessedParents } from './refetch-commits.ts';
import { isCompleteHistory } from './complete-history.ts';
import { finishHistory, missingFrom, prepareCommits, wouldOrphan } from './commit-history.ts';
import { listedTips, type ListedTips } from './listed-tips.ts';
import { throwIfExpired, TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { createPeopleAhead, type PeopleAhead } from './people-ahead.ts';
import { gapsOf } from './unread-commits.ts';

/** How many commits are held before they are written; most repositories are written in one transaction. */
const CHUNK_ROWS = 10_000;
const CHUNK_BYTES = 16_000_000;
/** After this many pages, doubling each time, it looks for a commit that the list skipped. */
const LOOK_AFTER = 10;

/** GitHub's possible answers if it cannot show the one commit that a list begins with. */
const ofFirstCommit = new Set<ErrorCode>(['NOT_FOUND', 'GITHUB_BAD_ANSWER', 'GITHUB_UNAVAILABLE']);

interface WalkOptions {
  /** commits that could not be read before and are stored now */
  found?: ReadonlySet<string> | undefined;
  /** how many commits GitHub counts that are live and not in the history of `head` */
  dropped?: number | null;
}

/** The state of one reading of a history. */
interface Reading {
  context: RepositoryContext;
  head: string;
  /** nothing of this history is stored yet */
  fresh: boolean;
  /** live commits here count as read: the reading ends where they begin */
  trustLive: boolean;
  /** commits that could not be read before, and those of them that are stored now */
  known: ReadonlySet<string>;
  filled: Set<string>;
  /** commits that are listed but not written yet, and GitHub's time when it listed them */
  held: CommitRow[];
  heldBytes: number;
  date: string;
  /** stores the people of what is held while more of it is read */
  people: PeopleAhead;
  /** where an interrupted list resumes */
  saved: Checkpoint | undefined;
  tips: ListedTips;
  /** GitHub listed some commit */
  isListed: boolean;
  /** some of it is stored, and how many pages of it this reading wrote */
  flushed: boolean;
  flushes: number;
  /** the page counts at which it last tried to prove that nothing is missing, and looked for skipped commits */
  provedAt: number;
  lookedAt: number;
  /** commits that nobody shows, from which a list of their own was read */
  confirmed: Set<string>;
}

/**
 * Reads the list of commits from `head` until no ancestor is missing, saving as it goes. An interrupted reading
 * continues. A commit that the list does not show is requested individually; if GitHub cannot answer even that,
 * only that commit is left out, and the history continues with what was listed behind it.
 *
 * @param verify reads all of it, whatever is known
 * @throws SyncError NOT_YET_VISIBLE, GITHUB_UNAVAILABLE if nothing of the history is available
 */
export async function walkHistory(
  context: RepositoryContext,
  head: string,
  verify: boolean,
  { found = new Set(), dropped = null }: WalkOptions = {},
): Promise<void> {
  const reading = beginReading(context, head, verify, found);
  try {
    await readAndWrite(reading, { verify, dropped });
  } finally {
    // Nothing is written any more once the lease is released.
    await reading.people.done();
  }
}

async function readAndWrite(
  reading: Reading,
  { verify, dropped }: { verify: boolean; dropped: number | null },
): Promise<void> {
  const { context, head } = reading;
  for (let start = head; ;) {
    const outcome = await readFrom(reading, start);
    if (outcome === 'complete') break;
    if (reading.fresh && !reading.flushed && start === head && isCompleteHistory(head, reading.held)) {
      await reading.people.done();
      await finishHistory(context, head, { whole: { rows: reading.held, date: reading.date } });
      return;
    }
    await flush(reading, null);
    const next = (await firstMissing(reading, start, outcome)) ?? (await toConfirm(reading));
    if (next === undefined) break;
    throwIfExpired(context);
    start = next;
  }
  if (verify || reading.confirmed.size > 0) await setGuessedParents(context, reading.tips.shas());
  await finishHistory(context, head, { filled: reading.filled, dropped });
}

function beginReading(
  context: RepositoryContext,
  head: string,
  verify: boolean,
  found: ReadonlySet<string>,
): Reading {
  const { repository } = context;
  const fresh = repository.head_sha === null && !verify;
  const checkpoint = repository.checkpoints[checkpointKeys.history];
  const saved = checkpoint?.target === head ? checkpoint : undefined;
  return {
    context,
    head,
    fresh,
    trustLive: !fresh && !verify,
    known: new Set(gapsOf(repository).map(({ sha }) => sha)),
    filled: new Set(found),
    held: [],
    heldBytes: 0,
    date: new Date().toISOString(),
    people: createPeopleAhead(context),
    saved,
    tips: listedTips(saved?.tips),
    isListed: saved !== undefined,
    flushed: saved !== undefined,
    flushes: 0,
    provedAt: 0,
    lookedAt: LOOK_AFTER / 2,
    confirmed: new Set(),
  };
}

/**
 * Reads the list that begins with `start`.
 *
 * @returns `complete` if nothing is missing any more, `read` at its end, or why it is unavailable from there
 */
async function readFrom(reading: Reading, start: string): Promise<'complete' | 'read' | SyncError> {
  const { context } = reading;
  let isBegun = false;
  if (reading.saved === undefined) reading.tips.begin(start);
  try {
    for await (const page of context.api.commits(start, reading.saved?.url)) {
      isBegun = true;
      hold(reading, page);
      const stop = page.next !== null && context.shouldYield();
      if (reading.trustLive) {
        // Known history follows: the reading may be complete long before the list ends.
        const isConnected = await flush(reading, page.next);
        if (await isComplete(reading, isConnected, page.unreadable.length > 0)) return 'complete';
      } else if (stop || reading.held.length >= CHUNK_ROWS || reading.heldBytes >= CHUNK_BYTES) {
        await flush(reading, page.next);
      }
      if (stop) throw new TimeSliceExpired();
    }
  } catch (error) {
    if (isBegun || !(error instanceof SyncError) || !ofFirstCommit.has(error.code)) throw error;
    return error;
  }
  reading.saved = undefined;
  return 'read';
}

function hold(reading: Reading, { rows, date }: Pick<RowPage<CommitRow>, 'rows' | 'date'>): void {
  reading.date = date;
  reading.held.push(...rows);
  reading.heldBytes += rows.reduce((sum, row) => sum + row.message.length, 0);
  reading.tips.list(rows);
  if (!reading.trustLive) reading.people.look(reading.held, date);
  reading.isListed ||= rows.length > 0;
  for (const { sha } of rows) if (reading.known.has(sha)) reading.filled.add(sha);
}

/**
 * Writes the commits held in memory, and where the list continues.
 *
 * @returns whether every parent that these commits name is stored, if that is of use
 */
async function flush(reading: Reading, next: string | null): Promise<boolean> {
  const { context, head, held, date, tips, known, trustLive } = reading;
  await reading.people.done();
  const rows = await prepareCommits(context, held, date);
  const parents = [...new Set(held.flatMap((row) => row.parents))].filter((sha) => !known.has(sha));
  await context.save(async (tx) => {
    const written = await stageCommits(tx, rows);
    const checkpoint = next === null ? null : { ...atPage(next, date, head), tips: tips.shas() };
    await context.saveCheckpoint(tx, checkpointKeys.history, checkpoint);
    return { commits: written };
  });
  reading.flushed = true;
  reading.flushes += 1;
  reading.held = [];
  reading.heldBytes = 0;
  const { id } = context.repository;
  return trustLive && (await countStored(sqlOf(context.orm), id, parents)) === parents.length;
}

/**
 * Walking all staged commits proves that nothing is missing. It is tried only if the latest page does not
 * disprove it and, after a failed attempt, only after twice as many pages, so that its total cost stays that of
 * the last attempt. The search for commits that the list skipped is equally rare; without it the list would be
 * read to its end.
 */
async function isComplete(reading: Reading, isConnected: boolean, isOdd: boolean): Promise<boolean> {
  const { context, head, flushes } = reading;
  if (isConnected) {
    if (flushes < 2 * reading.provedAt) return false;
    reading.provedAt = flushes;
    return (await missingFrom(context, head, true)).length === 0;
  }
  if (!isOdd && flushes < 2 * reading.lookedAt) return false;
  reading.lookedAt = Math.max(reading.lookedAt, flushes);
  return (
    (await lookForCommits(context, await missingFrom(context, head, true))) &&
    (await missingFrom(context, head, true)).length === 0
  );
}

/**
 * A commit from which the history must still be listed, after each commit that the list lacks was requested
 * individually.
 */
async function firstMissing(
  { context, head, trustLive, tips, isListed }: Reading,
  start: string,
  outcome: 'read' | SyncError,
): Promise<string | undefined> {
  const lacking = await missingFrom(context, head, trustLive);
  if (lacking.length === 0) return undefined;
  const unlisted = outcome === 'read' ? null : { sha: start, error: outcome };
  await refetchCommits(context, lacking, { parents: tips.shas(), isListed, unlisted });
  return (await missingFrom(context, head, trustLive))[0];
}

/**
 * What is listed behind a commit that nobody shows is a guess. Before it orphans any live commit, the list that
 * begins with that commit is read as well.
 */
async function toConfirm({ context, head, known, confirmed, tips }: Reading): Promise<string | undefined> {
  const { repository } = context;
  const open = gapsOf(repository).find(({ sha }) => !known.has(sha) && !confirmed.has(sha));
  if (open === undefined || repository.head_sha === null) return undefined;
  if (confirmed.size > 0) await setGuessedParents(context, tips.shas());
  if (!(await wouldOrphan(context, head))) return undefined;
  confirmed.add(open.sha);
  return open.sha;
}
