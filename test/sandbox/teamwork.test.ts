/** Reviews, comments, conversations, milestones, tags and releases behave as GitHub's do. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { measured } from './graphql-world.ts';
import { startHarness, type Harness, type Received } from './harness.ts';
import { DETAIL, ROOTS, SENTINELS, TAGS, WIDE } from './teamwork-queries.ts';

let github: Harness;
let repo: string;
let repositories = 0;

beforeAll(async () => {
  github = await startHarness();
  for (const login of ['bob', 'cas']) github.sandbox.control.createAccount({ login });
});

afterAll(() => github.close());

/** A repository of its own, with an issue (1) and a pull request (2) by bob, as they were a minute ago. */
beforeEach(async () => {
  const { control } = github.sandbox;
  control.clearFaults({});
  control.clock({ run: true });
  control.clock({ freeze: Date.parse('2026-03-02T10:00:00Z') / 1000 });
  repo = `acme/team-${(repositories += 1)}`;
  control.createRepository({ owner: 'acme', name: repo.slice(5) });
  control.push({ repo });
  control.openIssue({ repo });
  control.openPull({ repo, head: 'topic', by: 'bob' });
  control.clock({ advance: 60 });
  await github.arrived();
});

const LATER = '2026-03-02T10:01:00Z';
const BEFORE = '2026-03-02T10:00:00Z';

async function get(path: string) {
  return github.get(`/repos/${repo}${path}`);
}

async function body(path: string) {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  return answer.body;
}

