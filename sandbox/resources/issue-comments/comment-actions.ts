/** Comments on issues and pull requests. */
import { z } from 'zod';
import { action } from '../../control/action.ts';
import { by, issueTarget, number, repo } from '../../control/inputs.ts';
import { showIssue, showPlain } from '../../control/show.ts';
import type { Issue } from '../../world/types.ts';
import { addComment, deleteComment, editComment } from './comment.ts';

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 1 };

function latest({ comments }: Issue): number {
  return comments.at(-1)?.id ?? 0;
}

export const commentActions = {
  comment: action({
    about: 'Comment on an issue or pull request.',
    example: { ...example, body: 'Same here.' },
    input: z.object({ ...one, body: z.string().default('Same here.') }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      return addComment(world, repository, issue, input.body, who);
    },
    show: showPlain,
  }),
  editComment: action({
    about: 'Edit a comment (the latest unless `id` says another).',
    example: { repo: 'octo-sandbox/app', number: 1, body: 'Not any more.' },
    input: z.object({ ...one, id: z.number().optional(), body: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      editComment(world, repository, issue, input.id ?? latest(issue), input.body, who);
      return issue;
    },
    show: showIssue,
  }),
  deleteComment: action({
    about: 'Delete a comment (the latest unless `id` says another).',
    example,
    input: z.object({ ...one, id: z.number().optional() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      deleteComment(world, repository, issue, input.id ?? latest(issue), who);
      return issue;
    },
    show: showIssue,
  }),
};
