import { sqlOf } from '../../db/orm.ts';
import { countStored, stageCommits } from '../../db/commits/write-commits.ts';
import type { Checkpoint } from '../../db/repository-sync/repository-state.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import type { RowPage } from '../../github/pages/row-page.ts';
import type { CommitRow } from '../../model.ts';
import { atPage, checkpointKeys } from '../checkpoints.ts';
import { refetchCommits, lookForCommits, setGuessedParents } from './refetch-commits.ts';
import { isCompleteHistory } from './complete-history.ts';
import { finishHistory, missingFrom, prepareCommits, wouldOrphan } from './commit-history.ts';
import { listedTips, type ListedTips } from './listed-tips.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { gapsOf } from './unread-commits.ts';

/** So much is held before it is written; most repositories are written in one transaction. */
const CHUNK_ROWS = 10_000;
const CHUNK_BYTES = 16_000_000;
/** After so many pages, and after twice as many each time, it is looked for a commit that the list passed over. */
const LOOK_AFTER = 10;

/** What GitHub may answer where the one commit that a list begins with is what it cannot show. */
const ofFirstCommit = new Set<ErrorCode>(['NOT_FOUND', 'GITHUB_BAD_ANSWER', 'GITHUB_UNAVAILABLE']);

interface WalkOptions {
  /** commits that could not be read before and are in the table now */
  found?: ReadonlySet<string> | undefined;
  /** how many commits GitHub counts that are live and not in the history of `head` */
  dropped?: number | null;
}

/** The state of one reading of a history. */
interface Walk {
  context: RepositoryContext;
  head: string;
  /** nothing of this history is here yet */
  fresh: boolean;
  /** what is live here counts as read: the walk ends where it begins */
  trustLive: boolean;
  /** commits that could not be read before, and those of them that are here now */
  known: ReadonlySet<string>;
  filled: Set<string>;
  /** what was listed and is not written yet, and GitHub's clock when it was */
  held: CommitRow[];
  heldBytes: number;
  date: string;
  /** where an interrupted list resumes */
  saved: Checkpoint | undefined;
  tips: ListedTips;
  /** GitHub listed some commit */
  isListed: boolean;
  /** some of it is in the table, and how many pages of it this reading wrote */
  flushed: boolean;
  flushes: number;
  /** after how many pages it was last tried to prove that nothing is missing, and looked for what the list passed over */
  provedAt: number;
  lookedAt: number;
  /** commits that nobody shows and that a list of their own was read from */
  confirmed: Set<string>;
}

/**
 * Reads the list of commits from `head` until no ancestor is missing, saving as it goes. Where it was interrupted
 * before, it continues. A commit that the list does not show is asked for alone; where GitHub cannot answer even that,
 * it alone is left out, and the history continues with what was listed behind it.
 *
 * @param verify reads all of it, whatever is known
 * @throws SyncError NOT_YET_VISIBLE, GITHUB_UNAVAILABLE where nothing of the history is available
 */
export async function walkHistory(
  context: RepositoryContext,
  head: string,
  verify: boolean,
  { found = new Set(), dropped = null }: WalkOptions = {},
): Promise<void> {
  const walk = beginWalk(context, head, verify, found);
  for (let start = head; ;) {
    const outcome = await readFrom(walk, start);
    if (outcome === 'complete') break;
    if (walk.fresh && !walk.flushed && start === head && isCompleteHistory(head, walk.held)) {
      await finishHistory(context, head, { whole: { rows: walk.held, date: walk.date } });
      return;
    }
    await flush(walk, null);
    const next = (await firstMissing(walk, start, outcome)) ?? (await toConfirm(walk));
    if (next === undefined) break;
    if (context.shouldYield()) throw new TimeSliceExpired();
    start = next;
  }
  if (verify || walk.confirmed.size > 0) await setGuessedParents(context, walk.tips.shas());
  await finishHistory(context, head, { filled: walk.filled, dropped });
}

