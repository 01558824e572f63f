/** Comments, milestones, labels, types, tags and releases behave as GitHub's do. */
import { describe, expect, it } from '@jest/globals';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { BEFORE, LATER, useTeamRepository } from './team-repository.ts';
import { TAGS } from './teamwork-queries.ts';

const team = useTeamRepository();
const { get, body, ask, repositoryOf, one, two } = team;

describe('issue comments', () => {
  it('are listed per repository by id, or by change since a time, in either direction', async () => {
    const { control } = team.github.sandbox;
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
      issue_url: `${team.github.sandbox.url}/repos/${team.repo}/issues/2`,
      author_association: expect.any(String),
    });
  });

  it('are refused beyond 30,000 rows, and disappear when deleted, without a timestamp', async () => {
    const { control } = team.github.sandbox;
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

  it('are recreated with their old times when the issue is transferred', async () => {
    const { control } = team.github.sandbox;
    const { id } = control.comment(one());
    control.clock({ advance: 60 });
    const moved = control.transferIssue({ ...one(), to: 'acme/app' });
    const [copy] = (await team.github.get(`/repos/acme/app/issues/${moved.number}/comments`)).body;
    expect(copy).toMatchObject({ created_at: LATER, updated_at: LATER });
    expect(copy.id).not.toBe(id);
    expect((await get('/issues/1/comments')).status).toBe(404);
    expect((await get(`/issues/comments/${id}`)).status).toBe(404);
  });

  it('arrive in deliveries whose count lags as in answers', async () => {
    const { control } = team.github.sandbox;
    control.faultSettings({ commentLagSeconds: 60 });
    control.comment(one());
    control.faultSettings({ commentLagSeconds: 0 });
    control.comment(one());
    const told = (await team.github.arrived()).map(({ payload }) => payload.issue.comments);
    expect(told).toEqual([0, 2]);
  });
});

describe('milestones, labels and types', () => {
  it("list open milestones, whose deletion changes no issue's timestamp", async () => {
    const { control } = team.github.sandbox;
    control.createMilestone({ repo: team.repo, title: 'a' });
    control.createMilestone({ repo: team.repo, title: 'b' });
    control.setMilestone({ ...one(), milestone: 1 });
    control.editMilestone({ repo: team.repo, number: 1, state: 'closed' });
    const titles = async (query: string) =>
      (await body(`/milestones${query}`)).map(({ title }: { title: string }) => title);
    expect([await titles(''), await titles('?state=all')]).toEqual([['b'], ['a', 'b']]);
    expect((await body('/issues/1')).milestone).toMatchObject({ number: 1, open_issues: 1 });
    control.clock({ advance: 60 });
    control.deleteMilestone({ repo: team.repo, number: 1 });
    expect(await body('/issues/1')).toMatchObject({ milestone: null, updated_at: LATER });
    expect((await get('/milestones/1')).status).toBe(404);
  });

  it('show types and sub-issues in issues, the latter without a timestamp', async () => {
    const { control } = team.github.sandbox;
    control.openIssue({ repo: team.repo });
    control.clock({ advance: 60 });
    control.setParentIssue({ repo: team.repo, number: 3, parent: 1 });
    control.setIssueType({ repo: team.repo, number: 3, type: 'Bug' });
    expect(await body('/issues/1')).toMatchObject({
      sub_issues_summary: { total: 1, completed: 0, percent_completed: 0 },
      updated_at: BEFORE,
    });
    expect(await body('/issues/3')).toMatchObject({ type: { name: 'Bug' } });
  });
});

describe('tags and releases', () => {
  it('show the commit of an annotated tag, which its ref and event do not name', async () => {
    const { control } = team.github.sandbox;
    const head = repositoryOf().refs.get('refs/heads/main')?.sha;
    control.pushTags({ repo: team.repo, tags: { v1: 'main' } });
    control.pushTags({ repo: team.repo, tags: { v2: 'main' }, message: 'Two' });
    const pushes = (await team.github.arrived()).filter(({ event }) => event === 'push');
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
    const id = nodeId('R', repositoryOf().id);
    expect((await ask(TAGS, { id, after: null })).node.refs.nodes).toMatchObject([
      { name: 'v1', target: { __typename: 'Commit', oid: head } },
      { name: 'v2', target: { __typename: 'Tag', oid: object, message: 'Two', target: { oid: head } } },
    ]);
    expect((await get('/commits?sha=v2')).body[0].sha).toBe(head);
    control.pushTags({ repo: team.repo, tags: { v1: null, v2: null, a: 'main', b: 'main' } });
    expect(await team.github.arrived()).toEqual([]);
  });

  it('announce a publication by up to three events, and hide drafts', async () => {
    const { control } = team.github.sandbox;
    control.createRelease({ repo: team.repo, tag: 'v1' });
    control.createRelease({ repo: team.repo, tag: 'v2', draft: true });
    control.publishRelease({ repo: team.repo, tag: 'v2' });
    control.createRelease({ repo: team.repo, tag: 'v3', prerelease: true });
    control.createRelease({ repo: team.repo, tag: 'v4', draft: true });
    const told = (await team.github.arrived())
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
