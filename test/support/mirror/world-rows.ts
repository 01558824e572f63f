import { association } from '../../../sandbox/shapes/association.ts';
import { historyOf } from '../../../sandbox/world/graph.ts';
import { linkedAccount } from '../../../sandbox/world/linkage.ts';
import { fullName, GHOST_ID, networkOf, ownerOf, shownAccount } from '../../../sandbox/world/lookup.ts';
import { nodeId } from '../../../sandbox/world/node-id.ts';
import { lastChange } from '../../../sandbox/world/pull.ts';
import type { Issue, Repository } from '../../../sandbox/world/types.ts';
import type { World } from '../../../sandbox/world/world.ts';

export type Row = Record<string, unknown>;

/** A repository's row as the sandbox's state has it, without any code of the product's; likewise the others below. */
export function repositoryRow(world: World, installationId: number, repository: Repository): Row {
  return {
    id: repository.id,
    node_id: nodeId('repository', repository.id),
    installation_id: installationId,
    owner_login: ownerOf(world, repository).login,
    name: repository.name,
    full_name: fullName(world, repository),
    private: repository.visibility !== 'public',
    visibility: repository.visibility,
    archived: repository.archived,
    disabled: repository.disabled,
    fork: repository.parentId !== null,
    default_branch: repository.defaultBranch,
    head_sha: repository.refs.get(`refs/heads/${repository.defaultBranch}`)?.sha ?? null,
    description: repository.description,
    language: repository.language,
    topics: byCodePoint(repository.topics),
    stargazers_count: repository.stargazers,
    forks_count: repository.forks,
    open_issues_count: repository.openIssues,
    created_at: time(repository.createdAt),
    updated_at: time(repository.updatedAt),
    pushed_at: time(repository.pushedAt),
    sync_status: 'fresh',
  };
}

export function commitRows(world: World, repository: Repository): Row[] {
  const network = networkOf(world, repository);
  const head = repository.refs.get(`refs/heads/${repository.defaultBranch}`)?.sha;
  const shas = head === undefined ? [] : historyOf(world, network, head).shas;
  return shas.flatMap((sha) => {
    const commit = network.commits.get(sha);
    if (!commit) return [];
    const { author, committer } = commit;
    const account = linkedAccount(world, author);
    const noreply = /^(\d+)\+.*@users\.noreply\.github\.com$/.exec(author?.email ?? '');
    return [
      {
        repository_id: repository.id,
        sha,
        message: storable(commit.message),
        author_name: author && storable(author.name),
        author_email: author && storable(author.email),
        committer_name: committer && storable(committer.name),
        committer_email: committer && storable(committer.email),
        authored_at: time(author?.date ?? null),
        committed_at: time(committer?.date ?? author?.date ?? null),
        parents: commit.parents,
        linked:
          account !== null && account !== 'empty'
            ? account.id
            : noreply?.[1] === undefined
              ? null
              : Number(noreply[1]),
      },
    ];
  });
}

/** Comments of what is switched off stay as last known, as it does itself; the tests change none of them. */
export function issueCommentRows(world: World, repository: Repository): Row[] {
  return [...repository.issues.values()].flatMap((issue) =>
    issue.comments.map((comment) => {
      const author = shownAccount(world, comment.authorId);
      return {
        id: comment.id,
        repository_id: repository.id,
        number: issue.number,
        body: comment.body === '' ? null : storable(comment.body),
        author_login: author?.login ?? 'ghost',
        author_association: association(world, repository, comment.authorId),
        author: author === null || author.id === GHOST_ID ? null : author.id,
        created_at: time(comment.createdAt),
        updated_at: time(comment.updatedAt),
      };
    }),
  );
}

/** The columns that issues and pull requests have in common. */
export function issueRow(world: World, repository: Repository, issue: Issue): Row {
  const author = shownAccount(world, issue.authorId);
  const labels = issue.labelIds.flatMap((id) => repository.labels.get(id)?.name ?? []);
  const assignees = issue.assigneeIds.flatMap((id) => shownAccount(world, id)?.login ?? []);
  return {
    repository_id: repository.id,
    number: issue.number,
    title: storable(issue.title),
    body: issue.body === null || issue.body === '' ? null : storable(issue.body),
    state: issue.state,
    author_login: author?.login ?? 'ghost',
    author: author === null || author.id === GHOST_ID ? null : author.id,
    labels: byCodePoint(labels),
    assignees: byCodePoint(assignees),
    created_at: time(issue.createdAt),
    updated_at: time(lastChange(issue)),
    closed_at: time(issue.closedAt),
    locked: issue.locked,
  };
}

/** As the database answers a time. */
export function time(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

/** What PostgreSQL cannot hold becomes U+FFFD (docs/reference.md, "Meanings"). */
function storable(text: string): string {
  return Array.from(text, (one) => (one === '\0' || /^[\ud800-\udfff]$/.test(one) ? '\ufffd' : one)).join('');
}

/** As the mirror keeps a set of names. */
export function byCodePoint(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => {
    const [x, y] = [codePoints(a), codePoints(b)];
    const at = x.findIndex((code, index) => code !== y[index]);
    return at === -1 ? x.length - y.length : (x[at] ?? 0) - (y[at] ?? -1);
  });
}

function codePoints(text: string): number[] {
  return Array.from(text, (one) => one.codePointAt(0) ?? 0);
}