function beginWalk(
  context: RepositoryContext,
  head: string,
  verify: boolean,
  found: ReadonlySet<string>,
): Walk {
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
 * @returns `complete` when nothing is missing any more, `read` at its end, or why it is unavailable from there
 */
async function readFrom(walk: Walk, start: string): Promise<'complete' | 'read' | SyncError> {
  const { context } = walk;
  let isBegun = false;
  if (walk.saved === undefined) walk.tips.begin(start);
  try {
    for await (const page of context.api.commits(start, walk.saved?.url)) {
      isBegun = true;
      hold(walk, page);
      const stop = page.next !== null && context.shouldYield();
      if (walk.trustLive) {
        // Known history below: the walk may be over long before the list is.
        const isConnected = await flush(walk, page.next);
        if (await isComplete(walk, isConnected, page.unreadable.length > 0)) return 'complete';
      } else if (stop || walk.held.length >= CHUNK_ROWS || walk.heldBytes >= CHUNK_BYTES) {
        await flush(walk, page.next);
      }
      if (stop) throw new TimeSliceExpired();
    }
  } catch (error) {
    if (isBegun || !(error instanceof SyncError) || !ofFirstCommit.has(error.code)) throw error;
    return error;
  }
  walk.saved = undefined;
  return 'read';
}

function hold(walk: Walk, { rows, date }: Pick<RowPage<CommitRow>, 'rows' | 'date'>): void {
  walk.date = date;
  walk.held.push(...rows);
  walk.heldBytes += rows.reduce((sum, row) => sum + row.message.length, 0);
  walk.tips.list(rows);
  walk.isListed ||= rows.length > 0;
  for (const { sha } of rows) if (walk.known.has(sha)) walk.filled.add(sha);
}

/**
 * Writes what is held, and where the list continues.
 *
 * @returns where it can be of use, whether every parent that these commits name is in the table
 */
async function flush(walk: Walk, next: string | null): Promise<boolean> {
  const { context, head, held, date, tips, known, trustLive } = walk;
  const rows = await prepareCommits(context, held, date);
  const parents = [...new Set(held.flatMap((row) => row.parents))].filter((sha) => !known.has(sha));
  await context.save(async (tx) => {
    const written = await stageCommits(tx, rows);
    const checkpoint = next === null ? null : { ...atPage(next, date, head), tips: tips.shas() };
    await context.saveCheckpoint(tx, checkpointKeys.history, checkpoint);
    return { commits: written };
  });
  walk.flushed = true;
  walk.flushes += 1;
  walk.held = [];
  walk.heldBytes = 0;
  const { id } = context.repository;
  return trustLive && (await countStored(sqlOf(context.orm), id, parents)) === parents.length;
}

/**
 * The walk over all that was staged is the proof that nothing is missing. It is tried where the newest page does
 * not disprove it, and after a vain try not before twice as many pages: its cost stays that of the last one. As
 * seldom it is looked for a commit that the list passed over: else the list would be read to its end.
 */
async function isComplete(walk: Walk, isConnected: boolean, isOdd: boolean): Promise<boolean> {
  const { context, head, flushes } = walk;
  if (isConnected) {
    if (flushes < 2 * walk.provedAt) return false;
    walk.provedAt = flushes;
    return (await missingFrom(context, head, true)).length === 0;
  }
  if (!isOdd && flushes < 2 * walk.lookedAt) return false;
  walk.lookedAt = Math.max(walk.lookedAt, flushes);
  return (
    (await lookForCommits(context, await missingFrom(context, head, true))) &&
    (await missingFrom(context, head, true)).length === 0
  );
}

/** A commit from which the history is still to be listed, after each that the list lacks was asked for alone. */
async function firstMissing(
  { context, head, trustLive, tips, isListed }: Walk,
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
 * What is listed behind a commit that nobody shows, is a guess. Before anything live is orphaned by it, the list
 * that begins with it is read as well.
 */
async function toConfirm({ context, head, known, confirmed, tips }: Walk): Promise<string | undefined> {
  const { repository } = context;
  const open = gapsOf(repository).find(({ sha }) => !known.has(sha) && !confirmed.has(sha));
  if (open === undefined || repository.head_sha === null) return undefined;
  if (confirmed.size > 0) await setGuessedParents(context, tips.shas());
  if (!(await wouldOrphan(context, head))) return undefined;
  confirmed.add(open.sha);
  return open.sha;
}
