/** Requests for reviews by the control API. */
import { z } from 'zod';
import { action } from '../action.ts';
import { by, issueTarget, number, repo } from '../inputs.ts';
import { WorldError } from '../../world/errors.ts';
import { needAccount } from '../../world/lookup.ts';
import type { Pull } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { requestedFields } from './review-request-shape.ts';
import { changeRequest, requestReview, teamNamed } from './review-request.ts';

const one = { repo, number, by };

const example = { repo: 'octo-sandbox/app', number: 2 };

const whom = { reviewers: z.array(z.string()).default([]), teams: z.array(z.string()).default([]) };

function changeAll(
  world: World,
  input: z.output<z.ZodObject<typeof one & typeof whom>>,
  asked: boolean,
): { pull: Pull } {
  const { repository, issue, who } = issueTarget(world, input);
  for (const login of input.reviewers) {
    const reviewer = needAccount(world, login);
    if (asked) requestReview(world, repository, issue, reviewer, who);
    else changeRequest(world, repository, issue, { reviewer }, false, who);
  }
  for (const slug of input.teams)
    changeRequest(world, repository, issue, { team: teamNamed(world, repository.ownerId, slug) }, asked, who);
  if (!issue.pull) throw new WorldError(`#${issue.number} is no pull request`);
  return { pull: issue.pull };
}

export const reviewRequestActions = {
  requestReview: action({
    about: 'Request a review from people and teams (created if missing).',
    example: { ...example, teams: ['reviewers'] },
    input: z.object({ ...one, ...whom }),
    run: ({ world }, input) => changeAll(world, input, true),
    show: (context, { pull }) => requestedFields(context, pull),
  }),
  removeReviewRequest: action({
    about: 'Remove the review requests of people and teams.',
    example: { ...example, teams: ['reviewers'] },
    input: z.object({ ...one, ...whom }),
    run: ({ world }, input) => changeAll(world, input, false),
    show: (context, { pull }) => requestedFields(context, pull),
  }),
};
