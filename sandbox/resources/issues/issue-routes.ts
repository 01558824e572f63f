/** Issues. The list includes pull requests. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import { refusedPage } from '../../http/page-limit.ts';
import { linkHeader, pageRequest, readCursor, writeCursor } from '../../http/paging.ts';
import { issueDetail, issueShape } from './issue-shape.ts';
import { sortedIssues, type Sorted } from './issue-list.ts';

const TOO_DEEP =
  'Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)';

function disabled(): HttpError {
  return new HttpError(410, 'Issues are disabled for this repo');
}

function list(call: RepositoryCall): Answer {
  const { context, repository, query } = call;
  if (!repository.hasIssues) throw disabled();
  const sorted = sortedIssues(context.world, repository, query);
  const { start, perPage, page } = startOf(sorted, query, refusedPage(context.world));
  const items = sorted.issues.slice(start, start + perPage);
  return {
    headers: links(call, sorted, start, perPage, page),
    body: items.map((issue) => issueShape(context, repository, issue)),
  };
}

function startOf(
  sorted: Sorted,
  query: URLSearchParams,
  refused: number,
): { start: number; perPage: number; page: number } {
  const { page, perPage } = pageRequest(query);
  const after = query.get('after');
  const before = query.get('before');
  if (after !== null) return { start: positionAfter(sorted, after), perPage, page };
  if (before !== null) {
    const end = positionAfter(sorted, before) - 1;
    return { start: Math.max(0, end - perPage), perPage, page };
  }
  if (page >= refused) throw new HttpError(422, TOO_DEEP);
  return { start: (page - 1) * perPage, perPage, page };
}

/** The first position behind a cursor's key, wherever the row itself has moved meanwhile. */
function positionAfter({ issues, key, sign }: Sorted, cursor: string): number {
  const [value = 0, number = 0] = readCursor(cursor).map(Number);
  const found = issues.findIndex((issue) => sign * (key(issue) - value || issue.number - number) > 0);
  return found === -1 ? issues.length : found;
}

/** `next` and `prev` carry cursors and the page, in short lists too; `first` and `last` are not named. */
function links(
  call: RepositoryCall,
  { issues, key }: Sorted,
  start: number,
  perPage: number,
  page: number,
): Record<string, string> {
  const relations: [string, Record<string, string | null>][] = [];
  const cursor = (at: number) => {
    const issue = issues[at];
    return issue ? writeCursor([key(issue), issue.number]) : null;
  };
  if (start > 0) {
    relations.push(['prev', { before: cursor(start), after: null, page: String(Math.max(1, page - 1)) }]);
  }
  if (start + perPage < issues.length) {
    relations.push(['next', { after: cursor(start + perPage - 1), before: null, page: String(page + 1) }]);
  }
  return linkHeader(call.base, call.query, relations);
}

function get(call: RepositoryCall): Answer {
  const { context, repository, params } = call;
  const number = Number(params['number']);
  const gone = repository.gone.get(number);
  if (gone?.kind === 'deleted') throw new HttpError(410, 'This issue was deleted');
  if (gone?.kind === 'transferred') throw moved(call, gone);
  const issue = repository.issues.get(number);
  if (!issue) throw notFound();
  if (!repository.hasIssues && !issue.pull) throw disabled();
  return { body: issueDetail(context, repository, issue), lastModified: issue.updatedAt };
}

/** 301 to the new place where the caller may read it, else 404. */
function moved({ context, caller }: RepositoryCall, to: { repositoryId: number; number: number }): HttpError {
  const target = context.world.state.repositories.get(to.repositoryId);
  const readable =
    target &&
    (target.visibility === 'public' ||
      (caller.kind === 'installation' && caller.installation.accountId === target.ownerId));
  if (!readable) return notFound();
  const url = `${context.api}/repositories/${to.repositoryId}/issues/${to.number}`;
  return new HttpError(301, 'Moved Permanently', { url }, { location: url });
}

export const issueRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/issues', permission: 'issues_or_pulls', handler: list },
  { method: 'GET', path: '/issues/:number', permission: 'issues_or_pulls', handler: get },
];
