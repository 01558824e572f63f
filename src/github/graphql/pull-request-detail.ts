import { z } from 'zod';
import type { PullRequestReviewRow } from '../../entities/pull-request-reviews.ts';
import type { ReviewThreadRow } from '../../entities/pull-request-review-threads.ts';
import { authorOf, body, countIfShown, textOrNull, timeOrNull } from '../../entities/fields.ts';
import { isUnusableAnswer, type SyncError } from '../../errors.ts';
import { storable } from '../../text.ts';
import { accountsByLogin, type FindAccount } from '../accounts-by-login.ts';
import { endsOf } from '../pages/arrived-page.ts';
import { read } from '../answers.ts';
import { queryNodes } from './query-nodes.ts';
import { DETAILS, MORE } from './pull-request-detail-questions.ts';
import type { GitHubSession } from '../session/session.ts';

/** GraphQL shows bots without REST's suffix, and account ids in 31 bits. */
const account = z
  .object({ kind: z.string(), login: z.string(), databaseId: z.number().nullish() })
  .nullish()
  .transform((shown) => {
    if (!shown) return null;
    const login = shown.kind === 'Bot' ? `${shown.login}[bot]` : shown.login;
    return { id: shown.databaseId ?? null, login, type: shown.kind, avatar_url: null };
  });

const bigId = z.union([z.string(), z.number()]).transform(Number).pipe(z.number().int());
const review = z.object({
  fullDatabaseId: bigId,
  state: z.string(),
  body,
  submittedAt: timeOrNull,
  authorAssociation: textOrNull,
  commit: z.object({ oid: z.string() }).nullish(),
  author: account,
});
const thread = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  path: z.string(),
  resolvedBy: z.object({ login: z.string() }).nullish(),
});
/** Its elements are read one by one: an odd one spoils no other. */
const list = z.object({
  totalCount: z.number(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.unknown()),
});
const detail = z.object({
  fullDatabaseId: bigId,
  number: z.number().int(),
  updatedAt: z.string(),
  additions: countIfShown,
  deletions: countIfShown,
  changedFiles: countIfShown,
  mergedBy: account,
  comments: z.object({ totalCount: countIfShown }),
  commits: z.object({
    totalCount: countIfShown,
    nodes: z.array(z.object({ commit: z.object({ authoredDate: timeOrNull }) }).nullable()).nullish(),
  }),
  reviews: list,
  reviewThreads: list,
  ready: z.object({ nodes: z.array(z.object({ createdAt: timeOrNull }).nullable()).nullish() }),
});

/** Undefined: the answer does not show it. */
interface DetailColumns {
  merged_by_login: string | null | undefined;
  additions: number | undefined;
  deletions: number | undefined;
  changed_files: number | undefined;
  commits_count: number | undefined;
  comments_count: number | undefined;
  first_commit_at: string | null | undefined;
  ready_for_review_at: string | null | undefined;
}

/** What the list of pull requests does not show: further columns, reviews, and review threads. */
export interface PullRequestDetail {
  id: number;
  number: number;
  updated_at: string;
  columns: DetailColumns;
  reviews: (PullRequestReviewRow & { pull_request_id: number })[];
  threads: Omit<ReviewThreadRow, 'id'>[];
  /** whether all were listed: then GitHub has no others */
  complete: boolean;
  /** why one of its reviews or threads could not be read */
  error: SyncError | null;
}

/**
 * The detail of pull requests by node id, in the requested order; null for one that GitHub does not show, an
 * error for one that is unavailable.
 *
 * @param children reviews, and threads, on a page of each
 * @throws SyncError GITHUB_UNAVAILABLE or GITHUB_BAD_ANSWER if the query as a whole is too much (`isUnusableAnswer`)
 */
export async function pullRequestDetails(
  session: GitHubSession,
  nodeIds: readonly string[],
  children: number,
): Promise<{ details: (PullRequestDetail | SyncError | null)[]; date: string }> {
  const { nodes, failures, date } = await queryNodes(session, DETAILS, { ids: nodeIds, children });
  const details: (PullRequestDetail | SyncError | null)[] = [];
  const findAccount = accountsByLogin(session);
  for (const [index, nodeId] of nodeIds.entries()) {
    if (nodes[index] === null && !failures.has(index)) {
      details.push(null);
      continue;
    }
    try {
      const shown = read(detail, nodes[index], 'GraphQL pull request');
      details.push(await toDetail({ session, findAccount }, nodeId, shown, children));
    } catch (error) {
      if (!isUnusableAnswer(error)) throw error;
      details.push(error);
    }
  }
  return { details, date };
}

