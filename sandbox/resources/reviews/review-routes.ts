/** Reviews by REST. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { pullRow, whilePullsAreOn } from '../pulls/pull-row.ts';
import { submittedReviews } from './review-visibility.ts';
import { reviewShape } from './review-shape.ts';

function list(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const { issue, pull } = pullRow(call);
  const { items, headers } = paged(call, base, submittedReviews(pull));
  return { headers, body: items.map((one) => reviewShape(context, repository, issue, one)) };
}

function get(call: RepositoryCall): Answer {
  const { issue, pull } = pullRow(call);
  const found = submittedReviews(pull).find(({ id }) => id === Number(call.params['id']));
  if (!found) throw notFound();
  return { body: reviewShape(call.context, call.repository, issue, found) };
}

const permission = 'pull_requests' as const;

export const reviewRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls/:number/reviews', permission, handler: whilePullsAreOn(list) },
  { method: 'GET', path: '/pulls/:number/reviews/:id', permission, handler: whilePullsAreOn(get) },
];
