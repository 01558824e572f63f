import type { Numbered } from '../db/queries/issue-numbers.ts';
import { markIssuesDeleted, writeIssues } from '../db/writes/write-issues.ts';
import type { IssueRow, Probe } from '../model.ts';
import { saveThrough } from '../db/writes/repository-progress.ts';
import { compareList, type ComparedList } from './compare-list.ts';
import type { RepositoryWork } from './repository-work.ts';
import { storeAuthored } from './store-authored.ts';

/** So many lost issues are asked for one by one; beyond, the complete list alone is the evidence. */
const ASKED_AT_MOST = 300;

export async function compareIssues(work: RepositoryWork, probe: Probe | null): Promise<void> {
  await compareList(work, issuesOf(work), probe);
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
    settleMissing: (missing) => settleMissing(work, missing),
    saveThrough: async (tx, through) => {
      repository.issues_through = through;
      await saveThrough(tx, repository.id, 'issues_through', through);
    },
  };
}

async function settleMissing(work: RepositoryWork, missing: readonly Numbered[]): Promise<void> {
  const gone = missing.slice(ASKED_AT_MOST).map(({ id }) => id);
  const moved: number[] = [];
  for (const { id, number } of missing.slice(0, ASKED_AT_MOST)) {
    const found = await work.api.issue(number);
    // Found under its number, but not listed: another issue, or one that came meanwhile.
    if (found.state === 'found' && found.row.id === id) continue;
    if (found.state === 'moved') moved.push(id);
    else if (found.state !== 'disabled') gone.push(id);
  }
  await work.save(async (tx) => {
    const transferred = await markIssuesDeleted(tx, work.repository.id, moved, 'transferred');
    return { issues: transferred + (await markIssuesDeleted(tx, work.repository.id, gone, 'deleted')) };
  });
}
