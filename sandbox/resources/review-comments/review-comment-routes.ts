/** Comments on lines by REST. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { refuseBeyond } from '../../http/page-limit.ts';
import { paged } from '../../http/paging.ts';
import { createCommentList, sinceOf } from '../comment-list.ts';
import { pullRow, whilePullsAreOn } from '../pulls/pull-row.ts';
import { visibleComments } from '../reviews/review-visibility.ts';
import { reviewCommentShape } from './review-comment-shape.ts';

const sortedComments = createCommentList(({ pull }) => (pull ? visibleComments(pull) : []));

/** All of the repository; `since` is their own `updated_at`, the order ascending by id unless sorted. */
function listAll(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  refuseBeyond(call, 30_000);
  const { items, headers } = paged(call, base, sortedComments(call));
  return {
    headers,
    body: items.map(({ issue, comment }) => reviewCommentShape(context, repository, issue, comment)),
  };
}

function list(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const { issue, pull } = pullRow(call);
  const oldest = sinceOf(call.query);
  const all = visibleComments(pull).filter(({ updatedAt }) => updatedAt >= oldest);
  const { items, headers } = paged(call, base, all);
  return { headers, body: items.map((one) => reviewCommentShape(context, repository, issue, one)) };
}

function get({ context, repository, params }: RepositoryCall): Answer {
  for (const issue of repository.issues.values()) {
    const comments = issue.pull ? visibleComments(issue.pull) : [];
    const comment = comments.find(({ id }) => id === Number(params['id']));
    if (comment) return { body: reviewCommentShape(context, repository, issue, comment) };
  }
  throw notFound();
}

const permission = 'pull_requests' as const;

export const reviewCommentRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls/comments', permission, handler: whilePullsAreOn(listAll) },
  { method: 'GET', path: '/pulls/comments/:id', permission, handler: whilePullsAreOn(get) },
  { method: 'GET', path: '/pulls/:number/comments', permission, handler: whilePullsAreOn(list) },
];