async function toDetail(
  { session, findAccount }: { session: GitHubSession; findAccount: FindAccount },
  nodeId: string,
  shown: z.output<typeof detail>,
  children: number,
): Promise<PullRequestDetail> {
  const { fullDatabaseId: id, number } = shown;
  const rest = (field: keyof typeof MORE) => allOf(session, nodeId, field, shown[field], children);
  const reviews = readEach(review, await rest('reviews'), 'review');
  const threads = readEach(thread, await rest('reviewThreads'), 'review thread');
  const submitted = reviews.elements.filter(({ state }) => state !== 'PENDING');
  const reviewers = await Promise.all(submitted.map(({ author }) => reviewer(author, findAccount)));
  return {
    id,
    number,
    updated_at: shown.updatedAt,
    columns: {
      merged_by_login: shown.mergedBy === null ? null : storable(shown.mergedBy.login),
      additions: shown.additions ?? undefined,
      deletions: shown.deletions ?? undefined,
      changed_files: shown.changedFiles ?? undefined,
      commits_count: shown.commits.totalCount ?? undefined,
      comments_count: shown.comments.totalCount ?? undefined,
      first_commit_at: firstCommitAt(shown.commits),
      ready_for_review_at: shown.ready.nodes?.length === 0 ? null : shown.ready.nodes?.[0]?.createdAt,
    },
    reviews: submitted.map((one, index) => ({
      id: one.fullDatabaseId,
      number,
      pull_request_id: id,
      state: one.state,
      body: one.body,
      // For a commit that no longer exists this is null; REST still shows it.
      commit_sha: one.commit?.oid,
      author_association: one.authorAssociation,
      submitted_at: one.submittedAt,
      ...(reviewers[index] ?? authorOf(null)),
    })),
    threads: threads.elements.map((one) => ({
      node_id: one.id,
      number,
      pull_request_id: id,
      path: storable(one.path),
      resolved: one.isResolved,
      resolved_by_login: one.resolvedBy ? storable(one.resolvedBy.login) : null,
    })),
    complete: reviews.complete && threads.complete,
    error: reviews.error ?? threads.error,
  };
}

/** Undefined: it has commits, and none is shown. */
function firstCommitAt({ totalCount, nodes }: z.output<typeof detail>['commits']): string | null | undefined {
  const [first] = nodes ?? [];
  return totalCount === 0 ? null : first?.commit.authoredDate;
}

async function reviewer(shown: z.output<typeof account>, findAccount: FindAccount) {
  if (shown === null) return authorOf(null);
  if (shown.id !== null) return authorOf({ ...shown, id: shown.id });
  const found = await findAccount(shown.login);
  return { author: found && authorOf(found).author, author_login: storable(shown.login) };
}

type List = z.output<typeof list>;

/** A list with its further pages. */
async function allOf(
  session: GitHubSession,
  nodeId: string,
  field: keyof typeof MORE,
  first: List,
  children: number,
): Promise<Pick<List, 'nodes' | 'totalCount'>> {
  const found = [...first.nodes];
  let page = first;
  const seen = new Set<unknown>([endsOf(page.nodes)]);
  for (let after = page.pageInfo.endCursor; page.pageInfo.hasNextPage && !seen.has(after);) {
    seen.add(after);
    const { nodes } = await queryNodes(session, MORE[field], { ids: [nodeId], after, children });
    page = read(z.object({ [field]: list }), nodes[0], `GraphQL ${field}`)[field] ?? page;
    // The same elements come again under a new cursor: the list is incomplete and endless.
    const ends = endsOf(page.nodes);
    if (seen.has(ends)) break;
    seen.add(ends);
    after = page.pageInfo.endCursor;
    found.push(...page.nodes);
  }
  return { nodes: found, totalCount: page.totalCount };
}

/** The elements that can be read; complete when there are as many as GitHub says. */
function readEach<T extends z.ZodType>(
  schema: T,
  { nodes, totalCount }: Pick<List, 'nodes' | 'totalCount'>,
  what: string,
): { elements: z.output<T>[]; complete: boolean; error: SyncError | null } {
  const elements: z.output<T>[] = [];
  let error: SyncError | null = null;
  for (const node of nodes) {
    try {
      elements.push(read(schema, node, `GraphQL ${what}`));
    } catch (fault) {
      if (!isUnusableAnswer(fault)) throw fault;
      error ??= fault;
    }
  }
  return { elements, complete: elements.length === totalCount, error };
}
