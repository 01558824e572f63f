/** Issues. Everything but opening works for pull requests too. */
import { z } from 'zod';
import { editIssue, lockIssue, openIssue } from './issue.ts';
import { convertToDiscussion, deleteIssue, transferIssue } from './issue-move.ts';
import { addLabel, assign, removeLabel, unassign } from './issue-people.ts';
import { closeIssue, reopenIssue } from './issue-state.ts';
import { needAccount, needRepository } from '../../world/lookup.ts';
import { action } from '../action.ts';
import { by, given, issueTarget, number, repo, target } from '../inputs.ts';
import { showIssue } from '../show.ts';

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 1 };

export const issueActions = {
  openIssue: action({
    about: 'Open an issue.',
    example: { repo: 'octo-sandbox/app', title: 'It leaks ink', labels: ['bug'] },
    input: z.object({
      repo,
      title: z.string().optional(),
      body: z.string().nullable().optional(),
      labels: z.array(z.string()).optional(),
      assignees: z.array(z.string()).optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const { title, body, labels, assignees } = input;
      return openIssue(world, repository, given({ title, body, labels, assignees }), who);
    },
    show: showIssue,
  }),
  editIssue: action({
    about: 'Change the title or body of an issue or pull request.',
    example: { ...example, title: 'It leaks less ink' },
    input: z.object({ ...one, title: z.string().optional(), body: z.string().nullable().optional() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      editIssue(world, repository, issue, given({ title: input.title, body: input.body }), who);
      return issue;
    },
    show: showIssue,
  }),
  closeIssue: action({
    about: 'Close an issue (with a reason) or pull request.',
    example: { ...example, reason: 'not_planned' as const },
    input: z.object({ ...one, reason: z.enum(['completed', 'not_planned', 'duplicate']).optional() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      closeIssue(world, repository, issue, given({ reason: input.reason }), who);
      return issue;
    },
    show: showIssue,
  }),
  reopenIssue: action({
    about: 'Reopen an issue or pull request.',
    example,
    input: z.object(one),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      reopenIssue(world, repository, issue, who);
      return issue;
    },
    show: showIssue,
  }),
  lockIssue: action({
    about: 'Lock or unlock an issue or pull request.',
    example: { ...example, locked: true },
    input: z.object({
      ...one,
      locked: z.boolean().default(true),
      reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).nullable().default(null),
    }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      lockIssue(world, repository, issue, input.locked, who, input.reason);
      return issue;
    },
    show: showIssue,
  }),
  addLabel: action({
    about: 'Add a label to an issue or pull request.',
    example: { ...example, label: 'bug' },
    input: z.object({ ...one, label: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      addLabel(world, repository, issue, input.label, who);
      return issue;
    },
    show: showIssue,
  }),
  removeLabel: action({
    about: 'Remove a label from an issue or pull request.',
    example: { ...example, label: 'bug' },
    input: z.object({ ...one, label: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      removeLabel(world, repository, issue, input.label, who);
      return issue;
    },
    show: showIssue,
  }),
  assign: action({
    about: 'Assign a user.',
    example: { ...example, login: 'hubert' },
    input: z.object({ ...one, login: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      assign(world, repository, issue, needAccount(world, input.login), who);
      return issue;
    },
    show: showIssue,
  }),
  unassign: action({
    about: 'Unassign a user.',
    example: { ...example, login: 'hubert' },
    input: z.object({ ...one, login: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      unassign(world, repository, issue, needAccount(world, input.login), who);
      return issue;
    },
    show: showIssue,
  }),
  deleteIssue: action({
    about: 'Delete an issue; its number then answers 410.',
    example,
    input: z.object(one),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      deleteIssue(world, repository, issue, who);
      return { id: issue.id, number: issue.number, deleted: true };
    },
  }),
  transferIssue: action({
    about: 'Transfer an issue to another repository, where it gets a new id and number.',
    example: { ...example, to: 'octo-sandbox/docs' },
    input: z.object({ ...one, to: repo }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      return transferIssue(world, repository, issue, needRepository(world, input.to), who);
    },
    show: showIssue,
  }),
  convertToDiscussion: action({
    about: 'Convert an issue to a discussion; it stays, closed and locked.',
    example,
    input: z.object(one),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      convertToDiscussion(world, repository, issue, who);
      return issue;
    },
    show: showIssue,
  }),
};
