/** Every kind of delivery is as GitHub describes it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDescribedWorld } from './described-world.ts';
import { startHarness, type Harness, type Received } from './harness.ts';
import { readOpenApi } from './openapi.ts';

const openapi = readOpenApi();
let github: Harness;

beforeAll(async () => {
  github = await startHarness();
  await createDescribedWorld(github);
});

afterAll(() => github.close());

/** GitHub's own examples have epoch seconds here, its description text: the description is the one that errs. */
function withDescribedTimes(payload: Received['payload']): unknown {
  const { installation } = payload;
  if (typeof installation.created_at !== 'number') return payload;
  const times = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
  return { ...payload, installation: { ...installation, ...times } };
}

function nameOf({ event, payload }: Received): string {
  const action = payload['action'];
  return (typeof action === 'string' ? `${event}-${action}` : event).replaceAll('_', '-');
}

it('sends every kind of delivery as GitHub describes it', async () => {
  const { control } = github.sandbox;
  const repo = 'acme/lab';
  control.createRepository({ owner: 'acme', name: 'lab' });
  control.createRepository({ owner: 'acme', name: 'other' });
  control.push({ repo, commits: 2 });
  control.push({ repo, branch: 'side' });
  control.forcePush({ repo, branch: 'side', back: 1, commits: 2 });
  control.deleteBranch({ repo, branch: 'side' });
  control.pushTags({ repo, tags: { v1: 'main' } });
  control.createLabel({ repo, name: 'ink' });
  control.editLabel({ repo, name: 'ink', to: 'Ink', color: '000000' });
  control.openIssue({ repo, body: null });
  const on = { repo, number: 1 };
  control.editIssue({ ...on, title: 'other', body: 'text' });
  control.addLabel({ ...on, label: 'Ink' });
  control.removeLabel({ ...on, label: 'Ink' });
  control.assign({ ...on, login: 'ann' });
  control.unassign({ ...on, login: 'ann' });
  const { id } = control.comment(on);
  control.editComment({ ...on, id, body: 'b' });
  control.deleteComment({ ...on, id });
  control.lockIssue({ ...on, reason: 'spam' });
  control.lockIssue({ ...on, locked: false });
  control.closeIssue({ ...on, reason: 'duplicate' });
  control.reopenIssue(on);
  control.deleteLabel({ repo, name: 'Ink' });
  control.transferIssue({ ...on, to: 'acme/other' });
  control.openIssue({ repo });
  control.deleteIssue({ repo, number: 2 });
  control.createBranch({ repo, branch: 'release' });
  control.openPull({ repo, head: 'topic', labels: ['x'] });
  const pull = { repo, number: 3 };
  control.synchronizePull(pull);
  control.setDraft({ ...pull, draft: true });
  control.setDraft({ ...pull, draft: false });
  control.changeBase({ ...pull, base: 'release' });
  control.editIssue({ ...pull, title: 'new' });
  control.addLabel({ ...pull, label: 'y' });
  control.removeLabel({ ...pull, label: 'y' });
  control.assign({ ...pull, login: 'ann' });
  control.unassign({ ...pull, login: 'ann' });
  control.lockIssue(pull);
  control.lockIssue({ ...pull, locked: false });
  control.comment(pull);
  control.review({ ...pull, state: 'changes_requested', body: 'No.' });
  control.editReview({ ...pull, body: 'Never.' });
  control.dismissReview(pull);
  control.review({ ...pull, state: 'commented' });
  control.requestReview({ ...pull, reviewers: ['bob'], teams: ['core'] });
  control.removeReviewRequest({ ...pull, reviewers: ['bob'], teams: ['core'] });
  control.startReview(pull);
  control.reviewComment({ ...pull, pending: true, line: 2 });
  control.submitReview({ ...pull, state: 'commented' });
  control.reviewComment({ ...pull, line: 5 });
  control.editReviewComment({ ...pull, body: 'c' });
  control.resolveThread(pull);
  control.resolveThread({ ...pull, resolved: false });
  control.synchronizePull({ ...pull, commits: 8 });
  control.deleteReviewComment(pull);
  // A comment on a whole file has no line: three of the descriptions do not know it.
  control.reviewComment({ ...pull, line: null });
  control.createMilestone({ repo, title: 'm' });
  control.createMilestone({ repo, title: 'n', description: 'd', dueOn: '2027-01-01T08:00:00Z' });
  control.setMilestone({ ...pull, milestone: 1 });
  control.setMilestone({ ...pull, milestone: 2 });
  control.editMilestone({ repo, number: 1, title: 'o', description: 'e', dueOn: '2027-02-01T08:00:00Z' });
  control.editMilestone({ repo, number: 1, state: 'closed' });
  control.editMilestone({ repo, number: 1, state: 'open' });
  control.deleteMilestone({ repo, number: 2 });
  control.openIssue({ repo });
  const other = { repo, number: 4 };
  control.setMilestone({ ...other, milestone: 1 });
  control.setMilestone({ ...other, milestone: null });
  control.setIssueType({ ...other, type: 'Bug' });
  control.setIssueType({ ...other, type: null });
  control.pushTags({ repo, tags: { v2: 'main' }, message: 'Two' });
  control.createRelease({ repo, tag: 'v3', draft: true });
  control.publishRelease({ repo, tag: 'v3' });
  control.createRelease({ repo, tag: 'v4', prerelease: true });
  control.uploadAsset({ repo, tag: 'v4', name: 'a.zip' });
  control.editRelease({ repo, tag: 'v4', name: 'Four', body: 'x', prerelease: false });
  control.publishRelease({ repo, tag: 'v4', undo: true });
  control.deleteRelease({ repo, tag: 'v4' });
  control.closeIssue(pull);
  control.reopenIssue(pull);
  control.mergePull(pull);
  control.editRepository({
    repo,
    description: 'd',
    homepage: 'https://e.example',
    topics: ['a'],
    defaultBranch: 'release',
  });
  control.archiveRepository({ repo });
  control.archiveRepository({ repo, archived: false });
  control.setVisibility({ repo, visibility: 'private' });
  control.setVisibility({ repo, visibility: 'public' });
  control.renameRepository({ repo, name: 'laboratory' });
  control.createAccount({ login: 'globex', type: 'Organization' });
  const second = control.install({ account: 'globex' });
  control.transferRepository({ repo, to: 'globex' });
  control.deleteRepository({ repo: 'globex/laboratory' });
  control.changeSelection({ id: second.id, repositories: [] });
  control.changePermissions({ id: second.id, permissions: { metadata: 'read' } });
  control.suspend({ id: second.id });
  control.unsuspend({ id: second.id });
  control.renameAccount({ login: 'acme', to: 'acme-2' });
  control.renameAccount({ login: 'acme-2', to: 'acme' });
  control.uninstall({ id: second.id });

  const arrived = await github.arrived();
  const faults = arrived.map((one) => openapi.delivery(nameOf(one), withDescribedTimes(one.payload)));
  expect(faults.filter((fault) => fault !== '')).toEqual([]);
  expect([...new Set(arrived.map(nameOf))].sort()).toEqual([
    'create',
    'delete',
    'installation-created',
    'installation-deleted',
    'installation-new-permissions-accepted',
    'installation-repositories-added',
    'installation-repositories-removed',
    'installation-suspend',
    'installation-target-renamed',
    'installation-unsuspend',
    'issue-comment-created',
    'issue-comment-deleted',
    'issue-comment-edited',
    'issues-assigned',
    'issues-closed',
    'issues-deleted',
    'issues-demilestoned',
    'issues-edited',
    'issues-labeled',
    'issues-locked',
    'issues-milestoned',
    'issues-opened',
    'issues-reopened',
    'issues-transferred',
    'issues-typed',
    'issues-unassigned',
    'issues-unlabeled',
    'issues-unlocked',
    'issues-untyped',
    'label-created',
    'label-deleted',
    'label-edited',
    'milestone-closed',
    'milestone-created',
    'milestone-deleted',
    'milestone-edited',
    'milestone-opened',
    'organization-renamed',
    'pull-request-assigned',
    'pull-request-closed',
    'pull-request-converted-to-draft',
    'pull-request-demilestoned',
    'pull-request-edited',
    'pull-request-labeled',
    'pull-request-locked',
    'pull-request-milestoned',
    'pull-request-opened',
    'pull-request-ready-for-review',
    'pull-request-reopened',
    'pull-request-review-comment-created',
    'pull-request-review-comment-deleted',
    'pull-request-review-comment-edited',
    'pull-request-review-dismissed',
    'pull-request-review-edited',
    'pull-request-review-request-removed',
    'pull-request-review-requested',
    'pull-request-review-submitted',
    'pull-request-review-thread-resolved',
    'pull-request-review-thread-unresolved',
    'pull-request-synchronize',
    'pull-request-unassigned',
    'pull-request-unlabeled',
    'pull-request-unlocked',
    'push',
    'release-created',
    'release-deleted',
    'release-edited',
    'release-prereleased',
    'release-published',
    'release-released',
    'release-unpublished',
    'repository-archived',
    'repository-created',
    'repository-deleted',
    'repository-edited',
    'repository-privatized',
    'repository-publicized',
    'repository-renamed',
    'repository-transferred',
    'repository-unarchived',
  ]);
});
