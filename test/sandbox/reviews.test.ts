/** Reviews, comments on lines and pull requests in detail behave as GitHub's do. */
import { describe, expect, it } from '@jest/globals';
import { BEFORE, LATER, useTeamRepository } from './team-repository.ts';
import { DETAIL, ROOTS } from './teamwork-queries.ts';

const team = useTeamRepository();
const { get, body, ask, pullId, two } = team;

describe('reviews', () => {
  it('spell their states differently in answers and deliveries, and can be dismissed', async () => {
    const { control } = team.github.sandbox;
    const { id } = control.review({ ...two(), state: 'approved', by: 'cas' });
    control.dismissReview(two());
    expect(await body(`/pulls/2/reviews/${id}`)).toMatchObject({ state: 'DISMISSED', body: '' });
    const told = (await team.github.arrived()).map(({ payload }) => [payload.action, payload.review.state]);
    expect(told).toEqual([
      ['submitted', 'approved'],
      ['dismissed', 'dismissed'],
    ]);
    const data = await ask(DETAIL, { ids: [pullId()] });
    expect(data.nodes[0].reviews.nodes[0]).toMatchObject({ state: 'DISMISSED', author: { login: 'cas' } });
  });

  it("change the pull request's timestamp, but not that of its entry among the issues", async () => {
    team.github.sandbox.control.review(two());
    expect((await body('/pulls/2')).updated_at).toBe(LATER);
    expect((await body('/pulls?sort=updated&direction=desc'))[0].updated_at).toBe(LATER);
    expect((await body('/issues/2')).updated_at).toBe(BEFORE);
    expect((await ask(DETAIL, { ids: [pullId()] })).nodes[0].updatedAt).toBe(LATER);
  });

  it('are invisible with their comments until submitted, and then newer than others made meanwhile', async () => {
    const { control } = team.github.sandbox;
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

  it('have no user once the account is deleted, and complete the review request', async () => {
    const { control } = team.github.sandbox;
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
  it('create a review each, and replies name the first comment of their thread', async () => {
    const { control } = team.github.sandbox;
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

  it('move with pushes and become outdated, without a timestamp', async () => {
    const { control } = team.github.sandbox;
    const head = (await body('/pulls/2')).head.sha;
    const file = { path: 'a.ts', status: 'modified' as const, additions: 5, deletions: 2 };
    const { comment } = control.reviewComment({ ...two(), path: 'a.ts', line: 10 });
    const places = new Set<string>();
    control.clock({ advance: 60 });
    for (let push = 0; push < 12; push += 1) {
      control.push({ repo: team.repo, branch: 'topic', commits: [{ files: [file] }] });
      const shown = await body(`/pulls/comments/${comment.id}`);
      expect(shown).toMatchObject({
        original_commit_id: head,
        original_line: 10,
        updated_at: LATER,
      });
      places.add(String(shown.line));
    }
    expect(places.size).toBeGreaterThan(1);
    control.push({
      repo: team.repo,
      branch: 'topic',
      commits: [{ files: [{ ...file, status: 'removed' }] }],
    });
    expect(await body(`/pulls/comments/${comment.id}`)).toMatchObject({
      line: null,
      position: null,
      commit_id: head,
    });
  });

  it('are resolved without a timestamp: only an event and the thread show it', async () => {
    const { control } = team.github.sandbox;
    const { comment } = control.reviewComment({ ...two(), line: 3 });
    const before = await body('/pulls/2');
    control.clock({ advance: 60 });
    await team.github.arrived();
    control.resolveThread({ ...two(), comment: comment.id, by: 'cas' });
    const [told] = await team.github.arrived();
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

  it('are listed per repository since a time, and disappear with their thread', async () => {
    const { control } = team.github.sandbox;
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
  it('show sizes, commits, who merged and when it was ready only individually', async () => {
    const { control } = team.github.sandbox;
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

  it('request reviews in separate events', async () => {
    const { control } = team.github.sandbox;
    control.requestReview({ ...two(), reviewers: ['ann', 'cas'], teams: ['core'] });
    control.removeReviewRequest({ ...two(), reviewers: ['cas'] });
    const told = (await team.github.arrived()).map(({ payload }) => [
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
