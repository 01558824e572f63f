import {
  addLiveCommits,
  areLive,
  countStored,
  historyChange,
  missingAncestors,
  rewriteHistory,
  setHead,
  stageCommits,
} from '../db/writes/write-commits.ts';
import { allowLongStatements } from '../db/long-statement.ts';
import { sqlIn, sqlOf, type Sql } from '../db/orm.ts';
import { recountContributors } from '../db/writes/recount-contributors.ts';
import { SyncError } from '../errors.ts';
import type { CommitRow } from '../model.ts';
import { OutOfTime, type RepositoryWork } from './repository-work.ts';
import { resolveAuthors } from './resolve-authors.ts';

/** So much is held before it is written; most repositories are written in one transaction. */
const CHUNK_ROWS = 10_000;
const CHUNK_BYTES = 16_000_000;

/**
 * Brings the commits to the history of `head`: exactly what is reachable from it is live, and `head_sha` moves
 * in the same transaction. What is missing is found by the parents of what is there, never by dates: old
 * commits that arrive late, skewed clocks and rewritten histories are all the same to it.
 *
 * @param head null for a repository without commits
 */
export async function compareCommits(work: RepositoryWork, head: string | null): Promise<void> {
  const { repository } = work;
  if (head === null) {
    if (repository.head_sha !== null) await finish(work, null);
    return;
  }
  const verify = work.mode === 'everything';
  if (head === repository.head_sha && !verify) return;
  if (!verify && repository.head_sha !== null && (await followHead(work, repository.head_sha, head))) return;
  await walkHistory(work, head, verify);
}

