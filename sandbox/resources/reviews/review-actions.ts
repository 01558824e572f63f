/** Reviews by the control API. */
import { z } from 'zod';
import { action } from '../action.ts';
import { by, issueTarget, number, repo } from '../inputs.ts';
import type { Context, Json } from '../../world/context.ts';
import type { Issue, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { announceComments } from '../review-comments/review-comment.ts';
import { reviewShape } from './review-shape.ts';
import {
  dismissReview,
  editReview,
  needReview,
  pullOf,
  type Review,
  review,
  startReview,
  submitReview,
} from './review.ts';

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
