/** Reviews by REST, GraphQL and the control API. */
import { z } from 'zod';
import { action } from '../../control/action.ts';
import { by, issueTarget, number, repo } from '../../control/inputs.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/nodes/int32.ts';
import { actorNode } from '../repositories/related-repository.ts';
import type { Reading } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { pullRow, whilePullsAreOn } from '../pulls/pull-row.ts';
import { association } from '../accounts/association.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { commentConnection } from '../review-comments/review-comments-api.ts';
import { announceComments } from '../review-comments/review-comments.ts';
import { commentsOfReview, submittedReviews } from './review-visibility.ts';
import {
  dismissReview,
  editReview,
  needReview,
  pullOf,
  review,
  reviewShape,
  startReview,
  submitReview,
  type Review,
} from './reviews.ts';

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

interface ReviewArgs extends PageArgs {
  states?: readonly string[] | null;
  author?: string | null;
}

/** `reviews` of a `PullRequest`. */
export function reviewFields(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { accounts } = viewer.context.world.state;
  return {
    reviews: ({ states, author, ...args }: ReviewArgs) =>
      connection(args, {
        items: submittedReviews(pull)
          .filter((one) => !states || states.includes(one.state.toUpperCase()))
          .filter((one) => !author || accounts.get(one.authorId ?? 0)?.login === author),
        order: byPosition,
        node: (one) => reviewNode(viewer, repository, issue, one),
      }),
  };
}

/** `PullRequestReview`. */
export function reviewNode(viewer: Reading, repository: Repository, issue: Issue, shown: Review): Json {
  const { world } = viewer.context;
  const commit = networkOf(world, repository).commits.get(shown.commitId);
  const path = `/${fullName(world, repository)}/pull/${issue.number}#pullrequestreview-${shown.id}`;
  return {
    __typename: 'PullRequestReview',
    id: nodeId('review', shown.id, repository.id),
    databaseId: int32(shown.id),
    fullDatabaseId: String(shown.id),
    state: shown.state.toUpperCase(),
    body: shown.body ?? '',
    bodyText: shown.body ?? '',
    url: HTML + path,
    resourcePath: path,
    createdAt: iso(shown.createdAt),
    updatedAt: iso(shown.updatedAt),
    submittedAt: isoOrNull(shown.submittedAt),
    author: () => actorNode(viewer, shown.authorId),
    authorAssociation: () => association(world, repository, shown.authorId),
    commit: () => commit && viewer.show.commit(repository, commit),
    repository: () => viewer.show.repository(repository),
    pullRequest: () => viewer.show.item(repository, issue),
    comments: (args: PageArgs) => {
      const items = commentsOfReview(pullOf(issue), shown.id);
      return commentConnection(viewer, repository, issue, items, args);
    },
  };
}

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

export const reviewActions = {
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
    about: 'Begin a review that stays invisible, with its comments, until it is submitted.',
    example,
    input: z.object({ ...one, body: z.string().nullable().default(null) }),
    run: ({ world }, input) => {
      const found = issueTarget(world, input);
      return { ...found, review: startReview(world, found.repository, found.issue, found.who, input.body) };
    },
    show,
  }),
  submitReview: action({
    about: 'Submit a pending review (the latest unless `id` says another); one is begun where there is none.',
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
    about: 'Edit a review’s text (of the latest unless `id` says another).',
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
    about: 'Dismiss a review (the latest with a verdict unless `id` says another).',
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
