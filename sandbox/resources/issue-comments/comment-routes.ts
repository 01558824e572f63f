/** Comments on issues and pull requests by REST. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { commentShape } from './comment-shape.ts';
import { createCommentList, sinceOf } from '../comment-list.ts';
import { refuseBeyond } from '../../http/page-limit.ts';

/** So many rows can be paged through, then the answer is 422. Source: reports from the field (30,000 to 40,000). */
const WALKABLE = 30_000;

const sortedComments = createCommentList(({ comments }) => comments);

/** All of the repository, those of pull requests too. */
function listAll(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  refuseBeyond(call, WALKABLE);
  const { items, headers } = paged(call, base, sortedComments(call));
  return { headers, body: items.map((one) => commentShape(context, repository, one.issue, one.comment)) };
}

/** Of one issue or pull request, ascending by id. */
function list(call: RepositoryCall): Answer {
  const { context, repository, params, base } = call;
  const issue = repository.issues.get(Number(params['number']));
  if (!issue) throw notFound();
  refuseBeyond(call, WALKABLE);
  const oldest = sinceOf(call.query);
  const all = issue.comments.filter(({ updatedAt }) => updatedAt >= oldest);
  const { items, headers } = paged(call, base, all);
  return { headers, body: items.map((one) => commentShape(context, repository, issue, one)) };
}

function get({ context, repository, params }: RepositoryCall): Answer {
  for (const issue of repository.issues.values()) {
    const comment = issue.comments.find(({ id }) => id === Number(params['id']));
    if (comment) return { body: commentShape(context, repository, issue, comment) };
  }
  throw notFound();
}

const permission = 'issues_or_pulls' as const;

export const issueCommentRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/issues/comments', permission, handler: listAll },
  { method: 'GET', path: '/issues/comments/:id', permission, handler: get },
  { method: 'GET', path: '/issues/:number/comments', permission, handler: list },
];
