/** Every answer and every kind of delivery is as GitHub describes it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness, type Received } from './harness.ts';
import { readOpenApi, type OpenApi } from './openapi.ts';

let github: Harness;
let openapi: OpenApi;
let ids: Record<string, string | number>;

beforeAll(async () => {
  openapi = readOpenApi();
  github = await startHarness();
  const { control } = github.sandbox;
  const repo = 'acme/app';
  control.createAccount({ login: 'bob' });
  control.createAccount({ login: 'robot[bot]', type: 'Bot' });
  control.openIssue({ repo, title: 'one', labels: ['bug'], assignees: ['ann'], body: 'text' });
  control.comment({ repo, number: 1 });
  control.openPull({ repo, head: 'feature/x' });
  control.review({ repo, number: 2 });
  control.requestReview({ repo, number: 2, reviewers: ['bob'], teams: ['core'] });
  control.reviewComment({ repo, number: 2, line: 3 });
  const { comment } = control.reviewComment({ repo, number: 2, line: 4, by: 'bob' });
  control.reviewComment({ repo, number: 2, inReplyTo: comment.id });
  control.resolveThread({ repo, number: 2, comment: comment.id });
  control.createMilestone({ repo, title: 'one', dueOn: '2027-01-01T08:00:00Z' });
  control.setMilestone({ repo, number: 1, milestone: 1 });
  control.setMilestone({ repo, number: 2, milestone: 1 });
  control.setIssueType({ repo, number: 1, type: 'Bug' });
  const fork = control.forkRepository({ repo, to: 'bob' });
  control.push({ repo: fork.id, branch: 'idea' });
  control.openPull({ repo, head: 'idea', from: fork.id, by: 'bob' });
  control.openPull({ repo, head: 'done' });
  control.mergePull({ repo, number: 4 });
  control.push({
    repo,
    commits: [
      { author: { login: 'robot[bot]' } },
      { author: { name: 'X', email: 'x@y.example', link: 'empty' } },
    ],
  });
  control.forcePush({ repo, branch: 'feature/x', back: 1, commits: 1 });
  control.pushTags({ repo, tags: { v1: 'main' } });
  control.pushTags({ repo, tags: { v2: 'main' }, message: 'Two' });
  control.createRelease({ repo, tag: 'v2' });
  control.uploadAsset({ repo, tag: 'v2', name: 'sums.txt' });
  control.createRelease({ repo, tag: 'v3', draft: true });
  ids = {
    comment: github.app.issues.get(1)?.comments[0]?.id ?? 0,
    review: github.app.issues.get(2)?.pull?.reviews[0]?.id ?? 0,
    reviewComment: comment.id,
    release: [...github.app.releases.keys()][0] ?? 0,
    asset: [...github.app.releases.values()][0]?.assets[0]?.id ?? 0,
    commit: github.app.refs.get('refs/heads/main')?.sha ?? '',
    tag: github.app.refs.get('refs/tags/v2')?.sha ?? '',
  };
  await github.arrived();
});

afterAll(() => github.close());

const REPO = '/repos/{owner}/{repo}';

/** The path in GitHub's description, and the address asked for. */
const AS_INSTALLATION: [path: string, url: string][] = [
  ['/installation/repositories', '/installation/repositories'],
  [REPO, '/repos/acme/app'],
  [REPO, '/repos/bob/app'],
  [`${REPO}/commits`, '/repos/acme/app/commits'],
  [`${REPO}/commits/{ref}`, '/repos/acme/app/commits/feature%2Fx'],
  [`${REPO}/commits/{commit_sha}/pulls`, '/repos/acme/app/commits/feature%2Fx/pulls'],
  [`${REPO}/commits/{commit_sha}/branches-where-head`, '/repos/acme/app/commits/main/branches-where-head'],
  [`${REPO}/git/commits/{commit_sha}`, '/repos/acme/app/git/commits/{commit}'],
  [`${REPO}/compare/{basehead}`, '/repos/acme/app/compare/feature%2Fx...main'],
  [`${REPO}/branches`, '/repos/acme/app/branches'],
  [`${REPO}/branches/{branch}`, '/repos/acme/app/branches/feature%2Fx'],
  [`${REPO}/git/ref/{ref}`, '/repos/acme/app/git/ref/heads/feature/x'],
  [`${REPO}/git/matching-refs/{ref}`, '/repos/acme/app/git/matching-refs/heads/'],
  [`${REPO}/issues`, '/repos/acme/app/issues?state=all'],
  [`${REPO}/issues/{issue_number}`, '/repos/acme/app/issues/1'],
  [`${REPO}/issues/{issue_number}/comments`, '/repos/acme/app/issues/1/comments'],
  [`${REPO}/issues/comments`, '/repos/acme/app/issues/comments'],
  [`${REPO}/issues/comments/{comment_id}`, '/repos/acme/app/issues/comments/{comment}'],
  [`${REPO}/labels`, '/repos/acme/app/labels'],
  [`${REPO}/labels/{name}`, '/repos/acme/app/labels/bug'],
  [`${REPO}/pulls`, '/repos/acme/app/pulls?state=all'],
  [`${REPO}/pulls/{pull_number}`, '/repos/acme/app/pulls/4'],
  [`${REPO}/pulls/{pull_number}/commits`, '/repos/acme/app/pulls/2/commits'],
  [`${REPO}/pulls/{pull_number}/reviews`, '/repos/acme/app/pulls/2/reviews'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}`, '/repos/acme/app/pulls/2/reviews/{review}'],
  [`${REPO}/pulls/{pull_number}/requested_reviewers`, '/repos/acme/app/pulls/2/requested_reviewers'],
  [`${REPO}/pulls/{pull_number}/comments`, '/repos/acme/app/pulls/2/comments'],
  [`${REPO}/pulls/comments`, '/repos/acme/app/pulls/comments'],
  [`${REPO}/pulls/comments/{comment_id}`, '/repos/acme/app/pulls/comments/{reviewComment}'],
  [`${REPO}/milestones`, '/repos/acme/app/milestones?state=all'],
  [`${REPO}/milestones/{milestone_number}`, '/repos/acme/app/milestones/1'],
  [`${REPO}/tags`, '/repos/acme/app/tags'],
  [`${REPO}/git/tags/{tag_sha}`, '/repos/acme/app/git/tags/{tag}'],
  [`${REPO}/git/ref/{ref}`, '/repos/acme/app/git/ref/tags/v2'],
  [`${REPO}/releases`, '/repos/acme/app/releases'],
  [`${REPO}/releases/latest`, '/repos/acme/app/releases/latest'],
  [`${REPO}/releases/tags/{tag}`, '/repos/acme/app/releases/tags/v2'],
  [`${REPO}/releases/{release_id}`, '/repos/acme/app/releases/{release}'],
  [`${REPO}/releases/{release_id}/assets`, '/repos/acme/app/releases/{release}/assets'],
  [`${REPO}/releases/assets/{asset_id}`, '/repos/acme/app/releases/assets/{asset}'],
  [`${REPO}/contributors`, '/repos/acme/app/contributors?anon=1'],
  [`${REPO}/activity`, '/repos/acme/app/activity'],
  ['/users/{username}', '/users/ann'],
  ['/user/{account_id}', '/user/10137'],
  ['/users/{username}/repos', '/users/bob/repos'],
  ['/orgs/{org}/repos', '/orgs/acme/repos'],
  ['/rate_limit', '/rate_limit'],
  ['/meta', '/meta'],
];

const AS_APP: [path: string, url: string][] = [
  ['/app', '/app'],
  ['/app/installations/{installation_id}', '/app/installations/70000001'],
  ['/orgs/{org}/installation', '/orgs/acme/installation'],
  [`${REPO}/installation`, '/repos/acme/app/installation'],
  ['/app/hook/config', '/app/hook/config'],
  ['/app/hook/deliveries', '/app/hook/deliveries'],
];

describe('answers', () => {
  it.each(AS_INSTALLATION)('GET %s (%s) is as described', async (path, url) => {
    const { status, body } = await github.get(
      url.replace(/\{(\w+)\}/, (_, name: string) => String(ids[name])),
    );
    expect(status).toBe(200);
    if (Array.isArray(body) && !url.includes('?')) expect(body).not.toEqual([]);
    expect(openapi.answer('GET', path, 200, body)).toBe('');
  });

  it.each(AS_APP)('GET %s (%s) is as described', async (path, url) => {
    const { status, body } = await github.asApp(url);
    expect(status).toBe(200);
    expect(openapi.answer('GET', path, 200, body)).toBe('');
  });

  it('lists installations as a single one is described', async () => {
    // The description of the list demands an account that is a user and an enterprise at once.
    const { body } = await github.asApp('/app/installations');
    expect(openapi.answer('GET', '/app/installations/{installation_id}', 200, body[0])).toBe('');
  });

  it('mints tokens as described, narrowed ones too', async () => {
    const path = '/app/installations/{installation_id}/access_tokens';
    const narrow = { repositories: ['app'], permissions: { contents: 'read' } };
    for (const body of [undefined, narrow]) {
      const minted = await github.asApp(
        `/app/installations/${github.installation.id}/access_tokens`,
        'POST',
        body,
      );
      expect(minted.status).toBe(201);
      expect(openapi.answer('POST', path, 201, minted.body)).toBe('');
    }
  });

  it('shows a delivery and takes a redelivery as described', async () => {
    const { text } = await github.asApp('/app/hook/deliveries?per_page=1');
    const id = /"id":(\d+)/.exec(text)?.[1] ?? '';
    const one = await github.asApp(`/app/hook/deliveries/${id}`);
    expect(openapi.answer('GET', '/app/hook/deliveries/{delivery_id}', 200, one.body)).toBe('');
    expect((await github.asApp(`/app/hook/deliveries/${id}/attempts`, 'POST')).status).toBe(202);
    await github.arrived();
  });
});

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

describe('deliveries', () => {
  it('every kind is as described', async () => {
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
});
