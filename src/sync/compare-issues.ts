import { markIssuesDeleted, writeIssues } from '../db/writes/write-issues.ts';
import type { IssueRow, Probe } from '../model.ts';
import { saveThrough } from '../db/writes/repository-progress.ts';
import { compareList, type ComparedKind, type ComparedList } from './compare-list.ts';
import type { RepositoryWork } from './repository-work.ts';
import { storeAuthored } from './store-authored.ts';

export async function compareIssues(work: RepositoryWork, probe: Probe | null): Promise<ComparedKind> {
  return compareList(work, issuesOf(work), probe);
}

function issuesOf(work: RepositoryWork): ComparedList<IssueRow> {
  const { repository, api } = work;
  return {
    table: 'issues',
    through: repository.issues_through,
    read: (since, from) => api.issues(since, from),
    count: (probe) => probe.issues_count,
    write: async (rows, date) => {
      const stored = await storeAuthored(work, rows, date);
      return (tx) => writeIssues(tx, stored, work.mode === 'everything');
    },
    find: (number) => api.issue(number),
    mark: (tx, ids, reason) => markIssuesDeleted(tx, repository.id, ids, reason),
    saveThrough: async (tx, through) => {
      repository.issues_through = through;
      await saveThrough(tx, repository.id, 'issues_through', through);
    },
  };
}
