import { reviewCommentShape } from '../../../sandbox/resources/review-comments-api.ts';
import {
  commentsOfThread,
  submittedReviews,
  visibleComments,
  visibleThreads,
} from '../../../sandbox/resources/review-visibility.ts';
import { reviewShape } from '../../../sandbox/resources/reviews.ts';
import type { Context, Json } from '../../../sandbox/shapes/context.ts';
import { pullCommits, pullDetail } from '../../../sandbox/shapes/pull.ts';
import { isoOrNull } from '../../../sandbox/world/clock.ts';
import { networkOf } from '../../../sandbox/world/lookup.ts';
import { nodeId } from '../../../sandbox/world/node-id.ts';
import type { Issue, Pull, Repository } from '../../../sandbox/world/types.ts';
import { furtherKinds } from '../../../src/entities/index.ts';
import { asStored, differencesOf, type Row } from './difference.ts';

const GHOST_ID = 10_137;

/** The pull requests' own further columns, their reviews, conversations and comments, by the sandbox's own answers. */
function expectedTeamwork(context: Context, repository: Repository): Record<string, Row[]> {
  const pulls = [...repository.issues.values()].flatMap((issue) =>
    issue.pull === null ? [] : [{ issue, pull: issue.pull }],
  );
  const each = (rowsOf: (issue: Issue, pull: Pull) => Row[]) =>
    pulls.flatMap(({ issue, pull }) =>
      rowsOf(issue, pull).map((row) => ({ repository_id: repository.id, number: issue.number, ...row })),
    );
  return {
    pull_requests: each((issue, pull) => [{ id: pull.id, ...detailRow(context, repository, issue, pull) }]),
    pull_request_reviews: each((issue, pull) =>
      submittedReviews(pull).map((review) => {
        const shown = reviewShape(context, repository, issue, review);
        return {
          ...written(shown, pull),
          state: shown['state'],
          commit_sha: shown['commit_id'],
          submitted_at: shown['submitted_at'],
        };
      }),
    ),
    pull_request_review_threads: each((_issue, pull) =>
      visibleThreads(pull).map(({ id, resolvedById }) => {
        const [first] = commentsOfThread(pull, id);
        return {
          // Its first comment may be gone: the others keep naming it.
          id: first?.inReplyToId ?? first?.id,
          node_id: nodeId('thread', id, repository.id),
          pull_request_id: pull.id,
          path: asStored(first?.path),
          resolved: resolvedById !== null,
          resolved_by_login: loginOf(context, resolvedById),
        };
      }),
    ),
    pull_request_review_comments: each((issue, pull) =>
      visibleComments(pull).map((comment) => {
        const shown = reviewCommentShape(context, repository, issue, comment);
        return {
          ...written(shown, pull),
          review_id: shown['pull_request_review_id'],
          in_reply_to_id: shown['in_reply_to_id'] ?? null,
          thread_id: shown['in_reply_to_id'] ?? shown['id'],
          path: asStored(shown['path']),
          original_commit_sha: shown['original_commit_id'],
          original_line: shown['original_line'],
          created_at: shown['created_at'],
          updated_at: shown['updated_at'],
        };
      }),
    ),
  };
}

function detailRow(context: Context, repository: Repository, issue: Issue, pull: Pull): Row {
  const shown = pullDetail(context, repository, issue, pull);
  const [first] = pullCommits(context, repository, pull);
  const date = networkOf(context.world, repository).commits.get(first ?? '')?.author?.date ?? null;
  return {
    additions: shown['additions'],
    deletions: shown['deletions'],
    changed_files: shown['changed_files'],
    commits_count: shown['commits'],
    comments_count: shown['comments'],
    first_commit_at: isoOrNull(date),
    ready_for_review_at: isoOrNull(pull.readyEvents.at(-1)?.createdAt ?? null),
    merged_by_login: loginOf(context, pull.mergedById),
  };
}

/** What reviews and comments have in common. */
function written(shown: Json, pull: Pull): Row {
  const user: Json = Object(shown['user']);
  const { id = null, login = null } = user;
  return {
    id: shown['id'],
    pull_request_id: pull.id,
    body: shown['body'] === '' ? null : asStored(shown['body']),
    author_login: login ?? 'ghost',
    author: id === GHOST_ID ? null : id,
    author_association: shown['author_association'],
  };
}

function loginOf({ world }: Context, id: number | null): string | null {
  const account = id === null ? undefined : world.state.accounts.get(id);
  return account === undefined || account.deleted ? null : account.login;
}

/** Of the kinds that are mirrored, what the database has otherwise than the sandbox in these repositories. */
export async function compareTeamwork(
  rows: (statement: string) => Promise<Row[]>,
  context: Context,
  repositories: readonly Repository[],
): Promise<string[]> {
  if (repositories.length === 0) return [];
  const mirrored = new Set(furtherKinds.map(({ name }) => name));
  const expected = repositories.map((one) => expectedTeamwork(context, one));
  const differences: string[] = [];
  for (const table of Object.keys(expected[0] ?? {})) {
    if (!mirrored.has(table === 'pull_requests' ? 'pull_request_reviews' : table)) continue;
    const authored = table !== 'pull_request_review_threads';
    const stored = await rows(
      `select t.*${authored ? ', github_id as author' : ''} from ${table} t
       ${authored ? 'left join contributors c on c.id = t.author_id' : ''}
       where deleted_at is null and repository_id in (${repositories.map(({ id }) => id).join()})`,
    );
    const wanted = expected.flatMap((one) => one[table] ?? []);
    differences.push(...differencesOf(table, byId(wanted), byId(stored.map(plain))));
  }
  return differences;
}

function byId(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [String(row['id']), row]));
}

/** Ids as numbers and times as GitHub writes them, whichever driver read them. */
function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value instanceof Date) return [name, value.toISOString().replace('.000Z', 'Z')];
      if (typeof value !== 'string') return [name, value];
      const isId = /(^|_)id$|^author$/.test(name) && /^\d+$/.test(value);
      return [name, isId ? Number(value) : value.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.000Z$/, '$1Z')];
    }),
  );
}
