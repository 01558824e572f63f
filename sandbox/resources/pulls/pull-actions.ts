/** Pull requests. Titles, labels, comments, closing: the issue actions. */
import { z } from 'zod';
import { headOf } from '../branches/branch.ts';
import { needPull, needRepository } from '../../world/lookup.ts';
import { changeBase, openPull, setDraft } from './pull.ts';
import { mergePull } from './pull-merge.ts';
import { push } from '../branches/push.ts';
import { action } from '../action.ts';
import { by, given, issueTarget, number, repo, target } from '../inputs.ts';
import { showIssue, showPushed } from '../show.ts';

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 2 };

export const pullActions = {
  openPull: action({
    about: 'Open a pull request; a missing head branch is created with one commit.',
    example: { repo: 'octo-sandbox/app', head: 'feature', title: 'Add a feature' },
    input: z.object({
      repo,
      head: z.string(),
      base: z.string().optional(),
      from: repo.optional(),
      title: z.string().optional(),
      body: z.string().nullable().optional(),
      labels: z.array(z.string()).optional(),
      assignees: z.array(z.string()).optional(),
      draft: z.boolean().optional(),
      by,
    }),
    run: ({ world }, { from, head, ...input }) => {
      const { repository, who } = target(world, input);
      const home = from === undefined ? repository : needRepository(world, from);
      const { base, title, body, labels, assignees, draft } = input;
      if (headOf(home, head) === null) push(world, home, { branch: head }, who);
      const more = given({ base, title, body, labels, assignees, draft });
      return openPull(world, repository, { ...more, head, from: home }, who);
    },
    show: showIssue,
  }),
  synchronizePull: action({
    about: 'Push commits to a pull request’s head branch.',
    example: { ...example, commits: 1 },
    input: z.object({ ...one, commits: z.number().int().positive().default(1) }),
    run: ({ world }, input) => {
      const { repository, who } = issueTarget(world, input);
      const { pull } = needPull(repository, input.number);
      const home = needRepository(world, pull.headRepoId);
      const commits = Array.from({ length: input.commits }, () => ({}));
      const made = push(world, home, { branch: pull.headRef, commits }, who);
      return { repository: home, branch: pull.headRef, commits: made };
    },
    show: showPushed,
  }),
  mergePull: action({
    about: 'Merge a pull request.',
    example: { ...example, method: 'squash' as const },
    input: z.object({ ...one, method: z.enum(['merge', 'squash', 'rebase']).default('merge') }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      mergePull(world, repository, issue, who, input.method);
      return issue;
    },
    show: showIssue,
  }),
  setDraft: action({
    about: 'Convert a pull request to a draft, or mark it ready for review.',
    example: { ...example, draft: true },
    input: z.object({ ...one, draft: z.boolean() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      setDraft(world, repository, issue, input.draft, who);
      return issue;
    },
    show: showIssue,
  }),
  changeBase: action({
    about: 'Change the base branch of a pull request.',
    example: { ...example, base: 'release' },
    input: z.object({ ...one, base: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      changeBase(world, repository, issue, input.base, who);
      return issue;
    },
    show: showIssue,
  }),
  setMergeable: action({
    about: 'Set whether a pull request is mergeable.',
    example: { ...example, mergeable: false },
    input: z.object({ ...one, mergeable: z.boolean() }),
    run: ({ world }, input) => {
      const { repository, issue } = issueTarget(world, input);
      needPull(repository, input.number).pull.mergeable = input.mergeable;
      return issue;
    },
    show: showIssue,
  }),
};
