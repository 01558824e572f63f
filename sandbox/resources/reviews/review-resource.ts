/** Reviews in the control API, by REST and in deliveries. */
import { z } from 'zod';
import { demand } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { iso } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import type { Issue, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { action } from '../action.ts';
import { by, issueTarget, number, repo } from '../inputs.ts';
import { pullRow, whilePullsAreOn } from '../pulls/pull-row.ts';
import { pullShape } from '../pulls/pull-shape.ts';
import { defineResource } from '../resource.ts';
import { announceComments } from '../review-comments/review-comment.ts';
import { reviewNode } from './review-node.ts';
import { reviewShape } from './review-shape.ts';
import { submittedReviews } from './review-visibility.ts';
import {
  dismissReview,
  editReview,
  needReview,
  pullOf,
  review,
  type Review,
  type ReviewOccurrence,
  startReview,
  submitReview,
} from './review.ts';

// Reviews by the control API.

const one = { repo, number, by };

const example = { repo: 'octo-sandbox/app', number: 2 };

const verdict = z.enum(['approved', 'changes_requested', 'commented']).default('approved');

interface Shown {
  repository: Repository;
  issue: Issue;
  review: Review;
}

function show(context: Context, { repository, issue, review: shown }: Shown): Json {
  return reviewShape(context, repository, issue, shown);
}

/** The review an input means: that of the id, else the last that fits. */
function reviewTarget(
  world: World,
  input: z.output<z.ZodObject<typeof one>> & { id?: number | undefined },
  fits: (review: Review) => boolean,
) {
  const found = issueTarget(world, input);
  const pull = pullOf(found.issue);
  const id = input.id ?? pull.reviews.findLast(fits)?.id ?? 0;
  return { ...found, review: needReview(pull, id) };
}

const isSubmitted = ({ state }: Review) => state !== 'pending';

const hasVerdict = ({ state }: Review) => state === 'approved' || state === 'changes_requested';

const reviewActions = {
  review: action({
    about: 'Review a pull request.',
    example: { ...example, state: 'approved' as const },
    input: z.object({ ...one, state: verdict, body: z.string().nullable().default(null) }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      return review(world, repository, issue, input.state, who, input.body);
    },
    show: (_context, made) => made,
  }),
  startReview: action({
    about: 'Start a review, which is invisible with its comments until it is submitted.',
    example,
    input: z.object({ ...one, body: z.string().nullable().default(null) }),
    run: ({ world }, input) => {
      const found = issueTarget(world, input);
      return { ...found, review: startReview(world, found.repository, found.issue, found.who, input.body) };
    },
    show,
  }),
  submitReview: action({
    about: 'Submit a pending review (the latest unless `id` is given); one is started if there is none.',
    example: { ...example, state: 'changes_requested' as const },
    input: z.object({ ...one, id: number.optional(), state: verdict }),
    run: ({ world }, input) => {
      const found = issueTarget(world, input);
      const { repository, issue, who } = found;
      const pull = pullOf(issue);
      const pending = pull.reviews.findLast((each) => !isSubmitted(each));
      const submitted =
        input.id === undefined
          ? (pending ?? startReview(world, repository, issue, who))
          : needReview(pull, input.id);
      submitReview(world, repository, issue, submitted, input.state, who);
      announceComments(world, repository, issue, submitted, who);
      return { ...found, review: submitted };
    },
    show,
  }),
  editReview: action({
    about: 'Edit a review’s text (the latest review unless `id` is given).',
    example: { ...example, body: 'On second thought.' },
    input: z.object({ ...one, id: number.optional(), body: z.string() }),
    run: ({ world }, input) => {
      const found = reviewTarget(world, input, isSubmitted);
      editReview(world, found.repository, found.issue, found.review, input.body, found.who);
      return found;
    },
    show,
  }),
  dismissReview: action({
    about: 'Dismiss a review (the latest with a verdict unless `id` is given).',
    example,
    input: z.object({ ...one, id: number.optional() }),
    run: ({ world }, input) => {
      const found = reviewTarget(world, input, hasVerdict);
      dismissReview(world, found.repository, found.issue, found.review, found.who);
      return found;
    },
    show,
  }),
};

// Reviews by REST.

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

const reviewRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls/:number/reviews', permission, handler: whilePullsAreOn(list) },
  { method: 'GET', path: '/pulls/:number/reviews/:id', permission, handler: whilePullsAreOn(get) },
];

/** The event's own keys: the state in lower case, no text as null, and the pull request as lists have it. */
function reviewPayload(context: Context, occurrence: ReviewOccurrence): Json {
  const { repository, issue, review: shown, changes } = occurrence;
  return {
    review: {
      ...reviewShape(context, repository, issue, shown),
      body: shown.body === '' ? null : shown.body,
      state: shown.state,
      updated_at: iso(shown.updatedAt),
    },
    pull_request: pullShape(context, repository, issue, pullOf(issue)),
    ...(changes && { changes }),
  };
}

export const reviewResource = defineResource({
  routes: reviewRoutes,
  actions: reviewActions,
  nodes: {
    PRR: (viewer, repository, id) => {
      demand(viewer, repository, 'pull_requests');
      for (const issue of repository.issues.values()) {
        const review = issue.pull && submittedReviews(issue.pull).find((one) => one.id === id);
        if (review) return reviewNode(viewer, repository, issue, review);
      }
      return null;
    },
  },
  events: [event(['pull_request_review'], ['pull_requests'], reviewPayload)],
});
