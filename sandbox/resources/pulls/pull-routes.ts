/** Pull requests. */
import { networkOf, ownerOf } from '../../world/lookup.ts';
import { createMemo } from '../../world/memo.ts';
import type { Pull, Repository } from '../../world/types.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { paged } from '../../http/paging.ts';
import { pullRow, whilePullsAreOn, type PullRow } from './pull-row.ts';
import { lastChange } from './pull.ts';
import { commitShape } from '../commits/commit-shape.ts';
import { pullCommits, pullDetail, pullShape } from './pull-shape.ts';
import { choice } from '../../http/choice.ts';

const lists = createMemo<PullRow[]>((rows) => rows.length);

/** The list has no `since`; the default direction is desc only when sorted by creation. */
function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  const state = choice(query, 'state', ['open', 'closed', 'all'], 'open');
  const sort = choice(query, 'sort', ['created', 'updated', 'popularity', 'long-running'], 'created');
  const direction = choice(query, 'direction', ['asc', 'desc'], sort === 'created' ? 'desc' : 'asc');
  const { head, base: into } = { head: query.get('head'), base: query.get('base') };
  const cacheKey = [repository.id, repository.version, state, sort, direction, head, into].join('|');
  const sign = direction === 'asc' ? 1 : -1;
  const rows = lists.get(context.world, cacheKey, () =>
    rowsOf(repository)
      .filter(({ issue }) => state === 'all' || issue.state === state)
      .filter(({ pull }) => into === null || pull.baseRef === into)
      .filter(({ pull }) => head === null || head === labelOf(call, pull))
      .sort((a, b) => sign * (keyOf(sort, a) - keyOf(sort, b) || a.issue.number - b.issue.number)),
  );
  const { items, headers } = paged(call, base, rows);
  return { headers, body: items.map(({ issue, pull }) => pullShape(context, repository, issue, pull)) };
}

function rowsOf(repository: Repository): PullRow[] {
  const rows: PullRow[] = [];
  for (const issue of repository.issues.values()) {
    if (issue.pull) rows.push({ issue, pull: issue.pull });
  }
  return rows;
}

function keyOf(sort: string, { issue }: PullRow): number {
  if (sort === 'updated') return lastChange(issue);
  return sort === 'popularity' ? issue.comments.length : issue.createdAt;
}

function labelOf({ context, repository }: RepositoryCall, pull: Pull): string {
  const home = context.world.state.repositories.get(pull.headRepoId) ?? repository;
  return `${ownerOf(context.world, home).login}:${pull.headRef}`;
}

function get(call: RepositoryCall): Answer {
  const { issue, pull } = pullRow(call);
  return { body: pullDetail(call.context, call.repository, issue, pull), lastModified: lastChange(issue) };
}

/** At most 250. Source: OpenAPI `pulls/list-commits`. */
function commits(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const network = networkOf(context.world, repository);
  const shas = pullCommits(context, repository, pullRow(call).pull).slice(0, 250);
  const { items, headers } = paged(call, base, shas);
  const found = items.map((sha) => network.commits.get(sha)).filter((one) => one !== undefined);
  return { headers, body: found.map((commit) => commitShape(context, repository, commit)) };
}

const permission = 'pull_requests' as const;

export const pullRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls', permission, handler: whilePullsAreOn(list) },
  { method: 'GET', path: '/pulls/:number', permission, handler: whilePullsAreOn(get) },
  { method: 'GET', path: '/pulls/:number/commits', permission, handler: whilePullsAreOn(commits) },
];
