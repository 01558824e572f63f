import { liveIssues } from '../db/queries/issue-numbers.ts';
import { markIssuesDeleted, writeIssues } from '../db/writes/write-issues.ts';
import { writePullRequests } from '../db/writes/write-pull-requests.ts';
import type { Found } from '../github/repository-api.ts';
import { comparePullRequests, readPullRequestsSince } from './compare-pull-requests.ts';
import { compareIssues, readIssuesSince } from './compare-issues.ts';
import { storeAuthored } from './store-authored.ts';
import type { RepositoryWork } from './repository-work.ts';

/** Beyond so many, a list of all that changed since costs fewer requests. */
const ONE_BY_ONE = 10;

/** Numbers to ask for, with the `updated_at` announced; null where a change moved no clock. */
type AskedNumbers = ReadonlyMap<number, string | null>;

/** Brings the issues of these numbers to GitHub's answer, which is to be as new as what was announced. */
export async function askIssues(work: RepositoryWork, numbers: AskedNumbers): Promise<void> {
  if (numbers.size > ONE_BY_ONE) {
    await readIssuesSince(work, oldest(numbers));
    return;
  }
  for (const [number, announced] of numbers) {
    let lost = false;
    await work.settle(async () => {
      const found = await work.api.issue(number);
      if (found.state === 'found') {
        const rows = await storeAuthored(work, [found.row], found.date);
        await work.save(async (tx) => ({ issues: await writeIssues(tx, rows) }));
      }
      if (found.state === 'gone' || found.state === 'moved') await markLost(work, number, found.state);
      lost = found.state === 'absent';
      return isAsNew(found, announced);
    });
    // A 404 alone is no evidence: the number of issues is, and the list of all.
    if (lost) await compareIssues(work, await work.probe());
  }
}

async function markLost(work: RepositoryWork, number: number, state: 'gone' | 'moved'): Promise<void> {
  await work.save(async (tx) => {
    const ids = await liveIssues(tx, work.repository.id, number);
    const reason = state === 'moved' ? 'transferred' : 'deleted';
    return { issues: await markIssuesDeleted(tx, work.repository.id, ids, reason) };
  });
}

/** As `askIssues`, for pull requests. */
export async function askPullRequests(work: RepositoryWork, numbers: AskedNumbers): Promise<void> {
  if (numbers.size > ONE_BY_ONE) {
    await readPullRequestsSince(work, oldest(numbers));
    return;
  }
  for (const [number, announced] of numbers) {
    let lost = false;
    await work.settle(async () => {
      const found = await work.api.pullRequest(number);
      if (found.state === 'found') {
        const rows = await storeAuthored(work, [found.row], found.date);
        await work.save(async (tx) => ({ pull_requests: await writePullRequests(tx, rows) }));
      }
      lost = found.state === 'absent' || found.state === 'gone';
      return isAsNew(found, announced);
    });
    if (lost) await comparePullRequests(work, await work.probe());
  }
}

/** False for an answer that is older than the delivery, and for a 404, which can be too early as well. */
function isAsNew(found: Found<{ updated_at: string }>, announced: string | null): boolean {
  if (found.state === 'found')
    return announced === null || Date.parse(found.row.updated_at) >= Date.parse(announced);
  return found.state !== 'absent';
}

/** The oldest of the announced times; null, the whole list, when one of the changes moved no clock. */
function oldest(numbers: AskedNumbers): string | null {
  const times = [...numbers.values()];
  if (times.includes(null)) return null;
  return new Date(Math.min(...times.map((time) => Date.parse(time ?? '')))).toISOString();
}
