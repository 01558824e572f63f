import { markRowsDeleted } from '../db/entity-rows.ts';
import { liveIssues } from '../db/queries/issue-numbers.ts';
import type { DeletedReason } from '../entities/entity.ts';
import { issues, type IssueRow } from '../entities/issues.ts';
import { pullRequests, type PullRequestRow } from '../entities/pull-requests.ts';
import { announce, isAsNew, type Announcement, type Announcements } from './announcements.ts';
import { compareList } from './compare-list.ts';
import { prepareWrite } from './store-rows.ts';
import type { RepositoryWork } from './repository-work.ts';

/** Brings one issue to GitHub's answer; whether that is as new as what was announced. */
export async function askIssue(
  work: RepositoryWork,
  number: number,
  announced: Announcement<IssueRow>,
  last: boolean,
): Promise<boolean> {
  const found = await work.api.find(issues, { number });
  switch (found.state) {
    case 'found': {
      const isShown = isAsNew(found.row, announced);
      // The next answer is measured by the count from before: one on its way to the right one must not replace it.
      const count = isShown || last ? undefined : announced.stored?.comments_count;
      const row = count === undefined ? found.row : { ...found.row, comments_count: count };
      const write = await prepareWrite(work, issues, [row], found.date);
      await work.save(async (tx) => ({ issues: await write(tx) }));
      return isShown;
    }
    case 'gone':
    case 'moved':
      await markLost(work, number, found.state === 'moved' ? 'transferred' : 'deleted');
      return true;
    case 'absent':
      // It was marked as lost: as long as GitHub does not show it, it stays so.
      if (announced.marked) return true;
      if (announced.lost !== null) await markLost(work, number, announced.lost);
      // A 404 alone is no evidence, and can be too early: the number of issues is, and the list of all.
      else if (last) await compareList(work, issues, await work.probe());
      return announced.lost !== null;
    default:
      return true;
  }
}

async function markLost(work: RepositoryWork, number: number, reason: DeletedReason): Promise<void> {
  await work.save(async (tx) => {
    const ids = await liveIssues(tx, work.repository.id, number);
    return { issues: (await markRowsDeleted(tx, issues, work.repository.id, ids, reason)).length };
  });
}

/** As `askIssue`, for a pull request. */
export async function askPullRequest(
  work: RepositoryWork,
  number: number,
  announced: Announcement<PullRequestRow>,
  last: boolean,
): Promise<boolean> {
  const found = await work.api.find(pullRequests, { number });
  if (found.state === 'found') {
    const write = await prepareWrite(work, pullRequests, [found.row], found.date);
    await work.save(async (tx) => ({ pull_requests: await write(tx) }));
    return isAsNew(found.row, announced);
  }
  if (announced.marked) return true;
  if (last) await compareList(work, pullRequests, await work.probe());
  return false;
}

/** Brings pull requests to GitHub's answer of which something changed without a trace. */
export async function askPullRequests(work: RepositoryWork, numbers: readonly number[]): Promise<void> {
  const asked: Announcements<PullRequestRow> = new Map();
  for (const number of numbers) {
    const announced = announce(asked, number, null);
    await work.settle((last) => askPullRequest(work, number, announced, last));
  }
}
