import type { Sandbox } from '../../../sandbox/index.ts';
import { commitShape } from '../../../sandbox/resources/commits/commit-shape.ts';
import type { Context, Json } from '../../../sandbox/world/context.ts';
import { issueShape } from '../../../sandbox/resources/issues/issue-shape.ts';
import { pullShape } from '../../../sandbox/resources/pulls/pull-shape.ts';
import { fullRepository } from '../../../sandbox/resources/repositories/repository-shape.ts';
import { branchesOf, defaultHead } from '../../../sandbox/resources/branches/branch.ts';
import { walk } from '../../../sandbox/resources/commits/graph.ts';
import { networkOf } from '../../../sandbox/world/lookup.ts';
import type { Repository } from '../../../sandbox/world/types.ts';
import { asDate, asSet, asStored, type Row } from './difference.ts';

/** GitHub's stand-in for deleted accounts. */
const GHOST_ID = 10_137;

/** An account as an answer shows it; null for nobody and for the ghost. */
export interface Person {
  id: number;
  login: string;
  type: string;
  avatar_url: string;
}

/** The sandbox's answers about one repository, as rows; `author` is left to be resolved. */
export interface ExpectedRepository {
  repository: Row;
  branches: Map<string, Row>;
  commits: Map<string, Row>;
  issues: Map<string, Row>;
  pulls: Map<string, Row>;
  /** who wrote each commit, by sha, and each issue or pull request, by id: the account shown, and the address */
  commitAuthors: Map<string, { person: Person | null; email: string | null }>;
  itemAuthors: Map<number, Person | null>;
}

/** Reads all rows of a repository from the sandbox's own REST answers. */
export function expectedRepository(
  sandbox: Sandbox,
  repository: Repository,
  installationId: number,
): ExpectedRepository {
  const context: Context = { world: sandbox.world, api: sandbox.url };
  const commitAuthors: ExpectedRepository['commitAuthors'] = new Map();
  const itemAuthors: ExpectedRepository['itemAuthors'] = new Map();
  const commits = new Map<string, Row>();
  const network = networkOf(sandbox.world, repository);
  const head = defaultHead(repository);
  for (const sha of head === null ? [] : walk(network, [head])) {
    const commit = network.commits.get(sha);
    if (!commit) continue;
    const answer = commitShape(context, repository, commit);
    const row = commitRow(answer);
    commits.set(sha, row);
    commitAuthors.set(sha, { person: personIn(answer['author']), email: addressOf(row) });
  }
  const issues = new Map<string, Row>();
  const pulls = new Map<string, Row>();
  for (const issue of repository.issues.values()) {
    const answer = issue.pull
      ? pullShape(context, repository, issue, issue.pull)
      : issueShape(context, repository, issue);
    const id = Number(answer['id']);
    const person = personIn(answer['user']);
    itemAuthors.set(id, person);
    const author = person?.id ?? null;
    if (issue.pull) pulls.set(String(id), { ...pullRow(answer), author });
    else issues.set(String(id), { ...issueRow(answer), author });
  }
  const branches = new Map<string, Row>(
    branchesOf(repository).map(({ name, sha, protected: guarded }) => [
      name,
      { head_sha: sha, protected: guarded },
    ]),
  );
  const row = { ...repositoryRow(fullRepository(context, repository)), installation_id: installationId };
  return {
    repository: { ...row, head_sha: head },
    branches,
    commits,
    issues,
    pulls,
    commitAuthors,
    itemAuthors,
  };
}

function repositoryRow(answer: Json): Row {
  const same = ['node_id', 'name', 'full_name', 'private', 'visibility', 'archived', 'disabled', 'fork'];
  const more = ['default_branch', 'language', 'stargazers_count', 'forks_count', 'open_issues_count'];
  const switches = ['has_issues', 'has_pull_requests'];
  return {
    ...pick(answer, [...same, ...more, ...switches, 'created_at', 'updated_at', 'pushed_at']),
    owner_login: object(answer['owner'])['login'],
    description: asStored(answer['description']),
    topics: asSet(list(answer['topics'])),
  };
}

function commitRow(answer: Json): Row {
  const { author, committer, message } = object(answer['commit']);
  const [wrote, committed] = [object(author), object(committer)];
  return {
    message: asStored(message),
    author_name: asStored(wrote['name']),
    author_email: asStored(wrote['email']),
    committer_name: asStored(committed['name']),
    committer_email: asStored(committed['email']),
    authored_at: asDate(wrote['date']),
    committed_at: asDate(committed['date'] ?? wrote['date']),
    parents: list(answer['parents']).map((parent) => object(parent)['sha']),
  };
}

function sharedRow(answer: Json): Row {
  const user = answer['user'] === null ? null : object(answer['user']);
  return {
    ...pick(answer, ['number', 'state', 'author_association', 'created_at', 'updated_at', 'closed_at']),
    milestone_id: object(answer['milestone'])['id'] ?? null,
    title: asStored(answer['title']),
    body: asStored(answer['body']) || null,
    author_login: user === null ? 'ghost' : asStored(user['login']),
    labels: asSet(list(answer['labels']).map((label) => object(label)['name'])),
    assignees: asSet(list(answer['assignees']).map((one) => object(one)['login'])),
    locked: answer['locked'],
  };
}

function issueRow(answer: Json): Row {
  const subIssues = object(answer['sub_issues_summary']);
  return {
    ...sharedRow(answer),
    ...pick(answer, ['state_reason']),
    comments_count: answer['comments'],
    sub_issues_total: subIssues['total'],
    sub_issues_completed: subIssues['completed'],
    type: asStored(object(answer['type'])['name']),
  };
}

function pullRow(answer: Json): Row {
  const [head, base] = [object(answer['head']), object(answer['base'])];
  return {
    ...sharedRow(answer),
    ...pick(answer, ['node_id', 'draft', 'merged_at']),
    requested_reviewers: asSet(list(answer['requested_reviewers']).map((one) => object(one)['login'])),
    requested_teams: asSet(list(answer['requested_teams']).map((one) => object(one)['slug'])),
    merge_commit_sha: answer['merged_at'] === null ? null : answer['merge_commit_sha'],
    head_ref: asStored(head['ref']),
    head_sha: head['sha'],
    base_ref: asStored(base['ref']),
  };
}

function personIn(user: unknown): Person | null {
  const { id, login, type, avatar_url: avatar } = object(user);
  if (typeof id !== 'number' || id === GHOST_ID) return null;
  return { id, login: String(login), type: String(type), avatar_url: String(avatar) };
}

function addressOf({ author_email: email }: Row): string | null {
  const address = typeof email === 'string' ? email.trim().toLowerCase() : '';
  return address === '' ? null : address;
}

function pick(answer: Json, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, answer[name] ?? null]));
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
