import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { liveIssues } from '../../db/rows/issue-numbers.ts';
import type { DeletedReason } from '../../entities/entity.ts';
import { issues, type IssueRow } from '../../entities/issues.ts';
import { pullRequests, type PullRequestRow } from '../../entities/pull-requests.ts';
import { announce, isAsNew, type Announcement, type Announcements } from './announcements.ts';
import { compareList } from '../listings/compare-list.ts';
import { prepareWrite } from '../store-rows.ts';
import type { RepositoryFacts } from '../repository/repository-facts.ts';
import type { RepositoryWriter } from '../repository/repository-writer.ts';
import type { RepositoryContext } from '../repository/repository-context.ts';

/** Makes one issue match GitHub's answer; whether that is as new as what was announced. */
export async function refetchIssue(
  context: RepositoryContext,
  number: number,
  announced: Announcement<IssueRow>,
  last: boolean,
): Promise<boolean> {
  const found = await context.api.find(issues, { number });
  switch (found.state) {
    case 'found': {
      const isShown = isAsNew(found.row, announced);
      // The next answer is measured by the count from before: one on its way to the right one must not replace it.
      const count = isShown || last ? undefined : announced.stored?.comments_count;
      const row = count === undefined ? found.row : { ...found.row, comments_count: count };
      const write = await prepareWrite(context, issues, [row], found.date);
      await context.save(async (tx) => ({ issues: await write(tx) }));
      return isShown;
    }
    case 'gone':
    case 'moved':
      await markLost(context, number, found.state === 'moved' ? 'transferred' : 'deleted');
      return true;
    case 'absent':
      // It was marked as lost: as long as GitHub does not show it, it stays so.
      if (announced.marked) return true;
      if (announced.lost !== null) await markLost(context, number, announced.lost);
      // A 404 alone is no evidence, and can be too early: the number of issues is, and the list of all.
      else if (last) await compareList(context, issues, await context.probe());
      return announced.lost !== null;
    default:
      return true;
  }
}

async function markLost(
  context: RepositoryFacts & RepositoryWriter,
  number: number,
  reason: DeletedReason,
): Promise<void> {
  await context.save(async (tx) => {
    const ids = await liveIssues(tx, context.repository.id, number);
    return { issues: (await markRowsDeleted(tx, issues, context.repository.id, ids, reason)).length };
  });
}

/** As `refetchIssue`, for a pull request. */
export async function refetchPullRequest(
  context: RepositoryContext,
  number: number,
  announced: Announcement<PullRequestRow>,
  last: boolean,
): Promise<boolean> {
  const found = await context.api.find(pullRequests, { number });
  if (found.state === 'found') {
    const write = await prepareWrite(context, pullRequests, [found.row], found.date);
    await context.save(async (tx) => ({ pull_requests: await write(tx) }));
    return isAsNew(found.row, announced);
  }
  if (announced.marked) return true;
  if (last) await compareList(context, pullRequests, await context.probe());
  return false;
}

/** Makes pull requests of which something changed without a trace match GitHub's answer. */
export async function refetchPullRequests(
  context: RepositoryContext,
  numbers: readonly number[],
): Promise<void> {
  const asked: Announcements<PullRequestRow> = new Map();
  for (const number of numbers) {
    const announced = announce(asked, number, null);
    await context.pollUntilConsistent((last) => refetchPullRequest(context, number, announced, last));
  }
}