/** One comparison at GitHub from the known head to the new one. False when that is not enough. */
async function followHead(work: RepositoryWork, known: string, head: string): Promise<boolean> {
  const comparison = await work.api.compare(known, head).catch((error: unknown) => {
    // A difference too large for GitHub to compute is walked instead.
    if (error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE') return null;
    throw error;
  });
  if (comparison === null) return false;
  const commits = await store(work, comparison.commits);
  const shas = new Set(commits.map(({ sha }) => sha));
  const outside = [...new Set(commits.flatMap(({ parents }) => parents.filter((sha) => !shas.has(sha))))];
  let complete = false;
  await work.save(async (tx) => {
    const forward = comparison.status === 'ahead' && shas.has(head);
    if (forward && (await areLive(tx, work.repository.id, outside))) {
      const written = await addLiveCommits(tx, commits);
      await recountContributors(tx, work.repository.id, authorsOf(commits));
      await setHead(tx, work.repository.id, head);
      complete = true;
      return { commits: written };
    }
    return { commits: await stageCommits(tx, commits) };
  });
  if (complete) {
    work.repository.head_sha = head;
    return true;
  }
  // Everything reachable must be in the table before the head moves.
  if ((await missing(work, head, true)).length > 0) return false;
  await finish(work, head);
  return true;
}

/**
 * Reads the list of commits from `head` until no ancestor is missing, saving as it goes. Where it was
 * interrupted before, it goes on.
 */
async function walkHistory(work: RepositoryWork, head: string, verify: boolean): Promise<void> {
  const { repository } = work;
  const fresh = repository.head_sha === null && !verify;
  let held: CommitRow[] = [];
  let heldBytes = 0;
  let date = new Date().toISOString();
  let start = head;
  let saved = repository.walks['commits'];
  if (saved?.target !== head) saved = undefined;
  let flushed = saved !== undefined;
  let flushes = 0;
  let provedAt = 0;

  /** @returns whether every parent that these commits name is in the table, their own ancestors aside */
  async function flush(next: string | null): Promise<boolean> {
    const rows = await store(work, held, date);
    const parents = [...new Set(held.flatMap((row) => row.parents))];
    await work.save(async (tx) => {
      const written = await stageCommits(tx, rows);
      await work.saveWalk(tx, 'commits', next === null ? null : { url: next, began_at: date, target: head });
      return { commits: written };
    });
    flushed = true;
    flushes += 1;
    held = [];
    heldBytes = 0;
    return (await countStored(sqlOf(work.orm), repository.id, parents)) === parents.length;
  }

  /**
   * The walk over all that was staged is the proof that nothing is missing. It is tried where the newest page does
   * not disprove it, and after a vain try not before twice as many pages: its cost stays that of the last one.
   */
  async function isComplete(connected: boolean): Promise<boolean> {
    if (!connected || flushes < 2 * provedAt) return false;
    provedAt = flushes;
    return (await missing(work, head, true)).length === 0;
  }

  for (let round = 0; ; round += 1) {
    for await (const page of work.api.commits(start, saved?.url)) {
      date = page.date;
      held.push(...page.rows);
      heldBytes += page.rows.reduce((sum, row) => sum + row.message.length, 0);
      const stop = page.next !== null && work.timeIsUp();
      if (!fresh && !verify) {
        // Known history below: the walk may be over long before the list is.
        if (await isComplete(await flush(page.next))) break;
      } else if (stop || held.length >= CHUNK_ROWS || heldBytes >= CHUNK_BYTES) {
        await flush(page.next);
      }
      if (stop) throw new OutOfTime();
    }
    saved = undefined;
    if (fresh && !flushed && round === 0 && hangsTogether(head, held)) {
      await finish(work, head, held, date);
      return;
    }
    await flush(null);
    const lacking = await missing(work, head, !verify && !fresh);
    const [next] = lacking;
    if (next === undefined) break;
    if (next === start && work.refused.some(({ key }) => key.endsWith(`/${next}`))) {
      throw new SyncError('ROW_REFUSED', `commit ${next}, through which its history goes, cannot be held`);
    }
    if (next === start) throw new SyncError('NOT_YET_VISIBLE', `commit ${next} is announced but not shown`);
    start = next;
  }
  await finish(work, head);
}

/** True when `commits` are a whole history of `head`. */
function hangsTogether(head: string, commits: readonly CommitRow[]): boolean {
  const shas = new Set(commits.map((commit) => commit.sha));
  return shas.has(head) && commits.every(({ parents }) => parents.every((sha) => shas.has(sha)));
}

async function finish(
  work: RepositoryWork,
  head: string | null,
  whole?: CommitRow[],
  date?: string,
): Promise<void> {
  const { id } = work.repository;
  const rows = whole ? await store(work, whole, date) : [];
  // Nobody else changes which commits are live while the lease is held, and without it the save below fails.
  const change =
    whole || work.repository.head_sha === null
      ? null
      : await readOnly(work, (tx) => historyChange(tx, id, head));
  await work.save(async (tx) => {
    await work.saveWalk(tx, 'commits', null);
    if (!whole) return rewriteHistory(tx, id, head, change, work.mode === 'everything');
    const written = await addLiveCommits(tx, rows);
    await recountContributors(tx, id, null);
    await setHead(tx, id, head);
    return { commits: written };
  });
  work.repository.head_sha = head;
}

async function missing(work: RepositoryWork, head: string, trustLive: boolean): Promise<string[]> {
  return readOnly(work, (tx) =>
    allowLongStatements(tx, () => missingAncestors(tx, work.repository.id, head, trustLive)),
  );
}

/** A long look at the table in a transaction of its own, without the lock that writers wait for. */
async function readOnly<T>(work: RepositoryWork, read: (tx: Sql) => Promise<T>): Promise<T> {
  return work.orm.em.fork().transactional((em) => read(sqlIn(em)));
}

function store(work: RepositoryWork, commits: readonly CommitRow[], date = new Date().toISOString()) {
  return resolveAuthors(work.orm, work.repository.id, commits, date, work.api.noreplyHost, work.refused);
}

function authorsOf(commits: readonly { author_id: number | null }[]): number[] {
  return [...new Set(commits.flatMap(({ author_id }) => (author_id === null ? [] : [author_id])))];
}
