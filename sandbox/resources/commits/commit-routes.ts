/** Commits: the list in `git log` order, one commit, and where it belongs. */
import { defaultHead, branchesOf } from '../branches/branch.ts';
import { commitDate } from './commit.ts';
import { historyOf, walk } from './graph.ts';
import { accountOfEmail } from '../accounts/account.ts';
import { networkOf } from '../../world/lookup.ts';
import { resolve } from '../branches/push.ts';
import type { Commit, Repository } from '../../world/types.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { commitDetail, commitShape, gitCommitShape } from './commit-shape.ts';
import { pullCommits, pullShape } from '../pulls/pull-shape.ts';

/** GitHub's answer for a repository without any commit. */
export function emptyRepository(): HttpError {
  return new HttpError(409, 'Git Repository is empty.', {
    documentation_url: 'https://docs.github.com/rest/commits/commits#list-commits',
  });
}

function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  if (repository.refs.size === 0) throw emptyRepository();
  const network = networkOf(context.world, repository);
  const from = query.get('sha');
  const head = from === null ? defaultHead(repository) : resolve(context.world, repository, from);
  if (head === null) throw notFound();
  const { items, headers } = paged(call, base, selected(call, head));
  const commits = items.map((sha) => network.commits.get(sha)).filter((one) => one !== undefined);
  return { headers, body: commits.map((commit) => commitShape(context, repository, commit)) };
}

/** The shas the query asks for. `since` stops each path at its first older commit, as `git log --since` does. */
function selected({ context, repository, query }: RepositoryCall, head: string): readonly string[] {
  const network = networkOf(context.world, repository);
  const since = dateOf(query, 'since');
  const until = dateOf(query, 'until');
  const filters = [byPerson(query, 'author', context), byPerson(query, 'committer', context), byPath(query)];
  const active = filters.filter((filter) => filter !== null);
  const shas =
    since === null
      ? historyOf(context.world, network, head).shas
      : walk(network, [head], (commit) => commitDate(commit) < since);
  if (until === null && active.length === 0) return shas;
  return shas.filter((sha) => {
    const commit = network.commits.get(sha);
    if (!commit || (until !== null && commitDate(commit) > until)) return false;
    return active.every((filter) => filter(commit));
  });
}

/** Dates must lie in 1970-01-01 to 2099-12-31. Source: OpenAPI. */
function dateOf(query: URLSearchParams, key: string): number | null {
  const text = query.get(key);
  if (text === null) return null;
  const seconds = Math.floor(Date.parse(text) / 1000);
  if (!(seconds >= 0 && seconds < 4_102_444_800)) throw new HttpError(400, `Invalid ${key} date`);
  return seconds;
}

type Filter = ((commit: Commit) => boolean) | null;

function byPerson(
  query: URLSearchParams,
  key: 'author' | 'committer',
  { world }: RepositoryCall['context'],
): Filter {
  const person = query.get(key)?.toLowerCase();
  if (person === undefined) return null;
  return (commit) => {
    const email = commit[key]?.email ?? '';
    return email.toLowerCase() === person || accountOfEmail(world, email)?.login.toLowerCase() === person;
  };
}

function byPath(query: URLSearchParams): Filter {
  const under = query.get('path');
  if (under === null) return null;
  return (commit) => commit.files.some(({ path }) => path === under || path.startsWith(`${under}/`));
}

/** The commit a ref or sha names. Throws HttpError 409 for an empty repository, 422 for an unknown one. */
function commitOf({ context, repository, params }: RepositoryCall): Commit {
  if (repository.refs.size === 0) throw emptyRepository();
  const ref = params['ref'] ?? '';
  const network = networkOf(context.world, repository);
  const commit = network.commits.get(resolve(context.world, repository, ref) ?? '');
  if (!commit) throw new HttpError(422, `No commit found for SHA: ${ref}`);
  return commit;
}

function get(call: RepositoryCall): Answer {
  const commit = commitOf(call);
  if (/application\/vnd\.github(?:\.v3)?\.sha/.test(call.headers.accept ?? '')) {
    return { text: commit.sha, etag: `"${commit.sha}"` };
  }
  return { body: commitDetail(call.context, call.repository, commit) };
}

/** Git's object, by its whole sha alone. */
function gitCommit({ context, repository, params }: RepositoryCall): Answer {
  if (repository.refs.size === 0) throw emptyRepository();
  const commit = networkOf(context.world, repository).commits.get(params['sha'] ?? '');
  if (!commit) throw notFound();
  return { body: gitCommitShape(context, repository, commit) };
}

function pullsOf(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const { sha } = commitOf(call);
  const found = pullsWith(call, repository, sha);
  const { items, headers } = paged(call, base, found);
  return { headers, body: items.map(({ issue, pull }) => pullShape(context, repository, issue, pull)) };
}

function pullsWith(call: RepositoryCall, repository: Repository, sha: string) {
  return [...repository.issues.values()].flatMap((issue) => {
    const { pull } = issue;
    if (!pull || (issue.state === 'closed' && pull.mergedAt === null)) return [];
    return pullCommits(call.context, repository, pull).includes(sha) ? [{ issue, pull }] : [];
  });
}

function headBranches(call: RepositoryCall): Answer {
  const { sha } = commitOf(call);
  const url = call.base.replace(/\/branches-where-head$/, '');
  return {
    body: branchesOf(call.repository)
      .filter((branch) => branch.sha === sha)
      .map((branch) => ({ name: branch.name, commit: { sha, url }, protected: branch.protected })),
  };
}

export const commitRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/commits', permission: 'contents', handler: list },
  { method: 'GET', path: '/commits/:ref', permission: 'contents', handler: get },
  { method: 'GET', path: '/git/commits/:sha', permission: 'contents', handler: gitCommit },
  { method: 'GET', path: '/commits/:ref/pulls', permission: 'pull_requests', handler: pullsOf },
  {
    method: 'GET',
    path: '/commits/:ref/branches-where-head',
    permission: 'contents',
    handler: headBranches,
  },
];
