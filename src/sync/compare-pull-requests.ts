import { markPullRequestsDeleted, writePullRequests } from '../db/writes/write-pull-requests.ts';
import type { RowPage } from '../github/repository-api.ts';
import type { Probe, PullRequestRow } from '../model.ts';
import { saveThrough } from '../db/writes/repository-progress.ts';
import { compareList, type ComparedKind, type ComparedList } from './compare-list.ts';
import type { RepositoryWork } from './repository-work.ts';
import { storeAuthored } from './store-authored.ts';

export async function comparePullRequests(work: RepositoryWork, probe: Probe | null): Promise<ComparedKind> {
  return compareList(work, pullRequestsOf(work), probe);
}

function pullRequestsOf(work: RepositoryWork): ComparedList<PullRequestRow> {
  const { repository, api } = work;
  return {
    table: 'pull_requests',
    through: repository.pull_requests_through,
    read: (since, from) =>
      since === null ? api.pullRequests(from) : changedPullRequestsSince(work, since, from),
    count: (probe) => probe.pull_requests_count,
    write: async (rows, date) => {
      const stored = await storeAuthored(work, rows, date);
      return (tx) => writePullRequests(tx, stored, work.mode === 'everything');
    },
    find: (number) => api.pullRequest(number),
    mark: (tx, ids) => markPullRequestsDeleted(tx, repository.id, ids),
    saveThrough: async (tx, through) => {
      repository.pull_requests_through = through;
      await saveThrough(tx, repository.id, 'pull_requests_through', through);
    },
  };
}

/**
 * The list has no `since`: newest changes first, as far as the page that reaches back to `since`. An edit moves
 * rows towards later pages only, so that an interrupted reading may go on where it was.
 */
export async function* changedPullRequestsSince(
  work: RepositoryWork,
  since: string,
  start?: string,
): AsyncGenerator<RowPage<PullRequestRow> | null> {
  const from = Date.parse(since);
  for await (const page of work.api.changedPullRequests(start)) {
    if (page === null) {
      yield null;
      return;
    }
    const through = page.rows.some((row) => Date.parse(row.updated_at) < from);
    yield through ? { ...page, next: null } : page;
    if (through) return;
  }
}
