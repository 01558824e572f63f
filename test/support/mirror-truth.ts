import { repositoriesOf } from '../../sandbox/world/access.ts';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { furtherKinds } from '../../src/entities/index.ts';
import type { Mirror } from './mirror.ts';
import { compareTeamwork } from './mirror/expected-teamwork.ts';
import {
  byCodePoint,
  commitRows,
  issueCommentRows,
  issueRow,
  repositoryRow,
  time,
  type Row,
} from './mirror/world-rows.ts';

/**
 * What the mirror has otherwise than the sandbox's own state, a line for each row; made from the world itself,
 * without any code of the product's. Repositories that the App cannot read now (blocked, suspended), and issues
 * or pull requests while they are switched off, are left out: their rows stay as last known.
 *
 * @param details false: not what GraphQL alone tells of pull requests
 */
export async function differencesFromGitHub(
  mirror: Mirror,
  { details = true }: { details?: boolean } = {},
): Promise<string[]> {
  const { world } = mirror.sandbox;
  const installations = [...world.state.installations.values()];
  const live = installations.flatMap((one) =>
    repositoriesOf(world, one).map((repository) => ({ one, repository })),
  );
  const readable = live.filter(
    ({ one, repository }) => one.suspendedAt === null && repository.block === null,
  );
  const differences: string[] = [];

  async function compare(what: string, statement: string, expected: Row[]): Promise<void> {
    const [ours, theirs] = [(await mirror.rows<Row>(statement)).map(lineOf), expected.map(lineOf)];
    for (const line of theirs) if (!ours.includes(line)) differences.push(`${what} lacks ${line}`);
    for (const line of ours) if (!theirs.includes(line)) differences.push(`${what} has ${line}`);
  }

  await compare(
    'installations',
    `select id, account_id, account_login, account_type, repository_selection, suspended_at,
       (select string_agg(key || ',' || value, ' ' order by key) from jsonb_each_text(permissions)) as permissions
     from installations where deleted_at is null`,
    installations.map((one) => ({
      id: one.id,
      account_id: one.accountId,
      account_login: world.state.accounts.get(one.accountId)?.login,
      account_type: world.state.accounts.get(one.accountId)?.type,
      repository_selection: one.selection,
      permissions: byCodePoint(Object.entries(one.permissions).map(String)).join(' '),
      suspended_at: time(one.suspendedAt),
    })),
  );
  const unread = live.filter(({ repository }) => !readable.some((other) => other.repository === repository));
  const ids = readable.map(({ repository }) => repository.id).join() || '0';
  await compare(
    'repositories',
    `select id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled,
       fork, default_branch, head_sha, description, language, topics, stargazers_count, forks_count,
       open_issues_count, created_at, updated_at, pushed_at, sync_status
     from repositories where removed_at is null
       and not id in (${unread.map(({ repository }) => repository.id).join() || '0'})`,
    readable.map(({ one, repository }) => repositoryRow(world, one.id, repository)),
  );
  await compare(
    'branches',
    `select repository_id, name, head_sha, protected from branches
     where deleted_at is null and repository_id in (${ids})`,
    readable.flatMap(({ repository }) =>
      [...repository.refs].flatMap(([ref, { sha, protected: isProtected }]) =>
        ref.startsWith('refs/heads/')
          ? [{ repository_id: repository.id, name: ref.slice(11), head_sha: sha, protected: isProtected }]
          : [],
      ),
    ),
  );
  await compare(
    'commits',
    `select repository_id, sha, message, author_name, author_email, committer_name, committer_email, authored_at,
       committed_at, parents, case when k.github_id is not null then k.github_id end as linked
     from commits c left join contributors k on k.id = c.author_id
     where orphaned_at is null and repository_id in (${ids})`,
    readable.flatMap(({ repository }) => commitRows(world, repository)),
  );
  const withPulls = readable.filter(({ repository }) => repository.hasPullRequests);
  const withIssues = readable.filter(({ repository }) => repository.hasIssues);
  await compare(
    'issues',
    `select i.id, repository_id, number, title, body, state, state_reason, author_login, labels, assignees,
       comments_count, locked, created_at, updated_at, closed_at, k.github_id as author, i.type
     from issues i left join contributors k on k.id = i.author_id where deleted_at is null
       and repository_id in (${withIssues.map(({ repository }) => repository.id).join() || '0'})`,
    withIssues.flatMap(({ repository }) =>
      [...repository.issues.values()]
        .filter(({ pull }) => pull === null)
        .map((issue) => ({
          ...issueRow(world, repository, issue),
          id: issue.id,
          state_reason: issue.stateReason,
          comments_count: issue.comments.length,
          type: issue.type,
        })),
    ),
  );
  await compare(
    'pull_requests',
    `select p.id, repository_id, number, title, body, state, draft, merged_at, merge_commit_sha, author_login,
       head_ref, head_sha, base_ref, labels, assignees, created_at, updated_at, closed_at, k.github_id as author,
       node_id, locked, requested_reviewers, requested_teams
     from pull_requests p left join contributors k on k.id = p.author_id
     where deleted_at is null
       and repository_id in (${withPulls.map(({ repository }) => repository.id).join() || '0'})`,
    withPulls.flatMap(({ repository }) =>
      [...repository.issues.values()].flatMap((issue) =>
        issue.pull === null
          ? []
          : [
              {
                ...issueRow(world, repository, issue),
                id: issue.pull.id,
                draft: issue.pull.draft,
                merged_at: time(issue.pull.mergedAt),
                merge_commit_sha: issue.pull.mergedAt === null ? null : issue.pull.mergeCommitSha,
                head_ref: issue.pull.headRef,
                head_sha: issue.pull.headSha,
                base_ref: issue.pull.baseRef,
                node_id: nodeId('pull', issue.pull.id, repository.id),
                requested_reviewers: byCodePoint(
                  issue.pull.requestedReviewerIds.flatMap((id) => {
                    const account = world.state.accounts.get(id);
                    return account === undefined || account.deleted ? [] : account.login;
                  }),
                ),
                requested_teams: byCodePoint(
                  issue.pull.requestedTeamIds.flatMap((id) => world.state.teams.get(id)?.slug ?? []),
                ),
              },
            ],
      ),
    ),
  );
  if (furtherKinds.some(({ name }) => name === 'issue_comments')) {
    await compare(
      'issue_comments',
      `select c.id, repository_id, number, body, author_login, author_association, created_at, updated_at,
         k.github_id as author
       from issue_comments c left join contributors k on k.id = c.author_id
       where deleted_at is null and repository_id in (${ids})`,
      readable.flatMap(({ repository }) => issueCommentRows(world, repository)),
    );
  }
  if (details) {
    const context = { world, api: mirror.sandbox.url };
    const pulls = withPulls.map(({ repository }) => repository);
    differences.push(...(await compareTeamwork((statement) => mirror.rows(statement), context, pulls)));
  }
  differences.push(...(await countsThatDiffer(mirror)));
  return differences;
}

