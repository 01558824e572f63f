/** Issues. Everything but opening works for pull requests too. */
import { z } from 'zod';
import { WorldError } from '../../world/errors.ts';
import { needAccount, needRepository } from '../../world/lookup.ts';
import type { Account, Issue, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import { action } from '../action.ts';
import { by, given, issueTarget, number, repo, target } from '../inputs.ts';
import { showIssue } from '../show.ts';
import { addLabel, assign, removeLabel, unassign } from './issue-people.ts';
import {
  closeIssue,
  reopenIssue,
  addIssue,
  announceIssue,
  editIssue,
  lockIssue,
  openIssue,
} from './issue.ts';

// Issues that go away: deleted, transferred, turned into discussions.

function take(world: World, repository: Repository, issue: Issue): void {
  if (issue.state === 'open') repository.openIssues -= 1;
  repository.openPulls.delete(issue.number);
  repository.issues.delete(issue.number);
  world.index.issues.delete(issue.id);
  touch(repository);
}

/** Deletes an issue: its number answers 410 from now on. Pull requests cannot be deleted at GitHub. */
function deleteIssue(world: World, repository: Repository, issue: Issue, by: Account): void {
  if (issue.pull) throw new WorldError('pull requests cannot be deleted');
  take(world, repository, issue);
  repository.gone.set(issue.number, { kind: 'deleted' });
  announceIssue(world, repository, issue, 'deleted', by);
}

/**
 * Moves an issue into another repository, where it gets a new id, node id and number; labels are kept where the target has one of
 * that name; its comments are created again, with new ids and their old times. `transferred` goes to the old repository, `opened` to the new one, in no promised order.
 */
function transferIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  target: Repository,
  by: Account,
): Issue {
  if (issue.pull) throw new WorldError('pull requests cannot be transferred');
  if (target.id === repository.id) throw new WorldError('the issue is already there');
  const names = issue.labelIds.map((id) => repository.labels.get(id)?.name);
  const copy = addIssue(world, target, {}, by);
  if (issue.state === 'closed') target.openIssues -= 1;
  const { id, repositoryId, number } = copy;
  Object.assign(copy, issue, { id, repositoryId, number, assigneeIds: [...issue.assigneeIds] });
  copy.labelIds = [...target.labels.values()].filter(({ name }) => names.includes(name)).map((one) => one.id);
  copy.milestoneId = null;
  copy.parentNumber = null;
  copy.comments = issue.comments.map((comment) => ({
    ...comment,
    id: world.nextId('comment', 3_300_000_000),
  }));
  copy.updatedAt = world.clock.now();
  take(world, repository, issue);
  repository.gone.set(issue.number, { kind: 'transferred', repositoryId: target.id, number });
  world.emit({
    event: 'issues',
    action: 'transferred',
    repository,
    sender: by,
    issue,
    moved: { issue: copy, repository: target },
  });
  world.emit({
    event: 'issues',
    action: 'opened',
    repository: target,
    sender: by,
    issue: copy,
    moved: { issue, repository },
  });
  return copy;
}

/** Converts to a discussion: the issue stays, closed and locked (reported publicly since 2021). */
function convertToDiscussion(world: World, repository: Repository, issue: Issue, by: Account): void {
  if (issue.pull) throw new WorldError('pull requests cannot become discussions');
  closeIssue(world, repository, issue, {}, by);
  lockIssue(world, repository, issue, true, by);
}

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
