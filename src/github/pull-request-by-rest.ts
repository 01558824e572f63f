import { z } from 'zod';
import { countIfShown, id, number as numberIn, timeOrNull } from '../entities/fields.ts';
import { pullRequestReviews } from '../entities/pull-request-reviews.ts';
import { SyncError } from '../errors.ts';
import { storable } from '../text.ts';
import { read } from './answers.ts';
import type { PullRequestDetail } from './graphql/pull-request-detail.ts';
import { itemsOf } from './pages/page-items.ts';
import type { Page } from './pages/page.ts';
import { pages } from './pages/pages.ts';
import { rowPage } from './pages/row-page.ts';
import type { GitHubSession } from './session/session.ts';

const pullRequest = z.object({
  id,
  number: numberIn,
  updated_at: z.string(),
  merged_by: z.object({ login: z.string() }).nullish().catch(undefined),
  additions: countIfShown,
  deletions: countIfShown,
  changed_files: countIfShown,
  commits: countIfShown,
  comments: countIfShown,
  review_comments: countIfShown,
});
const commit = z.object({ commit: z.object({ author: z.object({ date: timeOrNull }).nullish() }) });
const readyEvent = z.object({ event: z.literal('ready_for_review'), created_at: timeOrNull });

/**
 * The detail of a pull request, where GraphQL does not answer: four requests in place of a twenty-fifth of one. REST
 * has no review threads, so that it is complete only if there are no comments on lines.
 *
 * @param root of the repository, `/repositories/1`
 * @returns null if GitHub does not have it
 * @throws SyncError
 */
export async function pullRequestByRest(
  session: GitHubSession,
  root: string,
  number: number,
): Promise<{ detail: PullRequestDetail; date: string } | null> {
  const path = `${root}/pulls/${number}`;
  const answer = await session.get(path, [404]);
  if (answer.status === 404) return null;
  const shown = read(pullRequest, answer.data, 'pull request');
  const [{ reviews, error: oddReview }, firstCommit, ready] = await Promise.all([
    readReviews(session, path, shown),
    firstCommitAt(session, path),
    readyForReviewAt(session, `${root}/issues/${number}`),
  ]);
  const error = oddReview ?? [firstCommit, ready].find((one) => one instanceof SyncError) ?? null;
  return {
    date: answer.date,
    detail: {
      id: shown.id,
      number,
      updated_at: shown.updated_at,
      columns: {
        merged_by_login: shown.merged_by ? storable(shown.merged_by.login) : shown.merged_by,
        additions: shown.additions ?? undefined,
        deletions: shown.deletions ?? undefined,
        changed_files: shown.changed_files ?? undefined,
        commits_count: shown.commits ?? undefined,
        comments_count: shown.comments ?? undefined,
        first_commit_at: orUnknown(firstCommit),
        ready_for_review_at: orUnknown(ready),
      },
      reviews,
      threads: [],
      complete: oddReview === null && shown.review_comments === 0,
      error,
    },
  };
}

async function readReviews(session: GitHubSession, path: string, { id: pullRequestId }: { id: number }) {
  const reviews: PullRequestDetail['reviews'] = [];
  let error: SyncError | null = null;
  const list = pages(session, `${path}/reviews?per_page=100`, { stable: true }, (page: Page) =>
    rowPage(page, pullRequestReviews),
  );
  for await (const { rows, unreadable } of list) {
    const submitted = rows.filter(({ state }) => state !== 'PENDING');
    reviews.push(...submitted.map((row) => ({ ...row, pull_request_id: pullRequestId })));
    const [odd] = unreadable;
    if (odd !== undefined) error ??= new SyncError('GITHUB_BAD_ANSWER', odd.reason);
  }
  return { reviews, error };
}

function orUnknown(shown: string | null | SyncError): string | null | undefined {
  return shown instanceof SyncError ? undefined : shown;
}

/** When its first commit was made; commits are listed in the order of their history. An error: GitHub does not list them. */
async function firstCommitAt(session: GitHubSession, path: string): Promise<string | null | SyncError> {
  const { status, data } = await session.get(`${path}/commits?per_page=1`, [404]);
  const items = status === 200 ? itemsOf(data) : null;
  if (items === null) return unlisted(`${path}/commits`, status);
  const [first] = items;
  if (first === undefined) return null;
  const shown = commit.safeParse(first);
  return shown.success ? (shown.data.commit.author?.date ?? null) : unlisted(`${path}/commits`, status);
}

/** When it was last marked as ready, by its issue's events, which are listed oldest first. An error: they are not listed. */
async function readyForReviewAt(session: GitHubSession, path: string): Promise<string | null | SyncError> {
  let last: string | null = null;
  const options = { stable: true, allow: [404] };
  const events = pages(session, `${path}/events?per_page=100`, options, ({ answer: { status, data } }) => {
    const items = status === 200 ? itemsOf(data) : null;
    if (items === null) return unlisted(`${path}/events`, status);
    return items.flatMap((event) => readyEvent.safeParse(event).data?.created_at ?? []);
  });
  for await (const times of events) {
    if (times instanceof SyncError) return times;
    last = times.at(-1) ?? last;
  }
  return last;
}

function unlisted(path: string, status: number): SyncError {
  return new SyncError('GITHUB_BAD_ANSWER', `GET ${path}: ${status}, no list`);
}