/** `repository_contributors` and `repository_totals` against the rows that they count. */
async function countsThatDiffer(mirror: Mirror): Promise<string[]> {
  const shares = await mirror.rows<Row>(`
    (select repository_id, author_id, count(*)::int, min(committed_at), max(committed_at) from commits
      where orphaned_at is null and author_id is not null group by 1, 2)
    except select repository_id, contributor_id, commits_count, first_commit_at, last_commit_at
      from repository_contributors`);
  const tooMany = await mirror.rows<Row>(`select repository_id, contributor_id from repository_contributors
    except select repository_id, author_id from commits where orphaned_at is null`);
  const totals = await mirror.rows<Row>(`select t.* from repository_totals t
    where commits <> (select count(*) from commits c where c.repository_id = t.repository_id and orphaned_at is null)
      or issues <> (select count(*) from issues c where c.repository_id = t.repository_id and deleted_at is null)
      or pull_requests <>
        (select count(*) from pull_requests c where c.repository_id = t.repository_id and deleted_at is null)`);
  return [
    ...shares.map((row) => `repository_contributors lacks ${JSON.stringify(row)}`),
    ...tooMany.map((row) => `repository_contributors has ${JSON.stringify(row)}`),
    ...totals.map((row) => `repository_totals differs: ${JSON.stringify(row)}`),
  ];
}

/** A row as text, whatever the order of its columns. */
function lineOf(row: Row): string {
  return JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
}