async function ask(query: string, variables: Record<string, unknown>) {
  const { sandbox } = github;
  const answer = await fetch(`${sandbox.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `token ${await github.token()}`, 'user-agent': 'test' },
    body: JSON.stringify({ query, variables }),
  });
  const json: Received['payload'] = await answer.json();
  expect(json.errors).toBeUndefined();
  return json.data;
}

function repositoryOf() {
  const found = [...github.sandbox.world.state.repositories.values()].find(
    ({ name }) => name === repo.slice(5),
  );
  if (!found) throw new Error('no repository');
  return found;
}

function pullId(): string {
  const repository = repositoryOf();
  return nodeId('pull', repository.issues.get(2)?.pull?.id ?? 0, repository.id);
}

const one = () => ({ repo, number: 1 });
const two = () => ({ repo, number: 2 });

describe('issue comments', () => {
  it('are listed over the repository, by id, or by change since a time, in either direction', async () => {
    const { control } = github.sandbox;
    const first = control.comment(one());
    const second = control.comment(two());
    control.clock({ advance: 60 });
    control.editComment({ ...one(), id: first.id, body: 'edited' });
    const ids = async (query: string) =>
      (await body(`/issues/comments${query}`)).map(({ id }: { id: number }) => id);
    expect(await ids('')).toEqual([first.id, second.id]);
    expect(await ids('?direction=desc')).toEqual([first.id, second.id]);
    expect(await ids('?sort=updated&direction=desc')).toEqual([first.id, second.id]);
    expect(await ids('?sort=updated&direction=asc')).toEqual([second.id, first.id]);
    expect(await ids('?since=2026-03-02T10:02:00Z')).toEqual([first.id]);
    expect((await body('/issues/2/comments'))[0]).toMatchObject({
      id: second.id,
      issue_url: `${github.sandbox.url}/repos/${repo}/issues/2`,
      author_association: expect.any(String),
    });
  });

  it('are refused behind 30,000 rows, and gone when deleted, while no clock tells', async () => {
    const { control } = github.sandbox;
    const { id } = control.comment(one());
    expect((await get('/issues/comments?per_page=100&page=300')).status).toBe(200);
    const refused = await get('/issues/comments?per_page=100&page=301');
    expect([refused.status, refused.body.message]).toEqual([
      422,
      expect.stringContaining('pagination is limited for this resource'),
    ]);
    expect((await get(`/issues/comments/${id}`)).body.id).toBe(id);
    control.clock({ advance: 60 });
    control.deleteComment({ ...one(), id });
    expect((await get(`/issues/comments/${id}`)).status).toBe(404);
    expect(await body('/issues/1')).toMatchObject({ comments: 0, updated_at: LATER });
  });

  it('are made anew with their old times when the issue is transferred', async () => {
    const { control } = github.sandbox;
    const { id } = control.comment(one());
    control.clock({ advance: 60 });
    const moved = control.transferIssue({ ...one(), to: 'acme/app' });
    const [copy] = (await github.get(`/repos/acme/app/issues/${moved.number}/comments`)).body;
    expect(copy).toMatchObject({ created_at: LATER, updated_at: LATER });
    expect(copy.id).not.toBe(id);
    expect((await get('/issues/1/comments')).status).toBe(404);
    expect((await get(`/issues/comments/${id}`)).status).toBe(404);
  });

  it('come in deliveries that count as late as answers do', async () => {
    const { control } = github.sandbox;
    control.faultSettings({ commentLagSeconds: 60 });
    control.comment(one());
    control.faultSettings({ commentLagSeconds: 0 });
    control.comment(one());
    const told = (await github.arrived()).map(({ payload }) => payload.issue.comments);
    expect(told).toEqual([0, 2]);
  });
});

describe('reviews', () => {
  it('spell their states differently in answers and deliveries, and are taken back', async () => {
    const { control } = github.sandbox;
    const { id } = control.review({ ...two(), state: 'approved', by: 'cas' });
    control.dismissReview(two());
    expect(await body(`/pulls/2/reviews/${id}`)).toMatchObject({ state: 'DISMISSED', body: '' });
    const told = (await github.arrived()).map(({ payload }) => [payload.action, payload.review.state]);
    expect(told).toEqual([
      ['submitted', 'approved'],
      ['dismissed', 'dismissed'],
    ]);
    const data = await ask(DETAIL, { ids: [pullId()] });
    expect(data.nodes[0].reviews.nodes[0]).toMatchObject({ state: 'DISMISSED', author: { login: 'cas' } });
  });

  it('move the pull request’s clock, but not that of its entry among the issues', async () => {
    github.sandbox.control.review(two());
    expect((await body('/pulls/2')).updated_at).toBe(LATER);
    expect((await body('/pulls?sort=updated&direction=desc'))[0].updated_at).toBe(LATER);
    expect((await body('/issues/2')).updated_at).toBe(BEFORE);
    expect((await ask(DETAIL, { ids: [pullId()] })).nodes[0].updatedAt).toBe(LATER);
  });

  it('are invisible with their comments until submitted, and then newer than those made meanwhile', async () => {
    const { control } = github.sandbox;
    control.startReview({ ...two(), by: 'cas', body: 'Hm.' });
    const { comment } = control.reviewComment({ ...two(), by: 'cas', pending: true, line: 3 });
    control.clock({ advance: 60 });
    control.review({ ...two(), by: 'ann' });
    expect((await body('/pulls/2/reviews')).length).toBe(1);
    expect(await body('/pulls/2/comments')).toEqual([]);
    expect((await ask(DETAIL, { ids: [pullId()] })).nodes[0]).toMatchObject({
      totalCommentsCount: 0,
      reviewThreads: { totalCount: 0 },
    });
    control.clock({ advance: 60 });
    control.submitReview({ ...two(), state: 'changes_requested', by: 'cas' });
    const reviews = await body('/pulls/2/reviews');
    expect(reviews.map(({ user }: { user: { login: string } }) => user.login)).toEqual(['ann', 'cas']);
    expect(await body(`/pulls/comments/${comment.id}`)).toMatchObject({
      created_at: LATER,
      updated_at: '2026-03-02T10:03:00Z',
    });
  });

  it('have no user once the account is deleted, and end a request for them', async () => {
    const { control } = github.sandbox;
    control.createAccount({ login: 'leaver' });
    control.requestReview({ ...two(), reviewers: ['leaver', 'cas'], teams: ['core'] });
    control.review({ ...two(), by: 'leaver' });
    const requested = await body('/pulls/2/requested_reviewers');
    expect(requested.users.map(({ login }: { login: string }) => login)).toEqual(['cas']);
    expect((await body('/pulls'))[0]).toMatchObject({ requested_teams: [{ slug: 'core' }] });
    control.deleteAccount({ login: 'leaver' });
    expect((await body('/pulls/2/reviews'))[0].user).toBeNull();
  });
});

describe('comments on lines', () => {
  it('make a review of their own each, and replies name the first of the conversation', async () => {
    const { control } = github.sandbox;
    const { comment } = control.reviewComment({ ...two(), line: 3, by: 'cas' });
    const reply = control.reviewComment({ ...two(), inReplyTo: comment.id });
    control.reviewComment({ ...two(), inReplyTo: reply.comment.id });
    const comments = await body('/pulls/2/comments');
    expect(comments.map((each: { in_reply_to_id?: number }) => each.in_reply_to_id)).toEqual([
      undefined,
      comment.id,
      comment.id,
    ]);
    const reviews = await body('/pulls/2/reviews');
    expect(reviews.map(({ id }: { id: number }) => id)).toEqual(
      comments.map((each: { pull_request_review_id: number }) => each.pull_request_review_id),
    );
    expect(reviews[0]).toMatchObject({ state: 'COMMENTED', body: '' });
    expect(await body('/pulls/2')).toMatchObject({ comments: 0, review_comments: 3 });
  });

  it('move along with pushes, to outdated in the end, without a clock', async () => {
    const { control } = github.sandbox;
    const head = (await body('/pulls/2')).head.sha;
    const file = { path: 'a.ts', status: 'modified' as const, additions: 5, deletions: 2 };
    const { comment } = control.reviewComment({ ...two(), path: 'a.ts', line: 10 });
    const places = new Set<string>();
    control.clock({ advance: 60 });
    for (let push = 0; push < 12; push += 1) {
      control.push({ repo, branch: 'topic', commits: [{ files: [file] }] });
      const shown = await body(`/pulls/comments/${comment.id}`);
      expect(shown).toMatchObject({
        original_commit_id: head,
        original_line: 10,
        updated_at: LATER,
      });
      places.add(String(shown.line));
    }
    expect(places.size).toBeGreaterThan(1);
    control.push({ repo, branch: 'topic', commits: [{ files: [{ ...file, status: 'removed' }] }] });
    expect(await body(`/pulls/comments/${comment.id}`)).toMatchObject({
      line: null,
      position: null,
      commit_id: head,
    });
  });

  it('are resolved without a clock: only an event and the thread tell', async () => {
    const { control } = github.sandbox;
    const { comment } = control.reviewComment({ ...two(), line: 3 });
    const before = await body('/pulls/2');
    control.clock({ advance: 60 });
    await github.arrived();
    control.resolveThread({ ...two(), comment: comment.id, by: 'cas' });
    const [told] = await github.arrived();
    expect(told?.payload).toMatchObject({
      action: 'resolved',
      thread: { comments: [{ id: comment.id }] },
      sender: { login: 'cas' },
    });
    expect(await body('/pulls/2')).toEqual(before);
    const data = await ask(DETAIL, { ids: [pullId()] });
    const [thread] = data.nodes[0].reviewThreads.nodes;
    expect(thread).toMatchObject({ isResolved: true, resolvedBy: { login: 'cas' } });
    expect(thread.id).toBe(told?.payload.thread.node_id);
    expect((await ask(ROOTS, { ids: [thread.id] })).nodes).toEqual([
      {
        id: thread.id,
        isResolved: true,
        comments: { nodes: [{ fullDatabaseId: String(comment.id) }] },
      },
    ]);
    control.unknowns({ resolvingMovesClock: true });
    control.resolveThread({ ...two(), resolved: false });
    control.unknowns({ resolvingMovesClock: false });
    expect((await body('/pulls/2')).updated_at).toBe('2026-03-02T10:02:00Z');
  });

  it('are listed over the repository since a time, and go with their conversation', async () => {
    const { control } = github.sandbox;
    const first = control.reviewComment({ ...two(), line: 3 }).comment;
    control.clock({ advance: 60 });
    const second = control.reviewComment({ ...two(), line: 4 }).comment;
    const ids = async (query: string) =>
      (await body(`/pulls/comments${query}`)).map(({ id }: { id: number }) => id);
    expect(await ids('?sort=updated&direction=desc')).toEqual([second.id, first.id]);
    expect(await ids('?since=2026-03-02T10:02:00Z')).toEqual([second.id]);
    expect((await get('/pulls/comments?per_page=100&page=301')).status).toBe(422);
    const before = await body('/pulls/2');
    control.clock({ advance: 60 });
    control.deleteReviewComment({ ...two(), id: second.id });
    expect((await get(`/pulls/comments/${second.id}`)).status).toBe(404);
    expect((await body('/pulls/2')).updated_at).toBe(before.updated_at);
    expect((await ask(DETAIL, { ids: [pullId()] })).nodes[0]).toMatchObject({
      totalCommentsCount: 1,
      reviewThreads: { totalCount: 1 },
      reviews: { totalCount: 2 },
    });
  });
});

describe('pull requests in detail', () => {
  it('tell sizes, commits, who merged, when it was ready, only one by one', async () => {
    const { control } = github.sandbox;
    control.setDraft({ ...two(), draft: true });
    control.clock({ advance: 60 });
    control.setDraft({ ...two(), draft: false });
    control.comment(two());
    control.reviewComment(two());
    control.mergePull({ ...two(), by: 'cas' });
    const [node] = (await ask(DETAIL, { ids: [pullId()] })).nodes;
    const shown = await body('/pulls/2');
    expect(node).toMatchObject({
      number: 2,
      additions: shown.additions,
      deletions: shown.deletions,
      changedFiles: shown.changed_files,
      totalCommentsCount: 2,
      mergedBy: { __typename: 'User', login: 'cas' },
      comments: { totalCount: 1 },
      commits: { totalCount: 1, nodes: [{ commit: { authoredDate: BEFORE } }] },
      ready: { nodes: [{ createdAt: '2026-03-02T10:02:00Z' }] },
    });
    expect(shown).toMatchObject({ commits: 1, merged_by: { login: 'cas' } });
    const [listed] = await body('/pulls?state=all');
    for (const key of ['additions', 'commits', 'merged_by', 'review_comments'])
      expect(listed).not.toHaveProperty(key);
  });

  it('ask for reviews as events of their own', async () => {
    const { control } = github.sandbox;
    control.requestReview({ ...two(), reviewers: ['ann', 'cas'], teams: ['core'] });
    control.removeReviewRequest({ ...two(), reviewers: ['cas'] });
    const told = (await github.arrived()).map(({ payload }) => [
      payload.action,
      (payload.requested_reviewer ?? payload.requested_team).url.split('/').at(-2),
      payload.pull_request.requested_reviewers.length,
    ]);
    expect(told).toEqual([
      ['review_requested', 'users', 1],
      ['review_requested', 'users', 2],
      ['review_requested', 'team', 2],
      ['review_request_removed', 'users', 1],
    ]);
  });
});

describe('milestones, labels and types', () => {
  it('lists open milestones, whose deletion moves no issue', async () => {
    const { control } = github.sandbox;
    control.createMilestone({ repo, title: 'a' });
    control.createMilestone({ repo, title: 'b' });
    control.setMilestone({ ...one(), milestone: 1 });
    control.editMilestone({ repo, number: 1, state: 'closed' });
    const titles = async (query: string) =>
      (await body(`/milestones${query}`)).map(({ title }: { title: string }) => title);
    expect([await titles(''), await titles('?state=all')]).toEqual([['b'], ['a', 'b']]);
    expect((await body('/issues/1')).milestone).toMatchObject({ number: 1, open_issues: 1 });
    control.clock({ advance: 60 });
    control.deleteMilestone({ repo, number: 1 });
    expect(await body('/issues/1')).toMatchObject({ milestone: null, updated_at: LATER });
    expect((await get('/milestones/1')).status).toBe(404);
  });

  it('tells types and sub-issues in issues, the latter without a clock', async () => {
    const { control } = github.sandbox;
    control.openIssue({ repo });
    control.clock({ advance: 60 });
    control.setParentIssue({ repo, number: 3, parent: 1 });
    control.setIssueType({ repo, number: 3, type: 'Bug' });
    expect(await body('/issues/1')).toMatchObject({
      sub_issues_summary: { total: 1, completed: 0, percent_completed: 0 },
      updated_at: BEFORE,
    });
    expect(await body('/issues/3')).toMatchObject({ type: { name: 'Bug' } });
  });
});

describe('tags and releases', () => {
  it('shows the commit behind an annotated tag, which its ref and event do not name', async () => {
    const { control } = github.sandbox;
    const head = repositoryOf().refs.get('refs/heads/main')?.sha;
    control.pushTags({ repo, tags: { v1: 'main' } });
    control.pushTags({ repo, tags: { v2: 'main' }, message: 'Two' });
    const pushes = (await github.arrived()).filter(({ event }) => event === 'push');
    const object = repositoryOf().refs.get('refs/tags/v2')?.sha;
    expect(pushes.map(({ payload }) => [payload.after, payload.head_commit.id])).toEqual([
      [head, head],
      [object, head],
    ]);
    expect(object).not.toBe(head);
    const listed = (await body('/tags')).map((tag: { name: string; commit: { sha: string } }) => [
      tag.name,
      tag.commit.sha,
    ]);
    expect(listed).toEqual([
      ['v2', head],
      ['v1', head],
    ]);
    const id = nodeId('repository', repositoryOf().id);
    expect((await ask(TAGS, { id, after: null })).node.refs.nodes).toMatchObject([
      { name: 'v1', target: { __typename: 'Commit', oid: head } },
      { name: 'v2', target: { __typename: 'Tag', oid: object, message: 'Two', target: { oid: head } } },
    ]);
    expect((await get('/commits?sha=v2')).body[0].sha).toBe(head);
    control.pushTags({ repo, tags: { v1: null, v2: null, a: 'main', b: 'main' } });
    expect(await github.arrived()).toEqual([]);
  });

  it('tells a publication by up to three events, and hides drafts', async () => {
    const { control } = github.sandbox;
    control.createRelease({ repo, tag: 'v1' });
    control.createRelease({ repo, tag: 'v2', draft: true });
    control.publishRelease({ repo, tag: 'v2' });
    control.createRelease({ repo, tag: 'v3', prerelease: true });
    control.createRelease({ repo, tag: 'v4', draft: true });
    const told = (await github.arrived())
      .filter(({ event }) => event === 'release')
      .map(({ payload }) => `${payload.release.tag_name} ${payload.action}`);
    expect(told).toEqual([
      'v1 created',
      'v1 published',
      'v1 released',
      'v2 created',
      'v2 published',
      'v2 released',
      'v3 created',
      'v3 published',
      'v3 prereleased',
      'v4 created',
    ]);
    const tags = (await body('/releases')).map((release: { tag_name: string }) => release.tag_name);
    expect(tags.sort()).toEqual(['v1', 'v2', 'v3']);
    expect((await body('/releases/latest')).tag_name).toBe('v2');
    expect((await get('/releases?per_page=100&page=101')).status).toBe(422);
    const draft = [...repositoryOf().releases.values()].find((release) => release.draft);
    expect((await get(`/releases/${draft?.id}`)).status).toBe(404);
  });
});

describe('the questions of a mirror', () => {
  const many = Array(100).fill('R_x');

  it.each([
    ['the wide probe', WIDE, { ids: many, contents: true, issues: true, deployments: true }, 5],
    ['the detail', DETAIL, { ids: many }, 5],
    ['the first comments of threads', ROOTS, { ids: many }, 1],
    ['the sentinels', SENTINELS, { id: 'R_x' }, 2],
    ['tags', TAGS, { id: 'R_x' }, 1],
    [
      'comments nested under threads',
      'query($ids:[ID!]!){ nodes(ids:$ids){ ... on PullRequest{ reviewThreads(first:100){ nodes{ comments(first:1){totalCount} } } } } }',
      { ids: many },
      101,
    ],
  ])('%s costs what the formula says', async (_name, query, variables, cost) => {
    expect(await measured(query, variables)).toMatchObject({ cost });
  });

  it('the wide probe and the sentinels run as written', async () => {
    const { control } = github.sandbox;
    control.createLabel({ repo, name: 'x' });
    control.createMilestone({ repo, title: 'm' });
    control.createRelease({ repo, tag: 'v1' });
    const ids = [nodeId('repository', repositoryOf().id)];
    const wide = await ask(WIDE, { ids, contents: true, issues: true, deployments: false });
    expect(wide.nodes[0]).toMatchObject({
      labels: { totalCount: 1, nodes: [{ updatedAt: LATER }] },
      milestones: { totalCount: 1, nodes: [{ updatedAt: LATER }] },
      releases: { totalCount: 1, nodes: [{ updatedAt: LATER }] },
      latestRelease: { databaseId: expect.any(Number) },
      tags: { totalCount: 1, nodes: [{ name: 'v1' }] },
    });
    const sentinels = await ask(SENTINELS, { id: ids[0], after: null });
    expect(sentinels.node.pullRequests).toMatchObject({
      totalCount: 1,
      nodes: [{ number: 2, comments: { totalCount: 0 }, reviews: { totalCount: 0 } }],
    });
  });

  it.each([
    ['/issues/comments', ['contents']],
    ['/pulls/2/reviews', ['contents', 'issues']],
    ['/pulls/comments', ['contents', 'issues']],
    ['/pulls/2/requested_reviewers', ['contents', 'issues']],
    ['/labels', ['contents']],
    ['/milestones', ['contents']],
    ['/tags', ['issues', 'pull_requests']],
    ['/releases', ['issues', 'pull_requests']],
  ])('%s is refused to who has only %j', async (path, granted) => {
    const permissions = Object.fromEntries(granted.map((permission) => [permission, 'read']));
    const url = `/app/installations/${github.installation.id}/access_tokens`;
    const { token } = (await github.asApp(url, 'POST', { permissions })).body;
    const { status } = await github.get(`/repos/${repo}${path}`, { authorization: `token ${token}` });
    expect(status).toBe(403);
  });
});
