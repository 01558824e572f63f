import { sqlOf } from '../../db/orm.ts';
import { countStored, stageCommits } from '../../db/commits/write-commits.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import type { CommitRow } from '../../model.ts';
import { refetchCommits, lookForCommits, setGuessedParents } from './refetch-commits.ts';
import { isCompleteHistory } from './complete-history.ts';
import { finishHistory, missingFrom, prepareCommits, wouldOrphan } from './commit-history.ts';
import { listedTips } from './listed-tips.ts';
import { TimeSliceExpired } from '../repository/interruption.ts';
import type { RepositoryContext } from '../repository/repository-context.ts';
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

/**
 * Reads the list of commits from `head` until no ancestor is missing, saving as it goes. Where it was interrupted
 * before, it continues. A commit that the list does not show is asked for alone; where GitHub cannot answer even that,
 * it alone is left out, and the history continues with what was listed behind it.
 *
 * @param verify reads all of it, whatever is known
 * @throws SyncError NOT_YET_VISIBLE, GITHUB_UNAVAILABLE where nothing of the history can be had
 */
export async function walkHistory(
  context: RepositoryContext,
  head: string,
  verify: boolean,
  { found = new Set(), dropped = null }: WalkOptions = {},
): Promise<void> {
  const { repository } = context;
  const fresh = repository.head_sha === null && !verify;
  const trustLive = !fresh && !verify;
  const known = new Set(gapsOf(repository).map(({ sha }) => sha));
  const filled = new Set(found);
  let held: CommitRow[] = [];
  let heldBytes = 0;
  let date = new Date().toISOString();
  let saved = repository.checkpoints['commits'];
  if (saved?.target !== head) saved = undefined;
  const tips = listedTips(saved?.tips);
  let isListed = saved !== undefined;
  let flushed = saved !== undefined;
  let flushes = 0;
  let provedAt = 0;
  let lookedAt = LOOK_AFTER / 2;

  /** @returns where it can be of use, whether every parent that these commits name is in the table */
  async function flush(next: string | null): Promise<boolean> {
    const rows = await prepareCommits(context, held, date);
    const parents = [...new Set(held.flatMap((row) => row.parents))].filter((sha) => !known.has(sha));
    await context.save(async (tx) => {
      const written = await stageCommits(tx, rows);
      const checkpoint =
        next === null ? null : { url: next, began_at: date, target: head, tips: tips.shas() };
      await context.saveCheckpoint(tx, 'commits', checkpoint);
      return { commits: written };
    });
    flushed = true;
    flushes += 1;
    held = [];
    heldBytes = 0;
    return trustLive && (await countStored(sqlOf(context.orm), repository.id, parents)) === parents.length;
  }

  /**
   * The walk over all that was staged is the proof that nothing is missing. It is tried where the newest page does
   * not disprove it, and after a vain try not before twice as many pages: its cost stays that of the last one. As
   * seldom it is looked for a commit that the list passed over: else the list would be read to its end.
   */
  async function isComplete(isConnected: boolean, isOdd: boolean): Promise<boolean> {
    if (isConnected) {
      if (flushes < 2 * provedAt) return false;
      provedAt = flushes;
      return (await missingFrom(context, head, true)).length === 0;
    }
    if (!isOdd && flushes < 2 * lookedAt) return false;
    lookedAt = Math.max(lookedAt, flushes);
    return (
      (await lookForCommits(context, await missingFrom(context, head, true))) &&
      (await missingFrom(context, head, true)).length === 0
    );
  }

  const confirmed = new Set<string>();

  /**
   * What is listed behind a commit that nobody shows, is a guess. Before anything live is orphaned by it, the list
   * that begins with it is read as well.
   */
  async function toConfirm(): Promise<string | undefined> {
    const open = gapsOf(repository).find(({ sha }) => !known.has(sha) && !confirmed.has(sha));
    if (open === undefined || repository.head_sha === null) return undefined;
    if (confirmed.size > 0) await setGuessedParents(context, tips.shas());
    if (!(await wouldOrphan(context, head))) return undefined;
    confirmed.add(open.sha);
    return open.sha;
  }

  /** @returns true when nothing is missing any more, or why the list is unavailable from there */
  async function readFrom(start: string): Promise<boolean | SyncError> {
    let isBegun = false;
    if (saved === undefined) tips.begin(start);
    try {
      for await (const page of context.api.commits(start, saved?.url)) {
        isBegun = true;
        date = page.date;
        held.push(...page.rows);
        tips.list(page.rows);
        isListed ||= page.rows.length > 0;
        for (const { sha } of page.rows) if (known.has(sha)) filled.add(sha);
        heldBytes += page.rows.reduce((sum, row) => sum + row.message.length, 0);
        const stop = page.next !== null && context.shouldYield();
        if (trustLive) {
          // Known history below: the walk may be over long before the list is.
          if (await isComplete(await flush(page.next), page.unreadable.length > 0)) return true;
        } else if (stop || held.length >= CHUNK_ROWS || heldBytes >= CHUNK_BYTES) {
          await flush(page.next);
        }
        if (stop) throw new TimeSliceExpired();
      }
    } catch (error) {
      if (isBegun || !(error instanceof SyncError) || !ofFirstCommit.has(error.code)) throw error;
      return error;
    }
    saved = undefined;
    return false;
  }

  for (let start = head; ;) {
    const outcome = await readFrom(start);
    if (outcome === true) break;
    if (fresh && !flushed && start === head && isCompleteHistory(head, held)) {
      await finishHistory(context, head, { whole: { rows: held, date } });
      return;
    }
    await flush(null);
    let lacking = await missingFrom(context, head, trustLive);
    if (lacking.length > 0) {
      const unlisted = outcome === false ? null : { sha: start, error: outcome };
      await refetchCommits(context, lacking, { parents: tips.shas(), isListed, unlisted });
      lacking = await missingFrom(context, head, trustLive);
    }
    const next = lacking[0] ?? (await toConfirm());
    if (next === undefined) break;
    if (context.shouldYield()) throw new TimeSliceExpired();
    start = next;
  }
  if (verify || confirmed.size > 0) await setGuessedParents(context, tips.shas());
  await finishHistory(context, head, { filled, dropped });
}
