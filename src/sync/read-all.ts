import { writeIssues } from '../db/writes/write-issues.ts';
import { writePullRequests } from '../db/writes/write-pull-requests.ts';
import type { Sql } from '../db/orm.ts';
import type { RowPage } from '../github/repository-api.ts';
import type { Drift, IssueRow, PullRequestRow } from '../model.ts';
import { changedPullRequestsSince } from './compare-pull-requests.ts';
import { OutOfTime, type RepositoryWork } from './repository-work.ts';
import { storeAuthored } from './store-authored.ts';

/**
 * Reads a list from its beginning to its end, over several rounds where it is long: each page is saved with where
 * the reading goes on.
 *
 * @param target what is read it for; a reading that was interrupted goes on only for the same
 * @throws OutOfTime between two pages when the round is over
 */
async function readAll<Row>(
  work: RepositoryWork,
  name: string,
  target: string,
  read: (from: string | undefined) => AsyncIterable<RowPage<Row> | null>,
  write: (rows: readonly Row[], date: string) => Promise<(tx: Sql) => Promise<Partial<Drift>>>,
): Promise<void> {
  const { walks } = work.repository;
  const saved = walks[name]?.target === target ? walks[name] : undefined;
  for await (const page of read(saved?.url)) {
    if (page === null) break;
    const writeRows = await write(page.rows, page.date);
    const walk =
      page.next === null ? null : { url: page.next, began_at: saved?.began_at ?? page.date, target };
    await work.save(async (tx) => {
      const changed = await writeRows(tx);
      await work.saveWalk(tx, name, walk);
      return changed;
    });
    if (walk === null) delete walks[name];
    else walks[name] = walk;
    if (walk !== null && work.timeIsUp()) throw new OutOfTime();
  }
}

/** @param since all when null */
export async function readIssues(
  work: RepositoryWork,
  target: string,
  since: string | null,
  visit: (row: IssueRow) => void,
): Promise<void> {
  await readAll(
    work,
    'issues asked',
    target,
    (from) => work.api.issues(since, from),
    async (rows, date) => {
      const stored = await storeAuthored(work, rows, date);
      rows.forEach(visit);
      return async (tx) => ({ issues: await writeIssues(tx, stored) });
    },
  );
}

export async function readPullRequests(
  work: RepositoryWork,
  target: string,
  since: string | null,
  visit: (row: PullRequestRow) => void,
): Promise<void> {
  await readAll(
    work,
    'pull_requests asked',
    target,
    (from) => (since === null ? work.api.pullRequests(from) : changedPullRequestsSince(work, since, from)),
    async (rows, date) => {
      const stored = await storeAuthored(work, rows, date);
      rows.forEach(visit);
      return async (tx) => ({ pull_requests: await writePullRequests(tx, stored) });
    },
  );
}
